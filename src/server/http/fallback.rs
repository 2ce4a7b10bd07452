//! Requests without a route: browsers get the console's files and pages, programs get an error in the API's form. An SDK whose endpoint
//! lacks `/v1` asks for a page, and would take the page for an answer.

use std::sync::Arc;

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, Method, header},
    response::{IntoResponse, Response},
};

use super::{
    error::ApiError,
    extract::client::Client,
    surface::{API_PREFIX, Surface},
};
use crate::{
    api::ErrorType,
    server::{app::App, assets},
};

/// Headers that begin so come from SDKs. A browser that opens a page sends none.
const SDK_HEADERS: [&str; 2] = ["x-appwrite-", "x-sdk-"];
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
/// Longer hosts are cut in messages.
const HOST_CHARACTERS: usize = 255;

/// Answers what no route answers.
pub(super) fn answer(app: &App, client: &Arc<Client>, request: &Request) -> Response {
    let (path, headers) = (request.uri().path(), request.headers());
    if matches!(*request.method(), Method::GET | Method::HEAD) && Surface::of(path) == Surface::Page {
        if let Some(file) = assets::file(path, headers) {
            return file;
        }
        if wants_page(path, headers) {
            return assets::page(path, headers);
        }
    }
    let endpoint = endpoint(app, client);
    let message = format!("There is no such route. Check path and method, and set the endpoint of your SDK to `{endpoint}`.");
    ApiError::because(ErrorType::RouteNotFound, message).into_response()
}

/// Where SDKs find this server.
fn endpoint(app: &App, client: &Client) -> String {
    match &app.public_url {
        Some(url) => format!("{url}{API_PREFIX}"),
        None => format!("http://{}{API_PREFIX}", client.authority.chars().take(HOST_CHARACTERS).collect::<String>()),
    }
}

/// Whether the request comes from a browser, or from a person with curl.
fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let is_sdk = |name: &HeaderName| SDK_HEADERS.iter().any(|prefix| name.as_str().starts_with(prefix));
    if headers.keys().any(is_sdk) {
        return false;
    }
    if headers.contains_key(header::ACCEPT) {
        return headers.get_all(header::ACCEPT).iter().any(|accept| accept.to_str().is_ok_and(accepts_html));
    }
    // A client without `Accept` is a program. At the root it checks whether the server is there.
    path == "/" || headers.get(SEC_FETCH_MODE).is_some_and(|mode| mode == "navigate")
}

/// Whether a line of `Accept` takes HTML (RFC 9110 §12.5.1): the most exact range that fits decides.
fn accepts_html(accept: &str) -> bool {
    let weight = |wanted: &str| {
        accept.split(',').find_map(|range| {
            let (name, parameters) = range.split_once(';').unwrap_or((range, ""));
            let is_refused = parameters.split(';').any(|parameter| matches!(parameter.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
            name.trim().eq_ignore_ascii_case(wanted).then_some(!is_refused)
        })
    };
    weight("text/html").or_else(|| weight("text/*")).or_else(|| weight("*/*")).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_accepted_by_name_or_by_a_star() {
        for accept in ["text/html", "text/html,application/xhtml+xml,*/*;q=0.8", "*/*", "TEXT/HTML;q=0.1", "application/json, text/*"] {
            assert!(accepts_html(accept), "{accept}");
        }
        for accept in ["application/json", "", "text/plain", "text/html;q=0", "text/html; q=0.0, */*", "*/*;q=0", "image/*"] {
            assert!(!accepts_html(accept), "{accept}");
        }
    }
}
