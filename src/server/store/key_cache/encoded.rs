//! A key as a look-up by its secret finds it: about 200 bytes in one piece, because there can be a million of them. What nearly every
//! request asks about is read without the rest, and without memory for it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::found::Found;
use crate::{
    key::KeyStatus,
    scope::{DateTime, ScopeName},
    server::{
        auth::SecretHash,
        store::{KeyRecord, StoreError},
    },
};

/// A key with one of its secrets: the key's sequence, the secret's hash, the end of that secret, and all other fields.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey(Box<[u8]>);

/// The offset of the secret's hash.
const SECRET: usize = 8;
/// The offset of the end of the secret.
const UNTIL: usize = SECRET + 32;
/// The offset of the other fields.
const REST: usize = UNTIL + 8;

/// What most requests ask about a key. Its fields are encoded before all others.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct KeyBrief<'a> {
    /// The project that it belongs to.
    pub project_id: &'a str,
    /// Its id, unique in the project.
    pub id: &'a str,
    /// Its scopes, with a space between them; no scope contains one.
    pub scopes: &'a str,
    sdks: &'a str,
    enabled: bool,
    expire: Option<i64>,
    accessed_at: Option<i64>,
}

/// Between the names of SDKs, which do not contain it.
const END_OF_SDK: char = '\n';

impl KeyBrief<'_> {
    /// When it expires; `None` means never.
    pub fn expire(&self) -> Option<DateTime> {
        date(self.expire)
    }

    /// When it was last used, accurate to the day.
    pub fn accessed_at(&self) -> Option<DateTime> {
        date(self.accessed_at)
    }

    /// The SDKs that used it, lower case.
    pub fn sdks(&self) -> impl Iterator<Item = &str> {
        self.sdks.split(END_OF_SDK).filter(|sdk| !sdk.is_empty())
    }

    /// Whether the key is usable at `now`.
    pub fn status(&self, now: DateTime) -> KeyStatus {
        KeyStatus::of(self.enabled, self.expire(), now)
    }
}

/// The other fields, encoded with postcard.
#[derive(Deserialize, Serialize)]
struct Rest<'a> {
    #[serde(borrow)]
    brief: KeyBrief<'a>,
    version: i64,
    name: &'a str,
    description: &'a str,
    hint: &'a str,
    created_at: i64,
    updated_at: i64,
    rotated_at: Option<i64>,
    overlap_until: Option<i64>,
    exposed_at: Option<i64>,
}

fn milliseconds(at: Option<DateTime>) -> Option<i64> {
    at.map(DateTime::unix_milliseconds)
}

fn date(at: Option<i64>) -> Option<DateTime> {
    at.map(DateTime::from_unix_milliseconds)
}

impl StoredKey {
    /// Encodes a key that was found by this secret.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], if it cannot be encoded.
    pub(in crate::server::store) fn new(secret: &SecretHash, found: &Found) -> Result<Self, StoreError> {
        let key = &found.key;
        let scopes: Vec<&str> = key.scopes.iter().map(ScopeName::as_str).collect();
        let (scopes, sdks) = (scopes.join(" "), key.sdks.join(&END_OF_SDK.to_string()));
        let rest = Rest {
            brief: KeyBrief {
                project_id: &key.project_id,
                id: &key.id,
                scopes: &scopes,
                sdks: &sdks,
                enabled: key.enabled,
                expire: milliseconds(key.expire),
                accessed_at: milliseconds(key.accessed_at),
            },
            version: key.version,
            name: key.name.as_str(),
            description: &key.description,
            hint: &key.hint,
            created_at: key.created_at.unix_milliseconds(),
            updated_at: key.updated_at.unix_milliseconds(),
            rotated_at: milliseconds(key.rotated_at),
            overlap_until: milliseconds(key.overlap_until),
            exposed_at: milliseconds(key.exposed_at),
        };
        let mut bytes = Vec::with_capacity(256);
        bytes.extend(key.sequence.to_le_bytes());
        bytes.extend(secret.as_bytes());
        bytes.extend(milliseconds(found.valid_until).unwrap_or(i64::MAX).to_le_bytes());
        // Copies the bytes: shrinking the buffer would leave a hole after each key.
        postcard::to_extend(&rest, bytes).map(|bytes| Self(Box::from(bytes.as_slice()))).map_err(|_| unreadable())
    }

