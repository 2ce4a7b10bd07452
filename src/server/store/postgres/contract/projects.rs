//! Projects, their policies and the ids of their signing keys.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    key::{KeyName, Policy},
    scope::DateTime,
    server::store::{
        NewProject, ORGANIZATION_ID, ProjectRecord, ProjectStore, StoreError, Write,
        postgres::{
            PostgresStore, change,
            connect::{find, run},
            projects,
        },
    },
};

impl PostgresStore {
    /// A row of the projects table.
    async fn row(&self, id: &str) -> Result<Option<Arc<ProjectRecord>>, StoreError> {
        if let Some(seen) = self.key_cache.look_up(Some(id), None).await {
            return Ok(seen.project);
        }
        let row: Result<Option<ProjectRecord>, StoreError> = find!(self, client => projects::get(client, id));
        Ok(row?.map(Arc::new))
    }
}

#[async_trait]
impl ProjectStore for PostgresStore {
    async fn create_project(&self, project: NewProject, write: Write) -> Result<ProjectRecord, StoreError> {
        change!(self, write, client => projects::create(client, &project, &write))
    }

    async fn organization(&self) -> Result<Arc<ProjectRecord>, StoreError> {
        self.row(ORGANIZATION_ID).await?.ok_or_else(StoreError::no_organization)
    }

    async fn project(&self, id: &str) -> Result<Option<ProjectRecord>, StoreError> {
        if id == ORGANIZATION_ID {
            return Ok(None);
        }
        Ok(self.row(id).await?.map(|row| (*row).clone()))
    }

    async fn projects(&self) -> Result<Vec<ProjectRecord>, StoreError> {
        find!(self, client => projects::all(client))
    }

    async fn rename_project(&self, sequence: i64, name: KeyName, at: DateTime, write: Write) -> Result<ProjectRecord, StoreError> {
        change!(self, write, client => projects::rename(client, sequence, name.as_str(), at, &write))
    }

    async fn delete_project(&self, sequence: i64, write: Write) -> Result<(), StoreError> {
        change!(self, write, client => projects::delete(client, sequence, &write))
    }

    async fn note_ping(&self, id: &str, at: DateTime) -> Result<(), StoreError> {
        find!(self, client => projects::note_ping(client, id, at))
    }

    async fn set_policy(&self, sequence: i64, policy: Policy, at: DateTime, write: Write) -> Result<ProjectRecord, StoreError> {
        change!(self, write, client => projects::set_policy(client, sequence, policy, at, &write))
    }

    async fn ensure_signing_key(&self, project_id: &str, new_id: &str) -> Result<Option<String>, StoreError> {
        find!(self, client => projects::ensure_signing_key(client, project_id, new_id))
    }

    async fn rotate_signing_key(&self, sequence: i64, new_id: &str, write: Write) -> Result<(), StoreError> {
        change!(self, write, client => projects::rotate_signing_key(client, sequence, new_id, &write))
    }

    async fn set_ended_ephemeral(&self, sequence: i64, ended: Vec<String>, write: Write) -> Result<(), StoreError> {
        change!(self, write, client => projects::set_ended_ephemeral(client, sequence, &ended, &write))
    }
}
