//! Keys of the organization, as SDKs have them in their organization service. A server here is one organization, without a key that
//! could open all of its projects: the list is empty, no key is found, and none is made.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::{ErrorType, KeyList},
    server::http::{
        call::Call,
        error::{ApiError, json},
        list::listed,
    },
    server::store::KeyRecord,
};

/// `organization.listKeys`. Queries are judged as those of any list of keys.
pub(in crate::server::http) async fn list(call: Call) -> Result<Response, ApiError> {
    let page = listed(&call, 0, async { Ok(Vec::<KeyRecord>::new()) }).await?;
    Ok(json(StatusCode::OK, &KeyList { total: page.total, keys: Vec::new() }))
}

/// `organization.createKey`.
pub(in crate::server::http) async fn create(_: Call) -> Result<Response, ApiError> {
    let message = "This server has no organization keys. Create a key in each project that it is for, with project.createKey; \
                   projects themselves are created at the console, or with `scopewise project create`.";
    Err(ApiError::because(ErrorType::KeyCreationDenied, message))
}

/// `organization.getKey`, `organization.updateKey`, `organization.deleteKey`.
pub(in crate::server::http) async fn absent(_: Call) -> Result<Response, ApiError> {
    Err(ApiError::because(ErrorType::KeyNotFound, "This server has no organization keys. Look for the key in its project."))
}
