//! Projects (contract §1.6).

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    api::{ErrorType, ProjectList},
    key::KeyName,
    server::{
        acting::Done,
        admin,
        http::{
            call::{Call, with_etag},
            error::{ApiError, json},
            list::listed,
        },
        models,
        store::{Action, NewAudit, ProjectRecord, Write},
    },
};

/// How many projects a list without a limit holds (contract §5).
const DEFAULT_LIMIT: usize = 25;

/// `project.get`: the project of the request.
pub(in crate::server::http) async fn get(call: Call) -> Result<Response, ApiError> {
    Ok(shown(StatusCode::OK, call.project()?.clone()))
}

/// `project.delete`: the project of the request, with its keys.
pub(in crate::server::http) async fn delete(call: Call) -> Result<Response, ApiError> {
    remove(&call, call.project()?).await
}

/// `organization.getProject`.
pub(in crate::server::http) async fn get_by_id(call: Call) -> Result<Response, ApiError> {
    Ok(shown(StatusCode::OK, found(&call, call.path("projectId")).await?))
}

/// `organization.deleteProject`.
pub(in crate::server::http) async fn delete_by_id(call: Call) -> Result<Response, ApiError> {
    remove(&call, &found(&call, call.path("projectId")).await?).await
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
    let project = admin::create_project(app.store.as_ref(), app.clock.as_ref(), app.random.as_ref(), id, name, &call.acting()).await?;
    Ok(shown(StatusCode::CREATED, project))
}

/// `organization.updateProject`: changes its name.
pub(in crate::server::http) async fn rename(call: Call) -> Result<Response, ApiError> {
    let name: KeyName = call.params.text("name")?.parse().map_err(|error| ApiError::invalid("name", error))?;
    let project = found(&call, call.path("projectId")).await?;
    call.check_seen(project.version())?;
    let write = call.acting().write_in(&project, call.now(), Done::new(Action::ProjectUpdate, &project.id), None);
    Ok(shown(StatusCode::OK, call.app.store.rename_project(project.sequence, name.as_str(), call.now(), write).await?))
}

/// The entry is one of the server as a whole: the log of the project goes with it.
async fn remove(call: &Call, project: &ProjectRecord) -> Result<Response, ApiError> {
    call.check_seen(project.version())?;
    let Write { basis, entry } = call.acting().write_in(project, call.now(), Done::new(Action::ProjectDelete, &project.id), None);
    call.app.store.delete_project(project.sequence, Write { basis, entry: NewAudit { project: None, ..entry } }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn found(call: &Call, id: &str) -> Result<ProjectRecord, ApiError> {
    call.app.store.project(id).await?.ok_or_else(|| ApiError::new(ErrorType::ProjectNotFound))
}

fn shown(status: StatusCode, project: ProjectRecord) -> Response {
    let version = project.version();
    with_etag(json(status, &models::project(project)), version)
}
