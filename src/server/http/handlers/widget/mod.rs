//! Widgets: key managers in pages of other programs. Not in the contract.

pub(in crate::server::http) mod create;
pub(in crate::server::http) mod create_token;
pub(in crate::server::http) mod delete;
pub(in crate::server::http) mod get;
pub(in crate::server::http) mod list;
pub(in crate::server::http) mod rotate;

use crate::{
    api::{WidgetToken, WireDate},
    server::{
        auth,
        http::{
            extract::{context::RequestContext, handler::Widget},
            handlers::keys,
        },
        models::scope_texts,
        service::{keys::VersionCheck, widget::WidgetKeys},
    },
};

/// The keys that the page sees, and what it may do with them.
fn widget_keys<'a>(context: &'a RequestContext, widget: &'a Widget, seen: VersionCheck<'a>) -> WidgetKeys<'a> {
    WidgetKeys { keys: keys::keys(context, &widget.project, seen), token: &widget.token }
}

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
