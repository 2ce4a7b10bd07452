//! Projects, their policies and the ids of their signing keys.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    key::{KeyName, Policy},
    scope::DateTime,
    server::store::{NewProject, ProjectRecord, StoreError, Write},
};

/// Projects, their policies and the ids of their signing keys. The promises of [`store`](crate::server::store) hold.
#[async_trait]
pub trait ProjectStore: Send + Sync {
    /// Inserts a project.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the id is taken.
    async fn create_project(&self, project: NewProject, write: Write) -> Result<ProjectRecord, StoreError>;

    /// Returns the record that holds the organization's keys. It has a policy and versions like a project, but is not a project: no
    /// method finds, lists or deletes it as one. Its keys are stored like the keys of a project.
    async fn organization(&self) -> Result<Arc<ProjectRecord>, StoreError>;

    /// Finds a project by its id.
    async fn project(&self, id: &str) -> Result<Option<ProjectRecord>, StoreError>;

    /// Lists all projects, oldest first.
    async fn projects(&self) -> Result<Vec<ProjectRecord>, StoreError>;

    /// Changes the name of a project.
    async fn rename_project(&self, sequence: i64, name: KeyName, at: DateTime, write: Write) -> Result<ProjectRecord, StoreError>;

    /// Deletes a project with everything in it.
    async fn delete_project(&self, sequence: i64, write: Write) -> Result<(), StoreError>;

    /// Records the first ping of a project; later pings change nothing.
    async fn note_ping(&self, id: &str, at: DateTime) -> Result<(), StoreError>;

    /// Replaces the policy of a project. Existing keys do not change.
    async fn set_policy(&self, sequence: i64, policy: Policy, at: DateTime, write: Write) -> Result<ProjectRecord, StoreError>;

    /// Returns the id of the key that signs the project's ephemeral keys. If there is none, stores `new_id`; concurrent calls all get
    /// the same answer. `None` if the project does not exist.
    ///
    /// The signing key itself never reaches the store. It is derived from this id and a root key that is not in the database, so a
    /// copy of the database is not enough to sign.
    async fn ensure_signing_key(&self, project_id: &str, new_id: &str) -> Result<Option<String>, StoreError>;

    /// Replaces the id of the project's signing key. This revokes every ephemeral key of the project.
    async fn rotate_signing_key(&self, sequence: i64, new_id: &str, write: Write) -> Result<(), StoreError>;

    /// Replaces the list of revoked ephemeral keys ([`ProjectRecord::ended_ephemeral`]).
    async fn set_ended_ephemeral(&self, sequence: i64, ended: Vec<String>, write: Write) -> Result<(), StoreError>;
}
