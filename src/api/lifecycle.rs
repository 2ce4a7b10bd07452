//! Models of what may become of a key, and of the policy. Not in the contract.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{Key, UseReport, WireDate};

pub use crate::key::KeyStatus;
use crate::key::Policy;

/// A key with what the contract's model has no place for. Reads answer with it where the request says `details=true`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyDetails {
    /// The contract's model.
    #[serde(flatten)]
    pub key: Key,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Whether it can be used at the time of the answer.
    pub status: KeyStatus,
    /// When it last got a new secret; `""` is never.
    pub rotated_at: WireDate,
    /// Until when the secret before that opens it, too; `""` where there is none.
    pub overlap_until: WireDate,
    /// When its secret first arrived from a browser; `""` is never. A rotation clears it.
    pub exposed_at: WireDate,
    /// Who created it; absent if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<Creator>,
}

/// A key with its details and how it was used lately. A read of one key answers with it if the request says `use=true`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UsedKey {
    /// The key.
    #[serde(flatten)]
    pub details: KeyDetails,
    /// How it was used.
    #[serde(rename = "use")]
    pub used: UseReport,
}

/// Who created a key, as the audit log names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Creator {
    /// `account`, `key`, `ephemeral-key`, `organization-key`, `widget-token` or `command-line`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id of the account or the key; `""` where the type says it all.
    pub id: String,
    /// What it was called then: an email, the name of a key; may be empty.
    pub name: String,
}

/// A page of keys with their details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDetailsList {
    /// How many there are in all, at most 5000; 0 when the request said `total=false`.
    pub total: usize,
    /// This page.
    pub keys: Vec<KeyDetails>,
}

/// The body of a rotation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RotateKey {
    /// How long the old secret stays valid, in seconds: 0 to 604,800, and never beyond the key's expiry.
    pub overlap_seconds: i64,
    /// When the key expires from now on; `""` is never, `None` leaves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expire: Option<String>,
}

/// The body of a change of status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateKeyStatus {
    /// Whether the key is to be switched on.
    pub enabled: bool,
}

/// A project's rules for its keys. A change may leave out what is to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectPolicy {
    /// The rules.
    #[serde(flatten)]
    pub policy: Policy,
    /// When they were last changed; `""` is never.
    #[serde(rename = "$updatedAt", default)]
    pub updated_at: WireDate,
}

/// The answer of `createEphemeralKey` to clients that speak a response format before 1.9.3 (contract §1.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EphemeralKeyBefore193 {
    /// Its scopes.
    pub scopes: Vec<String>,
    /// The project that it belongs to.
    pub project_id: String,
    /// The whole secret, with its prefix.
    pub jwt: String,
}
