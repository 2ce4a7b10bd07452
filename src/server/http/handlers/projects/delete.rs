//! `project.delete`: the project of the request, with its keys.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::server::{
    http::{
        error::ApiError,
        extract::{
            context::{Context, RequestContext},
            handler::Project,
        },
    },
    service::projects::delete_project,
    store::ProjectRecord,
};

pub(in crate::server::http) async fn handle(context: Context, project: Project) -> Result<Response, ApiError> {
    remove(&context, &project).await
}

pub(super) async fn remove(context: &RequestContext, project: &ProjectRecord) -> Result<Response, ApiError> {
    context.check_seen(project.version())?;
    delete_project(context.app.store.as_ref(), context.app.clock.as_ref(), project, &context.caller()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
