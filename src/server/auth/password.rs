//! How passwords are hashed: Argon2id, off the async threads.

use std::{net::IpAddr, sync::Arc, time::Duration};

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};

use crate::server::{
    limits::{Bounds, FairQueue, Full},
    random::{Random, RandomError, bytes},
};

/// Why a password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// No salt.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The stored hash cannot be read, or the hashing failed.
    #[error("the password could not be hashed")]
    Hash,
    /// Too many others are being hashed.
    #[error(transparent)]
    Busy(#[from] Full),
}

/// How many passwords are hashed at a time: each takes 19 MiB, and a core for some tens of milliseconds. Networks take turns.
const SLOTS: Bounds =
    Bounds { in_all: 4, per_caller: 2, kept_free: 1, waiting: 32, waiting_in_all: 1024, wait: Some(Duration::from_secs(10)) };
/// A valid hash of an unused password, with the parameters of [`Argon2::default`].
const DECOY_SALT: &[u8; 16] = b"scopewise-decoy!";

/// Hashes and compares passwords. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    slots: FairQueue<Option<IpAddr>>,
    /// Compared with if there is no account, so that the time of an answer does not show it.
    decoy: Arc<str>,
}

impl Passwords {
    /// Makes a hasher.
    ///
    /// # Errors
    /// [`PasswordError::Hash`] where Argon2id does not work at all.
    pub fn new() -> Result<Self, PasswordError> {
        let decoy = phc("", DECOY_SALT)?;
        Ok(Self { slots: FairQueue::new(SLOTS), decoy: decoy.into() })
    }

    /// The hash of a password, as a PHC string with its own salt and parameters.
    ///
    /// # Errors
    /// [`PasswordError`] without randomness, or where hashing failed.
    pub async fn hash(&self, password: String, random: &dyn Random) -> Result<String, PasswordError> {
        let salt: [u8; 16] = bytes(random)?;
        self.run(None, move || phc(&password, &salt)).await
    }

    /// Whether the password fits the stored hash, in the turn of this network. Without a stored hash the answer is no, after the same
    /// time.
    ///
    /// # Errors
    /// [`PasswordError::Hash`] where the stored hash cannot be read, [`PasswordError::Busy`] where the network asks for too many at a
    /// time.
    pub async fn verify(&self, network: Option<IpAddr>, password: String, stored: Option<String>) -> Result<bool, PasswordError> {
        let exists = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.to_string());
        let compare = move || {
            let stored = PasswordHash::new(&stored).map_err(|_| PasswordError::Hash)?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &stored).is_ok())
        };
        Ok(self.run(network, compare).await? && exists)
    }

    /// Does the work on a thread that may block. It holds its turn until it is done, even if its client is gone, since it uses the memory
    /// until then.
    async fn run<T: Send + 'static>(
        &self,
        network: Option<IpAddr>,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let turn = self.slots.turn(network, 1).await?;
        let job = move || {
            let done = work();
            drop(turn);
            done
        };
        tokio::task::spawn_blocking(job).await.map_err(|_| PasswordError::Hash)?
    }
}

fn phc(password: &str, salt: &[u8]) -> Result<String, PasswordError> {
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt).map_err(|_| PasswordError::Hash)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn who_hangs_up_gives_no_turn_back_before_the_hash_is_done() {
        let passwords = Passwords::new().unwrap();
        let (begun, begins) = tokio::sync::oneshot::channel();
        let (finish, finishes) = mpsc::channel::<()>();
        let left = passwords.run(None, move || {
            let _ = begun.send(());
            let _ = finishes.recv();
            Ok(())
        });
        tokio::select! {
            _ = left => panic!("the sender still exists"),
            _ = begins => {}
        }
        let second = passwords.slots.turn(None, 1).await.unwrap();
        let mut third = Box::pin(passwords.slots.turn(None, 1));
        tokio::select! {
            biased;
            _ = &mut third => panic!("the one that nobody waits for still runs"),
            () = std::future::ready(()) => {}
        }
        finish.send(()).unwrap();
        assert!(third.await.is_ok());
        drop(second);
    }
}
