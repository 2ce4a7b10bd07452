//! The scope model over HTTP. Doors of our own: a request of the model is the body, its answer is the answer, byte for byte.

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
        fair::Bounds,
        http::{call::Call, error::ApiError},
    },
};

/// `scopes.allows`, `scopes.suggest`, `scopes.reach`, `scopes.compare`, `scopes.migrate`, `scopes.catalog`.
pub(in crate::server::http) async fn ask(call: Call, model: Query) -> Result<Response, ApiError> {
    answered(call, move |call| answer(call.app.catalog, model, text(call)?).map_err(ApiError::from)).await
}

/// `scopes.check`. A request that says nothing of the present is judged by the clock of the server; one that says `null`, by none.
pub(in crate::server::http) async fn check(call: Call) -> Result<Response, ApiError> {
    let judge = |call: &Call| {
        let text = text(call)?;
        let dated = with_now(text, call.now());
        Ok(answer(call.app.catalog, Query::Check, dated.as_deref().unwrap_or(text))?)
    };
    answered(call, judge).await
}

/// `scopes.getCatalog`: the members of the request are parameters of the query.
pub(in crate::server::http) async fn catalog(mut call: Call) -> Result<Response, ApiError> {
    let params = std::mem::take(&mut call.params).into_map();
    let request: Map<String, Value> = params.into_iter().map(|(name, value)| (name, truth(value))).collect();
    answered(call, move |call| Ok(answer(call.app.catalog, Query::Catalog, &Value::Object(request).to_string())?)).await
}

/// How many questions are answered at a time, each on a thread of its own. Anybody may ask, so one network has one of them, and
/// whoever asks for more waits for its turn; the threads that answer all other requests do none of this work.
pub(in crate::server) fn bounds() -> Bounds {
    let in_all = std::thread::available_parallelism().map_or(1, usize::from).div_ceil(2).max(2);
    Bounds { in_all, per_caller: 1, kept_free: 0, waiting: 32, waiting_in_all: 1024, wait: Some(Duration::from_secs(5)) }
}

/// Asks the model, off the async threads.
async fn answered<F>(call: Call, ask: F) -> Result<Response, ApiError>
where
    F: FnOnce(&Call) -> Result<String, ApiError> + Send + 'static,
{
    let turn = call.app.model.turn(call.client.network(), 1).await?;
    let job = move || {
        let answer = ask(&call);
        drop(turn);
        answer
    };
    let answer = tokio::task::spawn_blocking(job).await.unwrap_or_else(|_| Err(ApiError::new(ErrorType::Unknown)))?;
    let mut response = Response::new(Body::from(answer));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    Ok(response)
}

fn text(call: &Call) -> Result<&str, ApiError> {
    std::str::from_utf8(&call.body).map_err(|_| ApiError::because(ErrorType::RequestMalformed, "The body is not UTF-8."))
}

/// The request with the present in it; `None` where it says something of it, or is not an object. Nothing else of the text is
/// touched, so that what is wrong with it is told as it stands.
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
fn truth(value: Value) -> Value {
    match value.as_str() {
        Some("true") => Value::Bool(true),
        Some("false") => Value::Bool(false),
        _ => value,
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
