//! The accounts of the server, and the other sessions of the own one.

use gloo_net::http::Method;

use super::{Answer, NO_BODY, read, send};
use crate::api::{self, paths};

/// The accounts of the server.
pub(in crate::console) async fn list() -> Answer<api::ListedAccounts> {
    read(send(Method::GET, paths::ACCOUNTS, None, NO_BODY).await)
}

/// Invites a person; only this response contains the token of the link.
pub(in crate::console) async fn invite(body: &api::InviteAccount) -> Answer<api::InvitedAccount> {
    read(send(Method::POST, paths::ACCOUNTS, None, Some(body)).await)
}

/// Replaces the invitation link of an account; only this response contains its token.
pub(in crate::console) async fn invite_again(id: &str) -> Answer<api::InvitedAccount> {
    read(send(Method::POST, &paths::fill(paths::ACCOUNTS_INVITATION, id), None, NO_BODY).await)
}

/// Disables or enables an account.
pub(in crate::console) async fn set_status(id: &str, enabled: bool) -> Answer<()> {
    let body = api::UpdateAccountStatus { enabled };
    send(Method::PATCH, &paths::fill(paths::ACCOUNTS_STATUS, id), None, Some(&body)).await.map(drop)
}

/// Ends all sessions of an account.
pub(in crate::console) async fn end_sessions(id: &str) -> Answer<()> {
    send(Method::DELETE, &paths::fill(paths::ACCOUNTS_SESSIONS, id), None, NO_BODY).await.map(drop)
}

/// Deletes an account.
pub(in crate::console) async fn delete(id: &str) -> Answer<()> {
    send(Method::DELETE, &paths::fill(paths::ACCOUNTS_ITEM, id), None, NO_BODY).await.map(drop)
}

/// Sets the first password of an invited account and signs it in.
pub(in crate::console) async fn accept_invitation(body: &api::AcceptInvitation) -> Answer<()> {
    send(Method::POST, paths::INVITATION, None, Some(body)).await.map(drop)
}

/// Ends all sessions of the account but this one.
pub(in crate::console) async fn end_other_sessions() -> Answer<()> {
    send(Method::DELETE, paths::OTHER_SESSIONS, None, NO_BODY).await.map(drop)
}
