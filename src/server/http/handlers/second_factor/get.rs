//! `account.getSecondFactor`.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::{SecondFactor, WireDate},
    server::http::{
        error::{ApiError, json},
        extract::arguments::{Session, State},
    },
};

pub(in crate::server::http) async fn handle(State(app): State, Session { account, .. }: Session) -> Result<Response, ApiError> {
    let factor = app.store.second_factor(&account.id).await?.and_then(|(account, factor)| Some((account.second_factor?, factor?)));
    let (since, left) = factor.map(|(since, factor)| (since, factor.recovery_codes.len())).unzip();
    let answer = SecondFactor { enabled: since.is_some(), since: WireDate(since), recovery_codes: left.unwrap_or_default() };
    Ok(json(StatusCode::OK, &answer))
}
