//! Projects, their policies and the ids of their signing keys.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    key::{KeyName, Policy},
    scope::DateTime,
    server::store::{
        NewProject, ORGANIZATION_ID, ProjectRecord, ProjectStore, StoreError, Write,
        sqlite::{SqliteStore, projects},
    },
};

impl SqliteStore {
    /// A row of the projects table.
    async fn row(&self, id: &str) -> Result<Option<ProjectRecord>, StoreError> {
        if let Some(found) = self.key_cache.project(id).await {
            return Ok(found);
        }
        let id = id.to_owned();
        self.readers.run(move |connection| projects::get(connection, &id)).await
    }
}

#[async_trait]
impl ProjectStore for SqliteStore {
    async fn create_project(&self, project: NewProject, write: Write) -> Result<ProjectRecord, StoreError> {
        self.write(write, move |transaction, entry| projects::create(transaction, &project, entry).map(Some)).await
    }

    async fn organization(&self) -> Result<Arc<ProjectRecord>, StoreError> {
        self.row(ORGANIZATION_ID).await?.map(Arc::new).ok_or_else(StoreError::no_organization)
    }

    async fn project(&self, id: &str) -> Result<Option<ProjectRecord>, StoreError> {
        if id == ORGANIZATION_ID { Ok(None) } else { self.row(id).await }
    }

    async fn projects(&self) -> Result<Vec<ProjectRecord>, StoreError> {
        self.readers.run(|connection| projects::all(connection)).await
    }

    async fn rename_project(&self, sequence: i64, name: KeyName, at: DateTime, write: Write) -> Result<ProjectRecord, StoreError> {
        self.write(write, move |transaction, _| projects::rename(transaction, sequence, name.as_str(), at)).await
    }

    async fn delete_project(&self, sequence: i64, write: Write) -> Result<(), StoreError> {
        self.write_large(write, move |transaction, _| projects::delete(transaction, sequence)).await
    }

    async fn note_ping(&self, id: &str, at: DateTime) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.writer.run(move |connection| projects::note_ping(connection, &id, at)).await
    }

    async fn set_policy(&self, sequence: i64, policy: Policy, at: DateTime, write: Write) -> Result<ProjectRecord, StoreError> {
        self.write(write, move |transaction, _| projects::set_policy(transaction, sequence, policy, at)).await
    }

    async fn ensure_signing_key(&self, project_id: &str, new_id: &str) -> Result<Option<String>, StoreError> {
        let (id, new_id) = (project_id.to_owned(), new_id.to_owned());
        self.writer.run(move |connection| projects::ensure_signing_key(connection, &id, &new_id)).await
    }

    async fn rotate_signing_key(&self, sequence: i64, new_id: &str, write: Write) -> Result<(), StoreError> {
        let new_id = new_id.to_owned();
        self.write(write, move |transaction, _| projects::rotate_signing_key(transaction, sequence, &new_id)).await
    }

    async fn set_ended_ephemeral(&self, sequence: i64, ended: Vec<String>, write: Write) -> Result<(), StoreError> {
        self.write(write, move |transaction, _| projects::set_ended_ephemeral(transaction, sequence, &ended)).await
    }
}
