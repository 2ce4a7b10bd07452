//! `widget.deleteKey`.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    api::ErrorType,
    server::{
        http::{
            error::ApiError,
            extract::{
                arguments::{IfMatch, KeyPath},
                services::Widget,
            },
        },
        store::Action,
    },
};

pub(in crate::server::http) async fn handle(widget: Widget, KeyPath(id): KeyPath, if_match: IfMatch) -> Result<Response, ApiError> {
    let deleted = widget.service(&|version| if_match.check(version)).delete(&id).await;
    if !deleted.map_err(|error| widget.keys.refused(Action::KeyDelete, &id, error.into()))? {
        return Err(ApiError::new(ErrorType::KeyNotFound));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
