//! `account.updateName`.

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    key::MAX_NAME_CHARACTERS,
    server::{
        http::{
            error::{ApiError, json},
            extract::arguments::{Parameters, Request, Session, State},
        },
        models,
        service::{accounts::own::OwnAccount, caller::Caller},
    },
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct UpdateAccountName {
    #[schemars(length(max = MAX_NAME_CHARACTERS))]
    name: String,
}

impl Parameters for UpdateAccountName {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    Session { account, session }: Session,
    caller: Caller,
    Request(UpdateAccountName { name }): Request<UpdateAccountName>,
) -> Result<Response, ApiError> {
    let own = OwnAccount { store: app.store.as_ref(), clock: app.clock.as_ref(), caller, account: &account };
    let changed = own.rename(&name).await?;
    Ok(json(StatusCode::OK, &models::account(changed, Some(session.last_used_at))))
}
