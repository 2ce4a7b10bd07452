//! Widgets: key managers in pages of other programs. Not in the contract.

pub(in crate::server::http) mod create;
pub(in crate::server::http) mod create_token;
pub(in crate::server::http) mod delete;
pub(in crate::server::http) mod get;
pub(in crate::server::http) mod list;
pub(in crate::server::http) mod rotate;

use crate::{
    api::{WidgetToken, WireDate},
    server::{auth, models::scope_texts},
};

/// A token without its text.
fn model(token: auth::WidgetToken) -> WidgetToken {
    let rights = token.rights;
    WidgetToken {
        id: token.id,
        created_at: WireDate(Some(token.created_at)),
        expire: WireDate(Some(token.expire)),
        project_id: token.project_id,
        scopes: scope_texts(rights.scopes),
        may_create: rights.may_create,
        may_rotate: rights.may_rotate,
        may_revoke: rights.may_revoke,
        key_expire: WireDate(rights.key_expire),
        origins: rights.origins,
        secret: String::new(),
    }
}
