//! Models of the accounts of a server, for the people who manage them. Not in the contract.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::WireDate;

/// Whether the owner of an account can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountState {
    /// The owner can sign in.
    Active,
    /// The owner has not set a password yet.
    Invited,
    /// Nobody can sign in to it.
    Disabled,
}

/// An account in the list of accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedAccount {
    /// Its id.
    #[serde(rename = "$id")]
    pub id: String,
    /// When it was created.
    #[serde(rename = "$createdAt")]
    pub created_at: WireDate,
    /// The address that the person signs in with, lower case.
    pub email: String,
    /// The person's name; may be empty.
    pub name: String,
    /// Whether the owner can sign in.
    pub state: AccountState,
    /// Whether the account has a second factor.
    #[serde(default)]
    pub second_factor: bool,
    /// Until when the invitation link is valid; empty once there is a password.
    pub invitation_expire: WireDate,
    /// When one of its sessions was last used.
    pub accessed_at: WireDate,
    /// How many sessions it has.
    pub sessions: usize,
    /// Whether it is the account of this request.
    pub current: bool,
}

/// The accounts of a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedAccounts {
    /// How many.
    pub total: usize,
    /// Oldest first.
    pub accounts: Vec<ListedAccount>,
}

/// The body of `console.inviteAccount`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteAccount {
    /// The address to sign in with.
    pub email: String,
    /// At most 128 characters; may be empty.
    #[serde(default)]
    pub name: String,
}

/// An account with the token of its invitation link, which no later answer has.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedAccount {
    /// The account.
    pub account: ListedAccount,
    /// The one-time token of the link, the part after `#`.
    pub token: String,
}

/// The body of `account.acceptInvitation`, which sets the first password and signs in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptInvitation {
    /// The one-time token of the invitation link, the part after `#`.
    pub token: String,
    /// 8 to 256 characters.
    pub password: String,
    /// At most 128 characters; may be empty.
    #[serde(default)]
    pub name: String,
}

/// The body of `console.updateAccountStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateAccountStatus {
    /// Whether the owner may sign in.
    pub enabled: bool,
}
