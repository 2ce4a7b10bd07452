//! What is kept of each thing. Plain data; whoever makes a `New…` has checked it.

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
    /// Whether signing in is barred.
    pub blocked: bool,
    /// When it was made.
    pub created_at: DateTime,
    /// When it was last changed.
    pub updated_at: DateTime,
    /// When the password was last set.
    pub password_updated_at: DateTime,
    /// How often it was changed, from 1.
    pub version: i64,
}

impl AccountRecord {
    /// It, as it is now.
    pub fn version(&self) -> AccountVersion {
        AccountVersion { id: self.id.clone(), number: self.version }
    }

    /// How the audit log names it.
    pub fn actor(&self) -> Actor {
        Actor { kind: ActorKind::Account, id: self.id.clone(), name: self.email.clone() }
    }
}

/// An account to keep.
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
    /// The present.
    pub created_at: DateTime,
}

/// What becomes of an account.
#[derive(Clone)]
pub enum AccountChange {
    /// It gets another name, which may be empty.
    Name(String),
    /// It gets another password, and its sessions end.
    Password {
        /// PHC string.
        hash: String,
        /// The id of the session that does not end, of whoever has just proved to know the old password.
        keep_session: Option<String>,
    },
    /// It may sign in no more, and its sessions end; or it may sign in again.
    Blocked(bool),
}

impl AccountChange {
    /// Which sessions end with it: all but the one of this id, where there is any that does not end.
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
    /// Whose it is.
    pub account_id: String,
    /// Where the person signed in from.
    pub ip: String,
    /// What the browser says that it is.
    pub client_name: String,
    /// When the person signed in.
    pub created_at: DateTime,
    /// When it was last used, to a few minutes.
    pub last_used_at: DateTime,
    /// When it ends, however much it is used.
    pub expires_at: DateTime,
}

/// A session to keep.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub account_id: String,
    /// The hash of its token.
    pub token: SecretHash,
    /// Where the person signed in from.
    pub ip: String,
    /// What the browser says that it is.
    pub client_name: String,
    /// The present.
    pub created_at: DateTime,
    /// When it ends, however much it is used.
    pub expires_at: DateTime,
}

/// The id of the row that the organization's keys belong to. No project can have it.
pub(super) const ORGANIZATION_ID: &str = "console";

/// A project, or the organization: see [`Store::organization`](super::Store::organization).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectRecord {
    /// Its place in the order of creation.
    pub sequence: i64,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime,
    /// When it was last changed.
    pub updated_at: DateTime,
    /// How often it was changed, from 1.
    pub version: i64,
    /// When it was first pinged.
    pub pinged_at: Option<DateTime>,
    /// Its rules for keys.
    pub policy: Policy,
    /// When the rules were last changed; `None` is never.
    pub policy_updated_at: Option<DateTime>,
    /// The id of the key that signs its ephemeral keys; `None` while it never had any. Not secret: see [`Store::ensure_signing_key`](super::Store::ensure_signing_key).
    pub signing_key_id: Option<String>,
    /// Ephemeral keys that were ended before their time, as [`EndedKey`] writes them.
    pub ended_ephemeral: Vec<String>,
}

impl ProjectRecord {
    /// It, as it is now.
    pub fn version(&self) -> Version {
        Version { sequence: self.sequence, number: self.version }
    }

    /// Whether it is no project, but what the organization's keys belong to.
    pub fn is_organization(&self) -> bool {
        self.id == ORGANIZATION_ID
    }

    /// The log that its entries are in: its own, or for the organization the one of the server as a whole.
    pub fn log(&self) -> Option<ProjectRef> {
        (!self.is_organization()).then(|| ProjectRef { sequence: self.sequence, id: self.id.clone() })
    }

    /// Whether an ephemeral key was ended before its time.
    pub fn has_ended(&self, ephemeral_id: &str) -> bool {
        self.ended_ephemeral.iter().any(|entry| EndedKey::id(entry) == ephemeral_id)
    }
}

/// An ephemeral key that was ended before its time: its id is kept until no key of that id could still be valid.
pub struct EndedKey;

/// So many ended ephemeral keys of a project are kept at a time; more are ended all at once, with a new signing key.
pub const MAX_ENDED_EPHEMERAL: usize = 1000;

impl EndedKey {
    /// The text that is kept.
    pub fn entry(id: &str, until: DateTime) -> String {
        format!("{id} {}", until.unix_milliseconds())
    }

    /// The id in a text that is kept.
    pub fn id(entry: &str) -> &str {
        entry.split_once(' ').map_or(entry, |(id, _)| id)
    }

    /// Whether the text need not be kept any more.
    pub fn is_over(entry: &str, now: DateTime) -> bool {
        entry.split_once(' ').and_then(|(_, until)| until.parse::<i64>().ok()).is_none_or(|until| until <= now.unix_milliseconds())
    }
}

/// A project to keep.
#[derive(Clone, Debug)]
pub struct NewProject {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    pub name: KeyName,
    /// The present.
    pub created_at: DateTime,
}

