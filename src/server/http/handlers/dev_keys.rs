//! Dev keys (contract §1.2), made and managed by a console session alone. Unlike the contract's newest server, this one creates them.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    api::{DevKeyList, ErrorType},
    key::{KeyName, Secret, SecretKind, hint},
    scope::DateTime,
    server::{
        acting::Done,
        auth::SecretHash,
        http::{
            call::Call,
            error::{ApiError, json},
            list::listed,
        },
        models,
        random::{bytes, unique_id},
        store::{Action, Basis, DevKeyChange, DevKeyRecord, NewDevKey, StoreError, Write},
    },
};

/// How many dev keys a list without a limit holds (contract §5).
const DEFAULT_LIMIT: usize = 5000;
/// How long a dev key lives at the most, in days: the longest choice of the contract's console.
pub(in crate::server::http) const MAX_DAYS: i64 = 30;

/// `projects.listDevKeys`.
pub(in crate::server::http) async fn list(call: Call) -> Result<Response, ApiError> {
    let keys = call.app.store.dev_keys(&call.project()?.id);
    let page = listed(&call, DEFAULT_LIMIT, keys).await?;
    Ok(json(StatusCode::OK, &DevKeyList { total: page.total, dev_keys: page.rows.into_iter().map(models::dev_key).collect() }))
}

/// `projects.getDevKey`.
pub(in crate::server::http) async fn get(call: Call) -> Result<Response, ApiError> {
    let key = call.app.store.dev_key(&call.project()?.id, call.path("keyId")).await?;
    key.map(|key| json(StatusCode::OK, &models::dev_key(key))).ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))
}

/// `projects.createDevKey`. The answer alone carries the secret.
pub(in crate::server::http) async fn create(call: Call) -> Result<Response, ApiError> {
    let (name, expire) = read(&call)?;
    let (app, created_at) = (&call.app, call.now());
    let secret = Secret::new(SecretKind::Dev, &bytes(app.random.as_ref())?);
    let id = unique_id(created_at, app.random.as_ref())?.parse().map_err(|error| ApiError::invalid("keyId", error))?;
    let project = call.project()?;
    let new = NewDevKey {
        project_id: project.id.clone(),
        id,
        name,
        secret: SecretHash::of(secret.expose()),
        hint: hint(secret.expose()),
        expire,
        created_at,
    };
    let write =
        write(&call, Done { action: Action::DevKeyCreate, target: &new.id.to_string(), detail: format!("expires {expire}") }, None)?;
    let record = app.store.create_dev_key(new, write).await.map_err(|error| match error {
        StoreError::ParentMissing => ApiError::new(ErrorType::ProjectNotFound),
        StoreError::Duplicate => ApiError::new(ErrorType::KeyAlreadyExists),
        other => other.into(),
    })?;
    let mut key = models::dev_key(record);
    secret.expose().clone_into(&mut key.secret);
    Ok(json(StatusCode::CREATED, &key))
}

/// `projects.updateDevKey`: replaces name and expiry.
pub(in crate::server::http) async fn update(call: Call) -> Result<Response, ApiError> {
    let (name, expire) = read(&call)?;
    let (key, updated_at) = (found(&call).await?, call.now());
    let done = Done { action: Action::DevKeyUpdate, target: &key.id, detail: format!("expires {expire}") };
    let write = write(&call, done, Some(&key))?;
    let record = call.app.store.update_dev_key(key.sequence, DevKeyChange { name, expire, updated_at }, write).await?;
    Ok(json(StatusCode::OK, &models::dev_key(record)))
}

/// `projects.deleteDevKey`.
pub(in crate::server::http) async fn delete(call: Call) -> Result<Response, ApiError> {
    let key = found(&call).await?;
    let write = write(&call, Done::new(Action::DevKeyDelete, &key.id), Some(&key))?;
    call.app.store.delete_dev_key(key.sequence, write).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The dev key that the path names, where the client has seen this version of it.
async fn found(call: &Call) -> Result<DevKeyRecord, ApiError> {
    let key = call.app.store.dev_key(&call.project()?.id, call.path("keyId")).await?;
    let key = key.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    call.check_seen(key.version())?;
    Ok(key)
}

fn write(call: &Call, done: Done<'_>, key: Option<&DevKeyRecord>) -> Result<Write, ApiError> {
    let Write { basis, entry } = call.acting().write_in(call.project()?, call.now(), done, None);
    Ok(Write { basis: Basis { dev_key: key.map(DevKeyRecord::version), ..basis }, entry })
}

/// Name and expiry, both required.
fn read(call: &Call) -> Result<(KeyName, DateTime), ApiError> {
    let name = call.params.text("name")?.parse().map_err(|error| ApiError::invalid("name", error))?;
    let expire = call.params.date("expire")?;
    let now = call.now();
    if expire <= now || expire > now.plus_seconds(MAX_DAYS * 86_400) {
        return Err(ApiError::invalid("expire", format!("must be in the future, and at most {MAX_DAYS} days from now")));
    }
    Ok((name, expire))
}
