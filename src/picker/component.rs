//! The whole picker: toolbar, list of scopes, and results of the check.

use leptos::{html, prelude::*};
use wasm_bindgen::prelude::Closure;

use super::{
    ask::AskDialog,
    calls::CallsAside,
    changes::ChangesPanel,
    inputs::PickerInputs,
    paste::Paste,
    picker::Picker,
    presets::Presets,
    report::ReportPanel,
    roving::{self, Typed},
    service::{OtherScopes, Services},
    share::Share,
    state::{Layout, Place, Text, visible},
    toolbar::Toolbar,
};
use crate::scope::{Report, Tier};

/// Lets a person choose scopes and shows the results of the check.
#[component]
pub fn ScopePicker(
    /// The inputs of the picker.
    inputs: PickerInputs,
    /// The results of the check: [`PickerInputs::report`].
    #[prop(into)]
    report: Signal<Report>,
) -> impl IntoView {
    dynamic(move || {
        // The texts stay the same while the picker is on the page; with others, it begins again.
        inputs.strings.track();
        untrack(|| {
            let picker = Picker::new(inputs);
            view! {
                <PickerFrame picker>
                    <div class="picker-grid">
                        <div class="picker-main"><PickerList picker /></div>
                        <div class="picker-side" part="report" role="region" aria-label=picker.text(Text::CheckResults) tabindex="0">
                            <PickerResults picker report />
                        </div>
                    </div>
                </PickerFrame>
            }
        })
    })
}

/// What is around the parts of a picker: its keys, its announcements and its questions.
#[component]
pub fn PickerFrame(picker: Picker, children: Children) -> impl IntoView {
    picker.prepare_search();
    // What is saved is the beginning of what can be undone.
    effect(move |before: Option<()>| {
        picker.inputs.previous.track();
        if before.is_some() {
            picker.history.set(super::state::History::default());
        }
    });
    let root = NodeRef::<html::Div>::new();
    view! {
        <div
            class="picker"
            part="picker"
            node_ref=root
            on:keydown=move |event| {
                if let Some(root) = root.get_untracked() {
                    roving::on_key(picker, &root, &event);
                }
            }
        >
            {children()}
            <span class="visually-hidden" role="status">{move || picker.announcement.get()}</span>
            <AskDialog picker />
        </div>
    }
}

/// The part to choose scopes with.
#[component]
pub fn PickerList(picker: Picker) -> impl IntoView {
    view! {
        <Toolbar picker />
        <Presets picker />
        <List picker />
        <Paste picker />
        <Share picker />
    }
}

/// What follows from the chosen scopes: which operations are open, what changes, and the report.
#[component]
pub fn PickerResults(
    picker: Picker,
    /// The results of the check.
    #[prop(into)]
    report: Signal<Report>,
) -> impl IntoView {
    view! {
        <CallsAside picker />
        <ChangesPanel picker />
        <ReportPanel picker report />
    }
}

#[component]
fn List(picker: Picker) -> impl IntoView {
    let layout = memo(move || picker.view.with(|view| view.layout));
    let is_list = memo(move || layout.get() != Layout::Calls);
    let nothing = memo(move || is_list.get() && picker.shown.with(|shown| shown.total == 0) && picker.others_shown.with(Vec::is_empty));
    let (list, typed) = (NodeRef::<html::Div>::new(), StoredValue::new(Typed::default()));
    effect(move |_| {
        let stop = picker.stop.get();
        if let Some(list) = list.get() {
            roving::move_stop(&list, stop.as_deref());
        }
    });
    let is_searching = memo(move || picker.search.with(|text| !text.is_empty()));
    let not_searched = dynamic(move || is_searching.get().then(|| picker.later(|_| ().into_any())));
    let body = dynamic(move || match layout.get() {
        Layout::Services => view! { <Services picker /> }.into_any(),
        Layout::Matrix => picker.later(move |later| (later.matrix)(picker)),
        Layout::Calls => picker.later(move |later| (later.calls)(picker)),
    });
    view! {
        <div
            class="picker-list"
            part="list"
            role="group"
            aria-label=move || picker.text(if is_list.get() { Text::Scopes } else { Text::CallsTitle })
            node_ref=list
            on:focusin=move |event| roving::on_focus(picker, &event)
            on:keydown=move |event| {
                if let Some(list) = list.get_untracked().filter(|_| is_list.get_untracked()) {
                    roving::on_list_key(picker, &list, typed, &event);
                }
            }
        >
            {not_searched}
            <Hidden picker />
            {body}
            <div hidden=move || !is_list.get()><OtherScopes picker /></div>
            <More picker is_list />
            <p class="picker-nothing" part="note" hidden=move || !nothing.get()>{picker.text(Text::NothingFound)}</p>
        </div>
    }
}

