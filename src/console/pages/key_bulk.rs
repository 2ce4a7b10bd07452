//! What is done with the selected keys of the list.

use std::sync::Arc;

use leptos::{html, prelude::*, task::spawn_local};

use super::{
    key_bulk_work::{Failed, act},
    key_rows::KeyRows,
};
use crate::{
    api::KeyDetails,
    console::{
        catalog::{ServerCatalog, use_server_catalog},
        clock,
        components::{ConfirmDialog, ExpiryField, Selection, if_closed, keep_open},
        download,
        load::set_if_alive,
        state::{BulkAction, ExpiryChoice, ExpiryDraft, ListView, csv, number, shown, word_before},
        toast::{Toasts, use_toasts},
    },
    picker::state::counted,
    scope::DateTime,
};

/// How many names a question lists.
const NAMED: usize = 5;

/// The selected keys, and what is being done with some.
#[derive(Clone, Copy)]
pub(super) struct Bulk {
    project: StoredValue<String>,
    catalog: ServerCatalog,
    toasts: Toasts,
    /// The selected keys, in the order in which they were selected.
    selected: RwSignal<Vec<Arc<KeyDetails>>>,
    /// Set while rows that are to be selected are on their way.
    selecting: RwSignal<bool>,
    /// What is asked about: an action, and the keys that it is for.
    asked: RwSignal<Option<(BulkAction, Vec<Arc<KeyDetails>>)>>,
    /// How many keys are done, and of how many.
    progress: RwSignal<Option<(usize, usize)>>,
    failed: RwSignal<Vec<Failed>>,
    /// Runs after the keys have changed.
    on_done: Callback<()>,
}

impl Bulk {
    /// Nothing is selected. `on_done` runs after keys have changed.
    pub fn new(project: String, on_done: Callback<()>) -> Self {
        Self {
            project: StoredValue::new(project),
            catalog: use_server_catalog(),
            toasts: use_toasts(),
            selected: RwSignal::new(Vec::new()),
            selecting: RwSignal::new(false),
            asked: RwSignal::new(None),
            progress: RwSignal::new(None),
            failed: RwSignal::new(Vec::new()),
            on_done,
        }
    }

    /// Which rows are selected, and how that changes.
    pub fn selection(self, rows: KeyRows, view: RwSignal<ListView>) -> Selection {
        effect(move |_| {
            let whole = rows.rows.with(|rows| {
                let whole: Option<Vec<_>> = rows.iter().cloned().collect();
                whole.filter(|whole| !whole.is_empty())
            });
            if let Some(whole) = whole.filter(|_| self.selecting.get()) {
                self.selecting.set(false);
                self.selected.set(whole);
            }
        });
        let all = memo(move || {
            let selected = self.selected.with(Vec::len);
            if selected == 0 { Some(false) } else { (selected >= rows.rows.with(Vec::len)).then_some(true) }
        });
        Selection {
            all: all.into(),
            has: Callback::new(move |id: String| self.has(&id)),
            on_toggle: Callback::new(move |key: Arc<KeyDetails>| self.toggle(&key)),
            on_all: Callback::new(move |all| {
                self.clear();
                if all {
                    self.selecting.set(true);
                    rows.want(&view.get_untracked(), 0, rows.rows.with_untracked(Vec::len));
                }
            }),
            on_act: Callback::new(move |(action, key)| self.ask(action, vec![key])),
        }
    }

    /// Whether a key was selected or asked about, now or before. Its part of the page is made only then.
    pub fn is_used(self) -> Memo<bool> {
        Memo::new(move |before: Option<&bool>| {
            before.copied().unwrap_or(false) || self.asked.with(Option::is_some) || !self.selected.with(Vec::is_empty)
        })
    }

    /// Selects nothing.
    pub fn clear(self) {
        self.selecting.set(false);
        self.selected.set(Vec::new());
    }

    /// Asks whether to act on some keys.
    fn ask(self, action: BulkAction, keys: Vec<Arc<KeyDetails>>) {
        self.asked.set(Some((action, keys)));
    }

    /// Selects a key, or no longer.
    fn toggle(self, key: &Arc<KeyDetails>) {
        self.selected.update(|selected| {
            let before = selected.len();
            selected.retain(|other| other.key.id != key.key.id);
            if selected.len() == before {
                selected.push(key.clone());
            }
        });
    }

