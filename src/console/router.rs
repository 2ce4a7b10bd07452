//! Chooses the page from links, the address bar and the back button, and lets a page ask before it is left.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};

use super::route::Page;

/// What a page asks before it is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Guard {
    /// What would be lost, as a title.
    pub title: &'static str,
    /// The same in a sentence.
    pub text: &'static str,
    /// The label of the button that leaves anyway.
    pub leave: &'static str,
}

/// Where the person wants to go while a guard asks.
#[derive(Clone, Debug, PartialEq)]
enum Pending {
    Page(Page, String),
    /// Steps through the history of the browser.
    Steps(i32),
}

/// Which page is shown.
#[derive(Clone, Copy)]
pub(super) struct Router {
    /// The page.
    pub page: RwSignal<Page>,
    /// The query of its address, with the question mark; often empty.
    pub query: RwSignal<String>,
    /// What the page is about, such as the name of a key, for the title of the window; empty if its title says it all.
    pub subject: RwSignal<String>,
    /// What is asked before it is left.
    guard: RwSignal<Option<Guard>>,
    pending: RwSignal<Option<Pending>>,
    /// The place in the history of the browser, from 0.
    place: StoredValue<i32>,
    /// Set while a step of the browser is being reverted.
    returning: StoredValue<bool>,
}

impl Router {
    /// Reads the address bar and starts to listen.
    pub fn start() -> Self {
        let path = window().location().pathname().unwrap_or_default();
        let router = Self {
            page: RwSignal::new(Page::parse(&path)),
            query: RwSignal::new(search()),
            subject: RwSignal::new(String::new()),
            guard: RwSignal::new(None),
            pending: RwSignal::new(None),
            place: StoredValue::new(history_place().unwrap_or(0)),
            returning: StoredValue::new(false),
        };
        router.write_place(None);
        window_event_listener(ev::click, move |event| router.on_click(&event));
        window_event_listener(ev::popstate, move |_| router.on_popstate());
        window_event_listener(ev::beforeunload, move |event| {
            if router.guard.with_untracked(Option::is_some) {
                event.prevent_default();
            }
        });
        router
    }

    /// Goes to a page, unless the current one asks first.
    pub fn go(self, page: Page) {
        self.go_with(page, String::new());
    }

    fn go_with(self, page: Page, query: String) {
        if self.has_guard() {
            self.pending.set(Some(Pending::Page(page, query)));
        } else {
            self.push(page, query);
        }
    }

    /// Writes what the page shows into the address bar: as a step that the back button reverts, or over the current one.
    pub fn write_query(self, query: String, is_step: bool) {
        if self.query.with_untracked(|current| *current == query) {
            return;
        }
        let address = self.page.get_untracked().path() + &query;
        if is_step {
            self.write_step(&address);
        } else {
            self.write_place(Some(&address));
        }
        self.query.set(query);
    }

    /// Whether the page asks before it is left.
    pub fn has_guard(self) -> bool {
        self.guard.with_untracked(Option::is_some)
    }

    /// Goes to a page without asking, and replaces the current one in the history.
    pub fn replace(self, page: Page) {
        self.guard.set(None);
        self.write_place(Some(&page.path()));
        self.show(page, String::new());
    }

    /// Removes the part after `#` from the address bar and returns it.
    pub fn take_hash(self) -> String {
        let location = window().location();
        let hash = location.hash().unwrap_or_default();
        if !hash.is_empty() {
            self.write_place(location.pathname().ok().as_deref());
        }
        hash.trim_start_matches('#').to_owned()
    }

    /// The part of the address after `#`.
    pub fn hash(self) -> String {
        window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned()
    }

    /// Writes the part of the address after `#`. No step of the history.
    pub fn write_hash(self, hash: &str) {
        if hash != self.hash() {
            let mark = if hash.is_empty() { "" } else { "#" };
            let address = self.page.get_untracked().path() + &self.query.get_untracked() + mark + hash;
            self.write_place(Some(&address));
        }
    }

