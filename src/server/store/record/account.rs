//! The records of accounts and sessions.

use crate::{
    key::KeyId,
    scope::DateTime,
    server::{
        auth::SecretHash,
        store::{AccountVersion, Actor, ActorKind},
    },
};

/// A person who can sign in to the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    /// Its id.
    pub id: String,
    /// The address to sign in with, lower case.
    pub email: String,
    /// The person's name; may be empty.
    pub name: String,
    /// Whether the account is disabled.
    pub blocked: bool,
    /// When it was created.
    pub created_at: DateTime,
    /// When it was last changed.
    pub updated_at: DateTime,
    /// When the password was last set.
    pub password_updated_at: DateTime,
    /// Its version: starts at 1, and each change adds 1.
    pub version: i64,
}

impl AccountRecord {
    /// The version that was read.
    pub fn version(&self) -> AccountVersion {
        AccountVersion { id: self.id.clone(), number: self.version }
    }

    /// The actor for the audit log.
    pub fn actor(&self) -> Actor {
        Actor { kind: ActorKind::Account, id: self.id.clone(), name: self.email.clone() }
    }
}

/// An account to insert.
#[derive(Clone)]
pub struct NewAccount {
    /// Its id.
    pub id: KeyId,
    /// The address to sign in with, lower case.
    pub email: String,
    /// The person's name; may be empty.
    pub name: String,
    /// PHC string.
    pub password_hash: String,
    /// The current time.
    pub created_at: DateTime,
}

/// A change of an account.
#[derive(Clone)]
pub enum AccountChange {
    /// A new name, which may be empty.
    Name(String),
    /// A new password. Ends the sessions of the account.
    Password {
        /// PHC string.
        hash: String,
        /// The id of the session that stays: the one that changes the password.
        keep_session: Option<String>,
    },
    /// Disables the account, which ends its sessions, or enables it.
    Blocked(bool),
}

impl AccountChange {
    /// `Some` if sessions end: all except the session with this id.
    pub(in crate::server::store) fn ends_sessions_but(&self) -> Option<&str> {
        match self {
            Self::Password { keep_session, .. } => Some(keep_session.as_deref().unwrap_or_default()),
            Self::Blocked(true) => Some(""),
            Self::Name(_) | Self::Blocked(false) => None,
        }
    }
}

/// A console session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// Its id.
    pub id: String,
    /// The id of its account.
    pub account_id: String,
    /// The address that the person signed in from.
    pub ip: String,
    /// The name that the browser sends.
    pub client_name: String,
    /// When the person signed in.
    pub created_at: DateTime,
    /// When it was last used, accurate to a few minutes.
    pub last_used_at: DateTime,
    /// When it ends, even if it is in use.
    pub expires_at: DateTime,
}

/// A session to insert.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its id.
    pub id: String,
    /// The id of its account.
    pub account_id: String,
    /// The hash of its token.
    pub token: SecretHash,
    /// The address that the person signed in from.
    pub ip: String,
    /// The name that the browser sends.
    pub client_name: String,
    /// The current time.
    pub created_at: DateTime,
    /// When it ends, even if it is in use.
    pub expires_at: DateTime,
}