    /// Whether a key is selected.
    fn has(self, id: &str) -> bool {
        self.selected.with(|selected| selected.iter().any(|key| key.key.id == id))
    }

    fn run(self, action: BulkAction, keys: Vec<Arc<KeyDetails>>, expire: Option<DateTime>) {
        // Its buttons are shown once the catalog is here.
        let Some(catalog) = untrack(|| self.catalog.get()) else { return };
        let (catalog, project, count) = (catalog.catalog(), self.project.get_value(), keys.len());
        self.progress.set(Some((0, count)));
        self.failed.set(Vec::new());
        spawn_local(async move {
            let mut failed = Vec::new();
            for (index, key) in keys.into_iter().enumerate() {
                if let Err(error) = act(action, catalog, &project, &key, expire).await {
                    failed.push(Failed { key, error });
                }
                set_if_alive(self.progress, Some((index + 1, count)));
            }
            if failed.len() < count {
                self.toasts.say(action.done(count - failed.len()), None);
            }
            set_if_alive(self.selected, failed.iter().map(|failed| failed.key.clone()).collect());
            set_if_alive(self.failed, failed);
            set_if_alive(self.progress, None);
            set_if_alive(self.asked, None);
            self.on_done.try_run(());
        });
    }

    fn export(self, format: &'static str) {
        let text = self.selected.with_untracked(|selected| match format {
            "csv" => csv(selected.iter().map(AsRef::as_ref)),
            _ => {
                let keys: Vec<&KeyDetails> = selected.iter().map(AsRef::as_ref).collect();
                serde_json::to_string_pretty(&keys).unwrap_or_default()
            }
        });
        let kind = if format == "csv" { "text/csv" } else { "application/json" };
        if !download::save(&format!("keys-{}.{format}", self.project.get_value()), kind, &text) {
            self.toasts.say("The browser blocked the download. Allow downloads for this site, then try again.".to_owned(), None);
        }
    }
}

/// The bar of the selected keys, the questions, and what failed.
pub(in crate::console) fn bulk_bar() -> AnyView {
    view! { <BulkBar bulk=expect_context() /> }.into_any()
}

#[component]
fn BulkBar(bulk: Bulk) -> impl IntoView {
    let button = move |action: BulkAction| {
        let kind = (action == BulkAction::Delete).then_some("danger");
        view! {
            <button type="button" class="button" data-kind=kind on:click=move |_| bulk.ask(action, bulk.selected.get_untracked())>{action.label()}</button>
        }
    };
    let actions = BulkAction::ALL.iter().copied().map(button).collect_view();
    let count = memo(move || bulk.selected.with(Vec::len));
    let failures = dynamic(move || {
        bulk.failed.with(|failed| {
            (!failed.is_empty()).then(|| {
                let rows = failed
                    .iter()
                    .map(|Failed { key, error }| view! { <li><bdi><strong>{shown(&key.key.name)}</strong></bdi>": "{error.text()}</li> })
                    .collect_view();
                view! {
                    <div class="notice" data-tone="error" role="alert">
                        <div><p>{format!("{} did not change. They are still selected.", counted(failed.len(), "key"))}</p><ul class="empty-list">{rows}</ul></div>
                        <button type="button" class="button" on:click=move |_| bulk.failed.set(Vec::new())>"Dismiss"</button>
                    </div>
                }
            })
        })
    });
    view! {
        {failures}
        <div class="form-bar select-bar" role="group" aria-label="Selected keys" hidden=move || count.get() == 0>
            <strong role="status">{move || format!("{} selected", number(count.get()))}</strong>
            <div class="form-actions">
                {actions}
                <button type="button" class="button" on:click=move |_| bulk.export("csv")>"Export CSV"</button>
                <button type="button" class="button" on:click=move |_| bulk.export("json")>"Export JSON"</button>
                <button type="button" class="button" data-kind="quiet" on:click=move |_| bulk.clear()>"Clear selection"</button>
            </div>
        </div>
        <AskDialog bulk />
        <ExpiryDialog bulk />
    }
}

