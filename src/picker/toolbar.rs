//! The toolbar: search, layout, filters, undo.

use leptos::prelude::*;

use super::{
    icons::{self, Icon},
    picker::Picker,
    roving,
    state::{History, Layout, Text},
};

#[component]
pub(super) fn Toolbar(picker: Picker) -> impl IntoView {
    let placeholder = move || {
        picker.text(if picker.view.with(|view| view.layout == Layout::Calls) { Text::SearchOperationsHint } else { Text::SearchHint })
    };
    let found = memo(move || {
        let is_list = picker.view.with(|view| view.layout != Layout::Calls);
        (is_list && picker.query.with(Option::is_some)).then(|| picker.shown.with(|shown| shown.total))
    });
    view! {
        <div class="picker-bar" part="toolbar">
            <div class="search">
                <Icon path=icons::SEARCH />
                <input
                    type="search"
                    class="input"
                    part="search"
                    aria-label=picker.text(Text::Search)
                    aria-keyshortcuts="/"
                    placeholder=placeholder
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="256"
                    prop:value=move || picker.search.get()
                    on:input:target=move |event| picker.search_for(event.target().value())
                    on:keydown=move |event| roving::on_search_key(picker, &event)
                />
            </div>
            <LayoutChoice picker />
            <span class="visually-hidden" role="status">
                {move || found.get().map(|found| picker.counted(found, Text::FoundOne, Text::FoundMany))}
            </span>
        </div>
        <div class="picker-bar picker-filters" part="filters">
            <Count picker />
            <Undo picker />
            <label class="toggle" part="toggle">
                <input
                    type="checkbox"
                    class="box"
                    part="checkbox"
                    prop:checked=move || picker.view.with(|view| view.only.is_some())
                    on:change:target=move |event| {
                        let only = event.target().checked();
                        let selection = picker.inputs.scopes.get_untracked();
                        picker.view.update(|view| view.show_only_chosen(only, &selection));
                    }
                />
                {picker.text(Text::SelectedOnly)}
            </label>
            <label class="toggle" part="toggle">
                <input
                    type="checkbox"
                    class="box"
                    part="checkbox"
                    prop:checked=move || picker.view.with(|view| view.deprecated)
                    on:change:target=move |event| picker.view.update(|view| view.deprecated = event.target().checked())
                />
                {picker.text(Text::ShowDeprecated)}
            </label>
            <FoldAll picker />
        </div>
    }
}

/// How many scopes are chosen. Those that are deprecated or not offered are no part of a total.
#[component]
fn Count(picker: Picker) -> impl IntoView {
    let count = memo(move || {
        let catalog = picker.catalog();
        let is_current = |at: &&usize| catalog.scopes().get(**at).is_some_and(|scope| !scope.deprecated);
        let total = picker.offered.with(|offered| offered.iter().filter(is_current).count());
        let of_total = picker
            .offered
            .with(|offered| picker.ticks.with(|ticks| offered.iter().filter(is_current).filter(|at| ticks.is_chosen(**at)).count()));
        (picker.seen.with(Vec::len), of_total, total)
    });
    let text = dynamic(move || {
        let (chosen, of_total, total) = count.get();
        let (chosen_text, total_text) = (chosen.to_string(), total.to_string());
        let parts = [("count", chosen_text.as_str()), ("total", total_text.as_str())];
        picker.fill(if chosen == of_total { Text::ChosenOf } else { Text::Chosen }, &parts)
    });
    view! {
        <p class="picker-count" part="count">{text}</p>
    }
}

/// A step back or forth in the history of the selection.
#[component]
fn HistoryStep(
    picker: Picker,
    label: Text,
    icon: &'static str,
    shortcut: &'static str,
    can: fn(&History) -> bool,
    step: fn(Picker),
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button"
            part="button"
            data-kind="quiet"
            aria-label=picker.text(label)
            title=picker.text(label)
            aria-keyshortcuts=shortcut
            disabled=move || picker.is_read_only() || !picker.history.with(can)
            on:click=move |_| step(picker)
        >
            <Icon path=icon />
        </button>
    }
}

#[component]
fn Undo(picker: Picker) -> impl IntoView {
    view! {
        <span class="picker-undo">
            <HistoryStep picker label=Text::Undo icon=icons::UNDO shortcut="Control+Z" can=History::can_undo step=Picker::undo />
            <HistoryStep picker label=Text::Redo icon=icons::REDO shortcut="Control+Shift+Z" can=History::can_redo step=Picker::redo />
            <button
                type="button"
                class="button"
                part="button"
                data-kind="quiet"
                disabled=move || picker.is_read_only() || picker.inputs.scopes.with(Vec::is_empty)
                on:click=move |_| picker.change(Vec::new())
            >
                {picker.text(Text::Clear)}
            </button>
        </span>
    }
}

#[component]
fn LayoutChoice(picker: Picker) -> impl IntoView {
    let layout = memo(move || picker.view.with(|view| view.layout));
    let choice = move |own: Layout, label: Text| {
        view! {
            <label class="segment" part="segment">
                <input
                    type="radio"
                    name="picker-layout"
                    prop:checked=move || layout.get() == own
                    on:change=move |_| picker.view.update(|view| view.layout = own)
                />
                <span>{picker.text(label)}</span>
            </label>
        }
    };
    let is_apart = picker.inputs.calls_apart;
    let calls = (!is_apart).then(|| choice(Layout::Calls, Text::ByCall));
    view! {
        <fieldset class="segments" part="layout" hidden=move || is_apart && layout.get() == Layout::Calls>
            <legend class="visually-hidden">{picker.text(Text::Layout)}</legend>
            {choice(Layout::Services, Text::ByService)}
            {choice(Layout::Matrix, Text::ReadAndWrite)}
            {calls}
        </fieldset>
    }
}

/// Expands or collapses all services.
#[component]
fn FoldAll(picker: Picker) -> impl IntoView {
    let all_open =
        memo(move || picker.groups.with(|groups| picker.view.with(|view| groups.iter().all(|group| view.open.contains(&group.id)))));
    let toggle = move |_| {
        let open = !all_open.get_untracked();
        let ids = picker.groups.with_untracked(|groups| groups.iter().map(|group| group.id.clone()).collect());
        picker.view.update(|view| view.open = if open { ids } else { Default::default() });
    };
    let cannot =
        move || picker.query.with(Option::is_some) || picker.view.with(|view| view.only.is_some() || view.layout != Layout::Services);
    view! {
        <button type="button" class="button picker-fold" part="button" data-kind="quiet" disabled=cannot on:click=toggle>
            {move || picker.text(if all_open.get() { Text::CollapseAll } else { Text::ExpandAll })}
        </button>
    }
}
