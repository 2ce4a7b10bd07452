//! The names of headers that most requests are asked for. As values: a look-up by text makes a value of it each time.

use axum::http::HeaderName;

use crate::api::headers;

pub(in crate::server::http) static KEY: HeaderName = HeaderName::from_static(headers::KEY);
pub(in crate::server::http) static PROJECT: HeaderName = HeaderName::from_static(headers::PROJECT);
pub(in crate::server::http) static ORGANIZATION: HeaderName = HeaderName::from_static(headers::ORGANIZATION);
pub(in crate::server::http) static MODE: HeaderName = HeaderName::from_static(headers::MODE);
pub(in crate::server::http) static DEV_KEY: HeaderName = HeaderName::from_static(headers::DEV_KEY);
pub(in crate::server::http) static SDK_NAME: HeaderName = HeaderName::from_static(headers::SDK_NAME);
pub(in crate::server::http) static RESPONSE_FORMAT: HeaderName = HeaderName::from_static(headers::RESPONSE_FORMAT);
