//! The rows of the table of keys. Rows are copies of one template, and a row shows another key by changing texts and attributes: while a
//! person scrolls, searches or sorts, hardly an element is made.

use std::{cell::Cell, sync::Arc};

use leptos::{
    prelude::*,
    tachys::view::{Mountable, Render},
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, Node};

use super::{status_pill::status_words, text_width::TextWidths};
use crate::{
    api::KeyDetails,
    console::{
        catalog::Served,
        clock,
        route::Page,
        state::{Rows, ServiceUse, ago_to_the_day, created_by, exact_times, relative, service_uses, shown, status},
    },
    key::KeyStatus,
    scope::DateTime,
};

/// How many services a row names at most; the others are counted.
const SERVICES: usize = 3;

/// A point in time, and how it is shown at another.
type Moment = (Option<DateTime>, fn(DateTime, DateTime) -> String);

/// A text of the page that changes. The browser does nothing where it stays the same.
struct Label {
    node: Node,
    text: String,
}

impl Label {
    /// The text in an element, which is its first child.
    fn of(element: &Element) -> Option<Self> {
        let node = element.first_child()?;
        Some(Self { text: node.node_value()?, node })
    }

    fn set(&mut self, text: &str) {
        if self.text != text {
            text.clone_into(&mut self.text);
            self.node.set_node_value(Some(text));
        }
    }
}

/// What all rows need to know.
pub(super) struct Shown<'a> {
    /// `None` while it is on its way.
    pub catalog: Option<Served>,
    /// In which scopes are sensitive or not.
    pub edition: Option<&'a str>,
    pub project: &'a str,
    /// The number of the page's first key in the whole list, from 0.
    pub offset: usize,
    pub now: DateTime,
    /// How wide the column of the services is, in pixels; 0 where it is not shown, or not known yet.
    pub room: i32,
    /// The rows in view.
    pub in_view: Rows,
}

/// One row, as the elements that change.
pub(super) struct Row {
    pub element: Element,
    tick: HtmlInputElement,
    pill: Element,
    status: Label,
    link: Element,
    name: Label,
    hint: Label,
    creator: Element,
    creator_name: Label,
    chips: Vec<Chip>,
    more: Element,
    more_text: Label,
    times: Vec<(Element, Label, Option<DateTime>)>,
    menu: HtmlElement,
    /// The key that it shows.
    pub key: Option<Arc<KeyDetails>>,
    number: usize,
    shown_at: Option<DateTime>,
    /// What its scopes were judged by.
    judged_by: (Option<Served>, Option<String>),
    shown_in: i32,
    shown_status: Option<KeyStatus>,
    /// Whether its title has the exact times.
    says_times: Cell<bool>,
    uses: Vec<ServiceUse>,
}

thread_local! {
    static TEMPLATE: Option<Element> = template();
}

fn template() -> Option<Element> {
    // Each text has a node, which copies have too. As few elements as can be: each of them is laid out and painted while a person scrolls.
    let chip = || view! { <span class="tag" hidden>"-"<b>"-"</b><span class="visually-hidden" hidden>" (sensitive)"</span></span> };
    let row = view! {
        <tr role="row">
            <td role="cell" class="keys-box"><input type="checkbox" class="box" /></td>
            <td role="cell"><span class="pill"><span class="keys-wide">"-"</span></span></td>
            <th role="rowheader" scope="row" class="keys-name"><a dir="auto">"-"</a><span class="keys-hint mono">"-"</span></th>
            <td role="cell" class="keys-scopes" data-wide="medium">{chip()}{chip()}{chip()}<span class="keys-never">"-"</span></td>
            <td role="cell"><time>"-"</time></td>
            <td role="cell" data-wide="medium"><time>"-"</time></td>
            <td role="cell" class="keys-made" data-wide="large"><time>"-"</time><span class="keys-hint" dir="auto">"-"</span></td>
            <td role="cell" class="keys-menu"><button type="button" class="keys-more" aria-expanded="false"></button></td>
        </tr>
    };
    row.into_any().build().elements().into_iter().next()
}

