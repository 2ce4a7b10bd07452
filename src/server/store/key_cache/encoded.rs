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

/// A key with one of its secrets: numbers at fixed offsets, the texts that most requests ask about, and all other fields.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey(Box<[u8]>);

/// The offset of the secret's hash.
const SECRET: usize = 8;
/// The offset of the end of the secret, or [`NEVER`].
const UNTIL: usize = SECRET + 32;
/// The offsets of the expiry and the last use, or [`NEVER`].
const EXPIRE: usize = UNTIL + 8;
const ACCESSED: usize = EXPIRE + 8;
/// The offset of whether the key is enabled.
const ENABLED: usize = ACCESSED + 8;
/// The offset of where each text ends, counted from the first one, in four bytes each: project, id, scopes, SDKs.
const ENDS: usize = ENABLED + 1;
const TEXTS: usize = ENDS + 4 * 4;
const NEVER: i64 = i64::MAX;

/// What most requests ask about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyBrief<'a> {
    /// The project that it belongs to.
    pub project_id: &'a str,
    /// Its id, unique in the project.
    pub id: &'a str,
    /// Its scopes, with a space between them; no scope contains one.
    pub scopes: &'a str,
    sdks: &'a str,
    enabled: bool,
    expire: Option<DateTime>,
    accessed_at: Option<DateTime>,
}

/// Between the names of SDKs, which do not contain it.
const END_OF_SDK: char = '\n';

impl KeyBrief<'_> {
    /// When it expires; `None` means never.
    pub fn expire(&self) -> Option<DateTime> {
        self.expire
    }

    /// When it was last used, accurate to the day.
    pub fn accessed_at(&self) -> Option<DateTime> {
        self.accessed_at
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
        for at in [found.valid_until, key.expire, key.accessed_at] {
            bytes.extend(milliseconds(at).unwrap_or(NEVER).to_le_bytes());
        }
        bytes.push(key.enabled.into());
        let texts = [&key.project_id, &key.id, &scopes, &sdks];
        let mut end = 0;
        for text in texts {
            end += text.len();
            bytes.extend(u32::try_from(end).map_err(|_| unreadable())?.to_le_bytes());
        }
        texts.iter().for_each(|text| bytes.extend(text.as_bytes()));
        // Copies the bytes: shrinking the buffer would leave a hole after each key.
        postcard::to_extend(&rest, bytes).map(|bytes| Self(Box::from(bytes.as_slice()))).map_err(|_| unreadable())
    }

    /// What most requests ask.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], if it cannot be read.
    pub fn brief(&self) -> Result<KeyBrief<'_>, StoreError> {
        self.split().map(|(brief, _)| brief).ok_or_else(unreadable)
    }

    /// What most requests ask, and the other fields.
    fn split(&self) -> Option<(KeyBrief<'_>, &[u8])> {
        let [project, id, scopes, sdks] = [0, 4, 8, 12].map(|at| self.bytes(ENDS + at).map(u32::from_le_bytes));
        let (texts, rest) = self.0.get(TEXTS..)?.split_at_checked(sdks? as usize)?;
        let texts = std::str::from_utf8(texts).ok()?;
        let between = |from: u32, to: u32| texts.get(from as usize..to as usize);
        let brief = KeyBrief {
            project_id: between(0, project?)?,
            id: between(project?, id?)?,
            scopes: between(id?, scopes?)?,
            sdks: between(scopes?, sdks?)?,
            enabled: *self.0.get(ENABLED)? != 0,
            expire: self.moment(EXPIRE),
            accessed_at: self.moment(ACCESSED),
        };
        Some((brief, rest))
    }

    /// The whole record.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], if it cannot be read.
    pub fn record(&self) -> Result<KeyRecord, StoreError> {
        self.decoded().ok_or_else(unreadable)
    }

    fn decoded(&self) -> Option<KeyRecord> {
        let (brief, rest) = self.split()?;
        let Rest { version, name, description, hint, created_at, updated_at, rotated_at, overlap_until, exposed_at } =
            postcard::from_bytes(rest).ok()?;
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
            expire: brief.expire,
            created_at: DateTime::from_unix_milliseconds(created_at),
            updated_at: DateTime::from_unix_milliseconds(updated_at),
            accessed_at: brief.accessed_at,
            sdks: brief.sdks().map(str::to_owned).collect(),
            rotated_at: date(rotated_at),
            overlap_until: date(overlap_until),
            exposed_at: date(exposed_at),
        })
    }

    /// Whether the secret is valid at `now`. Does not check the expiry of the key itself.
    pub(in crate::server::store) fn opens_at(&self, now: DateTime) -> bool {
        self.moment(UNTIL).is_none_or(|until| until > now)
    }

    fn moment(&self, at: usize) -> Option<DateTime> {
        Some(self.number(at)).filter(|number| *number != NEVER).map(DateTime::from_unix_milliseconds)
    }

    /// The sequence of the key.
    pub fn sequence(&self) -> i64 {
        self.number(0)
    }

    /// The hash of the secret, 32 bytes.
    pub(super) fn secret(&self) -> &[u8] {
        self.0.get(SECRET..UNTIL).unwrap_or_default()
    }

    /// The project and the id.
    pub(super) fn name(&self) -> (&str, &str) {
        self.split().map_or(("", ""), |(brief, _)| (brief.project_id, brief.id))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn number(&self, at: usize) -> i64 {
        self.bytes(at).map_or(0, i64::from_le_bytes)
    }

    fn bytes<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..)?.first_chunk().copied()
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
            assert_eq!((packed.record().unwrap(), packed.moment(UNTIL)), (key.clone(), valid_until));
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