/// Asks before an action, and shows how far it is.
#[component]
fn AskDialog(bulk: Bulk) -> impl IntoView {
    let asked = memo(move || bulk.asked.with(|asked| asked.as_ref().map(|(action, keys)| (*action, keys.len()))));
    // Kept while the dialog closes.
    let action = Memo::new(move |before: Option<&BulkAction>| {
        asked.get().map_or_else(|| before.copied().unwrap_or(BulkAction::Delete), |(action, _)| action)
    });
    let label = move || match bulk.progress.get() {
        Some((done, count)) => format!("{done} of {count}…"),
        None => action.get().label().to_owned(),
    };
    let title = move || {
        bulk.asked.with(|asked| match asked.as_ref().map(|(_, keys)| keys.as_slice()) {
            Some([one]) => action.get().question(&shown(&one.key.name)),
            Some(keys) => action.get().question(&counted(keys.len(), "key")),
            None => String::new(),
        })
    };
    let names = dynamic(move || {
        bulk.asked.with(|asked| {
            let keys = asked.as_ref().map(|(_, keys)| keys.as_slice()).unwrap_or_default();
            let more = keys.len().saturating_sub(NAMED);
            let rows = keys.iter().take(NAMED).map(|key| view! { <li dir="auto">{shown(&key.key.name)}</li> }).collect_view();
            (keys.len() > 1)
                .then(|| view! { <ul class="empty-list">{rows}{(more > 0).then(|| view! { <li>{format!("and {more} more")}</li> })}</ul> })
        })
    });
    let word = move || {
        bulk.asked
            .with(|asked| asked.as_ref().map_or("", |(action, keys)| word_before(*action, keys.iter().map(AsRef::as_ref), clock::now())))
            .to_owned()
    };
    view! {
        <ConfirmDialog
            id="bulk"
            open=Signal::derive(move || asked.get().is_some_and(|(action, _)| action != BulkAction::Expire))
            title=Signal::derive(title)
            confirm=Signal::derive(label)
            kind=Signal::derive(move || if action.get().is_dangerous() { "danger" } else { "primary" })
            busy=Signal::derive(move || bulk.progress.with(Option::is_some))
            word=Signal::derive(word)
            on_cancel=Callback::new(move |()| bulk.asked.set(None))
            on_confirm=Callback::new(move |()| {
                if let Some((action, keys)) = bulk.asked.get_untracked() {
                    bulk.run(action, keys, None);
                }
            })
        >
            <p>{move || action.get().about()}</p>
            {names}
        </ConfirmDialog>
    }
}

/// Asks for the new expiry.
#[component]
fn ExpiryDialog(bulk: Bulk) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let draft = RwSignal::new(ExpiryDraft::new());
    let problem = RwSignal::new(None::<String>);
    let keys =
        move || bulk.asked.with(|asked| asked.as_ref().filter(|(action, _)| *action == BulkAction::Expire).map(|(_, keys)| keys.clone()));
    let open = memo(move || keys().is_some());
    keep_open(dialog, open.into(), move || problem.set(None));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if bulk.progress.with_untracked(Option::is_some) {
            return;
        }
        let expire = draft.with_untracked(|draft| draft.resolve(clock::now(), clock::parse_local));
        problem.set(expire.as_ref().err().map(ToString::to_string));
        if let (Ok(expire), Some(keys)) = (expire, untrack(keys)) {
            bulk.run(BulkAction::Expire, keys, expire);
        }
    };
    let label = dynamic(move || match bulk.progress.get() {
        Some((done, count)) => format!("{done} of {count}…"),
        None => "Change expiry".to_owned(),
    });
    let close = move || {
        if open.get_untracked() {
            bulk.asked.set(None);
        }
    };
    view! {
        <dialog class="dialog" aria-labelledby="bulk-expiry-title" node_ref=dialog on:close=move |event| if_closed(&event, close)>
            <h2 class="dialog-title" id="bulk-expiry-title">{move || format!("Change the expiry of {}", counted(keys().map_or(0, |keys| keys.len()), "key"))}</h2>
            <form class="stack" on:submit=submit novalidate>
                <p class="dialog-text">{BulkAction::Expire.about()}</p>
                <ExpiryField draft choices=ExpiryChoice::FOR_NEW problem rule=Signal::stored(None) id="bulk-expiry" />
                <div class="dialog-actions">
                    <button type="button" class="button" on:click=move |_| close()>"Cancel"</button>
                    <button type="submit" class="button" data-kind="primary" aria-disabled=move || bulk.progress.with(Option::is_some).to_string()>{label}</button>
                </div>
            </form>
        </dialog>
    }
}
