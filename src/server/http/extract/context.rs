//! A request that has passed the gate, as the extractors read it. No handler takes all of it.

use std::sync::Arc;

use axum::body::Bytes;

use super::{client::Client, params::Params, response_format::Format};
use crate::server::{
    app::App,
    auth::{Devices, Identity},
    store::ProjectRecord,
};

/// A request that has passed the gate.
pub(in crate::server::http) struct RequestContext {
    pub app: Arc<App>,
    pub identity: Arc<Identity>,
    pub params: Arc<Params>,
    /// The body as it came; only for routes that are open to everybody.
    pub body: Bytes,
    pub client: Arc<Client>,
    /// What is known of the browser that sends the request.
    pub devices: Devices,
    pub format: Format,
    /// What `If-Match` asks for; `None` where there is none.
    pub if_match: Option<String>,
    /// What `If-None-Match` lists; `None` where there is none.
    pub if_none_match: Option<String>,
    /// The project that the request is about; the organization, where it is about its keys.
    pub project: Option<Arc<ProjectRecord>>,
    /// The parameters of the path.
    pub path: Vec<(String, String)>,
}
