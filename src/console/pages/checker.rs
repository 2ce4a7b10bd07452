//! The checker: pasted scopes, what is wrong with them, and what they open. Nothing that is pasted leaves the page.

use leptos::{ev, prelude::*};

use super::ProjectNames;
use crate::{
    console::{
        catalog::use_catalog,
        components::{ContextField, CopyButton},
        route::Page,
        router::use_router,
        state::{Checked, Prefill, is_migrated, read_as, step_text},
    },
    picker::{
        PickerInputs, Prose, ScopeReport,
        state::{read, sentence},
    },
    scope::{MigrateRequest, Migration, counted, migrate, reach},
};

/// How many operations are listed.
const LISTED: usize = 500;

#[component]
pub(in crate::console) fn CheckerPage() -> impl IntoView {
    let (router, catalog) = (use_router(), use_catalog());
    let Checked { scopes, runs_in } = Checked::of_hash(&router.hash());
    let text = RwSignal::new(scopes.join("\n"));
    let reading = RwSignal::new(String::new());
    let (scopes, runs_in) = (RwSignal::new(scopes), RwSignal::new(runs_in));
    let inputs = PickerInputs {
        runs_in: runs_in.into(),
        edition: Signal::stored(catalog.server_edition().map(|edition| edition.id.clone())),
        ..PickerInputs::new(catalog, scopes)
    };
    let report = inputs.report();
    let type_text = move |written: String| {
        let pasted = read(catalog, &written);
        reading.set(if written.trim().is_empty() { String::new() } else { read_as(&pasted) });
        text.set(written);
        if scopes.with_untracked(|scopes| *scopes != pasted.names) {
            scopes.set(pasted.names);
        }
    };
    // A fix changes the scopes; then the text is a list of them.
    effect(move |_| {
        let now = scopes.get();
        if text.with_untracked(|text| read(catalog, text).names != now) {
            text.set(now.join("\n"));
            reading.set(String::new());
        }
    });
    effect(move |_| router.write_hash(&Checked { scopes: scopes.get(), runs_in: runs_in.get() }.hash()));
    // Another link to the checker was opened in this tab.
    let followed = window_event_listener(ev::hashchange, move |_| {
        let asked = Checked::of_hash(&router.hash());
        scopes.set(asked.scopes);
        runs_in.set(asked.runs_in);
    });
    on_cleanup(move || followed.remove());
    let address = Signal::derive(move || {
        let hash = Checked { scopes: scopes.get(), runs_in: runs_in.get() }.hash();
        format!("{}/checker#{hash}", window().location().origin().unwrap_or_default())
    });
    let is_empty = memo(move || scopes.with(Vec::is_empty));
    let names: ProjectNames = expect_context();
    let create = dynamic(move || {
        let page = Page::KeyCreate { project: names.last.get().filter(|_| !is_empty.get())? };
        let filled = Prefill { scopes: scopes.get(), runs_in: runs_in.get(), ..Prefill::default() };
        Some(view! { <a class="button" href=page.path() + &filled.query()>"Create a key with these scopes"</a> })
    });
    let results = move || {
        if is_empty.get() {
            view! { <p class="empty">"Paste scopes to see what they allow, what they risk, and what is wrong with them."</p> }.into_any()
        } else {
            view! {
                <h2 class="visually-hidden">"Results"</h2>
                <ScopeReport inputs report />
                <MigrationPanel scopes />
                <Opens scopes />
            }
            .into_any()
        }
    };
    view! {
        <div class="page-head">
            <h1 class="title" tabindex="-1">"Checker"</h1>
            <span hidden=move || is_empty.get()><CopyButton text=address what="link" /></span>
            {create}
        </div>
        <p class="lead">"Checks a set of scopes with the same rules as the server. Your browser does the work: what you paste is not sent. The address of this page contains the scopes, so you can share it."</p>
        <div class="checker">
            <div class="stack">
                <div class="field">
                    <label class="field-label" for="checker-text">"Scopes"</label>
                    <textarea
                        id="checker-text"
                        class="input mono checker-text"
                        rows="14"
                        spellcheck="false"
                        autocomplete="off"
                        aria-describedby="checker-reading checker-hint"
                        placeholder="rows.read\nfiles.write"
                        prop:value=move || text.get()
                        on:input:target=move |event| type_text(event.target().value())
                    ></textarea>
                    <p class="field-hint" id="checker-reading" role="status">{move || reading.get()}</p>
                    <p class="field-hint" id="checker-hint">"A list, JSON, an .env file, YAML, or SDK code. Secrets and other values in a file are ignored."</p>
                </div>
                <ContextField runs_in hint="The check warns you about risks of that environment." />
            </div>
            <div class="checker-results">{results}</div>
        </div>
    }
}

/// What replaces deprecated scopes, step by step.
#[component]
fn MigrationPanel(scopes: RwSignal<Vec<String>>) -> impl IntoView {
    let catalog = use_catalog();
    let migration = memo(move || Shown(migrate(catalog, &MigrateRequest { scopes: scopes.get(), ..MigrateRequest::default() })));
    dynamic(move || {
        let Shown(migration) = migration.get();
        if !scopes.with_untracked(|scopes| is_migrated(&migration, scopes)) {
            return ().into_any();
        }
        let steps = migration
            .steps
            .iter()
            .map(
                |step| view! { <li><p><Prose text=step_text(step) /></p><p class="field-hint"><Prose text=sentence(&step.reason) /></p></li> },
            )
            .collect_view();
        let apply = move |_| scopes.set(migration.scopes.clone());
        view! {
            <section class="stack" aria-labelledby="migration-title">
                <h3 class="panel-title" id="migration-title">"Migration to the current edition"</h3>
                <ul class="stack">{steps}</ul>
                <div><button type="button" class="button" on:click=apply>"Apply migration"</button></div>
            </section>
        }
        .into_any()
    })
}

/// A migration; two are equal if they lead to the same scopes by as many steps.
#[derive(Clone)]
struct Shown(Migration);

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        self.0.scopes == other.0.scopes && self.0.steps.len() == other.0.steps.len()
    }
}

/// The operations that the scopes open.
#[component]
fn Opens(scopes: RwSignal<Vec<String>>) -> impl IntoView {
    let catalog = use_catalog();
    let opened = memo(move || scopes.with(|scopes| reach(catalog, scopes, None).operations));
    let rows = move || {
        opened.with(|opened| {
            let more = opened.len().saturating_sub(LISTED);
            let rows = opened.iter().take(LISTED).map(|operation| view! { <li><code>{operation.clone()}</code></li> }).collect_view();
            (rows, (more > 0).then(|| view! { <li>{format!("and {more} more")}</li> }))
        })
    };
    let open = RwSignal::new(false);
    view! {
        <details class="more" on:toggle:target=move |event| open.set(event.target().open())>
            <summary>{move || opened.with(|opened| format!("Opens {}", counted(opened.len(), "operation")))}</summary>
            <ul class="columns">{move || open.get().then(rows)}</ul>
        </details>
    }
}
