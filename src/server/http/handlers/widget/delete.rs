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
            extract::{context::Context, handler::Widget},
        },
        store::Action,
    },
};

pub(in crate::server::http) async fn handle(context: Context, widget: Widget) -> Result<Response, ApiError> {
    let id = context.path("keyId");
    let deleted = super::widget_keys(&context, &widget, &|version| context.check_seen(version)).delete(id).await;
    if !deleted.map_err(|error| context.refused(Action::KeyDelete, id, error.into()))? {
        return Err(ApiError::new(ErrorType::KeyNotFound));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
