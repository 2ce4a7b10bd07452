//! The table of keys. Only the rows around the window are in the page.

use std::sync::Arc;

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    copy::CopyButton,
    icons::{self, Icon},
    time::Moment,
};
use crate::{
    api::{KeyDetails, KeySort},
    console::{
        clock,
        route::Page,
        state::{BulkAction, Density, ListView, PAGE_ROWS, ago_to_the_day, created_by, relative, service_uses, shown, status},
    },
    key::KeyStatus,
    scope::Catalog,
};

/// How many services a row names; the others are counted.
const SERVICES: usize = 3;

/// Which keys are selected, and what changes that.
#[derive(Clone, Copy)]
pub(in crate::console) struct Selection {
    /// Whether all keys of the page are selected; `None` is some.
    pub all: Signal<Option<bool>>,
    /// Whether the key with this id is selected.
    pub has: Callback<String, bool>,
    pub on_toggle: Callback<Arc<KeyDetails>>,
    pub on_all: Callback<bool>,
    /// Asks about an action on one key.
    pub on_act: Callback<(BulkAction, Arc<KeyDetails>)>,
}

/// The keys, one per row; the name links to the key.
#[component]
pub(in crate::console) fn KeyTable(
    catalog: &'static Catalog,
    project: String,
    /// Those of the page; `None` is on its way.
    rows: RwSignal<Vec<Option<Arc<KeyDetails>>>>,
    /// The edition in which their scopes are sensitive or not.
    edition: RwSignal<Option<String>>,
    /// How many keys all pages have.
    total: Signal<usize>,
    /// The rows to render.
    range: RwSignal<(usize, usize)>,
    view: RwSignal<ListView>,
    busy: RwSignal<bool>,
    body: NodeRef<html::Tbody>,
    density: RwSignal<Density>,
    selection: Selection,
    on_sort: Callback<KeySort>,
    /// Disables or enables a key.
    on_switch: Callback<Arc<KeyDetails>>,
) -> impl IntoView {
    let now = clock::use_now();
    let menu = RwSignal::new(None::<String>);
    let clicked = window_event_listener(ev::click, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let inside = target.and_then(|target| target.closest(".keys-menu").ok().flatten()).is_some();
        if !inside && menu.with_untracked(Option::is_some) {
            menu.set(None);
        }
    });
    on_cleanup(move || clicked.remove());
    let head = move |sort: KeySort, label: &'static str, wide: Option<&'static str>| {
        view! {
            <th scope="col" data-wide=wide aria-sort=move || view.with(|view| view.aria_sort(sort))>
                <button type="button" class="sort" on:click=move |_| on_sort.run(sort)>
                    {label}
                    <Icon path=icons::SORTED />
                </button>
            </th>
        }
    };
    let items = move || {
        let ((first, last), now) = (range.get(), now.get());
        rows.with(|rows| {
            (first..last.min(rows.len()))
                .map(|index| {
                    let key = rows.get(index).cloned().flatten();
                    let status = key.as_ref().map(|key| status(key, now));
                    Item { index, key, status }
                })
                .collect::<Vec<_>>()
        })
    };
    // Stands for the rows that are not rendered.
    let space = move |count: Memo<usize>| {
        view! {
            <tr class="keys-space" aria-hidden="true" hidden=move || count.get() == 0>
                <td style:height=move || format!("{}px", count.get() * density.get().row_height())></td>
            </tr>
        }
    };
    let before = memo(move || range.get().0.min(rows.with(Vec::len)));
    let after = memo(move || rows.with(Vec::len).saturating_sub(range.get().1));
    view! {
        <table
            class="table keys"
            data-density=move || density.get().word()
            hidden=move || rows.with(Vec::is_empty)
            aria-rowcount=move || (total.get() + 1).to_string()
            aria-busy=move || busy.get().to_string()
        >
            <caption class="visually-hidden">"API keys"</caption>
            <colgroup>
                <col class="keys-col-box" />
                <col class="keys-col-status" />
                <col class="keys-col-name" />
                <col class="keys-col-scopes" data-wide="medium" />
                <col class="keys-col-time" />
                <col class="keys-col-time" data-wide="medium" />
                <col class="keys-col-time" data-wide="large" />
                <col class="keys-col-menu" />
            </colgroup>
            <thead>
                <tr aria-rowindex="1">
                    <td class="keys-box">
                        <input
                            type="checkbox"
                            class="box"
                            aria-label="Select all keys of this page"
                            prop:checked=move || selection.all.get() == Some(true)
                            prop:indeterminate=move || selection.all.get().is_none()
                            on:change:target=move |event| selection.on_all.run(event.target().checked())
                        />
                    </td>
                    <th scope="col"><span class="keys-wide">"Status"</span></th>
                    {head(KeySort::Name, "Name", None)}
                    {head(KeySort::Scopes, "Scopes", Some("medium"))}
                    {head(KeySort::Expires, "Expires", None)}
                    {head(KeySort::Used, "Last used", Some("medium"))}
                    {head(KeySort::Created, "Created", Some("large"))}
                    <td></td>
                </tr>
            </thead>
            <tbody node_ref=body>
                {space(before)}
                <For each=items key=Item::identity let:item>
                    <Row catalog edition project=project.clone() page=view.with_untracked(|view| view.page) item menu selection on_switch />
                </For>
                {space(after)}
            </tbody>
        </table>
    }
}

