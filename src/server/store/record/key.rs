//! The records of API keys.

use super::project::ORGANIZATION_ID;
use crate::{
    key::{KeyId, KeyName, KeyStatus},
    scope::{DateTime, ScopeName},
    server::{auth::SecretHash, store::Version},
};

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
    pub name: KeyName,
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

/// How many requests of a key called an operation on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationCount {
    /// [`KeyRecord::sequence`].
    pub key_sequence: i64,
    /// The day, in UTC: so many days after 1970-01-01.
    pub day: i64,
    /// The id of the operation.
    pub operation: String,
    /// How many; at least 1.
    pub requests: i64,
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
