//! The encoding of a cached key: about 200 bytes in one piece, because there can be a million of them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::found::Found;
use crate::{
    scope::{DateTime, ScopeName},
    server::{auth::SecretHash, store::KeyRecord},
};

/// A key with one of its secrets: the key's sequence, the secret's hash, the end of that secret, and all other fields.
pub(super) struct EncodedKey(Box<[u8]>);

/// The offset of the secret's hash.
const SECRET: usize = 8;
/// The offset of the end of the secret.
const UNTIL: usize = SECRET + 32;
/// The offset of the other fields.
const REST: usize = UNTIL + 8;

/// The other fields, encoded with postcard. Project and id come first, so that they can be read without the rest.
#[derive(Deserialize, Serialize)]
struct Rest<'a> {
    project_id: Cow<'a, str>,
    id: Cow<'a, str>,
    version: i64,
    name: Cow<'a, str>,
    description: Cow<'a, str>,
    scopes: Cow<'a, [ScopeName]>,
    hint: Cow<'a, str>,
    enabled: bool,
    expire: Option<i64>,
    created_at: i64,
    updated_at: i64,
    accessed_at: Option<i64>,
    sdks: Vec<Cow<'a, str>>,
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

impl EncodedKey {
    pub fn new(secret: &SecretHash, found: &Found) -> Option<Self> {
        let key = &found.key;
        let rest = Rest {
            project_id: Cow::Borrowed(&key.project_id),
            id: Cow::Borrowed(&key.id),
            version: key.version,
            name: Cow::Borrowed(key.name.as_str()),
            description: Cow::Borrowed(&key.description),
            scopes: Cow::Borrowed(&key.scopes),
            hint: Cow::Borrowed(&key.hint),
            enabled: key.enabled,
            expire: milliseconds(key.expire),
            created_at: key.created_at.unix_milliseconds(),
            updated_at: key.updated_at.unix_milliseconds(),
            accessed_at: milliseconds(key.accessed_at),
            sdks: key.sdks.iter().map(|sdk| Cow::Borrowed(sdk.as_str())).collect(),
            rotated_at: milliseconds(key.rotated_at),
            overlap_until: milliseconds(key.overlap_until),
            exposed_at: milliseconds(key.exposed_at),
        };
        let mut bytes = Vec::with_capacity(256);
        bytes.extend(key.sequence.to_le_bytes());
        bytes.extend(secret.as_bytes());
        bytes.extend(milliseconds(found.valid_until).unwrap_or(i64::MAX).to_le_bytes());
        // Copies the bytes: shrinking the buffer would leave a hole after each key.
        Some(Self(Box::from(postcard::to_extend(&rest, bytes).ok()?.as_slice())))
    }

    pub fn found(&self) -> Option<Found> {
        let rest: Rest<'_> = postcard::from_bytes(self.0.get(REST..)?).ok()?;
        let texts = |list: Vec<Cow<'_, str>>| list.into_iter().map(Cow::into_owned).collect();
        let key = KeyRecord {
            sequence: self.sequence(),
            project_id: rest.project_id.into_owned(),
            id: rest.id.into_owned(),
            version: rest.version,
            name: rest.name.parse().ok()?,
            description: rest.description.into_owned(),
            scopes: rest.scopes.into_owned(),
            hint: rest.hint.into_owned(),
            enabled: rest.enabled,
            expire: date(rest.expire),
            created_at: DateTime::from_unix_milliseconds(rest.created_at),
            updated_at: DateTime::from_unix_milliseconds(rest.updated_at),
            accessed_at: date(rest.accessed_at),
            sdks: texts(rest.sdks),
            rotated_at: date(rest.rotated_at),
            overlap_until: date(rest.overlap_until),
            exposed_at: date(rest.exposed_at),
        };
        let until = self.number(UNTIL);
        Some(Found { key, valid_until: (until != i64::MAX).then(|| DateTime::from_unix_milliseconds(until)) })
    }

    pub fn sequence(&self) -> i64 {
        self.number(0)
    }

    /// The hash of the secret, 32 bytes.
    pub fn secret(&self) -> &[u8] {
        self.0.get(SECRET..UNTIL).unwrap_or_default()
    }

    /// The project and the id.
    pub fn name(&self) -> (&str, &str) {
        let read = self.0.get(REST..).and_then(|rest| postcard::take_from_bytes(rest).ok());
        read.map_or(("", ""), |(name, _)| name)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    fn number(&self, at: usize) -> i64 {
        self.0.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, i64::from_le_bytes)
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
            sdks: texts(&["rust"]),
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
            let packed = EncodedKey::new(&secret, &Found { key: key.clone(), valid_until }).unwrap();
            assert_eq!((packed.sequence(), packed.secret(), packed.name()), (key.sequence, &secret.as_bytes()[..], ("shop", "key")));
            let found = packed.found().unwrap();
            assert_eq!((found.key, found.valid_until), (key, valid_until));
        }
    }
}
