//! The scopes of organization keys.

use axum::response::Response;

use super::list;
use crate::{
    scope::Tier,
    server::http::{error::ApiError, extract::context::Context},
};

/// `console.listOrganizationScopes`.
pub(in crate::server::http) async fn handle(context: Context) -> Result<Response, ApiError> {
    // The two that projects have as well stand in the other list (contract §1.3: 4 in all).
    Ok(list(context.app.catalog, Tier::Organization, |scope| !scope.tiers.contains(&Tier::Project)))
}
