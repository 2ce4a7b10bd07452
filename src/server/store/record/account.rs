//! The records of accounts and sessions.

use crate::{
    key::KeyId,
    scope::DateTime,
    server::{
        auth::SecretHash,
        store::NewFactor,
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
    /// Since when it has a second factor.
    pub second_factor: Option<DateTime>,
    /// Until when its invitation is valid; `None` once it has a password.
    pub invited_until: Option<DateTime>,
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

    /// Whether it has a password, and is not disabled.
    pub fn can_sign_in(&self) -> bool {
        !self.blocked && self.invited_until.is_none()
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
    /// How its owner gets in.
    pub access: FirstAccess,
    /// The current time.
    pub created_at: DateTime,
}

/// How the owner of a new account gets in.
#[derive(Clone)]
pub enum FirstAccess {
    /// With a password: a PHC string.
    Password(String),
    /// With a link, and no password yet.
    Invitation(Invitation),
}

impl FirstAccess {
    /// The columns: the hash of the password, or else the hash of the link's token, and until when it is valid.
    pub(in crate::server::store) fn columns(&self) -> (&str, Option<&[u8]>, Option<i64>) {
        match self {
            Self::Password(hash) => (hash, None, None),
            Self::Invitation(invitation) => ("", Some(invitation.token.as_bytes()), Some(invitation.until.unix_milliseconds())),
        }
    }
}

/// An invitation: a one-time link with which its owner sets the first password.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The hash of the link's token.
    pub token: SecretHash,
    /// Until when it is valid.
    pub until: DateTime,
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
    /// A new invitation, which replaces the earlier one.
    Invitation(Invitation),
    /// The first password and the name of an invited person. Uses the invitation up.
    Joined {
        /// PHC string.
        hash: String,
        /// The name, which may be empty.
        name: String,
    },
    /// A new second factor, or none. Ends the sessions of the account.
    SecondFactor {
        /// `None` removes it, with its recovery codes.
        factor: Option<NewFactor>,
        /// The id of the session that stays.
        keep_session: Option<String>,
    },
    /// New recovery codes, which replace the earlier ones: their hashes.
    RecoveryCodes(Vec<SecretHash>),
    /// Disables the account, which ends its sessions, or enables it.
    Blocked(bool),
}

impl AccountChange {
    /// `Some` if sessions end: all except the session with this id.
    pub(in crate::server::store) fn ends_sessions_but(&self) -> Option<&str> {
        match self {
            Self::Password { keep_session, .. } | Self::SecondFactor { keep_session, .. } => {
                Some(keep_session.as_deref().unwrap_or_default())
            }
            Self::Blocked(true) => Some(""),
            Self::Name(_) | Self::Invitation(_) | Self::Joined { .. } | Self::RecoveryCodes(_) | Self::Blocked(false) => None,
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