#[derive(Clone)]
struct Item {
    index: usize,
    key: Option<Arc<KeyDetails>>,
    status: Option<KeyStatus>,
}

impl Item {
    /// A row is built again where one of these changes.
    fn identity(&self) -> (usize, Option<usize>, Option<KeyStatus>) {
        (self.index, self.key.as_ref().map(|key| Arc::as_ptr(key).addr()), self.status)
    }
}

#[component]
fn Row(
    catalog: &'static Catalog,
    edition: RwSignal<Option<String>>,
    project: String,
    page: usize,
    item: Item,
    menu: RwSignal<Option<String>>,
    selection: Selection,
    on_switch: Callback<Arc<KeyDetails>>,
) -> impl IntoView {
    let position = (page * PAGE_ROWS + item.index + 2).to_string();
    let (Some(details), Some(status)) = (item.key, item.status) else {
        return view! { <tr aria-rowindex=position class="keys-waiting"><td></td><td></td><td><span></span></td></tr> }.into_any();
    };
    let key = &details.key;
    let path = Page::Key { project, key: key.id.clone() }.path();
    let uses = edition.with(|edition| service_uses(&key.scopes, catalog, edition.as_deref()));
    let more = uses.len().saturating_sub(SERVICES);
    let chips = uses
        .into_iter()
        .take(SERVICES)
        .map(|found| {
            let tone = found.is_sensitive.then_some("warning");
            let sensitive = found.is_sensitive.then(|| view! { <span class="visually-hidden">" (sensitive)"</span> });
            let letters = found.letters();
            view! { <span class="tag" data-tone=tone>{found.title}" "<b>{letters}</b>{sensitive}</span> }
        })
        .collect_view();
    let scopes = key.scopes.len();
    let creator = details.created_by.as_ref().map(|creator| shown(&created_by(creator))).unwrap_or_default();
    let name = shown(&key.name);
    let (ticked, id) = (details.clone(), key.id.clone());
    view! {
        <tr aria-rowindex=position>
            <td class="keys-box">
                <input
                    type="checkbox"
                    class="box"
                    aria-label=format!("Select {name}")
                    prop:checked=move || selection.has.run(id.clone())
                    on:change=move |_| selection.on_toggle.run(ticked.clone())
                />
            </td>
            <td><StatusPill status exposed=details.exposed_at.0.is_some() /></td>
            <th scope="row" class="keys-name">
                <a href=path.clone() dir="auto">{name}</a>
                <span class="keys-hint mono">{key.secret.clone()}</span>
            </th>
            <td data-wide="medium" class="keys-scopes">
                {chips}
                {(more > 0).then(|| view! { <span class="keys-never">{format!("+{more}")}</span> })}
                {(scopes == 0).then(|| view! { <span class="keys-never">"None"</span> })}
            </td>
            <td><Moment at=key.expire.0 text=relative /></td>
            <td data-wide="medium"><Moment at=key.accessed_at.0 text=ago_to_the_day /></td>
            <td data-wide="large">
                <span class="keys-made">
                    <Moment at=key.created_at.0 text=relative />
                    <span class="keys-hint" dir="auto" title=creator.clone()>{creator.clone()}</span>
                </span>
            </td>
            <td class="keys-menu"><RowMenu path details=details.clone() menu selection on_switch /></td>
        </tr>
    }
    .into_any()
}

