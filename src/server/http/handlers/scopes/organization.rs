//! The scopes of organization keys.

use axum::response::Response;

use super::list;
use crate::{
    scope::Tier,
    server::http::{error::ApiError, extract::arguments::State},
};

/// `console.listOrganizationScopes`.
pub(in crate::server::http) async fn handle(State(app): State) -> Result<Response, ApiError> {
    // The two that projects have as well stand in the other list (contract §1.3: 4 in all).
    Ok(list(app.catalog, Tier::Organization, |scope| !scope.tiers.contains(&Tier::Project)))
}
