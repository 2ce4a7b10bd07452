//! Projects (contract §1.6).

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    api::{ErrorType, ProjectList},
    key::KeyName,
    server::{
        http::{
            error::{ApiError, json},
            extract::{
                context::{RequestContext, with_etag},
                list_query::listed,
            },
        },
        models,
        service::projects::{create_project, delete_project, rename_project},
        store::ProjectRecord,
    },
};

/// How many projects a list without a limit holds (contract §5).
const DEFAULT_LIMIT: usize = 25;

/// `project.get`: the project of the request.
pub(in crate::server::http) async fn get(context: RequestContext) -> Result<Response, ApiError> {
    Ok(shown(StatusCode::OK, context.project()?.clone()))
}

/// `project.delete`: the project of the request, with its keys.
pub(in crate::server::http) async fn delete(context: RequestContext) -> Result<Response, ApiError> {
    remove(&context, context.project()?).await
}

/// `organization.getProject`.
pub(in crate::server::http) async fn get_by_id(context: RequestContext) -> Result<Response, ApiError> {
    Ok(shown(StatusCode::OK, found(&context, context.path("projectId")).await?))
}

/// `organization.deleteProject`.
pub(in crate::server::http) async fn delete_by_id(context: RequestContext) -> Result<Response, ApiError> {
    remove(&context, &found(&context, context.path("projectId")).await?).await
}

/// `organization.listProjects`.
pub(in crate::server::http) async fn list(context: RequestContext) -> Result<Response, ApiError> {
    let page = listed(&context, DEFAULT_LIMIT, context.app.store.projects()).await?;
    Ok(json(StatusCode::OK, &ProjectList { total: page.total, projects: page.rows.into_iter().map(models::project).collect() }))
}

/// `organization.createProject`.
pub(in crate::server::http) async fn create(context: RequestContext) -> Result<Response, ApiError> {
    let (id, name) = (context.params.text("projectId")?, context.params.text("name")?);
    if id == "console" {
        return Err(ApiError::new(ErrorType::ReservedProject));
    }
    let app = &context.app;
    let project = create_project(app.store.as_ref(), app.clock.as_ref(), app.random.as_ref(), id, name, &context.caller()).await?;
    Ok(shown(StatusCode::CREATED, project))
}

/// `organization.updateProject`: changes its name.
pub(in crate::server::http) async fn rename(context: RequestContext) -> Result<Response, ApiError> {
    let name: KeyName = context.params.text("name")?.parse().map_err(|error| ApiError::invalid("name", error))?;
    let project = found(&context, context.path("projectId")).await?;
    context.check_seen(project.version())?;
    let (store, clock) = (context.app.store.as_ref(), context.app.clock.as_ref());
    Ok(shown(StatusCode::OK, rename_project(store, clock, &project, &name, &context.caller()).await?))
}

async fn remove(context: &RequestContext, project: &ProjectRecord) -> Result<Response, ApiError> {
    context.check_seen(project.version())?;
    delete_project(context.app.store.as_ref(), context.app.clock.as_ref(), project, &context.caller()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn found(context: &RequestContext, id: &str) -> Result<ProjectRecord, ApiError> {
    context.app.store.project(id).await?.ok_or_else(|| ApiError::new(ErrorType::ProjectNotFound))
}

fn shown(status: StatusCode, project: ProjectRecord) -> Response {
    let version = project.version();
    with_etag(json(status, &models::project(project)), version)
}
