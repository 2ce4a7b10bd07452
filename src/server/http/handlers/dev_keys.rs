//! Dev keys (contract §1.2), made and managed by a console session alone. Unlike the contract's newest server, this one creates them.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    api::{DevKeyList, ErrorType},
    key::KeyName,
    scope::DateTime,
    server::{
        http::{
            error::{ApiError, json},
            extract::{context::RequestContext, list_query::listed},
        },
        models,
        service::{
            dev_keys::DevKeys,
            keys::{ANY, Seen},
        },
    },
};

/// How many dev keys a list without a limit holds (contract §5).
const DEFAULT_LIMIT: usize = 5000;

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
    let (record, secret) = dev_keys(&context, ANY)?.create(name, expire).await?;
    let mut key = models::dev_key(record);
    secret.expose().clone_into(&mut key.secret);
    Ok(json(StatusCode::CREATED, &key))
}

/// `projects.updateDevKey`: replaces name and expiry.
pub(in crate::server::http) async fn update(context: RequestContext) -> Result<Response, ApiError> {
    let (name, expire) = read(&context)?;
    let changed = dev_keys(&context, &|version| context.check_seen(version))?.update(context.path("keyId"), name, expire).await?;
    changed.map(|key| json(StatusCode::OK, &models::dev_key(key))).ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))
}

/// `projects.deleteDevKey`.
pub(in crate::server::http) async fn delete(context: RequestContext) -> Result<Response, ApiError> {
    if !dev_keys(&context, &|version| context.check_seen(version))?.delete(context.path("keyId")).await? {
        return Err(ApiError::new(ErrorType::KeyNotFound));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The dev keys of the request's project, and who acts on them.
fn dev_keys<'a>(context: &'a RequestContext, seen: Seen<'a>) -> Result<DevKeys<'a>, ApiError> {
    Ok(DevKeys {
        store: context.app.store.as_ref(),
        clock: context.app.clock.as_ref(),
        random: context.app.random.as_ref(),
        project: context.project()?,
        caller: context.caller(),
        seen,
    })
}

/// Name and expiry, both required.
fn read(context: &RequestContext) -> Result<(KeyName, DateTime), ApiError> {
    let name = context.params.text("name")?.parse().map_err(|error| ApiError::invalid("name", error))?;
    Ok((name, context.params.date("expire")?))
}
