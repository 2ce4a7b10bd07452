//! The table of keys. Only the rows around the window are in the page.

use std::sync::Arc;

use leptos::{Portal, ev, html, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    icons::{self, Icon},
    key_menu::KeyMenu,
    key_row::{Row, Shown},
    row_pool::RowPool,
};
use crate::{
    api::{KeyDetails, KeySort},
    console::{
        catalog::ServerCatalog,
        clock,
        state::{BulkAction, Density, ListView, PAGE_ROWS, Rows},
    },
    picker::paint::after_paint,
};

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
    catalog: ServerCatalog,
    project: String,
    /// Those of the page; `None` is on its way.
    rows: RwSignal<Vec<Option<Arc<KeyDetails>>>>,
    /// The edition in which their scopes are sensitive or not.
    edition: RwSignal<Option<String>>,
    /// How many keys all pages have.
    total: Signal<usize>,
    /// Whether there is nothing to show, nor will be.
    #[prop(into)]
    is_empty: Signal<bool>,
    /// The rows to render.
    range: RwSignal<Rows>,
    /// Those in view, which come first.
    in_view: StoredValue<Rows>,
    view: RwSignal<ListView>,
    busy: RwSignal<bool>,
    /// Whether the rows are of an earlier list.
    stale: RwSignal<bool>,
    body: NodeRef<html::Tbody>,
    density: RwSignal<Density>,
    selection: Selection,
    on_sort: Callback<KeySort>,
    /// Disables or enables a key.
    on_switch: Callback<Arc<KeyDetails>>,
) -> impl IntoView {
    let now = clock::use_now();
    let pool = LocalValue::new_local(RowPool::default());
    // The key whose menu is open.
    let menu = RwSignal::new(None::<Arc<KeyDetails>>);
    let clicked = window_event_listener(ev::click, move |event| {
        let inside = element(event.target()).and_then(|target| target.closest(".keys-menu").ok().flatten()).is_some();
        if !inside && menu.with_untracked(Option::is_some) {
            menu.set(None);
        }
    });
    let top = NodeRef::<html::Thead>::new();
    // How wide the column of the services is, which says how many of them have room.
    let room = RwSignal::new(0);
    let measure = move || {
        // A list that was left at once is measured after it is gone.
        let found = top.try_get_untracked().flatten().and_then(|head| head.query_selector("[data-wide=medium]").ok().flatten());
        let width = found.map_or(0, |column| column.client_width());
        if room.try_get_untracked().is_some_and(|room| room != width) {
            pool.try_update_value(RowPool::measure_texts);
            room.set(width);
        }
    };
    let resized = window_event_listener(ev::resize, move |_| measure());
    on_cleanup(move || {
        clicked.remove();
        resized.remove();
    });
    let head = move |sort: KeySort, label: &'static str, wide: Option<&'static str>| {
        view! {
            <th scope="col" role="columnheader" data-wide=wide aria-sort=move || view.with(|view| view.aria_sort(sort))>
                <button type="button" class="sort" on:click=move |_| on_sort.run(sort)>
                    {label}
                    <Icon path=icons::SORTED />
                </button>
            </th>
        }
    };
    let end = NodeRef::<html::Tr>::new();
    let project = StoredValue::new(project);
    // While the keys are on their way.
    let count = range.with_untracked(|(first, last)| last - first);
    after_paint(move || {
        pool.try_update_value(|pool| pool.prepare(count)).unwrap_or_default();
        measure();
    });
    // Counts the frames in which rows are still to be filled.
    let frame = RwSignal::new(0_u32);
    Effect::new(move |_| {
        frame.track();
        let ((first, last), now, catalog, edition, room) = (range.get(), now.get(), catalog.get(), edition.get(), room.get());
        let Some(end) = end.get() else { return };
        let is_done = rows.with(|rows| {
            let first = first.min(rows.len());
            let keys = rows.get(first..last.min(rows.len())).unwrap_or_default();
            let offset = view.with_untracked(|view| view.page) * PAGE_ROWS;
            project.with_value(|project| {
                let shown = Shown { catalog, edition: edition.as_deref(), project, offset, now, room, in_view: in_view.get_value() };
                pool.try_update_value(|pool| pool.show(&shown, first, keys, &end)).unwrap_or(true)
            })
        });
        if !is_done {
            request_animation_frame(move || frame.try_update(|frame| *frame = frame.wrapping_add(1)).unwrap_or_default());
        }
        untrack(|| pool.with_value(|pool| pool.tick(|id| selection.has.run(id.to_owned()))));
        // Its row may show another key now, or none.
        let is_gone = menu.with_untracked(|menu| menu.as_ref().is_some_and(|key| pool.with_value(|pool| pool.row(key).is_none())));
        if is_gone {
            menu.set(None);
        }
    });
    Effect::new(move |_| pool.with_value(|pool| pool.tick(|id| selection.has.run(id.to_owned()))));
    Effect::new(move |_| menu.with(|open| pool.with_value(|pool| pool.mark_menu(open.as_ref()))));
    let close = move || {
        let button = menu.get_untracked().and_then(|key| pool.with_value(|pool| pool.row(&key).map(Row::menu_button)));
        menu.set(None);
        if let Some(button) = button {
            drop(button.focus());
        }
    };
    // One listener for all rows.
    let on_click = move |event: web_sys::MouseEvent| {
        let button = element(event.target()).and_then(|target| target.closest(".keys-menu button").ok().flatten());
        let key = button.and_then(|button| pool.with_value(|pool| pool.row_of(&button).and_then(|row| row.key_of_menu(&button))));
        if let Some(key) = key {
            let is_open = menu.with_untracked(|menu| menu.as_ref().is_some_and(|open| Arc::ptr_eq(open, &key)));
            menu.set((!is_open).then_some(key));
        }
    };
    // A line says its exact times where somebody points at it or stops with the keyboard: not written for each row that passes.
    let on_stop = move |target| {
        if let Some(target) = element(target) {
            pool.with_value(|pool| pool.row_of(&target).map(Row::say_times).unwrap_or_default());
        }
    };
    let on_change = move |event: web_sys::Event| {
        let key = element(event.target()).and_then(|target| pool.with_value(|pool| pool.row_of(&target)?.key.clone()));
        if let Some(key) = key {
            selection.on_toggle.run(key);
        }
    };
    let open_menu = move || {
        let key = menu.get()?;
        let mount = pool.with_value(|pool| pool.row(&key).and_then(|row| row.menu_button().parent_element()))?;
        let on_delete = Callback::new(move |key| selection.on_act.run((BulkAction::Delete, key)));
        let on_close = Callback::new(move |()| close());
        let project = project.get_value();
        Some(view! {
            <Portal mount>
                <KeyMenu project=project.clone() key=key.clone() on_close on_switch on_delete />
            </Portal>
        })
    };
    // Stands for the rows that are not rendered.
    let space = move |count: Memo<usize>, place: NodeRef<html::Tr>| {
        view! {
            <tr class="keys-space" aria-hidden="true" node_ref=place hidden=move || count.get() == 0>
                <td style:height=move || format!("{}px", count.get() * density.get().row_height())></td>
            </tr>
        }
    };
    let before = memo(move || range.get().0.min(rows.with(Vec::len)));
    let after = memo(move || rows.with(Vec::len).saturating_sub(range.get().1));
    view! {
        <table
            class="table keys key-rows"
            role="table"
            data-density=move || density.get().word()
            hidden=move || is_empty.get()
            aria-rowcount=move || (total.get() + 1).to_string()
            aria-busy=move || busy.get().to_string()
            data-stale=move || stale.get().to_string()
        >
            <caption class="visually-hidden">"API keys"</caption>
            <thead role="rowgroup" node_ref=top>
                <tr role="row" aria-rowindex="1">
                    <td role="cell" class="keys-box">
                        <input
                            type="checkbox"
                            class="box"
                            aria-label="Select all keys of this page"
                            prop:checked=move || selection.all.get() == Some(true)
                            prop:indeterminate=move || selection.all.get().is_none()
                            on:change:target=move |event| selection.on_all.run(event.target().checked())
                        />
                    </td>
                    <th scope="col" role="columnheader"><span class="keys-wide">"Status"</span></th>
                    {head(KeySort::Name, "Name", None)}
                    {head(KeySort::Scopes, "Scopes", Some("medium"))}
                    {head(KeySort::Expires, "Expires", None)}
                    {head(KeySort::Used, "Last used", Some("medium"))}
                    {head(KeySort::Created, "Created", Some("large"))}
                    <td role="cell"></td>
                </tr>
            </thead>
            <tbody
                role="rowgroup"
                node_ref=body
                on:click=on_click
                on:mouseover=move |event| on_stop(event.target())
                on:focusin=move |event| on_stop(event.target())
                on:change=on_change
                on:keydown=move |event| {
                    if event.key() == "Escape" && menu.with_untracked(Option::is_some) {
                        close();
                    }
                }
            >
                {space(before, NodeRef::new())}
                {space(after, end)}
            </tbody>
        </table>
        {open_menu}
    }
}

fn element(target: Option<web_sys::EventTarget>) -> Option<web_sys::Element> {
    target?.dyn_into().ok()
}
