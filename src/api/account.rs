//! Models of accounts and sessions (contract §1.5), and of the set-up.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::WireDate;

/// The shortest password, in characters.
pub const MIN_PASSWORD_CHARACTERS: usize = 8;
/// The longest password, in characters.
pub const MAX_PASSWORD_CHARACTERS: usize = 256;

/// The signed-in account (contract §1.5 model `account`); fields that Scopewise has no use for carry the contract's empty value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Its id.
    #[serde(rename = "$id")]
    pub id: String,
    /// When it was made.
    #[serde(rename = "$createdAt")]
    pub created_at: WireDate,
    /// When it was last changed.
    #[serde(rename = "$updatedAt")]
    pub updated_at: WireDate,
    /// The person's name; may be empty.
    pub name: String,
    /// When it was made, once more.
    pub registration: WireDate,
    /// Not blocked.
    pub status: bool,
    /// Always empty.
    pub labels: Vec<String>,
    /// When the password was last set.
    pub password_update: WireDate,
    /// The address that the person signs in with, lower case.
    pub email: String,
    /// Always empty.
    pub phone: String,
    /// Always false: no mail is sent.
    pub email_verification: bool,
    /// Always false.
    pub phone_verification: bool,
    /// Whether the account has a second factor.
    pub mfa: bool,
    /// Always empty.
    #[serde(default)]
    pub prefs: serde_json::Map<String, serde_json::Value>,
    /// Always empty.
    #[serde(default)]
    pub targets: Vec<serde_json::Value>,
    /// When it was last used.
    pub accessed_at: WireDate,
}

/// The body of `account.create`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateAccount {
    /// The id, or `unique()`.
    pub user_id: String,
    /// The address to sign in with.
    pub email: String,
    /// 8 to 256 characters.
    pub password: String,
    /// At most 128 characters.
    #[serde(default)]
    pub name: String,
}

/// Accounts. A list of our own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountList {
    /// How many.
    pub total: usize,
    /// Oldest first.
    pub accounts: Vec<Account>,
}

/// The body of `account.updateName`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateAccountName {
    /// At most 128 characters; may be empty.
    pub name: String,
}

/// The body of `account.updatePassword`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdatePassword {
    /// The new one: 8 to 256 characters.
    pub password: String,
    /// The one until now.
    pub old_password: String,
}

/// The body of `account.createEmailPasswordSession`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateEmailSession {
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
}

/// A console session (contract §1.5 model `session`, the part that has a meaning here).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Its id.
    #[serde(rename = "$id")]
    pub id: String,
    /// When the person signed in.
    #[serde(rename = "$createdAt")]
    pub created_at: WireDate,
    /// When it was last changed.
    #[serde(rename = "$updatedAt")]
    pub updated_at: WireDate,
    /// Whose it is.
    pub user_id: String,
    /// When it ends.
    pub expire: WireDate,
    /// Always `email`.
    pub provider: String,
    /// The address that the person signed in from.
    pub ip: String,
    /// What the browser says that it is.
    pub client_name: String,
    /// Whether it is the session of this request.
    pub current: bool,
    /// Always empty: the cookie alone carries it.
    pub secret: String,
}

/// The sessions of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionList {
    /// How many.
    pub total: usize,
    /// Newest first.
    pub sessions: Vec<Session>,
}

/// The answer of `GET /v1/setup`, the first thing that a console asks. Not in the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SetupState {
    /// Whether the first account is still to be made.
    pub needed: bool,
    /// Whether the request came with a session, so that a console asks for the account only where there is one. Absent is no.
    #[serde(default, skip_serializing_if = "is_false")]
    pub signed_in: bool,
    /// The `ETag` of the server's catalog, where it is a custom one. A console with another catalog gets it from
    /// `GET /v1/scopes/catalog`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catalog: Option<String>,
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// The body of `POST /v1/setup`, which makes the first account and signs it in. Not in the contract.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupRequest {
    /// The one-time token of the set-up link, the part after `#`.
    pub token: String,
    /// The address to sign in with.
    pub email: String,
    /// 8 to 256 characters.
    pub password: String,
    /// At most 128 characters; may be empty.
    #[serde(default)]
    pub name: String,
}