/// What can be done with a key without opening its page, and its exact times.
#[component]
fn RowMenu(
    path: String,
    details: Arc<KeyDetails>,
    menu: RwSignal<Option<String>>,
    selection: Selection,
    on_switch: Callback<Arc<KeyDetails>>,
) -> impl IntoView {
    let id = StoredValue::new(details.key.id.clone());
    let name = shown(&details.key.name);
    let is_open = memo(move || menu.with(|menu| id.with_value(|id| menu.as_ref() == Some(id))));
    let button = NodeRef::<html::Button>::new();
    let toggle = move |_| menu.set(if is_open.get_untracked() { None } else { Some(id.get_value()) });
    let close = move || {
        menu.set(None);
        if let Some(button) = button.get_untracked() {
            drop(button.focus());
        }
    };
    let content = move || {
        let (details, path) = (details.clone(), path.clone());
        let expires = details.key.expire.0.map_or_else(|| "Never expires".to_owned(), |at| format!("Expires {}", clock::long(at)));
        let label = if details.enabled { "Disable key" } else { "Enable key" };
        let deleted = details.clone();
        let delete = move |_| {
            close();
            selection.on_act.run((BulkAction::Delete, deleted.clone()));
        };
        let switch = move |_| {
            close();
            on_switch.run(details.clone());
        };
        view! {
            <div class="menu">
                <p>{expires}</p>
                <p class="row"><code>{id.get_value()}</code><CopyButton text=Signal::stored(id.get_value()) what="key ID" /></p>
                <a class="button" href=path.clone()>"Open"</a>
                <a class="button" href=format!("{path}?rotate")>"Rotate secret"</a>
                <button type="button" class="button" on:click=switch>{label}</button>
                <button type="button" class="button" data-kind="danger" on:click=delete>"Delete key"</button>
            </div>
        }
    };
    view! {
        <div on:keydown=move |event| if event.key() == "Escape" && is_open.get_untracked() { close() }>
            <button
                type="button"
                class="button"
                data-kind="quiet"
                aria-label=format!("Actions for {name}")
                aria-expanded=move || is_open.get().to_string()
                node_ref=button
                on:click=toggle
            >
                <Icon path=icons::MORE />
            </button>
            {move || is_open.get().then(&content)}
        </div>
    }
}

/// The status of a key.
#[component]
pub(in crate::console) fn StatusPill(status: KeyStatus, exposed: bool) -> impl IntoView {
    let (tone, label) = match status {
        KeyStatus::Disabled => ("quiet", "Disabled"),
        KeyStatus::Expired => ("error", "Expired"),
        _ if exposed => ("error", "Exposed"),
        KeyStatus::ExpiresSoon => ("warning", "Expires soon"),
        KeyStatus::Active => ("fine", "Active"),
    };
    view! { <span class="pill" data-tone=tone><span class="keys-wide">{label}</span></span> }
}
