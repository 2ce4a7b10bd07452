//! A project's rules for its keys: what they are, and what they say of an expiry and of an acting key. What they say of
//! scopes is the scope model's rule `exceeds-grantor`.

use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::EditionId;
use crate::scope::{DateTime, Enforcement, ScopeName};

/// The shortest [`Policy::max_lifetime_seconds`]: a minute.
pub const MIN_LIFETIME_SECONDS: i64 = 60;
/// The longest [`Policy::max_lifetime_seconds`]: 100 years of 365 days.
pub const MAX_LIFETIME_SECONDS: i64 = 100 * 365 * 86_400;
/// The longest overlap of a rotation: a week.
pub const MAX_OVERLAP_SECONDS: i64 = 7 * 86_400;
/// The longest life of an ephemeral key: an hour (contract §1.1).
pub const MAX_EPHEMERAL_SECONDS: i64 = 3600;

macro_rules! word {
    ($name:ident, $(#[$doc:meta])+ { $($(#[$variant_doc:meta])+ $variant:ident $text:literal),+ $(,)? }) => {
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$variant_doc])+ $variant,)+ }

        impl $name {
            /// Every choice, the default first.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word on the wire and in the store.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|choice| choice.as_str() == text).ok_or(UnknownWord)
            }
        }
    };
}

/// A word that is none of the choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is none of the choices")]
pub struct UnknownWord;

word!(KeyCreation,
    /// What an API key that holds `keys.write` may do with keys. Never binds a person at the console.
    {
        /// Everything, as the announcement of the Keys API has it.
        #[default]
        Any "any",
        /// Only grant what it holds itself, and no longer than it lives itself.
        Subset "subset",
        /// Create no key; whatever else it does, as with `subset`.
        Denied "denied",
    }
);

word!(BrowserUse,
    /// What happens when an API key arrives from a web page.
    {
        /// It is refused, and recorded as exposed.
        #[default]
        Reject "reject",
        /// It is accepted, and recorded as exposed.
        Report "report",
        /// It is accepted, and nothing is recorded.
        Allow "allow",
    }
);

/// A project's rules for its keys. The default allows what the contract documents, and refuses keys from browsers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// What an API key may do with keys.
    pub key_creation: KeyCreation,
    /// The longest life of a secret, in seconds from its creation or rotation; [`MIN_LIFETIME_SECONDS`] to
    /// [`MAX_LIFETIME_SECONDS`]. `None`: no limit. With a limit, a key needs an expiry.
    pub max_lifetime_seconds: Option<i64>,
    /// Whether a key needs an expiry.
    pub require_expiry: bool,
    /// What happens when an API key arrives from a web page.
    pub browser_use: BrowserUse,
    /// The edition whose scopes keys may be granted. `None`: those of every edition, and what the newest self-hosted server lacks is
    /// a warning.
    #[serde(default)]
    pub edition: Option<EditionId>,
}

/// Why the policy refuses an expiry. The text is read after "the parameter is not valid: it".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpiryRefusal {
    /// There is none.
    #[error("must be a date: the policy of this project requires that every key expires")]
    Missing,
    /// It is too late.
    #[error("must not let the key live beyond {0}, since the policy of this project limits how long a secret lives")]
    TooLate(DateTime),
    /// It is later than that of the key that acts.
    #[error("must not let the key live beyond {0}, when the key that asks for it expires")]
    BeyondGrantor(DateTime),
}

/// What a policy needs to know of the API key that acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grantor<'a> {
    /// What it holds.
    pub scopes: &'a [ScopeName],
    /// When it expires; `None` is never.
    pub expire: Option<DateTime>,
}

impl Policy {
    /// Whether an API key may create keys at all.
    pub fn lets_keys_create(self) -> bool {
        self.key_creation != KeyCreation::Denied
    }

    /// Whether an API key may only give what it has.
    pub fn binds_keys(self) -> bool {
        self.key_creation != KeyCreation::Any
    }

    /// What the scope model makes of a scope that the acting key does not hold.
    pub fn beyond_grantor(self) -> Enforcement {
        if self.binds_keys() { Enforcement::Deny } else { Enforcement::Warn }
    }

    /// What the scope model makes of a scope that the edition lacks.
    pub fn beyond_edition(self) -> Enforcement {
        if self.edition.is_some() { Enforcement::Deny } else { Enforcement::Warn }
    }

    /// Judges the expiry of a key whose secret was made at `since`. `kept` is the expiry before an update: what stays, or ends
    /// earlier, was allowed once and is allowed again. `grantor` is the acting key, `None` for a person.
    ///
    /// # Errors
    /// The first thing that is wrong, in the order of [`ExpiryRefusal`].
    ///
    /// ```
    /// use scopewise::{key::{ExpiryRefusal, Policy}, scope::DateTime};
    /// let policy = Policy { max_lifetime_seconds: Some(3600), ..Policy::default() };
    /// let now = DateTime::from_unix_milliseconds(0);
    /// assert_eq!(policy.judge_expiry(Some(now.plus_seconds(3600)), None, now, None), Ok(()));
    /// assert_eq!(policy.judge_expiry(None, None, now, None), Err(ExpiryRefusal::Missing));
    /// ```
    pub fn judge_expiry(
        self,
        expire: Option<DateTime>,
        kept: Option<Option<DateTime>>,
        since: DateTime,
        grantor: Option<Grantor<'_>>,
    ) -> Result<(), ExpiryRefusal> {
        if kept.is_some_and(|kept| !ends_later(expire, kept)) {
            return Ok(());
        }
        if expire.is_none() && (self.require_expiry || self.max_lifetime_seconds.is_some()) {
            return Err(ExpiryRefusal::Missing);
        }
        let latest = self.max_lifetime_seconds.map(|seconds| since.plus_seconds(seconds));
        if let Some(latest) = latest.filter(|latest| ends_later(expire, Some(*latest))) {
            return Err(ExpiryRefusal::TooLate(latest));
        }
        self.validate_takeover(expire, grantor)
    }