    /// Sets, or with `None` removes, the guard of the current page.
    pub fn set_guard(self, guard: Option<Guard>) {
        if self.guard.get_untracked() != guard {
            self.guard.set(guard);
        }
    }

    /// The guard that is asking now.
    pub fn asked(self) -> Option<Guard> {
        self.pending.get().and_then(|_| self.guard.get())
    }

    /// The person stays.
    pub fn stay(self) {
        self.pending.set(None);
    }

    /// The person leaves all the same.
    pub fn leave(self) {
        self.guard.set(None);
        match self.pending.get_untracked() {
            Some(Pending::Page(page, query)) => self.push(page, query),
            Some(Pending::Steps(steps)) => drop(history().map(|history| history.go_with_delta(steps))),
            None => {}
        }
        self.pending.set(None);
    }

    /// `rest` is what comes after the path: the query, and the part after `#`.
    fn push(self, page: Page, rest: String) {
        self.write_step(&(page.path() + &rest));
        let query = rest.split('#').next().unwrap_or_default().to_owned();
        self.show(page, query);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    fn show(self, page: Page, query: String) {
        self.query.set(query);
        if self.page.with_untracked(|shown| *shown != page) {
            self.subject.set(String::new());
            self.page.set(page);
        }
    }

    fn write_step(self, address: &str) {
        let place = self.place.get_value() + 1;
        self.place.set_value(place);
        if let Some(history) = history() {
            drop(history.push_state_with_url(&JsValue::from(place), "", Some(address)));
        }
    }

    fn write_place(self, path: Option<&str>) {
        if let Some(history) = history() {
            drop(history.replace_state_with_url(&JsValue::from(self.place.get_value()), "", path));
        }
    }

    fn on_popstate(self) {
        if self.returning.get_value() {
            self.returning.set_value(false);
            return;
        }
        let Some(place) = history_place() else {
            // A new hash on the same page: a step that this router did not make.
            self.place.update_value(|place| *place += 1);
            self.write_place(None);
            return;
        };
        let steps = place - self.place.get_value();
        if self.has_guard() && steps != 0 {
            // The browser has already moved: go back, and repeat the step once the person agrees.
            self.returning.set_value(true);
            self.pending.set(Some(Pending::Steps(steps)));
            if let Some(history) = history() {
                drop(history.go_with_delta(-steps));
            }
            return;
        }
        self.place.set_value(place);
        self.show(Page::parse(&window().location().pathname().unwrap_or_default()), search());
    }

    /// Follows a plain click on a link to a page of the console. The browser handles everything else.
    fn on_click(self, event: &web_sys::MouseEvent) {
        let plain = event.button() == 0 && !event.meta_key() && !event.ctrl_key() && !event.shift_key() && !event.alt_key();
        if !plain || event.default_prevented() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let anchor = target.and_then(|target| target.closest("a[href]").ok().flatten());
        let Some(anchor) = anchor.and_then(|anchor| anchor.dyn_into::<web_sys::HtmlAnchorElement>().ok()) else { return };
        let same_origin = window().location().origin().is_ok_and(|origin| origin == anchor.origin());
        if !same_origin || !anchor.target().is_empty() || anchor.has_attribute("download") {
            return;
        }
        match Page::parse(&anchor.pathname()) {
            Page::NotFound => {}
            // The browser moves within the page.
            page if !anchor.hash().is_empty() && self.page.with_untracked(|shown| *shown == page) => {}
            page => {
                event.prevent_default();
                self.go_with(page, anchor.search() + &anchor.hash());
            }
        }
    }
}

fn search() -> String {
    window().location().search().unwrap_or_default()
}

fn history() -> Option<web_sys::History> {
    window().history().ok()
}

fn history_place() -> Option<i32> {
    #[allow(clippy::cast_possible_truncation, reason = "the console itself wrote this small number")]
    history()?.state().ok()?.as_f64().map(|place| place as i32)
}

/// The router that the application provides.
pub(super) fn use_router() -> Router {
    expect_context()
}
