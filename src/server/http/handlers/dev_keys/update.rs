//! `projects.updateDevKey`: replaces name and expiry.

use axum::response::Response;

use super::WriteDevKey;
use crate::server::http::{
    error::ApiError,
    extract::{
        arguments::{IfMatch, KeyPath, Request},
        services::ProjectDevKeys,
    },
};

pub(in crate::server::http) async fn handle(
    keys: ProjectDevKeys,
    KeyPath(id): KeyPath,
    if_match: IfMatch,
    Request(key): Request<WriteDevKey>,
) -> Result<Response, ApiError> {
    super::key(keys.service(&|version| if_match.check(version)).update(&id, key.name, key.expire).await?)
}
