//! `console.listAudit`: what happened to accounts, to sessions, to the organization's keys, and to projects that are gone.

use axum::response::Response;

use super::ListAudit;
use crate::server::http::{
    error::ApiError,
    extract::{
        context::Context,
        handler::{Request, Session},
    },
};

pub(in crate::server::http) async fn handle(
    context: Context,
    _: Session,
    Request(wanted): Request<ListAudit>,
) -> Result<Response, ApiError> {
    super::page(&context, None, wanted).await
}
