//! What is asked of the model with a body, and needs no clock.

use axum::response::Response;

use super::{answered, text};
use crate::{
    scope::{Query, answer},
    server::http::{error::ApiError, extract::context::Context},
};

/// `scopes.allows`, `scopes.suggest`, `scopes.reach`, `scopes.compare`, `scopes.migrate`, `scopes.catalog`.
pub(in crate::server::http) async fn handle(context: Context, model: Query) -> Result<Response, ApiError> {
    answered(context, move |context| answer(context.app.catalog, model, text(context)?).map_err(ApiError::from)).await
}
