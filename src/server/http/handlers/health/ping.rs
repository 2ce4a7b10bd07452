//! `ping.get`: answers for a project, and notes its first ping.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::server::http::{
    error::ApiError,
    extract::arguments::{Project, State},
};

pub(in crate::server::http) async fn handle(State(app): State, project: Project) -> Result<Response, ApiError> {
    if project.pinged_at.is_none() {
        app.store.note_ping(&project.id, app.clock.now()).await?;
    }
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=UTF-8"))], "Pong!").into_response())
}
