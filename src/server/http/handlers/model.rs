//! The scope model over HTTP, an extension: the body is a request of the model, and the answer is the model's, byte for byte.

use std::{collections::HashMap, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::{
    api::ErrorType,
    scope::{DateTime, Query, answer},
    server::{
        entity_tag::TaggedJson,
        http::{
            error::ApiError,
            extract::context::{Context, RequestContext},
        },
        limits::Bounds,
    },
};

/// `scopes.allows`, `scopes.suggest`, `scopes.reach`, `scopes.compare`, `scopes.migrate`, `scopes.catalog`.
pub(in crate::server::http) async fn ask(context: Context, model: Query) -> Result<Response, ApiError> {
    answered(context, move |context| answer(context.app.catalog, model, text(context)?).map_err(ApiError::from)).await
}

/// `scopes.check`. A request that says nothing of the present is judged by the clock of the server; one that says `null`, by none.
pub(in crate::server::http) async fn check(context: Context) -> Result<Response, ApiError> {
    let judge = |context: &RequestContext| {
        let text = text(context)?;
        let dated = with_now(text, context.now());
        Ok(answer(context.app.catalog, Query::Check, dated.as_deref().unwrap_or(text))?)
    };
    answered(context, judge).await
}

/// `scopes.getCatalog`: the members of the request are parameters of the query. The whole catalog is made once; consoles ask for it each time
/// that they start.
pub(in crate::server::http) async fn catalog(context: Context) -> Result<Response, ApiError> {
    let request: Map<String, Value> = context.params.members().iter().map(|(name, value)| (name.clone(), truth(value))).collect();
    let known = context.if_none_match.clone();
    if request.is_empty() {
        return Ok(context.app.whole_catalog()?.answer(known.as_deref()));
    }
    let ask = move |context: &RequestContext| Ok(answer(context.app.catalog, Query::Catalog, &Value::Object(request).to_string())?);
    Ok(TaggedJson::new(made(context, ask).await?).answer(known.as_deref()))
}

/// How many questions are answered at a time, each on a thread of its own. The routes are open to everybody, so one network
/// has one thread, and waits for its turn with more. The threads that answer all other requests do none of this work.
pub(in crate::server) fn bounds() -> Bounds {
    let in_all = std::thread::available_parallelism().map_or(1, usize::from).div_ceil(2).max(2);
    Bounds { in_all, per_caller: 1, kept_free: 0, waiting: 32, waiting_in_all: 1024, wait: Some(Duration::from_secs(5)) }
}

async fn answered<F>(context: Context, ask: F) -> Result<Response, ApiError>
where
    F: FnOnce(&RequestContext) -> Result<String, ApiError> + Send + 'static,
{
    let mut response = Response::new(Body::from(made(context, ask).await?));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    Ok(response)
}

/// Asks the model, off the async threads.
async fn made<F>(context: Context, ask: F) -> Result<String, ApiError>
where
    F: FnOnce(&RequestContext) -> Result<String, ApiError> + Send + 'static,
{
    let turn = context.app.model.turn(context.client.network(), 1).await?;
    let job = move || {
        let answer = ask(&context);
        drop(turn);
        answer
    };
    tokio::task::spawn_blocking(job).await.unwrap_or_else(|_| Err(ApiError::new(ErrorType::Unknown)))
}

fn text(context: &RequestContext) -> Result<&str, ApiError> {
    std::str::from_utf8(&context.body).map_err(|_| ApiError::because(ErrorType::RequestMalformed, "The body is not UTF-8."))
}

/// The request with the present in it; `None` where it says something of it, or is not an object. Nothing else of the text is
/// touched, so that the model reports a fault where the client wrote it.
fn with_now(text: &str, now: DateTime) -> Option<String> {
    let members: HashMap<String, IgnoredAny> = serde_json::from_str(text).ok()?;
    if members.contains_key("now") {
        return None;
    }
    let open = text.trim_end().strip_suffix('}')?;
    let comma = if members.is_empty() { "" } else { "," };
    Some(format!("{open}{comma}\"now\":\"{now}\"}}"))
}

/// A query string knows texts only.
fn truth(value: &Value) -> Value {
    match value.as_str() {
        Some("true") => Value::Bool(true),
        Some("false") => Value::Bool(false),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_present_is_added_only_where_nothing_is_said_of_it() {
        let now: DateTime = "2026-08-21T12:00:00.000+00:00".parse().unwrap();
        let dated = |text| with_now(text, now);
        assert_eq!(dated(" {} \n").as_deref(), Some(" {\"now\":\"2026-08-21T12:00:00.000+00:00\"}"));
        assert_eq!(dated(r#"{"a":1}"#).as_deref(), Some(r#"{"a":1,"now":"2026-08-21T12:00:00.000+00:00"}"#));
        for untouched in [r#"{"now":null}"#, r#"{"now":"x"}"#, "[]", "{", ""] {
            assert_eq!(dated(untouched), None, "{untouched}");
        }
    }
}
