//! The records of the store. They are plain data: a `New…` is already validated.

use super::{AccountVersion, Actor, ActorKind, ProjectRef, Version};
use crate::{
    key::{KeyId, KeyName, KeyStatus, Policy, ProjectId},
    scope::{DateTime, ScopeName},
    server::auth::SecretHash,
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
    pub(super) fn ends_sessions_but(&self) -> Option<&str> {
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

/// The id of the row that holds the organization's keys. No project can have it.
pub(super) const ORGANIZATION_ID: &str = "console";

/// A project, or the organization: see [`ProjectStore::organization`](super::ProjectStore::organization).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectRecord {
    /// Its position in the order of creation.
    pub sequence: i64,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was created.
    pub created_at: DateTime,
    /// When it was last changed.
    pub updated_at: DateTime,
    /// Its version: starts at 1, and each change adds 1.
    pub version: i64,
    /// When it was first pinged.
    pub pinged_at: Option<DateTime>,
    /// Its policy.
    pub policy: Policy,
    /// When the policy was last changed; `None` means never.
    pub policy_updated_at: Option<DateTime>,
    /// The id of the key that signs its ephemeral keys; `None` before the first one. It is not secret: see
    /// [`ProjectStore::ensure_signing_key`](super::ProjectStore::ensure_signing_key).
    pub signing_key_id: Option<String>,
    /// Revoked ephemeral keys, in the format of [`EndedKey`].
    pub ended_ephemeral: Vec<String>,
}

impl ProjectRecord {
    /// The version that was read.
    pub fn version(&self) -> Version {
        Version { sequence: self.sequence, number: self.version }
    }

    /// Whether this is the record of the organization's keys, and not a project.
    pub fn is_organization(&self) -> bool {
        self.id == ORGANIZATION_ID
    }

    /// The log of its entries: its own, or for the organization the log of the whole server (`None`).
    pub fn log(&self) -> Option<ProjectRef> {
        (!self.is_organization()).then(|| ProjectRef { sequence: self.sequence, id: self.id.clone() })
    }

    /// Whether this ephemeral key was revoked.
    pub fn has_ended(&self, ephemeral_id: &str) -> bool {
        self.ended_ephemeral.iter().any(|entry| EndedKey::id(entry) == ephemeral_id)
    }
}

/// A revoked ephemeral key. Its id is stored until every key with this id has expired.
pub struct EndedKey;

/// The maximum number of revoked ephemeral keys that a project stores. Beyond it, a new signing key revokes all of them at once.
pub const MAX_ENDED_EPHEMERAL: usize = 1000;

impl EndedKey {
    /// The stored text.
    pub fn entry(id: &str, until: DateTime) -> String {
        format!("{id} {}", until.unix_milliseconds())
    }

    /// The id in a stored text.
    pub fn id(entry: &str) -> &str {
        entry.split_once(' ').map_or(entry, |(id, _)| id)
    }

    /// Whether the stored text can be dropped.
    pub fn is_over(entry: &str, now: DateTime) -> bool {
        entry.split_once(' ').and_then(|(_, until)| until.parse::<i64>().ok()).is_none_or(|until| until <= now.unix_milliseconds())
    }
}

/// A project to insert.
#[derive(Clone, Debug)]
pub struct NewProject {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    pub name: KeyName,
    /// The current time.
    pub created_at: DateTime,
}

/// A standard API key of a project or of the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its position in the order of creation, across all projects.
    pub sequence: i64,
    /// The project that it belongs to.
    pub project_id: String,
    /// Its id, unique in the project.
    pub id: String,
    /// Its version: starts at 1, and each change adds 1.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Its description; may be empty.
    pub description: String,
    /// Its scopes, as they were sent.
    pub scopes: Vec<ScopeName>,
    /// The hint: the beginning and end of its secret.
    pub hint: String,
    /// Whether it is enabled.
    pub enabled: bool,
    /// When it expires; `None` means never.
    pub expire: Option<DateTime>,
    /// When it was created.
    pub created_at: DateTime,
    /// When it was last changed.
    pub updated_at: DateTime,
    /// When it was last used, accurate to the day.
    pub accessed_at: Option<DateTime>,
    /// The SDKs that used it, lower case.
    pub sdks: Vec<String>,
    /// When it was last rotated; `None` means never.
    pub rotated_at: Option<DateTime>,
    /// The end of the previous secret; `None` if it ended at once.
    pub overlap_until: Option<DateTime>,
    /// When its current secret first arrived from a browser.
    pub exposed_at: Option<DateTime>,
}

