//! Acts on several keys, one after the other: one that fails does not keep the others from it.

use std::sync::Arc;

use crate::{
    api::{KeyDetails, UpdateKey, UpdateKeyStatus},
    console::{
        client::{self, ClientError},
        state::BulkAction,
    },
    scope::{Catalog, DateTime, MigrateRequest, migrate},
};

/// A key that an action failed for, and why.
#[derive(Clone)]
pub(super) struct Failed {
    pub key: Arc<KeyDetails>,
    pub error: ClientError,
}

/// What a key became; `None` if it is gone or stays as it was.
pub(super) async fn act(
    action: BulkAction,
    catalog: &Catalog,
    project: &str,
    key: &KeyDetails,
    expire: Option<DateTime>,
) -> Result<(), ClientError> {
    let id = &key.key.id;
    match action {
        BulkAction::Delete => client::delete_key(project, id).await,
        BulkAction::Disable | BulkAction::Enable => {
            client::set_key_status(project, id, UpdateKeyStatus { enabled: action == BulkAction::Enable }).await.map(drop)
        }
        BulkAction::Expire => {
            change(project, id, |body| {
                body.expire = expire.map(|at| at.to_string());
                true
            })
            .await
        }
        BulkAction::Migrate => {
            change(project, id, |body| {
                let scopes = migrate(catalog, &MigrateRequest { scopes: body.scopes.clone(), ..MigrateRequest::default() }).scopes;
                let is_other = scopes != body.scopes;
                body.scopes = scopes;
                is_other
            })
            .await
        }
    }
}

/// Changes a key as it is now, unless someone else changes it in between. `edit` says whether there is a change.
async fn change(project: &str, id: &str, edit: impl FnOnce(&mut UpdateKey) -> bool) -> Result<(), ClientError> {
    let found = client::key(project, id).await?;
    let key = found.value.key;
    let mut body =
        UpdateKey { name: key.name, description: Some(key.description), scopes: key.scopes, expire: key.expire.0.map(|at| at.to_string()) };
    if !edit(&mut body) {
        return Ok(());
    }
    client::update_key(project, id, &body, &found.tag).await.map(drop)
}
