//! `projects.createDevKey`. The answer alone carries the secret.

use axum::{http::StatusCode, response::Response};

use super::WriteDevKey;
use crate::server::{
    http::{
        error::{ApiError, json},
        etag::with_etag,
        extract::{arguments::Request, services::ProjectDevKeys},
    },
    models,
    service::keys::ANY,
};

pub(in crate::server::http) async fn handle(keys: ProjectDevKeys, Request(key): Request<WriteDevKey>) -> Result<Response, ApiError> {
    let (record, secret) = keys.service(ANY).create(key.name, key.expire).await?;
    let version = record.version();
    let mut key = models::dev_key(record);
    secret.expose().clone_into(&mut key.secret);
    Ok(with_etag(json(StatusCode::CREATED, &key), version))
}
