//! The arguments of handlers: the state of the server, who sends the request, what its path, headers and body say.

use std::{borrow::Cow, ops::Deref, sync::Arc};

use axum::body::Bytes;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::{
    client::Client,
    context::RequestContext,
    fields,
    handler::{Extract, RequestType},
    params::Params,
    response_format::Format,
};
use crate::{
    api::ErrorType,
    server::{
        app::App,
        auth::{Devices, Identity},
        http::{error::ApiError, etag::etag},
        service::{ServiceError, caller::Caller},
        store::{AccountRecord, ProjectRecord, SessionRecord, Version},
    },
};

/// The state of the server: the store, the clock, the catalog, the limits.
pub(in crate::server::http) struct State(pub Arc<App>);

impl Extract for State {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        Ok(Self(request.app.clone()))
    }
}

/// The client: its address, and what its headers say.
impl Extract for Arc<Client> {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        Ok(request.client.clone())
    }
}

/// Who acts, for the store and for the audit log.
impl Extract for Caller {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        Ok(Self::of(&request.identity, request.client.ip_text()))
    }
}

/// What is known of the browser that sends the request.
impl Extract for Devices {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        Ok(request.devices.clone())
    }
}

/// The version of the models that the client speaks.
impl Extract for Format {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        Ok(request.format)
    }
}

/// The project that the request is about; the organization, where it is about its keys.
pub(in crate::server::http) struct Project(pub(super) Arc<ProjectRecord>);

impl Deref for Project {
    type Target = ProjectRecord;

    fn deref(&self) -> &ProjectRecord {
        &self.0
    }
}

impl Extract for Project {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        request.project.clone().map(Self).ok_or_else(|| ApiError::new(ErrorType::ProjectNotFound))
    }
}

/// As [`Project`], where the client has seen this version of it: see [`IfMatch`].
pub(in crate::server::http) struct SeenProject(pub Project);

impl Extract for SeenProject {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        let project = Project::extract(request)?;
        IfMatch::extract(request)?.check(project.version())?;
        Ok(Self(project))
    }
}

/// The account that is signed in, and its session.
pub(in crate::server::http) struct Session {
    pub account: AccountRecord,
    pub session: SessionRecord,
}

impl Extract for Session {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        match request.identity.as_ref() {
            Identity::Console { account, session, .. } => {
                Ok(Self { account: AccountRecord::clone(account), session: SessionRecord::clone(session) })
            }
            Identity::Guest | Identity::Key(_) | Identity::Ephemeral(_) | Identity::Organization(_) | Identity::Widget(_) => {
                Err(ApiError::new(ErrorType::Unauthorized))
            }
        }
    }
}

/// A request without a session, as a sign-in must be.
pub(in crate::server::http) struct SignedOut;

impl Extract for SignedOut {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        match *request.identity {
            Identity::Console { .. } => Err(ApiError::new(ErrorType::SessionAlreadyExists)),
            _ => Ok(Self),
        }
    }
}

macro_rules! path_ids {
    ($($(#[$meta:meta])* $name:ident $parameter:literal),* $(,)?) => {
        $(
            $(#[$meta])*
            pub(in crate::server::http) struct $name(pub String);

            impl Extract for $name {
                fn extract(request: &RequestContext) -> Result<Self, ApiError> {
                    let value = request.path.iter().find(|(name, _)| name == $parameter);
                    Ok(Self(value.map(|(_, value)| value.clone()).unwrap_or_default()))
                }
            }
        )*
    };
}

path_ids! {
    /// The id of a key, as the path names it.
    KeyPath "keyId",
    /// The id of a project, as the path names it.
    ProjectPath "projectId",
    /// The id of an account, as the path names it.
    AccountPath "accountId",
    /// The id of a session, or `current`, as the path names it.
    SessionPath "sessionId",
}

/// What `If-Match` asks for (RFC 9110 §13.1.1).
pub(in crate::server::http) struct IfMatch(Option<String>);

impl Extract for IfMatch {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        Ok(Self(request.if_match.clone()))
    }
}

impl IfMatch {
    /// Refuses a change of something that the client has seen in another version.
    pub fn check(&self, version: Version) -> Result<(), ServiceError> {
        let Some(wanted) = &self.0 else { return Ok(()) };
        let tag = etag(version);
        let fits = wanted.split(',').map(str::trim).any(|wanted| wanted == "*" || wanted == tag);
        if fits { Ok(()) } else { Err(ServiceError::Changed) }
    }
}

/// What `If-None-Match` lists; `None` without the header.
pub(in crate::server::http) struct IfNoneMatch(pub Option<String>);

impl Extract for IfNoneMatch {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        Ok(Self(request.if_none_match.clone()))
    }
}

/// The body as it came; only for routes that are open to everybody.
pub(in crate::server::http) struct RawBody(pub Bytes);

impl Extract for RawBody {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        Ok(Self(request.body.clone()))
    }
}

/// All parameters, whatever their names.
impl Extract for Arc<Params> {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        Ok(request.params.clone())
    }
}

/// The parameters of a request, read into the struct that names them: from the body of a write, from the query of a read.
pub(in crate::server::http) struct Request<T>(pub T);

/// A struct of parameters. It is the parser, and the schema of the body in the OpenAPI document.
pub(in crate::server::http) trait Parameters: DeserializeOwned + JsonSchema {
    /// What an older client has sent, as the newest would send it.
    fn upgraded(params: &Params, _: Format) -> Cow<'_, Params> {
        Cow::Borrowed(params)
    }
}

impl<T: Parameters> Extract for Request<T> {
    const REQUEST: Option<RequestType> = Some(RequestType { names: fields::names::<T>, title: T::schema_name, schema: T::json_schema });

    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        fields::read(&T::upgraded(&request.params, request.format)).map(Self)
    }
}
