//! The keyboard of the list, as the WAI-ARIA practices describe it for composite widgets: Tab leads to one stop of the list, and the arrows, Home, End and
//! the letters go through the others.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::{
    paint::once_rendered,
    picker::Picker,
    state::{Layout, lowered, type_ahead},
};

/// Letters that follow each other within this time are one name, in milliseconds.
const ONE_NAME: f64 = 800.0;

/// What is typed to find a name, and when.
#[derive(Clone, Default)]
pub(super) struct Typed {
    text: String,
    at: f64,
}

/// The focus has come to a stop: Tab will lead back to it.
pub(super) fn on_focus(picker: Picker, event: &web_sys::FocusEvent) {
    let stop =
        target(event).and_then(|target| target.closest("[data-stop]").ok().flatten()).and_then(|stop| stop.get_attribute("data-stop"));
    if stop.is_some() {
        picker.at.set(stop);
    }
}

/// A key in the whole picker: undo, redo, and `/` for the search.
pub(super) fn on_key(picker: Picker, root: &HtmlElement, event: &KeyboardEvent) {
    let is_command = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
    let key = event.key();
    // Most keys are letters of a search.
    if !is_command && key != "/" {
        return;
    }
    let Some(target) = target(event) else { return };
    // A field with a text has its own undo.
    let is_field = target.matches("textarea, input:not([type=checkbox]):not([type=radio])").unwrap_or(false);
    if is_command {
        let is_empty_search = target.matches("input[type=search]").unwrap_or(false) && picker.search.with_untracked(String::is_empty);
        if is_field && !is_empty_search {
            return;
        }
        match (lowered(&key).as_str(), event.shift_key()) {
            ("z", false) => picker.undo(),
            ("z", true) | ("y", false) => picker.redo(),
            _ => return,
        }
        event.prevent_default();
    } else if !is_field {
        event.prevent_default();
        if let Some(search) =
            root.query_selector("input[type=search]").ok().flatten().and_then(|search| search.dyn_into::<HtmlElement>().ok())
        {
            drop(search.focus());
        }
    }
}

/// A key in the search.
pub(super) fn on_search_key(picker: Picker, event: &KeyboardEvent) {
    match event.key().as_str() {
        // The picker can be part of a form; Enter in the search must not submit it.
        "Enter" => event.prevent_default(),
        "Escape" if picker.search.with_untracked(|text| !text.is_empty()) => {
            event.prevent_default();
            event.stop_propagation();
            picker.search_for(String::new());
        }
        "ArrowDown" => {
            event.prevent_default();
            // Into what is found, and not into rows that go.
            picker.catch_up_with_search();
            let root = target(event).and_then(|target| target.closest(".picker").ok().flatten());
            once_rendered(move || {
                let stop = root.and_then(|root| root.query_selector(".picker-list [data-stop][tabindex='0']").ok().flatten());
                if let Some(stop) = stop.and_then(|stop| stop.dyn_into::<HtmlElement>().ok()) {
                    drop(stop.focus());
                }
            });
        }
        "Tab" => picker.catch_up_with_search(),
        _ => {}
    }
}

/// A key in the list.
pub(super) fn on_list_key(picker: Picker, list: &HtmlElement, typed: StoredValue<Typed>, event: &KeyboardEvent) {
    let Some(target) = target(event) else { return };
    if event.ctrl_key() || event.meta_key() || event.alt_key() || target.matches("textarea, select").unwrap_or(false) {
        return;
    }
    let key = event.key();
    let is_letter = key.chars().count() == 1 && !matches!(key.as_str(), " " | "/");
    if !is_letter && !matches!(key.as_str(), "ArrowDown" | "ArrowUp" | "ArrowRight" | "ArrowLeft" | "Home" | "End" | "Enter") {
        return;
    }
    let stops = stops(list);
    // On a button of a row, the row's box counts.
    let row = target.closest(".scope, .service-head, tr").ok().flatten();
    let own = if target.has_attribute("data-stop") {
        Some(target.clone())
    } else {
        row.as_ref().and_then(|row| row.query_selector("[data-stop]").ok().flatten())
    };
    let Some(at) = own.and_then(|own| stops.iter().position(|stop| *stop.unchecked_ref::<Element>() == own)) else { return };
    let Some(stop) = stops.get(at) else { return };
    let moved = match key.as_str() {
        "ArrowDown" => down(picker, list, &stops, at),
        "ArrowUp" => up(&stops, at),
        "Home" => focus(stops.first()),
        "End" => end(picker, list),
        "ArrowRight" | "ArrowLeft" => sideways(picker, &stops, at, &target, key == "ArrowRight"),
        "Enter" => stop.get_attribute("aria-expanded").is_some_and(|_| target.has_attribute("data-stop")) && toggle(picker, stop),
        letter => {
            let now = event.time_stamp();
            let begin = typed.with_value(|typed| if now - typed.at < ONE_NAME { typed.text.clone() } else { String::new() });
            let text = begin + &lowered(letter);
            typed.set_value(Typed { text: text.clone(), at: now });
            let names: Vec<String> = stops.iter().map(|stop| stop.get_attribute("data-name").unwrap_or_default()).collect();
            focus(type_ahead(&names, at, &text).and_then(|at| stops.get(at)))
        }
    };
    if moved {
        event.prevent_default();
    }
}

