//! Scopes as a table: one row per resource, with columns for read and write.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    icons::{self, Icon},
    inputs::Picker,
    prose::Prose,
    state::{Resource, label, resources, sensitive_reason},
    tristate::Tristate,
};
use crate::scope::Scope;

/// The id of a service, its name, and its offered scopes.
pub(super) type Group = (String, String, Vec<Arc<Scope>>);

#[component]
pub(super) fn Matrix(picker: Picker, groups: Vec<Group>) -> impl IntoView {
    let all: Vec<Arc<Scope>> = groups.iter().flat_map(|(_, _, scopes)| scopes.iter().cloned()).collect();
    let column = |action: &'static str| all.iter().filter(|scope| scope.id.action() == Some(action)).cloned().collect::<Vec<_>>();
    let (reads, writes) = (column("read"), column("write"));
    let others = all.len() > reads.len() + writes.len();
    let columns = if others { "4" } else { "3" };
    let bodies = groups
        .into_iter()
        .map(|(id, name, scopes)| {
            let lines = resources(scopes.iter().cloned());
            let shown = StoredValue::new(scopes);
            let hidden = Memo::new(move |_| shown.with_value(|scopes| !scopes.iter().any(|scope| picker.shows(scope))));
            view! {
                <tbody hidden=move || hidden.get()>
                    <tr class="matrix-service">
                        <th scope="rowgroup" colspan=columns id=format!("matrix-{id}")>{name}</th>
                    </tr>
                    {lines.into_iter().map(|line| view! { <Line picker line others /> }).collect_view()}
                </tbody>
            }
        })
        .collect_view();
    view! {
        <table class="matrix">
            <caption class="visually-hidden">"Scopes by resource, with read and write side by side"</caption>
            <thead>
                <tr>
                    <th scope="col">"Resource"</th>
                    <th scope="col"><ColumnBox picker label="Read" scopes=reads /></th>
                    <th scope="col"><ColumnBox picker label="Write" scopes=writes /></th>
                    {others.then(|| view! { <th scope="col">"Other"</th> })}
                </tr>
            </thead>
            {bodies}
        </table>
    }
}

/// The head of a column, with a checkbox for all visible scopes of the column.
#[component]
fn ColumnBox(picker: Picker, label: &'static str, scopes: Vec<Arc<Scope>>) -> impl IntoView {
    let scopes = StoredValue::new(scopes);
    let state = Signal::derive(move || scopes.with_value(|scopes| picker.tally(scopes)).tri());
    let on_set = Callback::new(move |all: bool| scopes.with_value(|scopes| picker.choose_shown(scopes, all)));
    view! {
        <span class="matrix-column">
            <Tristate label=format!("{label}: all shown") state locked=picker.inputs.read_only on_set />
            {label}
        </span>
    }
}

#[component]
fn Line(picker: Picker, line: Resource, others: bool) -> impl IntoView {
    let catalog = picker.inputs.catalog();
    let scopes: Vec<Arc<Scope>> = line.scopes().cloned().collect();
    let why = scopes
        .iter()
        .filter_map(|scope| sensitive_reason(&catalog, scope).map(|reason| (scope, reason)))
        .map(|(scope, reason)| {
            view! {
                <span class="scope-why" id=format!("matrix-{}-why", scope.id)>
                    <Icon path=icons::WARNING />
                    <span>
                        <strong>{format!("Sensitive {}. ", scope.id.action().unwrap_or("scope"))}</strong>
                        <Prose text=reason />
                    </span>
                </span>
            }
        })
        .collect_view();
    let deprecated = scopes.iter().all(|scope| scope.deprecated).then(|| view! { <span class="tag" data-tone="quiet">"Deprecated"</span> });
    let other = line.other;
    view! {
        <tr class="matrix-line" hidden=move || !scopes.iter().any(|scope| picker.shows(scope))>
            <th scope="row">
                <span class="scope-line">
                    <span class="scope-name">{line.name}</span>
                    {deprecated}
                </span>
                {why}
            </th>
            <td>{line.read.map(|scope| view! { <Cell picker scope /> })}</td>
            <td>{line.write.map(|scope| view! { <Cell picker scope /> })}</td>
            {others.then(|| view! { <td class="matrix-other">{other.into_iter().map(|scope| view! { <Cell picker scope /> }).collect_view()}</td> })}
        </tr>
    }
}

#[component]
fn Cell(picker: Picker, scope: Arc<Scope>) -> impl IntoView {
    let (name, catalog) = (scope.id.as_str(), picker.inputs.catalog());
    let is_sensitive = catalog.sensitivity_of(name).is_some();
    let described = is_sensitive.then(|| format!("matrix-{name}-why"));
    let label = label(&catalog, name);
    let label = {
        let scope = scope.clone();
        move || match picker.held_through(scope.id.as_str()) {
            Some(through) => format!("{label}, held through {through}"),
            None => label.clone(),
        }
    };
    // The columns say the others.
    let action = scope.id.action().filter(|action| !["read", "write"].contains(action)).map(str::to_owned);
    let (is_held, chosen) = (scope.clone(), scope.clone());
    let is_locked = picker.is_locked(scope.clone());
    view! {
        <label
            class="matrix-cell"
            data-sensitive=is_sensitive.to_string()
            data-held=move || picker.held_through(is_held.id.as_str()).is_some().to_string()
        >
            <input
                type="checkbox"
                class="box"
                aria-label=label
                aria-describedby=described
                disabled=is_locked
                prop:checked=move || picker.is_chosen(chosen.id.as_str())
                on:change:target=move |event| picker.choose(scope.id.as_str(), event.target().checked())
            />
            {action}
        </label>
    }
}
