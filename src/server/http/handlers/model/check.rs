//! `scopes.check`: a request that says nothing of the present is judged by the clock of the server.

use std::{collections::HashMap, sync::Arc};

use axum::response::Response;
use serde::de::IgnoredAny;

use super::{answered, text};
use crate::{
    scope::{DateTime, Query, answer},
    server::http::{
        error::ApiError,
        extract::{
            arguments::{RawBody, State},
            client::Client,
        },
    },
};

/// `scopes.check`. A request that says nothing of the present is judged by the clock of the server; one that says `null`, by none.
pub(in crate::server::http) async fn handle(State(app): State, client: Arc<Client>, RawBody(body): RawBody) -> Result<Response, ApiError> {
    let (catalog, clock) = (app.catalog, app.clock.clone());
    let judge = move || {
        let text = text(&body)?;
        let dated = with_now(text, clock.now());
        Ok(answer(catalog, Query::Check, dated.as_deref().unwrap_or(text))?)
    };
    answered(&app, &client, judge).await
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
