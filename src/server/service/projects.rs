//! Projects and their policies.

use super::{
    caller::{Caller, Done},
    change_text,
    error::{ServiceError, invalid},
    ids::id,
};
use crate::{
    key::{KeyName, Policy, ProjectId},
    server::{
        clock::Clock,
        random::Random,
        store::{Action, NewAudit, NewProject, ProjectRecord, Store, StoreError, Write},
    },
};

/// Creates a project. `id_text` may be [`UNIQUE`](super::UNIQUE).
///
/// # Errors
/// [`ServiceError::Invalid`] for a bad id or name, [`ServiceError::ProjectExists`] for an id that is taken.
pub async fn create_project(
    store: &dyn Store,
    clock: &dyn Clock,
    random: &dyn Random,
    id_text: &str,
    name: &str,
    caller: &Caller,
) -> Result<ProjectRecord, ServiceError> {
    let created_at = clock.now();
    let id = id::<ProjectId>("projectId", id_text, created_at, random)?;
    let name = name.parse().map_err(|error| invalid("name", error))?;
    let write = caller.write(created_at, Done::new(Action::ProjectCreate, id.as_str()));
    let created = store.create_project(NewProject { id, name, created_at }, write).await;
    created.map_err(|error| match error {
        StoreError::Duplicate => ServiceError::ProjectExists,
        other => ServiceError::Store(other),
    })
}

/// Renames a project that was read before.
pub(in crate::server) async fn rename_project(
    store: &dyn Store,
    clock: &dyn Clock,
    project: &ProjectRecord,
    name: &KeyName,
    caller: &Caller,
) -> Result<ProjectRecord, ServiceError> {
    let now = clock.now();
    let write = caller.write_in(project, now, Done::new(Action::ProjectUpdate, &project.id), None);
    store.rename_project(project.sequence, name.clone(), now, write).await.map_err(ServiceError::Store)
}

/// Deletes a project that was read before, with everything in it. Its own log goes with it, so the entry is in the log of the server.
pub(in crate::server) async fn delete_project(
    store: &dyn Store,
    clock: &dyn Clock,
    project: &ProjectRecord,
    caller: &Caller,
) -> Result<(), ServiceError> {
    let Write { basis, entry } = caller.write_in(project, clock.now(), Done::new(Action::ProjectDelete, &project.id), None);
    let write = Write { basis, entry: NewAudit { project: None, ..entry } };
    store.delete_project(project.sequence, write).await.map_err(ServiceError::Store)
}

/// Replaces the policy of a project that was read before. Existing keys stay as they are.
pub(in crate::server) async fn set_policy(
    store: &dyn Store,
    clock: &dyn Clock,
    project: &ProjectRecord,
    policy: Policy,
    caller: &Caller,
) -> Result<ProjectRecord, ServiceError> {
    let now = clock.now();
    let done = Done { action: Action::PolicyUpdate, target: "", detail: change_text::policy(&project.policy, &policy) };
    let write = caller.write_in(project, now, done, None);
    store.set_policy(project.sequence, policy, now, write).await.map_err(ServiceError::Store)
}
