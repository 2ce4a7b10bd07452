//! `scopes.getCatalog`: the catalog, or a part of it, with an entity tag.

use axum::response::Response;
use serde_json::{Map, Value};

use super::made;
use crate::{
    scope::{Query, answer},
    server::{
        entity_tag::TaggedJson,
        http::{
            error::ApiError,
            extract::context::{Context, RequestContext},
        },
    },
};

/// `scopes.getCatalog`: the members of the request are parameters of the query. The whole catalog is made once; consoles ask for it each time
/// that they start.
pub(in crate::server::http) async fn handle(context: Context) -> Result<Response, ApiError> {
    let request: Map<String, Value> = context.params.members().iter().map(|(name, value)| (name.clone(), truth(value))).collect();
    let known = context.if_none_match.clone();
    if request.is_empty() {
        return Ok(context.app.whole_catalog()?.answer(known.as_deref()));
    }
    let ask = move |context: &RequestContext| Ok(answer(context.app.catalog, Query::Catalog, &Value::Object(request).to_string())?);
    Ok(TaggedJson::new(made(context, ask).await?).answer(known.as_deref()))
}

/// A query string knows texts only.
fn truth(value: &Value) -> Value {
    match value.as_str() {
        Some("true") => Value::Bool(true),
        Some("false") => Value::Bool(false),
        _ => value.clone(),
    }
}
