//! The list of keys.

use leptos::prelude::*;

use super::{
    icons::{self, Icon},
    time::{ExpiryTime, Time},
};
use crate::{
    api::KeyDetails,
    console::{
        clock,
        route::Page,
        state::{ago_to_the_day, sensitive_count, status},
    },
    key::KeyStatus,
    picker::state::counted,
    scope::Catalog,
};

/// The keys, one per row; the name links to the key.
#[component]
pub(in crate::console) fn KeyTable(catalog: &'static Catalog, project: String, keys: Vec<KeyDetails>) -> impl IntoView {
    let rows = keys.into_iter().map(|details| view! { <KeyRow catalog project=project.clone() details /> }).collect_view();
    view! {
        <table class="table keys">
            <caption class="visually-hidden">"API keys"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col" data-wide="small">"Scopes"</th>
                    <th scope="col">"Expires"</th>
                    <th scope="col" data-wide="medium">"Last used"</th>
                    <th scope="col" data-wide="large">"Created"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[component]
fn KeyRow(catalog: &'static Catalog, project: String, details: KeyDetails) -> impl IntoView {
    let now = clock::use_now();
    let exposed = details.exposed_at.0.is_some();
    let dated = details.clone();
    let key = details.key;
    let sensitive = sensitive_count(&key, catalog);
    let used = key.accessed_at.0;
    let used_text = move || used.map_or_else(|| "Never".to_owned(), |at| ago_to_the_day(at, now.get()));
    let page = Page::Key { project, key: key.id.clone() };
    let scopes = counted(key.scopes.len(), "scope");
    let scopes_narrow = if sensitive > 0 { format!("{scopes}, {sensitive} sensitive") } else { scopes.clone() };
    let sensitive = (sensitive > 0).then(|| {
        view! {
            <span class="tag" data-tone="warning">
                <Icon path=icons::WARNING />
                {format!("{sensitive} sensitive")}
            </span>
        }
    });
    let expire = key.expire.0;
    view! {
        <tr>
            <th scope="row" class="keys-name">
                <a href=page.path() dir="auto">{key.name.clone()}</a>
                <span class="keys-hint mono">{key.secret.clone()}</span>
                <span class="keys-narrow" data-narrow="small">{scopes_narrow}</span>
                <span class="keys-narrow" data-narrow="medium">"Last used: " {used_text}</span>
            </th>
            <td data-wide="small"><span class="keys-stack"><span>{scopes}</span>{sensitive}</span></td>
            <td>
                <span class="keys-stack">
                    <ExpiryTime expire />
                    {move || view! { <StatusTag status=status(&dated, now.get()) /> }}
                    {exposed.then(|| view! { <ExposedTag /> })}
                </span>
            </td>
            <td data-wide="medium">{used_text}</td>
            <td data-wide="large">{key.created_at.0.map(|at| view! { <Time at /> })}</td>
        </tr>
    }
}

/// The status of a key; nothing for an active one.
#[component]
pub(in crate::console) fn StatusTag(status: KeyStatus) -> impl IntoView {
    let (tone, label) = match status {
        KeyStatus::Active => return None,
        KeyStatus::ExpiresSoon => ("warning", "Expires soon"),
        KeyStatus::Expired => ("error", "Expired"),
        KeyStatus::Disabled => ("quiet", "Disabled"),
    };
    Some(view! { <span class="tag" data-tone=tone>{label}</span> })
}

/// The secret of the key was used from a web page.
#[component]
pub(in crate::console) fn ExposedTag() -> impl IntoView {
    view! {
        <span class="tag" data-tone="error">
            <Icon path=icons::WARNING />
            "Exposed"
        </span>
    }
}
