//! The entries of the audit log.

use std::collections::HashMap;

use leptos::prelude::*;

use super::time::Time;
use crate::{
    api::AuditEntry,
    console::{
        clock,
        route::Page,
        state::{action_label, actor, audit_detail, is_about_a_key},
    },
};

/// The name of a key, and whether the key still exists.
pub(in crate::console) type KnownKey = (String, bool);

/// Entries, one per row, in the given order. `names` are those of keys, by id.
#[component]
pub(in crate::console) fn AuditTable(
    /// The project whose keys are linked, if any.
    project: Option<String>,
    #[prop(into)] entries: Signal<Vec<AuditEntry>>,
    #[prop(into)] names: Signal<HashMap<String, KnownKey>>,
) -> impl IntoView {
    view! {
        <table class="table audit">
            <caption class="visually-hidden">"Audit log, newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"Action"</th>
                    <th scope="col" data-wide="medium">"Actor"</th>
                    <th scope="col" data-wide="large">"IP address"</th>
                    <th scope="col">"Outcome"</th>
                    <th scope="col">"Time"</th>
                </tr>
            </thead>
            <tbody>
                <For each=move || entries.get() key=|entry| entry.id.clone() let:entry>
                    <AuditRow project=project.clone() entry names />
                </For>
            </tbody>
        </table>
    }
}

#[component]
fn AuditRow(project: Option<String>, entry: AuditEntry, names: Signal<HashMap<String, KnownKey>>) -> impl IntoView {
    let (kind, name) = actor(&entry);
    let detail = audit_detail(&entry, clock::long);
    // "Not signed in" and "Command line" are who did it, without a "By".
    let (by, short) = if name.is_empty() { (None, kind.to_owned()) } else { (Some("By "), name.clone()) };
    let about_a_key = is_about_a_key(&entry);
    let id = entry.target_id;
    let target = dynamic(move || {
        let known = names.with(|names| names.get(&id).cloned()).filter(|_| about_a_key);
        match known {
            Some((name, false)) => view! { <bdi>{name}</bdi>" (deleted) "<code>{id.clone()}</code> }.into_any(),
            Some((name, true)) => match project.clone() {
                Some(project) => view! { <a href=Page::Key { project, key: id.clone() }.path()><bdi>{name}</bdi></a> }.into_any(),
                None => view! { <bdi>{name}</bdi> }.into_any(),
            },
            None if id.is_empty() => ().into_any(),
            None => view! { <code>{id.clone()}</code> }.into_any(),
        }
    });
    let refused = entry.outcome == "refused";
    let outcome = if refused {
        "Refused".to_owned()
    } else if entry.outcome == "done" {
        "Done".to_owned()
    } else {
        entry.outcome
    };
    let from = (!entry.ip.is_empty()).then(|| view! { <span class="keys-narrow" data-narrow="large">"From "{entry.ip.clone()}</span> });
    let ip = if entry.ip.is_empty() { "–".to_owned() } else { entry.ip };
    view! {
        <tr>
            <th scope="row">
                <span class="keys-stack">
                    <span class="audit-what"><strong>{action_label(&entry.action)}</strong>" "{target}</span>
                    <span class="field-hint" dir="auto">{detail}</span>
                    <span class="keys-narrow" data-narrow="medium">{by}<bdi>{short}</bdi></span>
                    {from}
                </span>
            </th>
            <td data-wide="medium">
                <span class="keys-stack">
                    <span>{kind}</span>
                    <span class="field-hint" dir="auto">{name}</span>
                </span>
            </td>
            <td class="mono" data-wide="large">{ip}</td>
            <td><span class="tag" data-tone=if refused { "error" } else { "quiet" }>{outcome}</span></td>
            <td>{entry.created_at.0.map(|at| view! { <Time at /> })}</td>
        </tr>
    }
}
