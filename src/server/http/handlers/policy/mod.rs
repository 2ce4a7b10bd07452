//! The project's rules for its keys. Not in the contract.

pub(in crate::server::http) mod get;
pub(in crate::server::http) mod update;

use axum::{http::StatusCode, response::Response};

use crate::{
    api::{ProjectPolicy, WireDate},
    server::{
        http::{error::json, etag::with_etag},
        store::ProjectRecord,
    },
};

fn answer(project: &ProjectRecord) -> Response {
    with_etag(json(StatusCode::OK, &model(project)), project.version())
}

pub(super) fn model(project: &ProjectRecord) -> ProjectPolicy {
    ProjectPolicy { policy: project.policy, updated_at: WireDate(project.policy_updated_at) }
}
