//! The scope catalogs (contract §1.3).

use axum::{http::StatusCode, response::Response};

use crate::{
    api::{ConsoleScope, ConsoleScopeList},
    scope::{Catalog, Tier},
    server::{
        admin::EDITION,
        http::{
            call::Call,
            error::{ApiError, json},
        },
    },
};

/// `console.listProjectScopes`.
pub(in crate::server::http) async fn project(_: Call) -> Result<Response, ApiError> {
    Ok(list(Tier::Project))
}

/// `console.listOrganizationScopes`.
pub(in crate::server::http) async fn organization(_: Call) -> Result<Response, ApiError> {
    Ok(list(Tier::Organization))
}

fn list(tier: Tier) -> Response {
    let catalog = Catalog::appwrite();
    let scopes: Vec<ConsoleScope> = catalog
        .grantable(tier, EDITION)
        .map(|scope| ConsoleScope {
            id: scope.id.to_string(),
            description: scope.description.clone(),
            category: catalog.service(&scope.service).map_or_else(|| scope.service.clone(), |service| service.name.clone()),
            deprecated: scope.deprecated,
        })
        .collect();
    json(StatusCode::OK, &ConsoleScopeList { total: scopes.len(), scopes })
}