impl Row {
    pub fn new() -> Option<Self> {
        let copy = TEMPLATE.with(|template| template.as_ref()?.clone_node_with_deep(true).ok())?;
        let element: Element = copy.dyn_into().ok()?;
        let find = |selector: &str| element.query_selector(selector).ok().flatten();
        let all = |selector: &str| -> Option<Vec<Element>> {
            let found = element.query_selector_all(selector).ok()?;
            (0..found.length()).map(|index| found.item(index)?.dyn_into().ok()).collect()
        };
        let (link, creator, more) = (find("a")?, find(".keys-made > .keys-hint")?, find(".keys-never")?);
        Some(Self {
            tick: find(".box")?.dyn_into().ok()?,
            pill: find(".pill")?,
            status: Label::of(&find(".keys-wide")?)?,
            name: Label::of(&link)?,
            link,
            hint: Label::of(&find(".keys-name > .keys-hint")?)?,
            creator_name: Label::of(&creator)?,
            creator,
            chips: all(".tag")?.into_iter().map(Chip::of).collect::<Option<_>>()?,
            more_text: Label::of(&more)?,
            more,
            times: all("time")?
                .into_iter()
                .map(|time| Some((Label::of(&time)?, time)))
                .map(|time| time.map(|(label, time)| (time, label, None)))
                .collect::<Option<_>>()?,
            menu: find("button")?.dyn_into().ok()?,
            element,
            key: None,
            number: usize::MAX,
            shown_at: None,
            judged_by: (None, None),
            shown_in: 0,
            shown_status: None,
            says_times: Cell::new(false),
            uses: Vec::new(),
        })
    }

    /// The button of its menu, which opens next to it.
    pub fn menu_button(&self) -> HtmlElement {
        self.menu.clone()
    }

    /// The key that it shows, if this is the button of its menu.
    pub fn key_of_menu(&self, button: &Element) -> Option<Arc<KeyDetails>> {
        self.key.clone().filter(|_| *self.menu == *button)
    }

