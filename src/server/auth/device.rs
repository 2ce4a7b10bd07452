//! How a browser proves that it has signed in to an account before. The server stores nothing: the browser keeps a cookie with a random
//! name, and for each account a signature over that name and the id of the account.

use hmac::Mac;

use super::{RootKey, hex};
use crate::server::random::{Random, RandomError, bytes};

/// Keeps these signatures apart from all others of the root key.
const PURPOSE: &str = "scopewise devices 1";
/// For how many accounts one browser is known; the one that signed in least recently goes first.
const MAX_ACCOUNTS: usize = 4;
/// Hexadecimal digits of a name, and of a signature, of which 128 bits are plenty.
const DIGITS: usize = 32;

/// What a browser has sent: its name and its signatures, which are not verified yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Devices {
    name: String,
    signatures: Vec<String>,
}

impl Devices {
    /// Reads the cookie; of anything else than what [`Devices::signed_in`] writes, nothing is kept.
    pub fn of(cookie: Option<&str>) -> Self {
        let text = cookie.filter(|text| text.len() <= (DIGITS + 1) * (1 + MAX_ACCOUNTS)).unwrap_or_default();
        let is_part = |part: &&str| part.len() == DIGITS && part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        let mut parts = text.split('.').map(|part| Some(part).filter(is_part).map(str::to_owned));
        match (parts.next().flatten(), parts.collect::<Option<Vec<_>>>()) {
            (Some(name), Some(signatures)) if !signatures.is_empty() => Self { name, signatures },
            _ => Self::default(),
        }
    }

    /// Whether there is anything that could belong to an account.
    pub fn is_empty(&self) -> bool {
        self.signatures.is_empty()
    }

    /// The name of the browser, if it has signed in to this account before.
    pub fn known_to(&self, root: &RootKey, account_id: &str) -> Option<&str> {
        let signature = self.signature(root, account_id)?;
        let same = |sent: &String| constant_time_eq::constant_time_eq(sent.as_bytes(), signature.as_bytes());
        self.signatures.iter().any(same).then_some(self.name.as_str())
    }

    /// The new value of the cookie after a sign-in to this account.
    ///
    /// # Errors
    /// [`RandomError`] where a name is needed and there is no randomness.
    pub fn signed_in(mut self, root: &RootKey, account_id: &str, random: &dyn Random) -> Result<String, RandomError> {
        if self.name.is_empty() {
            let name: [u8; DIGITS / 2] = bytes(random)?;
            self.name = hex::encode(&name);
        }
        let signature = self.signature(root, account_id).unwrap_or_default();
        self.signatures.retain(|sent| *sent != signature);
        self.signatures.truncate(MAX_ACCOUNTS - 1);
        Ok([self.name, signature].into_iter().chain(self.signatures).collect::<Vec<_>>().join("."))
    }

    fn signature(&self, root: &RootKey, account_id: &str) -> Option<String> {
        let signed = root.sign([PURPOSE, &self.name, account_id])?.finalize().into_bytes();
        Some(hex::encode(signed.get(..DIGITS / 2)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::random::SeededRandom;

    #[test]
    fn a_browser_is_known_to_the_accounts_that_signed_in_from_it_and_to_no_others() {
        let (random, root) = (SeededRandom::new(1), RootKey::new(&SeededRandom::new(2)).unwrap());
        let first = Devices::default().signed_in(&root, "ada", &random).unwrap();
        let name = |cookie: &str, account: &str| Devices::of(Some(cookie)).known_to(&root, account).map(str::to_owned);
        assert_eq!(name(&first, "ada").as_deref(), first.split('.').next());
        assert_eq!(name(&first, "eve"), None);
        let both = Devices::of(Some(&first)).signed_in(&root, "eve", &random).unwrap();
        assert_eq!(name(&both, "ada"), name(&both, "eve"));
        // Another root key, or another name, and the signature is worth nothing.
        assert_eq!(Devices::of(Some(&first)).known_to(&RootKey::new(&SeededRandom::new(3)).unwrap(), "ada"), None);
        assert_eq!(name(&format!("{}.{}", "0".repeat(DIGITS), first.split('.').next_back().unwrap()), "ada"), None);
    }

    #[test]
    fn a_cookie_stays_short_and_keeps_the_accounts_of_late() {
        let (random, root) = (SeededRandom::new(1), RootKey::new(&SeededRandom::new(2)).unwrap());
        let mut cookie = String::new();
        for account in ["a", "b", "c", "d", "e", "e"] {
            cookie = Devices::of(Some(&cookie)).signed_in(&root, account, &random).unwrap();
        }
        let known = |account| Devices::of(Some(&cookie)).known_to(&root, account).is_some();
        assert_eq!(["a", "b", "c", "d", "e"].map(known), [false, true, true, true, true]);
        assert_eq!(cookie.len(), 5 * DIGITS + 4);
    }

    #[test]
    fn whatever_else_is_sent_is_nothing() {
        let long = ["0".repeat(DIGITS).as_str(); 6].join(".");
        for text in ["", ".", "x", &"0".repeat(DIGITS), &"0".repeat(1_000_000), &long, &format!("{}.zz", "0".repeat(DIGITS))] {
            assert_eq!(Devices::of(Some(text)), Devices::default(), "{}", text.len());
        }
        assert_eq!(Devices::of(None), Devices::default());
    }
}
