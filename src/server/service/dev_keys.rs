//! Dev keys: created, changed and deleted.

use super::{
    caller::{Caller, Done},
    error::{ServiceError, invalid},
    ids::{UNIQUE, id},
    keys::VersionCheck,
};
use crate::{
    key::{KeyId, KeyName, Secret, SecretKind, hint},
    scope::DateTime,
    server::{
        auth::SecretHash,
        clock::Clock,
        random::{Random, bytes},
        store::{Action, Basis, DevKeyChange, DevKeyRecord, NewDevKey, ProjectRecord, Store, StoreError, Write},
    },
};

/// How long a dev key lives at most, in days: the longest choice of the contract's console.
const MAX_DAYS: i64 = 30;

/// The dev keys of one project, and who acts on them.
pub(in crate::server) struct DevKeys<'a> {
    pub store: &'a dyn Store,
    pub clock: &'a dyn Clock,
    pub random: &'a dyn Random,
    pub project: &'a ProjectRecord,
    pub caller: Caller,
    pub seen: VersionCheck<'a>,
}

impl DevKeys<'_> {
    /// Creates a dev key. The secret is returned only here.
    pub async fn create(&self, name: KeyName, expire: DateTime) -> Result<(DevKeyRecord, Secret), ServiceError> {
        let created_at = self.clock.now();
        check_expiry(expire, created_at)?;
        let secret = Secret::new(SecretKind::Dev, &bytes(self.random)?);
        let id = id::<KeyId>("keyId", UNIQUE, created_at, self.random)?;
        let done = Done { action: Action::DevKeyCreate, target: id.as_str(), detail: format!("expires {expire}") };
        let write = self.write(created_at, done, None);
        let new = NewDevKey {
            project_id: self.project.id.clone(),
            id,
            name,
            secret: SecretHash::of(secret.expose()),
            hint: hint(secret.expose()),
            expire,
            created_at,
        };
        let record = self.store.create_dev_key(new, write).await.map_err(|error| match error {
            StoreError::ParentMissing => ServiceError::ProjectMissing,
            StoreError::Duplicate => ServiceError::KeyExists,
            other => ServiceError::Store(other),
        })?;
        Ok((record, secret))
    }

    /// Replaces name and expiry. `None` if the project has no such dev key.
    pub async fn update(&self, id: &str, name: KeyName, expire: DateTime) -> Result<Option<DevKeyRecord>, ServiceError> {
        let updated_at = self.clock.now();
        check_expiry(expire, updated_at)?;
        let Some(key) = self.get(id).await? else { return Ok(None) };
        let done = Done { action: Action::DevKeyUpdate, target: &key.id, detail: format!("expires {expire}") };
        let write = self.write(updated_at, done, Some(&key));
        let change = DevKeyChange { name, expire, updated_at };
        self.store.update_dev_key(key.sequence, change, write).await.map(Some).map_err(ServiceError::Store)
    }

    /// Deletes a dev key. `false` if the project has no such dev key.
    pub async fn delete(&self, id: &str) -> Result<bool, ServiceError> {
        let Some(key) = self.get(id).await? else { return Ok(false) };
        let write = self.write(self.clock.now(), Done::new(Action::DevKeyDelete, &key.id), Some(&key));
        self.store.delete_dev_key(key.sequence, write).await.map(|()| true).map_err(ServiceError::Store)
    }

    /// The dev key, if the client has seen this version of it.
    async fn get(&self, id: &str) -> Result<Option<DevKeyRecord>, ServiceError> {
        let key = self.store.dev_key(&self.project.id, id).await.map_err(ServiceError::Store)?;
        key.iter().try_for_each(|key| (self.seen)(key.version()))?;
        Ok(key)
    }

    fn write(&self, at: DateTime, done: Done<'_>, key: Option<&DevKeyRecord>) -> Write {
        let Write { basis, entry } = self.caller.write_in(self.project, at, done, None);
        Write { basis: Basis { dev_key: key.map(DevKeyRecord::version), ..basis }, entry }
    }
}

fn check_expiry(expire: DateTime, now: DateTime) -> Result<(), ServiceError> {
    if expire <= now || expire > now.plus_seconds(MAX_DAYS * 86_400) {
        return Err(invalid("expire", format!("must be in the future, and at most {MAX_DAYS} days from now")));
    }
    Ok(())
}
