//! Projects (contract §1.6).

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    api::{ErrorType, ProjectList},
    key::KeyName,
    server::{
        admin,
        http::{
            call::Call,
            error::{ApiError, json},
            list::listed,
        },
        models,
        store::Action,
    },
};

/// How many projects a list without a limit holds (contract §5).
const DEFAULT_LIMIT: usize = 25;

/// `project.get`: the project of the request.
pub(in crate::server::http) async fn get(call: Call) -> Result<Response, ApiError> {
    Ok(json(StatusCode::OK, &models::project(call.project()?.clone())))
}

/// `project.delete`: the project of the request, with its keys.
pub(in crate::server::http) async fn delete(call: Call) -> Result<Response, ApiError> {
    remove(&call, &call.project()?.id).await
}

/// `organization.getProject`.
pub(in crate::server::http) async fn get_by_id(call: Call) -> Result<Response, ApiError> {
    let project = call.app.store.project(call.path("projectId")).await?;
    project.map(|project| json(StatusCode::OK, &models::project(project))).ok_or_else(|| ApiError::new(ErrorType::ProjectNotFound))
}

/// `organization.deleteProject`.
pub(in crate::server::http) async fn delete_by_id(call: Call) -> Result<Response, ApiError> {
    remove(&call, call.path("projectId")).await
}

/// `organization.listProjects`.
pub(in crate::server::http) async fn list(call: Call) -> Result<Response, ApiError> {
    let page = listed(&call, DEFAULT_LIMIT, call.app.store.projects()).await?;
    Ok(json(StatusCode::OK, &ProjectList { total: page.total, projects: page.rows.into_iter().map(models::project).collect() }))
}

/// `organization.createProject`.
pub(in crate::server::http) async fn create(call: Call) -> Result<Response, ApiError> {
    let (id, name) = (call.params.text("projectId")?, call.params.text("name")?);
    if id == "console" {
        return Err(ApiError::new(ErrorType::ReservedProject));
    }
    let app = &call.app;
    let project = admin::create_project(app.store.as_ref(), app.clock.as_ref(), app.random.as_ref(), id, name).await?;
    call.done_elsewhere(Some(&project.id), call.identity.actor(), Action::ProjectCreate, &project.id).await;
    Ok(json(StatusCode::CREATED, &project))
}

/// `organization.updateProject`: changes its name.
pub(in crate::server::http) async fn rename(call: Call) -> Result<Response, ApiError> {
    let name: KeyName = call.params.text("name")?.parse().map_err(|error| ApiError::invalid("name", error))?;
    let project = call.app.store.rename_project(call.path("projectId"), name.as_str(), call.now()).await?;
    let project = project.ok_or_else(|| ApiError::new(ErrorType::ProjectNotFound))?;
    call.done_elsewhere(Some(&project.id), call.identity.actor(), Action::ProjectUpdate, &project.id).await;
    Ok(json(StatusCode::OK, &models::project(project)))
}

async fn remove(call: &Call, id: &str) -> Result<Response, ApiError> {
    let gone = call.app.store.delete_project(id).await?;
    if !gone {
        return Err(ApiError::new(ErrorType::ProjectNotFound));
    }
    call.done_elsewhere(None, call.identity.actor(), Action::ProjectDelete, id).await;
    Ok(StatusCode::NO_CONTENT.into_response())
}
