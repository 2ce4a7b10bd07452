//! `console.listAudit`: what happened to accounts, to sessions, to the organization's keys, and to projects that are gone.

use std::sync::Arc;

use axum::response::Response;

use super::ListAudit;
use crate::server::http::{
    error::ApiError,
    extract::{
        arguments::{Request, Session, State},
        client::Client,
    },
};

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    _: Session,
    Request(wanted): Request<ListAudit>,
) -> Result<Response, ApiError> {
    super::page(&app, &client, None, wanted).await
}
