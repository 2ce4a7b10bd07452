//! `project.deleteKey`.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    api::ErrorType,
    server::{
        http::{call::Call, error::ApiError},
        store::Action,
    },
};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let id = call.path("keyId");
    if !call.app.store.delete_key(&call.project()?.id, id).await? {
        return Err(ApiError::new(ErrorType::KeyNotFound));
    }
    call.done(Action::KeyDelete, id, String::new()).await;
    Ok(StatusCode::NO_CONTENT.into_response())
}
