//! The scopes of project keys.

use axum::response::Response;

use super::list;
use crate::{
    scope::Tier,
    server::http::{error::ApiError, extract::context::Context},
};

/// `console.listProjectScopes`.
pub(in crate::server::http) async fn handle(context: Context) -> Result<Response, ApiError> {
    Ok(list(context.app.catalog, Tier::Project, |_| true))
}