    /// Whether this is the key that it shows.
    pub fn shows(&self, key: &Arc<KeyDetails>) -> bool {
        self.key.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, key))
    }

    /// Ticks its box, or not.
    pub fn tick(&self, is_selected: impl Fn(&str) -> bool) {
        self.tick.set_checked(self.key.as_ref().is_some_and(|key| is_selected(&key.key.id)));
    }

    /// Says whether its menu is open.
    pub fn mark_menu(&self, is_open: bool) {
        set(&self.menu, "aria-expanded", Some(if is_open { "true" } else { "false" }));
        set(&self.element, "data-open", is_open.then_some("true"));
    }

    /// Says the exact times of the key, until it shows another one and nobody points at it.
    pub fn say_times(&self) {
        self.says_times.set(true);
        set(&self.link, "title", self.key.as_ref().map(|key| exact_times(key, clock::long)).as_deref());
    }

    /// Says them anew where somebody is still there: no event tells that again.
    fn renew_times(&self) {
        if self.says_times.get() {
            if self.element.matches(":hover, :focus-within").unwrap_or(false) {
                self.say_times();
            } else {
                self.says_times.set(false);
                set(&self.link, "title", None);
            }
        }
    }

    /// Shows a key, or that one is on its way. Returns whether it showed something else before.
    pub fn fill(&mut self, shown: &Shown<'_>, texts: &mut Option<TextWidths>, number: usize, key: Option<&Arc<KeyDetails>>) -> bool {
        if self.number != number {
            self.number = number;
            // The head is the first row.
            set(&self.element, "aria-rowindex", Some(&(number + 2).to_string()));
        }
        let is_same = match (&self.key, key) {
            (Some(old), Some(new)) => Arc::ptr_eq(old, new),
            (None, None) => self.shown_at.is_some(),
            _ => false,
        };
        let is_same =
            is_same && self.shown_in == shown.room && self.judged_by.0 == shown.catalog && self.judged_by.1.as_deref() == shown.edition;
        if is_same && self.shown_at == Some(shown.now) {
            return false;
        }
        let is_new = self.shown_at.is_none();
        self.judged_by = (shown.catalog, shown.edition.map(str::to_owned));
        self.shown_in = shown.room;
        self.shown_at = Some(shown.now);
        if !is_same {
            self.key = key.cloned();
            set(&self.element, "class", key.is_none().then_some("keys-waiting"));
            self.fill_key(shown, texts, key.map(|key| &**key));
        }
        self.fill_status(key.map(|key| (status(key, shown.now), key.exposed_at.0.is_some())), is_same);
        let [expires, used, created] = key.map_or([None; 3], |key| [key.key.expire.0, key.key.accessed_at.0, key.key.created_at.0]);
        let texts: [Moment; 3] = [(expires, relative), (used, ago_to_the_day), (created, relative)];
        for ((element, label, before), (at, text)) in self.times.iter_mut().zip(texts) {
            if is_new || *before != at {
                *before = at;
                set(element, "datetime", at.map(|at| at.to_string()).as_deref());
                set(element, "class", at.is_none().then_some("keys-never"));
            }
            let text = at.map_or_else(|| if key.is_some() { "Never".to_owned() } else { String::new() }, |at| text(at, shown.now));
            label.set(&text);
        }
        true
    }

    fn fill_key(&mut self, context: &Shown<'_>, texts: &mut Option<TextWidths>, key: Option<&KeyDetails>) {
        let name = key.map(|key| shown(&key.key.name)).unwrap_or_default();
        let path = key.map(|key| Page::Key { project: context.project.to_owned(), key: key.key.id.clone() }.path());
        set(&self.tick, "aria-label", Some(&format!("Select {name}")));
        set(&self.menu, "aria-label", Some(&format!("Actions for {name}")));
        set(&self.link, "href", path.as_deref());
        self.renew_times();
        self.name.set(&name);
        self.hint.set(key.map_or("", |key| &key.key.secret));
        let creator = key.and_then(|key| key.created_by.as_ref()).map(|creator| shown(&created_by(creator))).unwrap_or_default();
        if self.creator_name.text != creator {
            set(&self.creator, "title", Some(&creator));
        }
        self.creator_name.set(&creator);
        let scopes = key.map_or(&[][..], |key| &key.key.scopes);
        let mut uses = context.catalog.map_or_else(Vec::new, |served| service_uses(scopes, served.catalog(), context.edition));
        let all = uses.len();
        uses.truncate(SERVICES);
        if let Some(texts) = texts.as_mut().filter(|_| context.room > 0) {
            uses.truncate(texts.chips_in(f64::from(context.room), &uses, all));
        }
        let more = match (all - uses.len(), key) {
            (_, Some(_)) if scopes.is_empty() => "None".to_owned(),
            (0, _) => String::new(),
            (count, _) => format!("+{count}"),
        };
        if self.more_text.text.is_empty() != more.is_empty() {
            set(&self.more, "hidden", more.is_empty().then_some(""));
        }
        self.more_text.set(&more);
        if self.uses == uses {
            return;
        }
        for (index, chip) in self.chips.iter_mut().enumerate() {
            let found = uses.get(index);
            if self.uses.get(index) != found {
                chip.fill(found);
            }
        }
        self.uses = uses;
    }

    fn fill_status(&mut self, status: Option<(KeyStatus, bool)>, is_same: bool) {
        if is_same && self.shown_status == status.map(|(status, _)| status) {
            return;
        }
        self.shown_status = status.map(|(status, _)| status);
        let (tone, label) = status.map_or(("", ""), |(status, exposed)| status_words(status, exposed));
        set(&self.pill, "data-tone", Some(tone));
        self.status.set(label);
    }
}

/// What a key opens in one service.
struct Chip {
    element: Element,
    title: Label,
    letters: Label,
    sensitive: Element,
}

impl Chip {
    fn of(element: Element) -> Option<Self> {
        let title = Label::of(&element)?;
        let letters = Label::of(&element.first_element_child()?)?;
        let sensitive = element.last_element_child()?;
        Some(Self { element, title, letters, sensitive })
    }

    fn fill(&mut self, service: Option<&ServiceUse>) {
        set(&self.element, "hidden", service.is_none().then_some(""));
        let Some(service) = service else { return };
        set(&self.element, "data-tone", service.is_sensitive.then_some("warning"));
        set(&self.sensitive, "hidden", (!service.is_sensitive).then_some(""));
        self.title.set(&format!("{} ", service.title));
        self.letters.set(service.letters());
    }
}

/// Sets or removes an attribute. Names and values of attributes are never refused: the names stand in this file.
fn set(element: &Element, name: &str, value: Option<&str>) {
    drop(match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    });
}
