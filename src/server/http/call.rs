//! Owns what a handler is given.

use std::sync::Arc;

use super::{client::Client, error::ApiError, format::Format, params::Params};
use crate::{
    api::ErrorType,
    scope::DateTime,
    server::{
        app::App,
        auth::Identity,
        store::{AccountRecord, ProjectRecord, SessionRecord},
    },
};

/// A request that has passed the gate.
pub(in crate::server) struct Call {
    pub app: Arc<App>,
    pub identity: Identity,
    pub params: Params,
    /// The body as it came; only for routes that are open to everybody.
    pub body: Vec<u8>,
    pub client: Arc<Client>,
    pub format: Format,
    pub(super) project: Option<Arc<ProjectRecord>>,
    pub(super) path: Vec<(String, String)>,
}

impl Call {
    /// The project that the request is about.
    pub(in crate::server) fn project(&self) -> Result<&ProjectRecord, ApiError> {
        self.project.as_deref().ok_or_else(|| ApiError::new(ErrorType::ProjectNotFound))
    }

    /// The account that is signed in, and its session.
    pub(in crate::server) fn session(&self) -> Result<(&AccountRecord, &SessionRecord), ApiError> {
        match &self.identity {
            Identity::Console { account, session, .. } => Ok((account, session)),
            Identity::Guest | Identity::Key(_) | Identity::Ephemeral(_) => Err(ApiError::new(ErrorType::Unauthorized)),
        }
    }

    /// A parameter of the path.
    pub(in crate::server) fn path(&self, name: &str) -> &str {
        self.path.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    pub(in crate::server) fn now(&self) -> DateTime {
        self.app.clock.now()
    }
}
