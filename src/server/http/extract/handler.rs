//! What a handler asks for in its signature, and how it gets it. A handler is an async function of a few extractors; they are read in
//! their order, so that the first one that is refused is the answer.

use std::{borrow::Cow, ops::Deref, sync::Arc};

use axum::response::Response;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;

use super::{
    context::{Context, RequestContext},
    fields,
    params::Params,
    response_format::Format,
};
use crate::{
    api::ErrorType,
    server::{
        auth::{Identity, WidgetToken},
        http::{error::ApiError, routes::Answer},
        service::widget::bound,
        store::{AccountRecord, ProjectRecord, SessionRecord},
    },
};

/// An argument of a handler.
pub(in crate::server::http) trait Extract: Sized {
    /// What the argument reads of the parameters, where it reads any.
    const REQUEST: Option<RequestType> = None;

    /// Takes it from a request.
    ///
    /// # Errors
    /// [`ApiError`] where the request does not have it.
    fn extract(context: &Context) -> Result<Self, ApiError>;
}

impl Extract for Context {
    fn extract(context: &Context) -> Result<Self, ApiError> {
        Ok(context.clone())
    }
}

/// The project that the request is about; the organization, where it is about its keys.
pub(in crate::server::http) struct Project(Arc<ProjectRecord>);

impl Deref for Project {
    type Target = ProjectRecord;

    fn deref(&self) -> &ProjectRecord {
        &self.0
    }
}

impl Extract for Project {
    fn extract(context: &Context) -> Result<Self, ApiError> {
        context.project.clone().map(Self).ok_or_else(|| ApiError::new(ErrorType::ProjectNotFound))
    }
}

/// As [`Project`], where the client has seen this version of it: see [`RequestContext::check_seen`].
pub(in crate::server::http) struct SeenProject(pub Project);

impl Extract for SeenProject {
    fn extract(context: &Context) -> Result<Self, ApiError> {
        let project = Project::extract(context)?;
        context.check_seen(project.version())?;
        Ok(Self(project))
    }
}

/// The account that is signed in, and its session.
pub(in crate::server::http) struct Session {
    pub account: AccountRecord,
    pub session: SessionRecord,
}

impl Extract for Session {
    fn extract(context: &Context) -> Result<Self, ApiError> {
        let (account, session) = context.session()?;
        Ok(Self { account: account.clone(), session: session.clone() })
    }
}

/// A widget token, and its project as the token binds it.
pub(in crate::server::http) struct Widget {
    pub token: WidgetToken,
    pub project: ProjectRecord,
}

impl Extract for Widget {
    fn extract(context: &Context) -> Result<Self, ApiError> {
        match (&context.identity, context.project.as_deref()) {
            (Identity::Widget(token), Some(project)) => Ok(Self { token: WidgetToken::clone(token), project: bound(project) }),
            _ => Err(ApiError::new(ErrorType::Unauthorized)),
        }
    }
}

/// A request without a session, as a sign-in must be.
pub(in crate::server::http) struct SignedOut;

impl Extract for SignedOut {
    fn extract(context: &Context) -> Result<Self, ApiError> {
        match context.identity {
            Identity::Console { .. } => Err(ApiError::new(ErrorType::SessionAlreadyExists)),
            _ => Ok(Self),
        }
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

    fn extract(context: &Context) -> Result<Self, ApiError> {
        fields::read(&T::upgraded(&context.params, context.format)).map(Self)
    }
}

/// What is known of a struct of parameters without a request.
#[derive(Clone, Copy)]
pub(in crate::server) struct RequestType {
    /// The names of all parameters.
    pub names: fn() -> &'static [&'static str],
    /// The name of the schema.
    pub title: fn() -> Cow<'static, str>,
    /// The schema.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

/// An async function of up to four extractors.
pub(in crate::server::http) trait Handler<Arguments> {
    /// Calls it.
    fn call(self, context: RequestContext) -> Answer;

    /// The struct of parameters among its arguments.
    fn request(&self) -> Option<RequestType>;
}

macro_rules! handler {
    ($($argument:ident),*) => {
        impl<F, R, $($argument),*> Handler<($($argument,)*)> for F
        where
            F: FnOnce($($argument),*) -> R + Send + 'static,
            R: Future<Output = Result<Response, ApiError>> + Send + 'static,
            $($argument: Extract + Send + 'static),*
        {
            fn call(self, context: RequestContext) -> Answer {
                Box::pin(async move {
                    let context = Arc::new(context);
                    let answer = self($($argument::extract(&context)?),*);
                    drop(context);
                    answer.await
                })
            }

            fn request(&self) -> Option<RequestType> {
                let types: &[Option<RequestType>] = &[$($argument::REQUEST),*];
                types.iter().copied().flatten().next()
            }
        }
    };
}

handler!();
handler!(A);
handler!(A, B);
handler!(A, B, C);
handler!(A, B, C, D);
