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
    /// Keeps a new project.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] for an id that exists.
    async fn create_project(&self, project: NewProject, write: Write) -> Result<ProjectRecord, StoreError>;

    /// What the organization's keys belong to. It has a policy and versions as projects have, and is none: no method finds, lists or removes it as
    /// one. Its keys are kept as those of projects are.
    async fn organization(&self) -> Result<Arc<ProjectRecord>, StoreError>;

    /// The project with this id.
    async fn project(&self, id: &str) -> Result<Option<ProjectRecord>, StoreError>;

    /// All projects, oldest first.
    async fn projects(&self) -> Result<Vec<ProjectRecord>, StoreError>;

    /// Changes the name of a project.
    async fn rename_project(&self, sequence: i64, name: KeyName, at: DateTime, write: Write) -> Result<ProjectRecord, StoreError>;

    /// Removes a project with all that belongs to it.
    async fn delete_project(&self, sequence: i64, write: Write) -> Result<(), StoreError>;

    /// Notes the first ping of a project; later ones change nothing.
    async fn note_ping(&self, id: &str, at: DateTime) -> Result<(), StoreError>;

    /// Replaces a project's rules for its keys. Keys that there are stay as they are.
    async fn set_policy(&self, sequence: i64, policy: Policy, at: DateTime, write: Write) -> Result<ProjectRecord, StoreError>;

    /// The id of the key that signs the project's ephemeral keys, made `new_id` where there is none yet: of any number of calls at
    /// the same time, all get the same answer. `None` where there is no such project.
    ///
    /// The signing key itself never reaches the store: it is derived from this id and a root key that is kept outside, so that
    /// nobody can sign with what a copy of the database holds.
    async fn ensure_signing_key(&self, project_id: &str, new_id: &str) -> Result<Option<String>, StoreError>;

    /// Replaces the id of the project's signing key by `new_id`, which ends every ephemeral key that there is.
    async fn rotate_signing_key(&self, sequence: i64, new_id: &str, write: Write) -> Result<(), StoreError>;

    /// Replaces the list of ephemeral keys that were ended before their time ([`ProjectRecord::ended_ephemeral`]).
    async fn set_ended_ephemeral(&self, sequence: i64, ended: Vec<String>, write: Write) -> Result<(), StoreError>;
}
