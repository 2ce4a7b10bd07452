//! Limits of sign-in. They stop an attacker who guesses, and not the owner of the account: guesses count for the network that they come
//! from, and a browser that has signed in to the account before has its own limit.

use std::{net::IpAddr, time::Duration};

use super::{Quota, RateLimited, RateLimiter};

/// Attempts on one account from one network, or from one browser that it knows (contract §1.5: 10 in an hour).
const OF_ACCOUNT: Quota = Quota { attempts: 10, window_seconds: 3600 };
/// Attempts from one network, whatever the account.
const OF_NETWORK: Quota = Quota { attempts: 50, window_seconds: 3600 };
/// Attempts on one account from unknown browsers of all networks together. It slows an attacker with many networks. The window is short,
/// since a new browser of the owner is unknown too.
const OF_STRANGERS: Quota = Quota { attempts: 30, window_seconds: 600 };

/// Codes of a second factor on one account from unknown browsers of all networks together. Who tries them has the password; of a million
/// codes, three are right at a time.
const OF_CODES: Quota = Quota { attempts: 20, window_seconds: 3600 };

/// Who tries to sign in.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    /// From a browser that the account does not know.
    Stranger {
        /// The email as it was sent, lower case; whether an account has it makes no difference.
        email: &'a str,
        /// Where it comes from.
        network: Option<IpAddr>,
    },
    /// From a browser that has signed in to the account before.
    Known {
        /// The account.
        account_id: &'a str,
        /// The browser.
        device: &'a str,
    },
}

/// Counts attempts to sign in.
pub struct SignIn {
    by_account: RateLimiter,
    by_network: RateLimiter,
    by_strangers: RateLimiter,
    by_device: RateLimiter,
}

impl Default for SignIn {
    fn default() -> Self {
        Self::new(OF_STRANGERS)
    }
}

impl SignIn {
    /// For the codes of second factors.
    pub fn of_codes() -> Self {
        Self::new(OF_CODES)
    }

    fn new(of_strangers: Quota) -> Self {
        let [by_account, by_network, by_strangers, by_device] = [OF_ACCOUNT, OF_NETWORK, of_strangers, OF_ACCOUNT].map(RateLimiter::new);
        Self { by_account, by_network, by_strangers, by_device }
    }

    /// Counts an attempt.
    ///
    /// # Errors
    /// [`RateLimited`] after too many attempts. This one does not count then.
    pub fn attempt(&self, who: Who<'_>, now: Duration) -> Result<(), RateLimited> {
        match who {
            Who::Known { account_id, device } => self.by_device.attempt(&(account_id, device), now),
            Who::Stranger { email, network } => {
                self.by_account.attempt(&(email, network), now)?;
                self.by_network.attempt(&network, now).inspect_err(|_| self.by_account.take_back(&(email, network)))?;
                self.by_strangers.attempt(email, now).inspect_err(|_| {
                    self.by_account.take_back(&(email, network));
                    self.by_network.take_back(&network);
                })
            }
        }
    }

    /// Takes an attempt back that was judged and was neither right nor wrong: it is made again.
    pub fn take_back(&self, who: Who<'_>) {
        match who {
            Who::Known { account_id, device } => self.by_device.take_back(&(account_id, device)),
            Who::Stranger { email, network } => {
                self.by_account.take_back(&(email, network));
                self.by_network.take_back(&network);
                self.by_strangers.take_back(email);
            }
        }
    }

    /// Notes that an attempt succeeded: what failed before it on the same account is forgotten, and it was no guess itself.
    pub fn succeeded(&self, who: Who<'_>) {
        match who {
            Who::Known { account_id, device } => self.by_device.forget(&(account_id, device)),
            Who::Stranger { email, network } => {
                self.by_account.forget(&(email, network));
                self.by_network.take_back(&network);
                self.by_strangers.take_back(email);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stranger(email: &str, number: u8) -> Who<'_> {
        Who::Stranger { email, network: Some(IpAddr::from([192, 0, 2, number])) }
    }

    #[test]
    fn guesses_count_for_the_network_that_they_come_from() {
        let (limits, now) = (SignIn::default(), Duration::ZERO);
        for _ in 0..OF_ACCOUNT.attempts {
            assert_eq!(limits.attempt(stranger("ada", 1), now), Ok(()));
        }
        assert_eq!(limits.attempt(stranger("ada", 1), now).map_err(|refusal| refusal.limit), Err(OF_ACCOUNT));
        assert_eq!(limits.attempt(stranger("ada", 2), now), Ok(()));
        assert_eq!(limits.attempt(stranger("bob", 1), now), Ok(()));
        limits.succeeded(stranger("ada", 1));
        assert_eq!(limits.attempt(stranger("ada", 1), now), Ok(()));
    }

    #[test]
    fn guesses_from_many_networks_slow_strangers_and_nobody_who_is_known() {
        let (limits, now) = (SignIn::default(), Duration::ZERO);
        let guesses = (0..=255).filter(|number| limits.attempt(stranger("ada", *number), now).is_ok()).count();
        assert_eq!(guesses, OF_STRANGERS.attempts as usize);
        let refusal = limits.attempt(stranger("ada", 1), now).unwrap_err();
        assert_eq!((refusal.limit, refusal.retry_after_seconds), (OF_STRANGERS, 600));
        assert_eq!(limits.attempt(Who::Known { account_id: "1", device: "laptop" }, now), Ok(()));
        assert_eq!(limits.attempt(stranger("ada", 1), Duration::from_secs(600)), Ok(()));
    }

    #[test]
    fn a_refused_attempt_counts_nowhere() {
        let (limits, now) = (SignIn::default(), Duration::ZERO);
        let names: Vec<String> = (0..200).map(|n| n.to_string()).collect();
        let passed = names.iter().filter(|name| limits.attempt(stranger(name, 1), now).is_ok()).count();
        assert_eq!(passed, OF_NETWORK.attempts as usize);
        // The last one was refused for its network; elsewhere it has its whole allowance.
        for _ in 0..OF_ACCOUNT.attempts {
            assert_eq!(limits.attempt(stranger("199", 2), now), Ok(()));
        }
    }

    #[test]
    fn an_attempt_that_is_made_again_counts_once() {
        let (limits, now) = (SignIn::of_codes(), Duration::ZERO);
        for who in [stranger("ada", 1), Who::Known { account_id: "1", device: "laptop" }] {
            for _ in 0..500 {
                assert_eq!(limits.attempt(who, now), Ok(()));
                limits.take_back(who);
            }
        }
    }

    #[test]
    fn sign_ins_that_succeed_use_nothing_up() {
        let (limits, now) = (SignIn::default(), Duration::ZERO);
        for _ in 0..500 {
            assert_eq!(limits.attempt(stranger("ada", 1), now), Ok(()));
            limits.succeeded(stranger("ada", 1));
        }
    }

    #[test]
    fn a_browser_that_is_known_has_a_limit_of_its_own() {
        let (limits, now) = (SignIn::default(), Duration::ZERO);
        let laptop = Who::Known { account_id: "1", device: "laptop" };
        while limits.attempt(laptop, now).is_ok() {}
        assert_eq!(limits.attempt(Who::Known { account_id: "1", device: "phone" }, now), Ok(()));
        assert_eq!(limits.attempt(stranger("ada", 1), now), Ok(()));
        limits.succeeded(laptop);
        assert_eq!(limits.attempt(laptop, now), Ok(()));
    }
}
