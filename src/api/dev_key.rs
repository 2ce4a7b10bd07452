//! Models of dev keys (contract §1.2).

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::WireDate;

/// A dev key (contract §1.2 model `devKey`). It opens nothing: it has no scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DevKey {
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
    /// When it expires. It always does.
    pub expire: WireDate,
    /// The secret, in the answer of its creation; everywhere else its hint.
    pub secret: String,
    /// When it was last used, to the day; `""` is never.
    pub accessed_at: WireDate,
    /// The SDKs that used it, lower case.
    pub sdks: Vec<String>,
}

/// A page of dev keys (contract §1.2 model `devKeyList`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DevKeyList {
    /// How many there are in all; 0 when the request said `total=false`.
    pub total: usize,
    /// This page.
    pub dev_keys: Vec<DevKey>,
}

/// The body of a creation, and of an update, which replaces both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteDevKey {
    /// 1 to 128 characters.
    pub name: String,
    /// When it expires: in the future, at most 30 days from now.
    pub expire: String,
}
