//! The records of projects, and of the organization.

use crate::{
    key::{KeyName, Policy, ProjectId},
    scope::DateTime,
    server::store::{ProjectRef, Version},
};

/// The id of the row that holds the organization's keys. No project can have it.
pub(in crate::server::store) const ORGANIZATION_ID: &str = "console";

/// A project, or the organization: see [`ProjectStore::organization`](crate::server::store::ProjectStore::organization).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectRecord {
    /// Its position in the order of creation.
    pub sequence: i64,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: KeyName,
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
    /// [`ProjectStore::ensure_signing_key`](crate::server::store::ProjectStore::ensure_signing_key).
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
