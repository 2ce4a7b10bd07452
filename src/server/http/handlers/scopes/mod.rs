//! The scope catalogs (contract §1.3).

pub(in crate::server::http) mod organization;
pub(in crate::server::http) mod project;

use axum::{http::StatusCode, response::Response};

use crate::{
    api::{ConsoleScope, ConsoleScopeList},
    scope::{Catalog, Scope, Tier},
    server::http::error::json,
};

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