impl KeyRecord {
    /// The version that was read.
    pub fn version(&self) -> Version {
        Version { sequence: self.sequence, number: self.version }
    }

    /// Whether this is a key of the organization.
    pub fn is_of_organization(&self) -> bool {
        self.project_id == ORGANIZATION_ID
    }

    /// When its current secret was created.
    pub fn secret_since(&self) -> DateTime {
        self.rotated_at.unwrap_or(self.created_at)
    }

    /// Whether the key is usable at `now`.
    pub fn status(&self, now: DateTime) -> KeyStatus {
        KeyStatus::of(self.enabled, self.expire, now)
    }
}

/// A key to insert.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The project that it belongs to.
    pub project_id: String,
    /// Its id.
    pub id: KeyId,
    /// Its name.
    pub name: KeyName,
    /// Its description; may be empty.
    pub description: String,
    /// Its scopes, as they were sent.
    pub scopes: Vec<ScopeName>,
    /// The hash of its secret.
    pub secret: SecretHash,
    /// The hint: the beginning and end of its secret.
    pub hint: String,
    /// When it expires; `None` means never.
    pub expire: Option<DateTime>,
    /// The current time.
    pub created_at: DateTime,
}

/// One use of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// [`KeyRecord::sequence`].
    pub key_sequence: i64,
    /// The time of the use.
    pub at: DateTime,
    /// The SDK, lower case, if known.
    pub sdk: Option<String>,
}

/// An update of a key.
#[derive(Clone, Debug)]
pub struct KeyChange {
    /// The new name.
    pub name: KeyName,
    /// The new description; `None` keeps the current one.
    pub description: Option<String>,
    /// The new scopes.
    pub scopes: Vec<ScopeName>,
    /// The new expiry; `None` means never.
    pub expire: Option<DateTime>,
    /// The current time.
    pub updated_at: DateTime,
}

/// A rotation of a key.
#[derive(Clone, Debug)]
pub struct KeyRotation {
    /// The hash of the new secret.
    pub secret: SecretHash,
    /// Its hint.
    pub hint: String,
    /// The end of the previous secret: a time in the future, or `None` if it ends at once.
    pub overlap_until: Option<DateTime>,
    /// The new expiry of the key; `None` means never.
    pub expire: Option<DateTime>,
    /// The current time.
    pub rotated_at: DateTime,
}

/// A dev key. It lifts limits in development, and grants access to no route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevKeyRecord {
    /// Its position in the order of creation, across all projects.
    pub sequence: i64,
    /// The project that it belongs to.
    pub project_id: String,
    /// Its id, unique among the dev keys of the project.
    pub id: String,
    /// Its version: starts at 1, and each change adds 1.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// The hint: the beginning and end of its secret.
    pub hint: String,
    /// When it expires.
    pub expire: DateTime,
    /// When it was created.
    pub created_at: DateTime,
    /// When it was last changed.
    pub updated_at: DateTime,
    /// When it was last used, accurate to the day.
    pub accessed_at: Option<DateTime>,
    /// The SDKs that used it, lower case.
    pub sdks: Vec<String>,
}

impl DevKeyRecord {
    /// The version that was read.
    pub fn version(&self) -> Version {
        Version { sequence: self.sequence, number: self.version }
    }
}

/// A dev key to insert.
#[derive(Clone, Debug)]
pub struct NewDevKey {
    /// The project that it belongs to.
    pub project_id: String,
    /// Its id.
    pub id: KeyId,
    /// Its name.
    pub name: KeyName,
    /// The hash of its secret.
    pub secret: SecretHash,
    /// The hint: the beginning and end of its secret.
    pub hint: String,
    /// When it expires.
    pub expire: DateTime,
    /// The current time.
    pub created_at: DateTime,
}

/// An update of a dev key.
#[derive(Clone, Debug)]
pub struct DevKeyChange {
    /// The new name.
    pub name: KeyName,
    /// The new expiry.
    pub expire: DateTime,
    /// The current time.
    pub updated_at: DateTime,
}
