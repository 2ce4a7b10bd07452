//! A request that has passed the gate.

use std::sync::Arc;

use axum::{
    http::{HeaderValue, header},
    response::Response,
};

use super::{client::Client, params::Params, response_format::Format};
use crate::{
    api::ErrorType,
    scope::DateTime,
    server::{
        app::App,
        auth::{Devices, Identity},
        http::error::ApiError,
        service::{ServiceError, caller::Caller},
        store::{AccountRecord, ProjectRecord, SessionRecord, Version},
    },
};

/// A request as handlers and extractors share it.
pub(in crate::server) type Context = Arc<RequestContext>;

/// A request that has passed the gate.
pub(in crate::server) struct RequestContext {
    pub app: Arc<App>,
    pub identity: Identity,
    pub params: Arc<Params>,
    /// The body as it came; only for routes that are open to everybody.
    pub body: Vec<u8>,
    pub client: Arc<Client>,
    /// What is known of the browser that sends the request.
    pub devices: Devices,
    pub format: Format,
    /// What `If-Match` asks for; `None` where there is none.
    pub(in crate::server::http) if_match: Option<String>,
    /// What `If-None-Match` lists; `None` where there is none.
    pub(in crate::server::http) if_none_match: Option<String>,
    pub(in crate::server::http) project: Option<Arc<ProjectRecord>>,
    pub(in crate::server::http) path: Vec<(String, String)>,
}

impl RequestContext {
    /// The project that the request is about; the organization, where it is about its keys.
    pub(in crate::server) fn project(&self) -> Result<&ProjectRecord, ApiError> {
        self.project.as_deref().ok_or_else(|| ApiError::new(ErrorType::ProjectNotFound))
    }

    /// The account that is signed in, and its session.
    pub(in crate::server) fn session(&self) -> Result<(&AccountRecord, &SessionRecord), ApiError> {
        match &self.identity {
            Identity::Console { account, session, .. } => Ok((account, session)),
            Identity::Guest | Identity::Key(_) | Identity::Ephemeral(_) | Identity::Organization(_) | Identity::Widget(_) => {
                Err(ApiError::new(ErrorType::Unauthorized))
            }
        }
    }

    /// A parameter of the path.
    pub(in crate::server) fn path(&self, name: &str) -> &str {
        self.path.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// Who acts, for the store and for the audit log.
    pub(in crate::server) fn caller(&self) -> Caller {
        Caller::of(&self.identity, self.client.ip_text())
    }

    /// Refuses a change of something that the client has seen in another version (RFC 9110 §13.1.1).
    pub(in crate::server) fn check_seen(&self, version: Version) -> Result<(), ServiceError> {
        let Some(wanted) = &self.if_match else { return Ok(()) };
        let tag = etag(version);
        let fits = wanted.split(',').map(str::trim).any(|wanted| wanted == "*" || wanted == tag);
        if fits { Ok(()) } else { Err(ServiceError::Changed) }
    }

    pub(in crate::server) fn now(&self) -> DateTime {
        self.app.clock.now()
    }
}

/// The `ETag` of something that can be changed: it changes with each change that a person or a key makes, and not with a use.
pub(in crate::server) fn etag(version: Version) -> String {
    format!("\"{}.{}\"", version.sequence, version.number)
}

/// An answer with the version of what it shows.
pub(in crate::server) fn with_etag(mut response: Response, version: Version) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&etag(version)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
