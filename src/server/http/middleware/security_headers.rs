//! The headers that make a browser careful with an answer (contract §3).

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

use crate::server::http::extract::client::Client;

pub(in crate::server::http) const PLAIN: HeaderValue = HeaderValue::from_static("text/plain; charset=UTF-8");
pub(in crate::server::http) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// Two years, more than the year that ASVS 5 (3.4.1) asks for.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");
/// For answers that are not pages.
const API_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// Gives every answer a content type, also an empty one: an SDK for Python reads this header of each answer. It is never JSON on an
/// empty body, since other SDKs would try to parse it.
fn set_content_type(response: &mut Response) {
    response.headers_mut().entry(header::CONTENT_TYPE).or_insert(PLAIN);
}

/// Sets what every answer carries. `is_page` is true for the console's pages and files, which have a policy and a cache lifetime of
/// their own.
pub(super) fn set(response: &mut Response, client: &Client, is_page: bool) {
    set_content_type(response);
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    if client.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if !is_page {
        headers.entry(header::CACHE_CONTROL).or_insert(NO_STORE);
        headers.insert(header::CONTENT_SECURITY_POLICY, API_POLICY);
    }
}
