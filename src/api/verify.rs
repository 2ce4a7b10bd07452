//! Models of the verification of keys for other services. Not in the contract.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::WireDate;
use crate::scope::Alternative;

/// How many keys one call verifies at the most.
pub const MAX_VERIFIED_KEYS: usize = 100;

/// What a verification found. A word here never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerificationCode {
    /// The key may do what was asked.
    Valid,
    /// No key of this project: it was never made, it was deleted, it is another project's, or it was ephemeral and has ended.
    Unknown,
    /// The checksum does not fit: a typo, or half a key. Nothing was looked up.
    Damaged,
    /// A dev key. It opens nothing on its own.
    DevKey,
    /// It was switched off.
    Disabled,
    /// It is past its expiry.
    Expired,
    /// It is in force, and does not hold what was asked for.
    InsufficientScope,
    /// Unknown, and the caller has named too many unknown keys of late. Only among several keys, where the others are answered.
    Throttled,
}

/// The verdict on one key. For a key of another project, only the code is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// Whether the key may do what was asked.
    pub valid: bool,
    /// `valid`, or why not.
    pub code: VerificationCode,
    /// The same, in one sentence for a person.
    pub message: String,
    /// `standard`, `ephemeral`, or `""`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The key's id, or `""`.
    pub key_id: String,
    /// The key's project, or `""`.
    pub project_id: String,
    /// What it holds.
    pub scopes: Vec<String>,
    /// What it lacks. With `match: any`, or for an operation, any one of these would be enough; the best comes first. An item that is a
    /// list of scopes counts as one: all of them are needed.
    pub missing: Vec<Alternative<String>>,
    /// When it expires; `""` is never, or not known.
    pub expire: WireDate,
}

/// What is so of several keys, in the order in which they were sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationList {
    /// How many there are.
    pub total: usize,
    /// One for each key.
    pub verifications: Vec<Verification>,
}