    /// What most requests ask.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], if it cannot be read.
    pub fn brief(&self) -> Result<KeyBrief<'_>, StoreError> {
        postcard::take_from_bytes(self.rest()).map(|(brief, _)| brief).map_err(|_| unreadable())
    }

    /// The whole record.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], if it cannot be read.
    pub fn record(&self) -> Result<KeyRecord, StoreError> {
        self.decoded().ok_or_else(unreadable)
    }

    fn decoded(&self) -> Option<KeyRecord> {
        let Rest { brief, version, name, description, hint, created_at, updated_at, rotated_at, overlap_until, exposed_at } =
            postcard::from_bytes(self.rest()).ok()?;
        let scopes = brief.scopes.split(' ').filter(|scope| !scope.is_empty());
        Some(KeyRecord {
            sequence: self.sequence(),
            project_id: brief.project_id.to_owned(),
            id: brief.id.to_owned(),
            version,
            name: name.parse().ok()?,
            description: description.to_owned(),
            scopes: scopes.map(|scope| scope.parse().ok()).collect::<Option<_>>()?,
            hint: hint.to_owned(),
            enabled: brief.enabled,
            expire: date(brief.expire),
            created_at: DateTime::from_unix_milliseconds(created_at),
            updated_at: DateTime::from_unix_milliseconds(updated_at),
            accessed_at: date(brief.accessed_at),
            sdks: brief.sdks().map(str::to_owned).collect(),
            rotated_at: date(rotated_at),
            overlap_until: date(overlap_until),
            exposed_at: date(exposed_at),
        })
    }

    /// Whether the secret is valid at `now`. Does not check the expiry of the key itself.
    pub(in crate::server::store) fn opens_at(&self, now: DateTime) -> bool {
        self.valid_until().is_none_or(|until| until > now)
    }

    fn valid_until(&self) -> Option<DateTime> {
        let until = self.number(UNTIL);
        (until != i64::MAX).then(|| DateTime::from_unix_milliseconds(until))
    }

    pub(super) fn sequence(&self) -> i64 {
        self.number(0)
    }

    /// The hash of the secret, 32 bytes.
    pub(super) fn secret(&self) -> &[u8] {
        self.0.get(SECRET..UNTIL).unwrap_or_default()
    }

    /// The project and the id.
    pub(super) fn name(&self) -> (&str, &str) {
        postcard::take_from_bytes(self.rest()).map_or(("", ""), |(name, _)| name)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn rest(&self) -> &[u8] {
        self.0.get(REST..).unwrap_or_default()
    }

    fn number(&self, at: usize) -> i64 {
        self.0.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, i64::from_le_bytes)
    }
}

fn unreadable() -> StoreError {
    StoreError::Unavailable("a key in memory cannot be read".to_owned())
}

impl fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (project, id) = self.name();
        write!(f, "StoredKey({project} {id})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_encoding_unchanged() {
        let at = |n: i64| Some(DateTime::from_unix_milliseconds(n));
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let full = KeyRecord {
            sequence: i64::MAX,
            project_id: "shop".to_owned(),
            id: "key".to_owned(),
            version: 300,
            name: "Zoë’s key".parse().unwrap(),
            description: "for the shop".to_owned(),
            scopes: ["users.read", "unknown", "x"].map(|scope| scope.parse().unwrap()).to_vec(),
            hint: "sw…f".to_owned(),
            enabled: true,
            expire: at(-1),
            created_at: DateTime::from_unix_milliseconds(0),
            updated_at: DateTime::from_unix_milliseconds(1_800_000_000_000),
            accessed_at: at(2),
            sdks: texts(&["rust", "react native"]),
            rotated_at: at(3),
            overlap_until: at(4),
            exposed_at: at(5),
        };
        let bare = KeyRecord {
            enabled: false,
            expire: None,
            accessed_at: None,
            rotated_at: None,
            overlap_until: None,
            exposed_at: None,
            scopes: Vec::new(),
            sdks: Vec::new(),
            ..full.clone()
        };
        for (key, valid_until) in [(full, at(6)), (bare, None)] {
            let secret = SecretHash::of("secret");
            let packed = StoredKey::new(&secret, &Found { key: key.clone(), valid_until }).unwrap();
            assert_eq!((packed.sequence(), packed.secret(), packed.name()), (key.sequence, &secret.as_bytes()[..], ("shop", "key")));
            assert_eq!((packed.record().unwrap(), packed.valid_until()), (key.clone(), valid_until));
            let brief = packed.brief().unwrap();
            let scopes: Vec<&str> = key.scopes.iter().map(ScopeName::as_str).collect();
            assert_eq!((brief.project_id, brief.id, brief.scopes), ("shop", "key", scopes.join(" ").as_str()));
            assert_eq!((brief.expire(), brief.accessed_at()), (key.expire, key.accessed_at));
            for now in [DateTime::from_unix_milliseconds(-2), DateTime::from_unix_milliseconds(0)] {
                assert_eq!(brief.status(now), key.status(now));
            }
        }
    }
}
