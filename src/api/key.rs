//! Models of keys (contract §1.1).

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::scope::DateTime;

/// A date on the wire: `2030-01-01T00:00:00.000+00:00`, or `""` for none (contract §0.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WireDate(pub Option<DateTime>);

impl Serialize for WireDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(date) => date.serialize(serializer),
            None => serializer.serialize_str(""),
        }
    }
}

impl<'de> Deserialize<'de> for WireDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Option::<String>::deserialize(deserializer)? {
            Some(text) if !text.is_empty() => text.parse().map(|date| Self(Some(date))).map_err(serde::de::Error::custom),
            _ => Ok(Self(None)),
        }
    }
}

/// A key (contract §1.1 model `key`), also the answer of an ephemeral key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its id.
    #[serde(rename = "$id")]
    pub id: String,
    /// When it was made.
    #[serde(rename = "$createdAt")]
    pub created_at: WireDate,
    /// When it was last changed.
    #[serde(rename = "$updatedAt")]
    pub updated_at: WireDate,
    /// Its name.
    pub name: String,
    /// What it is for; `""` by default.
    #[serde(default)]
    pub description: String,
    /// When it expires; `""` is never.
    pub expire: WireDate,
    /// Its scopes, in the order in which they were given.
    pub scopes: Vec<String>,
    /// The secret, in the one answer that hands it out; everywhere else its hint.
    pub secret: String,
    /// When it was last used, to the day; `""` is never.
    #[serde(rename = "accessedAt")]
    pub accessed_at: WireDate,
    /// The SDKs that used it, lower case.
    pub sdks: Vec<String>,
}

/// A page of keys (contract §1.1 model `keyList`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyList {
    /// How many there are in all, at most 5000; 0 when the request said `total=false`.
    pub total: usize,
    /// This page.
    pub keys: Vec<Key>,
}

/// The body of `createKey`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateKey {
    /// The id, or `unique()`.
    pub key_id: String,
    /// 1 to 128 characters.
    pub name: String,
    /// At most 512 characters. `None`: nothing, or what it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// At most 200 scopes.
    pub scopes: Vec<String>,
    /// `None`: never.
    pub expire: Option<String>,
}

/// The body of `updateKey`; it replaces name, scopes and expiry, and without `expire` the key never expires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateKey {
    /// 1 to 128 characters.
    pub name: String,
    /// At most 512 characters. `None`: nothing, or what it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// At most 200 scopes.
    pub scopes: Vec<String>,
    /// `None`: never.
    pub expire: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_model_has_the_fields_of_the_contract_in_its_order() {
        let key = Key {
            id: "a".into(),
            created_at: WireDate(Some(DateTime::from_unix_milliseconds(1_893_456_000_000))),
            updated_at: WireDate(None),
            name: "n".into(),
            description: "d".into(),
            expire: WireDate(None),
            scopes: vec!["rows.read".into()],
            secret: String::new(),
            accessed_at: WireDate(None),
            sdks: Vec::new(),
        };
        let text = serde_json::to_string(&key).unwrap();
        assert_eq!(
            text,
            r#"{"$id":"a","$createdAt":"2030-01-01T00:00:00.000+00:00","$updatedAt":"","name":"n","description":"d","expire":"","scopes":["rows.read"],"secret":"","accessedAt":"","sdks":[]}"#
        );
        assert_eq!(serde_json::from_str::<Key>(&text).unwrap(), key);
    }
}
