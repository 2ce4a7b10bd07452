//! The catalog as a reference: every scope with what it opens. Each has an address.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::{
    console::{
        catalog::use_catalog,
        components::icons::{Icon, SEARCH},
        router::use_router,
        state::number,
    },
    picker::{
        Prose,
        state::{Group, Index, Query, groups, opened, visible},
    },
    scope::{Catalog, Scope, Tier, counted},
};

/// How many operations of a scope are listed.
const LISTED: usize = 500;

#[component]
pub(in crate::console) fn ScopesPage() -> impl IntoView {
    let (router, catalog) = (use_router(), use_catalog());
    let search = RwSignal::new(String::new());
    // Made at the first search.
    let index = StoredValue::new(None::<Arc<Index>>);
    let found = memo(move || {
        let query = search.with(|search| Query::of(search))?;
        let index = index.get_value().unwrap_or_else(|| {
            let made = Arc::new(Index::new(catalog));
            index.set_value(Some(made.clone()));
            made
        });
        let found = index.find(catalog, &query);
        Some((0..catalog.scopes().len()).filter(|at| found.hit(*at).is_some()).collect::<Vec<_>>())
    });
    let is_shown = move |at: usize| found.with(|found| found.as_ref().is_none_or(|found| found.binary_search(&at).is_ok()));
    let all: Vec<usize> = (0..catalog.scopes().len()).collect();
    let groups = groups(catalog, &all);
    let services = groups
        .iter()
        .map(|group| {
            let address = format!("#{}", anchor(&group.id));
            view! { <li><a class="nav-link" href=address>{visible(&group.name)}</a></li> }
        })
        .collect_view();
    let sections = groups
        .into_iter()
        .map(|Group { id, name, scopes }| {
            let rows = scopes.iter().filter_map(|at| entry(catalog, *at, is_shown)).collect_view();
            let title = anchor(&id);
            view! {
                <section class="reference-service" aria-labelledby=title.clone() hidden=move || !scopes.iter().any(|at| is_shown(*at))>
                    <h2 class="section-title" id=title.clone() tabindex="-1">{visible(&name)}</h2>
                    <ul>{rows}</ul>
                </section>
            }
        })
        .collect_view();
    let count = move || match found.with(|found| found.as_ref().map(Vec::len)) {
        None => format!("{} scopes", number(catalog.scopes().len())),
        Some(0) => "No scopes found".to_owned(),
        Some(count) => format!("{} found", counted(count, "scope")),
    };
    // The address can name a scope. It is on the page after the next render.
    request_animation_frame(move || request_animation_frame(move || show(&router.hash())));
    view! {
        <div class="page-head"><h1 class="title" tabindex="-1">"Scopes"</h1></div>
        <p class="lead">{format!("Every scope of {}, and what it opens.", visible(&catalog.name))}</p>
        <div class="list-bar">
            <div class="search">
                <Icon path=SEARCH />
                <input
                    type="search"
                    class="input"
                    aria-label="Search scopes"
                    placeholder="Search scopes and operations, for example: send email"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || search.get()
                    on:input:target=move |event| search.set(event.target().value())
                />
            </div>
            <p class="list-count" role="status">{count}</p>
        </div>
        <div class="reference">
            <nav class="reference-services" aria-label="Services"><ul class="nav">{services}</ul></nav>
            <div>{sections}</div>
        </div>
    }
}

/// The anchor of a service: no scope has such a name.
fn anchor(service: &str) -> String {
    format!("service:{service}")
}

/// Scrolls to the scope or service that an address names.
fn show(hash: &str) {
    let found = document().get_element_by_id(&crate::console::route::decode(hash));
    if let Some(found) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        found.scroll_into_view();
        drop(found.focus());
    }
}

fn entry(catalog: &'static Catalog, at: usize, is_shown: impl Fn(usize) -> bool + Send + Sync + Copy + 'static) -> Option<AnyView> {
    let scope = catalog.scopes().get(at)?;
    let id = scope.id.as_str();
    let open = RwSignal::new(false);
    let tag = |tone: &'static str, text: &'static str| view! { <span class="tag" data-tone=tone>{text}</span> };
    let about = visible(&scope.description);
    // The sentence about the successor follows.
    let about = if scope.successor.is_some() { about.trim_end_matches('.').to_owned() } else { about };
    let successor = scope.successor.as_ref().map(|successor| {
        view! { ". Use "<a class="mono" href=format!("#{successor}")>{successor.to_string()}</a>" instead." }
    });
    Some(
        view! {
            <li class="reference-scope" id=id tabindex="-1" hidden=move || !is_shown(at)>
                <p class="row">
                    <a class="mono reference-name" href=format!("#{id}")>{id}</a>
                    {scope.sensitive.is_some().then(|| tag("warning", "Sensitive"))}
                    {scope.deprecated.then(|| tag("quiet", "Deprecated"))}
                    {scope.implied.then(|| tag("quiet", "Every key has it"))}
                    {scope.tiers.contains(&Tier::Organization).then(|| tag("quiet", "Organization keys"))}
                </p>
                <p class="section-text">{about}{successor}</p>
                <details class="more" on:toggle:target=move |event| open.set(event.target().open())>
                    <summary>"What it opens"<span class="visually-hidden">": "{id}</span></summary>
                    {move || open.get().then(|| details(catalog, at, scope))}
                </details>
            </li>
        }
        .into_any(),
    )
}

/// The operations of a scope, why it is sensitive, and which editions have it.
fn details(catalog: &'static Catalog, at: usize, scope: &'static Scope) -> AnyView {
    let all = opened(catalog, at);
    let row = |found: &crate::picker::state::OpenedBy| {
        let operation = catalog.operations().get(found.operation)?;
        let with = (!found.with.is_empty()).then(|| format!("together with {}", found.with.join(", ")));
        Some(view! {
            <li>
                <code>{visible(&operation.id)}</code>
                " "
                <span class="field-hint" dir="ltr">{visible(&format!("{} {}", operation.method, operation.path))}</span>
                " "
                {with}
            </li>
        })
    };
    let rows = all.iter().take(LISTED).filter_map(row).collect_view();
    let more = all.len().saturating_sub(LISTED);
    let named = |ids: &[String]| {
        ids.iter().filter_map(|id| catalog.edition(id)).map(|(_, edition)| edition.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let editions = named(&scope.editions);
    let sensitive = scope.sensitive.as_ref().map(|sensitive| {
        let steps = sensitive.path.iter().map(|step| view! { <li><Prose text=step.clone() /></li> }).collect_view();
        let only = named(&sensitive.editions);
        let only = if only.is_empty() { only } else { format!(" in {only}") };
        view! { <p><Prose text=format!("Sensitive{only}: {}.", sensitive.reason.trim_end_matches('.')) /></p><ol>{steps}</ol> }
    });
    view! {
        <div class="stack">
            <p>{if all.is_empty() { "No operation is known.".to_owned() } else { counted(all.len(), "operation") }}</p>
            <ul>{rows}{(more > 0).then(|| view! { <li>{format!("and {more} more")}</li> })}</ul>
            {sensitive}
            {(!editions.is_empty()).then(|| view! { <p class="field-hint">{format!("Editions: {editions}.")}</p> })}
        </div>
    }
    .into_any()
}