/// A standard API key, of a project or of the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its place in the order of creation, over all projects.
    pub sequence: i64,
    /// The project that it belongs to.
    pub project_id: String,
    /// Its id, unique in the project.
    pub id: String,
    /// How often it was changed, from 1.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Its scopes, as they were given.
    pub scopes: Vec<ScopeName>,
    /// The harmless beginning and end of its secret.
    pub hint: String,
    /// Whether a person has left it switched on.
    pub enabled: bool,
    /// When it expires; `None` is never.
    pub expire: Option<DateTime>,
    /// When it was made.
    pub created_at: DateTime,
    /// When it was last changed.
    pub updated_at: DateTime,
    /// When it was last used, to the day.
    pub accessed_at: Option<DateTime>,
    /// The SDKs that used it, lower case.
    pub sdks: Vec<String>,
    /// When it last got a new secret; `None` where it still has its first one.
    pub rotated_at: Option<DateTime>,
    /// Until when the secret before the last rotation opens it, too; `None` where that ended at once.
    pub overlap_until: Option<DateTime>,
    /// When its secret first arrived from a browser since it was made or rotated.
    pub exposed_at: Option<DateTime>,
}

impl KeyRecord {
    /// It, as it is now.
    pub fn version(&self) -> Version {
        Version { sequence: self.sequence, number: self.version }
    }

    /// Whether it is a key of the organization.
    pub fn is_of_organization(&self) -> bool {
        self.project_id == ORGANIZATION_ID
    }

    /// When its newest secret was made.
    pub fn secret_since(&self) -> DateTime {
        self.rotated_at.unwrap_or(self.created_at)
    }

    /// Whether it can be used at `now`.
    pub fn status(&self, now: DateTime) -> KeyStatus {
        KeyStatus::of(self.enabled, self.expire, now)
    }
}

/// A key to keep.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The project that it belongs to.
    pub project_id: String,
    /// Its id.
    pub id: KeyId,
    /// Its name.
    pub name: KeyName,
    /// What it is for; may be empty.
    pub description: String,
    /// Its scopes, as they were given.
    pub scopes: Vec<ScopeName>,
    /// The hash of its secret.
    pub secret: SecretHash,
    /// The harmless beginning and end of its secret.
    pub hint: String,
    /// When it expires; `None` is never.
    pub expire: Option<DateTime>,
    /// The present.
    pub created_at: DateTime,
}

/// That a key was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// [`KeyRecord::sequence`].
    pub key_sequence: i64,
    /// When.
    pub at: DateTime,
    /// By which SDK, lower case, where that is known.
    pub sdk: Option<String>,
}

/// What an update replaces.
#[derive(Clone, Debug)]
pub struct KeyChange {
    /// The new name.
    pub name: KeyName,
    /// The new description; `None` leaves it.
    pub description: Option<String>,
    /// The new scopes.
    pub scopes: Vec<ScopeName>,
    /// The new expiry; `None` is never.
    pub expire: Option<DateTime>,
    /// The present.
    pub updated_at: DateTime,
}

/// A new secret for a key.
#[derive(Clone, Debug)]
pub struct KeyRotation {
    /// The hash of the new secret.
    pub secret: SecretHash,
    /// Its harmless beginning and end.
    pub hint: String,
    /// Until when the secret before this one stays valid: after the present, or `None` where it ends at once.
    pub overlap_until: Option<DateTime>,
    /// When the key expires from now on; `None` is never.
    pub expire: Option<DateTime>,
    /// The present.
    pub rotated_at: DateTime,
}

/// A dev key. It opens nothing by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevKeyRecord {
    /// Its place in the order of creation, over all projects.
    pub sequence: i64,
    /// The project that it belongs to.
    pub project_id: String,
    /// Its id, unique among the dev keys of the project.
    pub id: String,
    /// How often it was changed, from 1.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// The harmless beginning and end of its secret.
    pub hint: String,
    /// When it expires.
    pub expire: DateTime,
    /// When it was made.
    pub created_at: DateTime,
    /// When it was last changed.
    pub updated_at: DateTime,
    /// When it was last used, to the day.
    pub accessed_at: Option<DateTime>,
    /// The SDKs that used it, lower case.
    pub sdks: Vec<String>,
}

impl DevKeyRecord {
    /// It, as it is now.
    pub fn version(&self) -> Version {
        Version { sequence: self.sequence, number: self.version }
    }
}

/// A dev key to keep.
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
    /// The harmless beginning and end of its secret.
    pub hint: String,
    /// When it expires.
    pub expire: DateTime,
    /// The present.
    pub created_at: DateTime,
}

/// What an update of a dev key replaces.
#[derive(Clone, Debug)]
pub struct DevKeyChange {
    /// The new name.
    pub name: KeyName,
    /// The new expiry.
    pub expire: DateTime,
    /// The present.
    pub updated_at: DateTime,
}
