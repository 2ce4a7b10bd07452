//! The scope catalogs (contract §1.3).

use axum::{http::StatusCode, response::Response};

use crate::{
    api::{ConsoleScope, ConsoleScopeList},
    scope::{Catalog, Scope, Tier},
    server::http::{
        error::{ApiError, json},
        extract::context::Context,
    },
};

/// `console.listProjectScopes`.
pub(in crate::server::http) async fn project(context: Context) -> Result<Response, ApiError> {
    Ok(list(context.app.catalog, Tier::Project, |_| true))
}

/// `console.listOrganizationScopes`.
pub(in crate::server::http) async fn organization(context: Context) -> Result<Response, ApiError> {
    // The two that projects have as well stand in the other list (contract §1.3: 4 in all).
    Ok(list(context.app.catalog, Tier::Organization, |scope| !scope.tiers.contains(&Tier::Project)))
}

fn list(catalog: &Catalog, tier: Tier, shown: fn(&Scope) -> bool) -> Response {
    let newest = catalog.server_edition().map(|edition| &edition.id);
    let grantable = |scope: &&Scope| scope.tiers.contains(&tier) && newest.is_none_or(|newest| scope.editions.contains(newest));
    let scopes: Vec<ConsoleScope> = catalog
        .scopes()
        .iter()
        .filter(grantable)
        .filter(|scope| shown(scope))
        .map(|scope| ConsoleScope {
            id: scope.id.to_string(),
            description: scope.description.clone(),
            category: catalog.service(&scope.service).map_or_else(|| scope.service.clone(), |service| service.name.clone()),
            deprecated: scope.deprecated,
        })
        .collect();
    json(StatusCode::OK, &ConsoleScopeList { total: scopes.len(), scopes })
}
