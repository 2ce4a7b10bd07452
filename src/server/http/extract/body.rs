//! How the body of a write becomes parameters (contract §1): JSON or a form. A body that cannot be read is refused with the reason;
//! the contract's server would read it as if there were no parameters.

use axum::http::{HeaderMap, header};
use serde_json::Value;

use super::{client::text, params::Params};
use crate::{api::ErrorType, server::http::error::ApiError};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
/// What some programs put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a body. An empty one has no parameters, so that the answer names the first one that is missing.
pub(in crate::server::http) fn params(headers: &HeaderMap, body: &[u8]) -> Result<Params, ApiError> {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    if body.trim_ascii().is_empty() {
        return Ok(Params::default());
    }
    if text(headers, header::CONTENT_ENCODING).is_some_and(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity")) {
        return Err(unreadable("it is compressed. Send it without a Content-Encoding"));
    }
    let Some(content_type) = text(headers, header::CONTENT_TYPE).filter(|content_type| !content_type.is_empty()) else {
        return Err(unreadable(format!("no Content-Type says what it is. Send `Content-Type: {JSON}`")));
    };
    let (media_type, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    let media_type = media_type.trim().to_ascii_lowercase();
    if ![JSON, FORM].contains(&media_type.as_str()) {
        let uploads = if media_type == "multipart/form-data" { " No route takes files." } else { "" };
        return Err(unreadable(format!("its Content-Type is neither `{JSON}` nor `{FORM}`.{uploads} Send JSON")));
    }
    if charset(parameters).is_some_and(|charset| !["utf-8", "utf8", "us-ascii"].contains(&charset.as_str())) {
        return Err(unreadable("its charset is not UTF-8. Send it as UTF-8"));
    }
    if media_type == JSON {
        return json(body);
    }
    // What curl sends with `-d` and no Content-Type.
    if body.trim_ascii().starts_with(b"{") && serde_json::from_slice::<Value>(body).is_ok() {
        return Err(unreadable(format!("it is JSON, but its Content-Type says that it is a form. Send `Content-Type: {JSON}`")));
    }
    Ok(Params::from_form(body))
}

fn json(body: &[u8]) -> Result<Params, ApiError> {
    if std::str::from_utf8(body).is_err() {
        return Err(unreadable("it is not UTF-8. Send it as UTF-8"));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(Params::from_members(members)),
        // An SDK for PHP writes no parameters so.
        Ok(Value::Array(list)) if list.is_empty() => Ok(Params::default()),
        Ok(other) => Err(unreadable(format!("it is {}, not an object of JSON. Send the parameters as members of an object", kind(&other)))),
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            Err(unreadable(format!("it is not JSON ({place}). Send the parameters as members of an object of JSON")))
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "`null`",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The charset of a Content-Type, in small letters and without quotes.
fn charset(parameters: &str) -> Option<String> {
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    })
}

/// `problem` is read after "cannot be read:", and ends with what to do.
fn unreadable(problem: impl std::fmt::Display) -> ApiError {
    ApiError::because(ErrorType::ArgumentInvalid, format!("The body of the request cannot be read: {problem}."))
}
