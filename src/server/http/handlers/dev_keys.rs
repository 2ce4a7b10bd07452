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
        auth::SecretHash,
        http::{
            error::{ApiError, json},
            extract::{context::RequestContext, list_query::listed},
        },
        models,
        random::{bytes, unique_id},
        service::caller::Done,
        store::{Action, Basis, DevKeyChange, DevKeyRecord, NewDevKey, StoreError, Write},
    },
};

/// How many dev keys a list without a limit holds (contract §5).
const DEFAULT_LIMIT: usize = 5000;
/// How long a dev key lives at the most, in days: the longest choice of the contract's console.
pub(in crate::server::http) const MAX_DAYS: i64 = 30;

/// `projects.listDevKeys`.
pub(in crate::server::http) async fn list(context: RequestContext) -> Result<Response, ApiError> {
    let keys = context.app.store.dev_keys(&context.project()?.id);
    let page = listed(&context, DEFAULT_LIMIT, keys).await?;
    Ok(json(StatusCode::OK, &DevKeyList { total: page.total, dev_keys: page.rows.into_iter().map(models::dev_key).collect() }))
}

/// `projects.getDevKey`.
pub(in crate::server::http) async fn get(context: RequestContext) -> Result<Response, ApiError> {
    let key = context.app.store.dev_key(&context.project()?.id, context.path("keyId")).await?;
    key.map(|key| json(StatusCode::OK, &models::dev_key(key))).ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))
}

/// `projects.createDevKey`. The answer alone carries the secret.
pub(in crate::server::http) async fn create(context: RequestContext) -> Result<Response, ApiError> {
    let (name, expire) = read(&context)?;
    let (app, created_at) = (&context.app, context.now());
    let secret = Secret::new(SecretKind::Dev, &bytes(app.random.as_ref())?);
    let id = unique_id(created_at, app.random.as_ref())?.parse().map_err(|error| ApiError::invalid("keyId", error))?;
    let project = context.project()?;
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
        write(&context, Done { action: Action::DevKeyCreate, target: &new.id.to_string(), detail: format!("expires {expire}") }, None)?;
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
pub(in crate::server::http) async fn update(context: RequestContext) -> Result<Response, ApiError> {
    let (name, expire) = read(&context)?;
    let (key, updated_at) = (found(&context).await?, context.now());
    let done = Done { action: Action::DevKeyUpdate, target: &key.id, detail: format!("expires {expire}") };
    let write = write(&context, done, Some(&key))?;
    let record = context.app.store.update_dev_key(key.sequence, DevKeyChange { name, expire, updated_at }, write).await?;
    Ok(json(StatusCode::OK, &models::dev_key(record)))
}

/// `projects.deleteDevKey`.
pub(in crate::server::http) async fn delete(context: RequestContext) -> Result<Response, ApiError> {
    let key = found(&context).await?;
    let write = write(&context, Done::new(Action::DevKeyDelete, &key.id), Some(&key))?;
    context.app.store.delete_dev_key(key.sequence, write).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The dev key that the path names, where the client has seen this version of it.
async fn found(context: &RequestContext) -> Result<DevKeyRecord, ApiError> {
    let key = context.app.store.dev_key(&context.project()?.id, context.path("keyId")).await?;
    let key = key.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    context.check_seen(key.version())?;
    Ok(key)
}

fn write(context: &RequestContext, done: Done<'_>, key: Option<&DevKeyRecord>) -> Result<Write, ApiError> {
    let Write { basis, entry } = context.caller().write_in(context.project()?, context.now(), done, None);
    Ok(Write { basis: Basis { dev_key: key.map(DevKeyRecord::version), ..basis }, entry })
}

/// Name and expiry, both required.
fn read(context: &RequestContext) -> Result<(KeyName, DateTime), ApiError> {
    let name = context.params.text("name")?.parse().map_err(|error| ApiError::invalid("name", error))?;
    let expire = context.params.date("expire")?;
    let now = context.now();
    if expire <= now || expire > now.plus_seconds(MAX_DAYS * 86_400) {
        return Err(ApiError::invalid("expire", format!("must be in the future, and at most {MAX_DAYS} days from now")));
    }
    Ok((name, expire))
}
