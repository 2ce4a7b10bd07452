//! The filters of the audit log, which the address bar keeps, and the files of what they find.

use std::collections::BTreeSet;

use leptos::{prelude::*, task::spawn_local};

use crate::console::{
    client::{self, ClientError},
    clock,
    components::Failure,
    download,
    load::set_if_alive,
    router::use_router,
    state::AuditFilter,
};

/// How many entries a file contains: the most that the server returns at once.
const FILE: u32 = 5000;

/// The query of the request for what a filter finds.
pub(super) fn request(filter: &AuditFilter) -> String {
    filter.request(clock::parse_local)
}

#[component]
pub(super) fn AuditFilters(
    project: Option<String>,
    filter: Memo<AuditFilter>,
    /// Ids and names of keys, as suggestions.
    known: RwSignal<Vec<(String, String)>>,
    /// Names of actors, as suggestions.
    people: RwSignal<BTreeSet<String>>,
) -> impl IntoView {
    let router = use_router();
    let groups = if project.is_some() { AuditFilter::GROUPS } else { AuditFilter::SERVER_GROUPS };
    let change = move |set: fn(&mut AuditFilter, String), value: String| {
        let mut changed = filter.get_untracked();
        set(&mut changed, value);
        router.write_query(changed.query(), true);
    };
    let field = move |id: &'static str,
                      label: &'static str,
                      list: Option<&'static str>,
                      get: fn(&AuditFilter) -> &str,
                      set: fn(&mut AuditFilter, String)| {
        view! {
            <div class="field">
                <label class="field-label" for=id>{label}</label>
                <input
                    id=id
                    type=if list.is_some() { "search" } else { "date" }
                    class="input"
                    list=list
                    autocomplete="off"
                    spellcheck="false"
                    dir="auto"
                    prop:value=move || filter.with(|filter| get(filter).to_owned())
                    on:change:target=move |event| change(set, event.target().value().trim().to_owned())
                />
            </div>
        }
    };
    let options = move |choices: Vec<(&'static str, &'static str)>, get: fn(&AuditFilter) -> &str| {
        choices
            .into_iter()
            .map(|(value, text)| {
                view! { <option value=value prop:selected=move || filter.with(|filter| get(filter) == value)>{text}</option> }
            })
            .collect_view()
    };
    view! {
        <div class="audit-filters" role="search" aria-label="Filter the audit log">
            {field("audit-who", "Who", Some("audit-people"), |filter| &filter.who, |filter, value| filter.who = value)}
            <div class="field">
                <label class="field-label" for="audit-action">"Action"</label>
                <select
                    id="audit-action"
                    class="input select"
                    on:change=move |event| change(|filter, value| filter.action = value, event_target_value(&event))
                >
                    {options(groups.to_vec(), |filter| &filter.action)}
                    <optgroup label="One action">{options(AuditFilter::actions(groups), |filter| &filter.action)}</optgroup>
                </select>
            </div>
            {field("audit-target", "Key or other ID", Some("audit-keys"), |filter| &filter.target, |filter, value| filter.target = value)}
            <div class="field">
                <label class="field-label" for="audit-outcome">"Outcome"</label>
                <select
                    id="audit-outcome"
                    class="input select"
                    on:change=move |event| change(|filter, value| filter.outcome = value, event_target_value(&event))
                >
                    {options(AuditFilter::OUTCOMES.to_vec(), |filter| &filter.outcome)}
                </select>
            </div>
            {field("audit-from", "From", None, |filter| &filter.from, |filter, value| filter.from = value)}
            {field("audit-until", "Until", None, |filter| &filter.until, |filter, value| filter.until = value)}
        </div>
        <datalist id="audit-people">
            {move || people.get().into_iter().map(|name| view! { <option value=name></option> }).collect_view()}
        </datalist>
        <datalist id="audit-keys">
            {move || known.get().into_iter().map(|(id, name)| view! { <option value=id>{name}</option> }).collect_view()}
        </datalist>
        <Export project filter />
    }
}

/// Saves what the filters find as a file, and clears the filters.
#[component]
fn Export(project: Option<String>, filter: Memo<AuditFilter>) -> impl IntoView {
    let router = use_router();
    let error = RwSignal::new(None::<ClientError>);
    let status = RwSignal::new("");
    let buttons = [("csv", "Export CSV", "text/csv"), ("json", "Export JSON", "application/json")]
        .into_iter()
        .map(|(format, label, kind)| {
            let project = project.clone();
            let export = move |_| {
                error.set(None);
                status.set("");
                let (project, filter) = (project.clone(), filter.with_untracked(request));
                spawn_local(async move {
                    match client::audit::file(project.as_deref(), &filter, FILE, format).await {
                        Ok(text) => {
                            let done = download::save(&format!("audit-{}.{format}", project.as_deref().unwrap_or("server")), kind, &text);
                            set_if_alive(status, if done { "The file is being downloaded." } else { "The browser blocked the download." });
                        }
                        Err(problem) => set_if_alive(error, Some(problem)),
                    }
                });
            };
            view! { <button type="button" class="button" on:click=export>{label}</button> }
        })
        .collect_view();
    view! {
        <div class="list-bar">
            {buttons}
            <button
                type="button"
                class="button"
                data-kind="quiet"
                hidden=move || filter.with(AuditFilter::is_whole)
                on:click=move |_| router.write_query(String::new(), true)
            >
                "Clear filters"
            </button>
            <span class="field-hint">"A file contains the newest 5,000 entries that the filters find."</span>
            <span class="visually-hidden" role="status">{move || status.get()}</span>
        </div>
        {move || error.get().map(|error| view! { <Failure error /> })}
    }
}
