//! The scopes of project keys.

use axum::response::Response;

use super::list;
use crate::{
    scope::Tier,
    server::http::{error::ApiError, extract::arguments::State},
};

/// `console.listProjectScopes`.
pub(in crate::server::http) async fn handle(State(app): State) -> Result<Response, ApiError> {
    Ok(list(app.catalog, Tier::Project, |_| true))
}
