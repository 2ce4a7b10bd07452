//! `project.listKeys`.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::KeyList,
    server::{
        http::{
            call::Call,
            error::{ApiError, json},
        },
        models,
    },
};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let keys = call.app.store.keys(&call.project()?.id).await?;
    Ok(json(StatusCode::OK, &KeyList { total: keys.len(), keys: keys.into_iter().map(models::key).collect() }))
}
