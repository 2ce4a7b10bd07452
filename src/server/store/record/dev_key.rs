//! The records of dev keys.

use crate::{
    key::{KeyId, KeyName},
    scope::DateTime,
    server::{auth::SecretHash, store::Version},
};

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
    pub name: KeyName,
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
