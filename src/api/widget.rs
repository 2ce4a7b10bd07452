//! Models of widgets: key managers in pages of other programs. Not in the contract.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{KeyDetails, ProjectPolicy, WireDate};

/// What a widget token allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WidgetToken {
    /// Its id. With it the token can be ended early, like an ephemeral key.
    #[serde(rename = "$id")]
    pub id: String,
    /// When it was created.
    #[serde(rename = "$createdAt")]
    pub created_at: WireDate,
    /// When it expires.
    pub expire: WireDate,
    /// The project whose keys the page manages.
    pub project_id: String,
    /// The most that a key may hold that the page creates, sees, rotates or deletes.
    pub scopes: Vec<String>,
    /// Whether the page may create keys.
    pub may_create: bool,
    /// Whether the page may rotate keys.
    pub may_rotate: bool,
    /// Whether the page may delete keys.
    pub may_revoke: bool,
    /// The latest expiry of a key that the page creates or rotates; `""` is any.
    pub key_expire: WireDate,
    /// The origins whose pages may send the token; empty is any.
    pub origins: Vec<String>,
    /// The token. Only the answer that creates it has it; elsewhere it is `""`.
    pub secret: String,
}

/// What a page learns about its token, and what it needs for a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Widget {
    /// The token.
    pub token: WidgetToken,
    /// The name of the project.
    #[serde(rename = "projectName")]
    pub project_name: String,
    /// The rules of the project for its keys, as they bind the page.
    pub policy: ProjectPolicy,
    /// The `ETag` of the catalog that the server judges by, where it is a custom one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catalog: Option<String>,
}

/// A page of the keys that a page sees, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WidgetKeyList {
    /// The keys. There may be more even if this list is short or empty.
    pub keys: Vec<KeyDetails>,
    /// What to send as `cursor` for older keys; `""` where there are none.
    pub next_cursor: String,
}
