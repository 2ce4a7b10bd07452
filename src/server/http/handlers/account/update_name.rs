//! `account.updateName`.

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    key::MAX_NAME_CHARACTERS,
    server::{
        http::{
            error::{ApiError, json},
            extract::{
                context::Context,
                handler::{Parameters, Request, Session},
            },
        },
        models,
        service::accounts::own::OwnAccount,
    },
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct UpdateAccountName {
    #[schemars(length(max = MAX_NAME_CHARACTERS))]
    name: String,
}

impl Parameters for UpdateAccountName {}

pub(in crate::server::http) async fn handle(
    context: Context,
    Session { account, session }: Session,
    Request(UpdateAccountName { name }): Request<UpdateAccountName>,
) -> Result<Response, ApiError> {
    let app = &context.app;
    let own = OwnAccount { store: app.store.as_ref(), clock: app.clock.as_ref(), caller: context.caller(), account: &account };
    let changed = own.rename(&name).await?;
    Ok(json(StatusCode::OK, &models::account(changed, Some(session.last_used_at))))
}
