//! Models of the audit log. Not in the contract.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::WireDate;

/// One entry: who did what, when, from where, and whether it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Its place in the log, as text; later entries have greater numbers.
    #[serde(rename = "$id")]
    pub id: String,
    /// When.
    #[serde(rename = "$createdAt")]
    pub created_at: WireDate,
    /// `guest`, `account`, `key`, `ephemeral-key`, `organization-key`, `widget-token`, `setup` or `command-line`.
    pub actor_type: String,
    /// The id of the account or the key; `""` where the type says it all.
    pub actor_id: String,
    /// What it was called then: an email, the name of a key, what made an ephemeral key; may be empty.
    pub actor_name: String,
    /// What was done or tried, such as `key.rotate`. A newer server may have more of them.
    pub action: String,
    /// The id of what it was done to; `""` where the action says it all.
    pub target_id: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// What changed, or the type of the error that refused it.
    pub detail: String,
    /// From which address; `""` where it is not known.
    pub ip: String,
}

/// A page of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditList {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// What to send as `cursor` for the page of older entries; `""` where this is the last one.
    pub next_cursor: String,
}
