//! What is half done and not stored: a sign-in whose password was right, and a second factor that is not confirmed yet. The client keeps it,
//! encrypted, for some minutes; it opens nothing. Reads no clock.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::{FactorSecret, RootKey};
use crate::{
    scope::DateTime,
    server::random::{Random, RandomError, bytes},
};

/// Longer texts are none of ours.
const MAX_BYTES: usize = 1024;

/// What is half done. None is accepted as the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingKind {
    /// A sign-in: the password was right.
    SignIn,
    /// A new second factor: the password was right, and the app has no code confirmed yet.
    Enrolment,
}

impl PendingKind {
    /// What it is encrypted for.
    fn purpose(self) -> &'static str {
        match self {
            Self::SignIn => "scopewise sign-ins 1",
            Self::Enrolment => "scopewise enrolments 1",
        }
    }

    /// How long it is valid, in seconds.
    pub fn seconds(self) -> i64 {
        match self {
            Self::SignIn => 5 * 60,
            Self::Enrolment => 15 * 60,
        }
    }
}

/// What was half done for an account. Once the account has another version, it is void.
#[derive(Debug)]
pub struct Pending {
    /// The id of the account.
    pub account_id: String,
    /// The version of the account.
    pub version: i64,
    /// The new secret.
    pub secret: Option<FactorSecret>,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    account: String,
    version: i64,
    until: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<[u8; 20]>,
}

impl Pending {
    /// The text for the client, and until when it is valid. `None` where it cannot be encrypted, which does not happen.
    ///
    /// # Errors
    /// [`RandomError`] where there is no randomness.
    pub fn seal(
        &self,
        root: &RootKey,
        kind: PendingKind,
        now: DateTime,
        random: &dyn Random,
    ) -> Result<Option<(String, DateTime)>, RandomError> {
        let until = now.plus_seconds(kind.seconds());
        let secret = self.secret.as_ref().and_then(|secret| secret.as_bytes().try_into().ok());
        let claims = Claims { account: self.account_id.clone(), version: self.version, until: until.unix_milliseconds(), secret };
        let nonce = bytes(random)?;
        let sealed = serde_json::to_vec(&claims).ok().and_then(|claims| root.seal(kind.purpose(), "", &claims, nonce));
        Ok(sealed.map(|sealed| (URL_SAFE_NO_PAD.encode(sealed), until)))
    }

    /// Reads such a text; `None` for anything else, for another kind, and once it has expired.
    pub fn open(root: &RootKey, kind: PendingKind, text: &str, now: DateTime) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(Some(text).filter(|text| text.len() <= MAX_BYTES)?).ok()?;
        let claims: Claims = serde_json::from_slice(&root.open(kind.purpose(), "", &sealed)?).ok()?;
        let is_valid = DateTime::from_unix_milliseconds(claims.until) > now;
        let secret = claims.secret.and_then(|bytes| FactorSecret::from_bytes(&bytes));
        is_valid.then_some(Self { account_id: claims.account, version: claims.version, secret })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::random::SeededRandom;

    #[test]
    fn it_is_read_as_its_own_kind_until_it_expires() {
        let random = SeededRandom::new(1);
        let (root, now) = (RootKey::new(&random).unwrap(), DateTime::from_unix_milliseconds(0));
        for kind in [PendingKind::SignIn, PendingKind::Enrolment] {
            let secret = (kind == PendingKind::Enrolment).then(|| FactorSecret::new(&random).unwrap());
            let text = secret.as_ref().map(FactorSecret::expose);
            let pending = Pending { account_id: "ada".to_owned(), version: 7, secret };
            let (token, until) = pending.seal(&root, kind, now, &random).unwrap().unwrap();
            let read = Pending::open(&root, kind, &token, now).unwrap();
            assert_eq!((read.account_id.as_str(), read.version, read.secret.map(|secret| secret.expose())), ("ada", 7, text));
            assert_eq!(until, now.plus_seconds(kind.seconds()));
            assert!(Pending::open(&root, kind, &token, until).is_none());
            assert!(Pending::open(&root, kind, &token, until.plus_seconds(-1)).is_some());
            let other = if kind == PendingKind::SignIn { PendingKind::Enrolment } else { PendingKind::SignIn };
            assert!(Pending::open(&root, other, &token, now).is_none());
            assert!(Pending::open(&RootKey::new(&random).unwrap(), kind, &token, now).is_none());
        }
        for text in ["", ".", "x", &"A".repeat(100_000)] {
            assert!(Pending::open(&root, PendingKind::SignIn, text, now).is_none(), "{}", text.len());
        }
    }
}