    /// Judges the expiry of a key that is handed to the acting key as it is, by a new secret.
    ///
    /// # Errors
    /// [`ExpiryRefusal::BeyondGrantor`].
    pub fn validate_takeover(self, expire: Option<DateTime>, grantor: Option<Grantor<'_>>) -> Result<(), ExpiryRefusal> {
        let ends = grantor.filter(|_| self.binds_keys()).and_then(|grantor| grantor.expire);
        match ends {
            Some(ends) if ends_later(expire, Some(ends)) => Err(ExpiryRefusal::BeyondGrantor(ends)),
            _ => Ok(()),
        }
    }
}

/// Whether the first expiry is later than the second; never is the latest.
fn ends_later(first: Option<DateTime>, second: Option<DateTime>) -> bool {
    match (first, second) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(first), Some(second)) => first > second,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    fn at(seconds: i64) -> Option<DateTime> {
        Some(DateTime::from_unix_milliseconds(NOW).plus_seconds(seconds))
    }

    fn judge(
        policy: Policy,
        expire: Option<DateTime>,
        kept: Option<Option<DateTime>>,
        grantor: Option<Option<DateTime>>,
    ) -> Result<(), ExpiryRefusal> {
        let grantor = grantor.map(|expire| Grantor { scopes: &[], expire });
        policy.judge_expiry(expire, kept, DateTime::from_unix_milliseconds(NOW), grantor)
    }

    #[test]
    fn the_default_allows_what_is_documented() {
        let policy = Policy::default();
        assert!(policy.lets_keys_create() && !policy.binds_keys() && policy.beyond_grantor() == Enforcement::Warn);
        assert_eq!(policy.browser_use, BrowserUse::Reject);
        assert_eq!(judge(policy, None, None, Some(at(5))), Ok(()));
        assert_eq!(judge(policy, at(-5), None, None), Ok(()));
    }

    #[test]
    fn a_lifetime_has_a_last_moment() {
        let policy = Policy { max_lifetime_seconds: Some(60), ..Policy::default() };
        assert_eq!(judge(policy, at(60), None, None), Ok(()));
        assert_eq!(judge(policy, at(61), None, None), Err(ExpiryRefusal::TooLate(at(60).unwrap())));
        assert_eq!(judge(policy, None, None, None), Err(ExpiryRefusal::Missing));
        let policy = Policy { require_expiry: true, ..Policy::default() };
        assert_eq!(judge(policy, None, None, None), Err(ExpiryRefusal::Missing));
        assert_eq!(judge(policy, at(1_000_000_000), None, None), Ok(()));
    }

    #[test]
    fn what_a_key_had_it_may_keep_or_shorten() {
        let policy =
            Policy { max_lifetime_seconds: Some(60), require_expiry: true, key_creation: KeyCreation::Subset, ..Policy::default() };
        assert_eq!(judge(policy, None, Some(None), Some(at(5))), Ok(()));
        assert_eq!(judge(policy, at(500), Some(None), Some(at(5))), Ok(()));
        assert_eq!(judge(policy, at(500), Some(at(500)), Some(at(5))), Ok(()));
        assert_eq!(judge(policy, at(501), Some(at(500)), None), Err(ExpiryRefusal::TooLate(at(60).unwrap())));
        assert_eq!(judge(policy, None, Some(at(500)), None), Err(ExpiryRefusal::Missing));
    }

    #[test]
    fn a_bound_key_gives_no_longer_life_than_its_own() {
        for key_creation in [KeyCreation::Subset, KeyCreation::Denied] {
            let policy = Policy { key_creation, ..Policy::default() };
            assert!(policy.beyond_grantor() == Enforcement::Deny);
            assert_eq!(judge(policy, at(5), None, Some(at(5))), Ok(()));
            assert_eq!(judge(policy, at(6), None, Some(at(5))), Err(ExpiryRefusal::BeyondGrantor(at(5).unwrap())));
            assert_eq!(judge(policy, None, None, Some(at(5))), Err(ExpiryRefusal::BeyondGrantor(at(5).unwrap())));
            assert_eq!(judge(policy, None, None, Some(None)), Ok(()));
            assert_eq!(judge(policy, None, None, None), Ok(()));
        }
        assert!(!Policy { key_creation: KeyCreation::Denied, ..Policy::default() }.lets_keys_create());
    }

    #[test]
    fn words_are_those_of_the_wire() {
        for choice in KeyCreation::ALL {
            assert_eq!(choice.as_str().parse(), Ok(*choice));
            assert_eq!(serde_json::to_value(choice).unwrap(), choice.as_str());
        }
        for choice in BrowserUse::ALL {
            assert_eq!(choice.as_str().parse(), Ok(*choice));
            assert_eq!(serde_json::to_value(choice).unwrap(), choice.as_str());
        }
        assert_eq!("sometimes".parse::<KeyCreation>(), Err(UnknownWord));
        assert_eq!(
            serde_json::to_string(&Policy::default()).unwrap(),
            r#"{"keyCreation":"any","maxLifetimeSeconds":null,"requireExpiry":false,"browserUse":"reject","edition":null}"#
        );
    }
}
