//! `scopes.getCatalog`: the catalog, or a part of it, with an entity tag.

use std::sync::Arc;

use axum::response::Response;
use serde_json::{Map, Value};

use super::made;
use crate::{
    scope::{Query, answer},
    server::{
        entity_tag::TaggedJson,
        http::{
            error::ApiError,
            extract::{
                arguments::{IfNoneMatch, State},
                client::Client,
                params::Params,
            },
        },
    },
};

/// `scopes.getCatalog`: the members of the request are parameters of the query. The whole catalog is made once; consoles ask for it each time
/// that they start.
pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    params: Arc<Params>,
    IfNoneMatch(known): IfNoneMatch,
) -> Result<Response, ApiError> {
    let request: Map<String, Value> = params.members().iter().map(|(name, value)| (name.clone(), truth(value))).collect();
    if request.is_empty() {
        return Ok(app.whole_catalog()?.answer(known.as_deref()));
    }
    let catalog = app.catalog;
    let ask = move || Ok(answer(catalog, Query::Catalog, &Value::Object(request).to_string())?);
    Ok(TaggedJson::new(made(&app, &client, ask).await?).answer(known.as_deref()))
}

/// A query string knows texts only.
fn truth(value: &Value) -> Value {
    match value.as_str() {
        Some("true") => Value::Bool(true),
        Some("false") => Value::Bool(false),
        _ => value.clone(),
    }
}
