//! Services as arguments of handlers: the keys, dev keys and widget keys of the request's project, changed as its sender may.

use std::sync::Arc;

use super::{
    arguments::{Project, State},
    client::Client,
    context::RequestContext,
    handler::Extract,
};
use crate::{
    api::ErrorType,
    scope::DateTime,
    server::{
        app::App,
        auth::{Identity, WidgetToken},
        http::error::ApiError,
        service::{
            caller::Caller,
            dev_keys::DevKeys,
            keys::{Keys, VersionCheck},
            widget::{WidgetKeys, bound},
        },
        store::{Action, ProjectRecord},
    },
};

/// The keys of the request's project, or of the organization, changed as the sender may.
pub(in crate::server::http) struct ProjectKeys {
    app: Arc<App>,
    project: Arc<ProjectRecord>,
    identity: Arc<Identity>,
    client: Arc<Client>,
}

impl Extract for ProjectKeys {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        Ok(Self::of(request, Project::extract(request)?.0))
    }
}

impl ProjectKeys {
    fn of(request: &RequestContext, project: Arc<ProjectRecord>) -> Self {
        Self { app: request.app.clone(), project, identity: request.identity.clone(), client: request.client.clone() }
    }

    fn caller(&self) -> Caller {
        Caller::of(&self.identity, self.client.ip_text())
    }

    /// The service that changes them. `seen` decides by the version that a key has.
    pub fn service<'a>(&'a self, seen: VersionCheck<'a>) -> Keys<'a> {
        Keys {
            store: self.app.store.as_ref(),
            clock: self.app.clock.as_ref(),
            random: self.app.random.as_ref(),
            catalog: self.app.catalog,
            project: &self.project,
            grantor: self.identity.grantor(),
            caller: self.caller(),
            seen,
        }
    }

    /// The state of the server.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The present.
    pub fn now(&self) -> DateTime {
        self.app.clock.now()
    }

    /// The error of a change. What the policy refused is written down; other errors are not audited.
    pub fn refused(&self, action: Action, target: &str, error: ApiError) -> ApiError {
        self.app.audit_refused(&self.caller(), self.project.log(), action, target, &error);
        error
    }
}

/// A widget token, and the keys of its project as the page with it sees and changes them.
pub(in crate::server::http) struct Widget {
    pub token: WidgetToken,
    /// The keys of the project, which the token binds.
    pub keys: ProjectKeys,
}

impl Extract for Widget {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        match (request.identity.as_ref(), request.project.as_deref()) {
            (Identity::Widget(token), Some(project)) => {
                Ok(Self { token: WidgetToken::clone(token), keys: ProjectKeys::of(request, Arc::new(bound(project))) })
            }
            _ => Err(ApiError::new(ErrorType::Unauthorized)),
        }
    }
}

impl Widget {
    /// The project of the token, as the token binds it.
    pub fn project(&self) -> &ProjectRecord {
        &self.keys.project
    }

    /// The service that changes the keys. `seen` decides by the version that a key has.
    pub fn service<'a>(&'a self, seen: VersionCheck<'a>) -> WidgetKeys<'a> {
        WidgetKeys { keys: self.keys.service(seen), token: &self.token }
    }
}

/// The dev keys of the request's project.
pub(in crate::server::http) struct ProjectDevKeys {
    app: Arc<App>,
    project: Project,
    caller: Caller,
}

impl Extract for ProjectDevKeys {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        let (State(app), project) = (State::extract(request)?, Project::extract(request)?);
        Ok(Self { app, project, caller: Caller::extract(request)? })
    }
}

impl ProjectDevKeys {
    /// The service that changes them. `seen` decides by the version that a dev key has.
    pub fn service<'a>(&'a self, seen: VersionCheck<'a>) -> DevKeys<'a> {
        DevKeys {
            store: self.app.store.as_ref(),
            clock: self.app.clock.as_ref(),
            random: self.app.random.as_ref(),
            project: &self.project,
            caller: self.caller.clone(),
            seen,
        }
    }
}