/// What a search also finds, and the filters hide.
#[component]
fn Hidden(picker: Picker) -> impl IntoView {
    let hidden = memo(move || picker.shown.with(|shown| (shown.hidden_deprecated, shown.hidden_unchosen)));
    let is_list = memo(move || picker.view.with(|view| view.layout != Layout::Calls));
    let line = move |text: String, show: Callback<()>| {
        view! {
            <p class="picker-hidden" part="note">
                {text}
                <button type="button" class="button" part="button" data-kind="quiet" on:click=move |_| show.run(())>{picker.text(Text::ShowThem)}</button>
            </p>
        }
    };
    let show_deprecated = Callback::new(move |()| picker.view.update(|view| view.deprecated = true));
    let show_unchosen = Callback::new(move |()| picker.view.update(|view| view.only = None));
    // Nothing here leads there: the page says which key it is.
    let place = move |(place, count): (Place, usize)| {
        let (one, many) = match &place {
            Place::Edition(_) => (Text::InEditionOne, Text::InEditionMany),
            Place::Tier(Tier::Organization) => (Text::OfOrganizationOne, Text::OfOrganizationMany),
            Place::Tier(_) => (Text::OfProjectOne, Text::OfProjectMany),
        };
        let edition = if let Place::Edition(name) = &place { visible(name) } else { String::new() };
        let parts = [("count", count.to_string()), ("edition", edition)];
        let parts = parts.each_ref().map(|(name, value)| (*name, value.as_str()));
        view! { <p class="picker-hidden" part="note">{picker.fill(if count == 1 { one } else { many }, &parts)}</p> }
    };
    dynamic(move || {
        let (deprecated, unchosen) = if is_list.get() { hidden.get() } else { (0, 0) };
        let deprecated = (deprecated > 0)
            .then(|| line(picker.counted(deprecated, Text::HiddenDeprecatedOne, Text::HiddenDeprecatedMany), show_deprecated));
        let unchosen =
            (unchosen > 0).then(|| line(picker.counted(unchosen, Text::HiddenUnchosenOne, Text::HiddenUnchosenMany), show_unchosen));
        let elsewhere = is_list.get().then(|| picker.elsewhere.get().into_iter().map(place).collect_view());
        (deprecated, unchosen, elsewhere)
    })
}

/// A button for the rows that are not on the page yet. Scrolling to it presses it.
#[component]
fn More(picker: Picker, is_list: Memo<bool>) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let rest = memo(move || if is_list.get() { picker.shown.with(|shown| shown.rest) } else { 0 });
    let seen = LocalValue::new_local(None::<(web_sys::IntersectionObserver, Closure<dyn FnMut(js_sys::Array)>)>);
    effect(move |_| {
        let Some(button) = button.get() else { return };
        let on_seen = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            use wasm_bindgen::JsCast;
            let is_seen = entries.iter().any(|entry| entry.unchecked_into::<web_sys::IntersectionObserverEntry>().is_intersecting());
            if is_seen && !picker.history.is_disposed() {
                picker.show_more();
            }
        });
        let options = web_sys::IntersectionObserverInit::new();
        options.set_root_margin("200px");
        use wasm_bindgen::JsCast;
        if let Ok(observer) = web_sys::IntersectionObserver::new_with_options(on_seen.as_ref().unchecked_ref(), &options) {
            observer.observe(&button);
            seen.set_value(Some((observer, on_seen)));
        }
    });
    // Where one step does not fill the window, the button is still in sight, and no event says so again.
    effect(move |_| {
        rest.track();
        seen.with_value(|seen| {
            if let (Some((observer, _)), Some(button)) = (seen, button.get_untracked()) {
                observer.unobserve(&button);
                observer.observe(&button);
            }
        });
    });
    on_cleanup(move || {
        if let Some((observer, _)) = seen.try_update_value(Option::take).flatten() {
            observer.disconnect();
        }
    });
    view! {
        <button type="button" class="button picker-more" part="button more" data-kind="quiet" hidden=move || rest.get() == 0 node_ref=button on:click=move |_| picker.show_more()>
            {move || picker.fill(Text::ShowMore, &[("count", &rest.get().to_string())])}
        </button>
    }
}
