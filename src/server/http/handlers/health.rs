//! Ping and health (contract §1.4).

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json as object};

use crate::{
    api::{CONTRACT_VERSION, ErrorType},
    server::http::{
        error::{ApiError, json},
        extract::context::RequestContext,
    },
};

/// `ping.get`: answers for a project, and notes its first ping.
pub(in crate::server::http) async fn ping(context: RequestContext) -> Result<Response, ApiError> {
    let project = context.project()?;
    if project.pinged_at.is_none() {
        context.app.store.note_ping(&project.id, context.now()).await?;
    }
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=UTF-8"))], "Pong!").into_response())
}

/// `health.get`.
pub(in crate::server::http) async fn server(_: RequestContext) -> Result<Response, ApiError> {
    Ok(json(StatusCode::OK, &passing("http")))
}

/// `health.getVersion`.
pub(in crate::server::http) async fn version(_: RequestContext) -> Result<Response, ApiError> {
    Ok(json(StatusCode::OK, &object!({ "version": CONTRACT_VERSION })))
}

/// `health.getTime`. This server asks no other for the time: the two are the same.
pub(in crate::server::http) async fn time(context: RequestContext) -> Result<Response, ApiError> {
    let seconds = context.now().unix_milliseconds().div_euclid(1000);
    Ok(json(StatusCode::OK, &object!({ "remoteTime": seconds, "localTime": seconds, "diff": 0 })))
}

/// `health.getDB`, and whether the server is ready: its database can be read and written.
pub(in crate::server::http) async fn database(context: RequestContext) -> Result<Response, ApiError> {
    if !context.app.is_ready().await {
        return Err(ApiError::new(ErrorType::Unavailable));
    }
    Ok(json(StatusCode::OK, &object!({ "total": 1, "statuses": [passing("database")] })))
}

fn passing(name: &str) -> Value {
    object!({ "name": name, "ping": 0, "status": "pass" })
}
