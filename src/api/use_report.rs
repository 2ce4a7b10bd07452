//! How a key was used lately. Not in the contract.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::WireDate;

/// How many days a report is about: today, and those before it, in UTC.
pub const USE_DAYS: i64 = 30;

/// The requests of a key by day and by operation, as far as the server knows the operation: those that a gateway asks about by method and
/// path, those that are verified with `operation`, and those to the server itself. Only requests that the key opened count. Those
/// that other servers of the same database answered in the last half minute may be missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UseReport {
    /// When the first day starts.
    pub since: WireDate,
    /// How many requests there were on each day, oldest first; the last one is today.
    pub days: Vec<u64>,
    /// By operation, the most requests first.
    pub operations: Vec<OperationUse>,
}

/// The requests of a key that called an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationUse {
    /// The id of the operation, in the catalog of that time.
    pub operation: String,
    /// How many there were.
    pub requests: u64,
    /// When the last day with any starts.
    pub last_day: WireDate,
}