/// Tab leads to this stop from now on, and to no other one.
pub(super) fn move_stop(list: &HtmlElement, stop: Option<&str>) {
    let all = |selector: &str| {
        list.query_selector_all(selector).ok().into_iter().flat_map(|found| (0..found.length()).filter_map(move |at| found.item(at)))
    };
    let set = |node: web_sys::Node, value| node.unchecked_ref::<Element>().set_attribute("tabindex", value).unwrap_or_default();
    all("[data-stop][tabindex='0']").for_each(|node| set(node, "-1"));
    if let Some(stop) = stop {
        all(&format!("[data-stop={}]", quoted(stop))).for_each(|node| set(node, "0"));
    }
}

/// A text as a selector has it: a name that is no scope's can have anything in it.
fn quoted(text: &str) -> String {
    let letters =
        text.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_string() } else { format!("\\{:x} ", u32::from(letter)) });
    format!("'{}'", letters.collect::<String>())
}

fn target(event: &web_sys::Event) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into::<Element>().ok())
}

/// The visible stops, in order.
fn stops(list: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(found) = list.query_selector_all("[data-stop]") else { return Vec::new() };
    let stops = (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<HtmlElement>().ok());
    stops.filter(|stop| stop.closest("[hidden]").ok().flatten().is_none()).collect()
}

fn focus(stop: Option<&HtmlElement>) -> bool {
    stop.is_some_and(|stop| stop.focus().is_ok())
}

fn column(stop: &HtmlElement) -> String {
    let in_cell = stop.get_attribute("data-column").filter(|column| !column.is_empty());
    // The head of a column is above its cells.
    in_cell.unwrap_or_else(|| match stop.get_attribute("data-stop").as_deref() {
        Some("c:read") => "1".to_owned(),
        Some("c:write") => "2".to_owned(),
        _ => String::new(),
    })
}

fn down(picker: Picker, list: &HtmlElement, stops: &[HtmlElement], at: usize) -> bool {
    let own = stops.get(at).map(column).unwrap_or_default();
    let below = stops.iter().skip(at + 1).find(|stop| column(stop) == own);
    if below.is_some() {
        return focus(below);
    }
    if picker.shown.with_untracked(|shown| shown.rest > 0) {
        picker.show_more();
        let list = list.clone();
        once_rendered(move || {
            let stops = self::stops(&list);
            focus(stops.iter().skip(at + 1).find(|stop| column(stop) == own));
        });
    }
    true
}

fn up(stops: &[HtmlElement], at: usize) -> bool {
    let own = stops.get(at).map(column).unwrap_or_default();
    focus(stops.iter().take(at).rev().find(|stop| column(stop) == own));
    true
}

fn end(picker: Picker, list: &HtmlElement) -> bool {
    picker.show_all();
    let list = list.clone();
    once_rendered(move || {
        focus(stops(&list).last());
    });
    true
}

/// Right expands a service or leads to the button of a row, left leads back; in the table, both go along the row.
fn sideways(picker: Picker, stops: &[HtmlElement], at: usize, target: &Element, right: bool) -> bool {
    let Some(stop) = stops.get(at) else { return false };
    if picker.view.with_untracked(|view| view.layout == Layout::Matrix) {
        let row = stop.closest("tr").ok().flatten();
        let next = if right { at.checked_add(1) } else { at.checked_sub(1) }.and_then(|at| stops.get(at));
        return focus(next.filter(|next| next.closest("tr").ok().flatten() == row));
    }
    if let Some(expanded) = stop.get_attribute("aria-expanded") {
        return if (expanded == "true") == right { right && focus(stops.get(at + 1)) } else { toggle(picker, stop) };
    }
    let row = stop.closest(".scope").ok().flatten();
    let button =
        row.and_then(|row| row.query_selector(".scope-opens").ok().flatten()).and_then(|button| button.dyn_into::<HtmlElement>().ok());
    match (right, target.has_attribute("data-stop")) {
        (true, true) => focus(button.as_ref()),
        (false, false) => focus(Some(stop)),
        // To the service of the row.
        (false, true) => focus(stops.iter().take(at).rev().find(|stop| stop.has_attribute("aria-expanded"))),
        _ => false,
    }
}

/// Expands or collapses the service of a stop.
fn toggle(picker: Picker, stop: &HtmlElement) -> bool {
    let id = stop.get_attribute("data-stop").and_then(|stop| stop.strip_prefix("g:").map(str::to_owned));
    id.is_some_and(|id| {
        picker.view.update(|view| view.toggle(&id));
        true
    })
}
