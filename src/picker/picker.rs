//! A running picker: its inputs, the settings of its toolbar, and what follows from both.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    catalog::PickerCatalog,
    inputs::{PickerInputs, Preset},
    later::LaterState,
    paint::{after_paint, catch_up, growing, painted},
    state::{
        Ask, Found, Group, History, Index, Offer, Place, Query, Shown, Strings, Text, Tick, Ticks, View, elsewhere, groups, lowered,
        presets, set_all, stop, unknown,
    },
};
use crate::scope::{Scope, Tier};

/// So many rows are on the page before a person scrolls: a window of them first, and the others with the frames after it. While a person
/// searches, each key changes all of them: first comes half a screen.
const ROWS: usize = 160;
const ROWS_FIRST: usize = 24;
const ROWS_FOUND: usize = 6;
/// So many more come with each step down.
const ROWS_MORE: usize = 36;
const ROWS_MORE_FOUND: usize = 14;

/// What is searched, once it is prepared.
pub(super) type SearchIndex = StoredValue<Option<Arc<Index>>>;

/// A running picker. [`ScopePicker`](super::ScopePicker) makes one; a page that arranges the parts of the picker makes it itself.
#[derive(Clone, Copy)]
pub struct Picker {
    /// The inputs.
    pub inputs: PickerInputs,
    /// The settings of the toolbar.
    pub view: RwSignal<View>,
    /// What is typed into the search.
    pub search: RwSignal<String>,
    /// What the list answers: the search, a frame later.
    searched: RwSignal<String>,
    /// The chosen scopes as the list shows them: a frame later, once the tick is painted.
    pub seen: RwSignal<Vec<String>>,
    pub(super) query: RwSignal<Option<Query>>,
    pub(super) found: RwSignal<Option<Found>>,
    /// The offered scopes, by their positions in the catalog.
    pub offered: Memo<Vec<usize>>,
    /// The offered scopes by service.
    pub(super) groups: Memo<Vec<Group>>,
    pub(super) ticks: RwSignal<Ticks>,
    /// What each row of the list shows, by the position of its scope; so that a tick changes one row and does not ask all of them.
    rows: StoredValue<Vec<(usize, RwSignal<Tick>)>>,
    pub(super) shown: RwSignal<Shown>,
    /// What the search also finds, and a key like this cannot have.
    pub(super) elsewhere: Memo<Vec<(Place, usize)>>,
    /// Chosen or saved scopes that are not offered; of those, what the search finds.
    pub(super) others_shown: Memo<Vec<String>>,
    pub(super) history: RwSignal<History>,
    /// What a click asks before it grants much.
    pub(super) ask: RwSignal<Option<Ask>>,
    /// What has just happened, for a screen reader.
    pub(super) announcement: RwSignal<String>,
    /// The stop of the list that has the focus, or had it last.
    pub(super) at: RwSignal<Option<String>>,
    /// The one stop of the list that Tab leads to.
    pub(super) stop: Memo<Option<String>>,
    /// How many rows more than at first are on the page.
    more: RwSignal<usize>,
    /// The positions of the scopes that the grantor cannot grant.
    refused: Memo<Vec<usize>>,
    pub(super) index: SearchIndex,
    strings: StoredValue<Strings>,
}

impl Picker {
    /// A picker with these inputs.
    pub fn new(inputs: PickerInputs) -> Self {
        let catalog = inputs.catalog();
        let view = RwSignal::new(View::of(&catalog, &inputs.scopes.get_untracked()));
        let position = |catalog: &PickerCatalog, name: &str| catalog.scope_index(name);
        let rules = move || {
            let (tier, edition) = (inputs.tier.get(), inputs.edition.get());
            Offer { tier, edition, allow: inputs.allow.get(), hide: inputs.hide.get() }
        };
        let offered = memo(move || {
            let catalog = inputs.catalog();
            rules().scopes(&catalog).iter().filter_map(|scope| position(&catalog, scope.id.as_str())).collect::<Vec<usize>>()
        });
        let refused = memo(move || {
            let Some(grantor) = inputs.grantor.get() else { return Vec::new() };
            let catalog = inputs.catalog();
            let refused = Offer::refused(&catalog, &rules().scopes(&catalog), grantor, inputs.previous.get(), inputs.tier.get());
            refused.iter().filter_map(|name| position(&catalog, name)).collect()
        });
        let groups = memo(move || offered.with(|offered| groups(&inputs.catalog(), offered)));
        let seen: RwSignal<Vec<String>> = painted(inputs.scopes.into());
        let ticks = RwSignal::new(Ticks::of(&inputs.catalog(), &seen.get_untracked()));
        let rows = StoredValue::new(Vec::<(usize, RwSignal<Tick>)>::new());
        effect(move |_| {
            let next = seen.with(|scopes| Ticks::of(&inputs.catalog(), scopes));
            rows.update_value(|rows| {
                // Rows come and go; the signals of those that are gone are gone too.
                rows.retain(|(at, row)| {
                    let tick = next.tick(*at);
                    let is_there = !row.is_disposed();
                    if is_there && row.with_untracked(|row| *row != tick) {
                        row.set(tick);
                    }
                    is_there
                });
            });
            if ticks.with_untracked(|ticks| *ticks != next) {
                ticks.set(next);
            }
        });
        let (search, searched, more) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(0));
        let finds = move || if let LaterState::Ready(later) = inputs.later.get() { Some(later.find) } else { None };
        let asked = memo(move || finds().and_then(|_| searched.with(|text| Query::of(text))));
        let index = StoredValue::new(None);
        let answer = memo(move || {
            let (catalog, find) = (inputs.catalog(), finds()?);
            asked.with(|query| query.as_ref().map(|query| find(index, &catalog, query)))
        });
        let rows_first = growing(ROWS_FIRST, ROWS_MORE, || ROWS);
        let next = memo(move || {
            let first = if asked.with(Option::is_some) { ROWS_FOUND } else { rows_first.get().min(ROWS) };
            let limit = first + more.get();
            view.with(|view| {
                answer.with(|found| {
                    groups.with(|groups| ticks.with(|ticks| Shown::of(&inputs.catalog(), groups, view, found.as_ref(), ticks, limit)))
                })
            })
        });
        let (query, found, shown) = (RwSignal::new(None), RwSignal::new(None), RwSignal::new(next.get_untracked()));
        effect(move |_| {
            let next = next.get();
            if shown.with_untracked(|shown| *shown != next) {
                shown.set(next);
            }
            // After the rows that go: they need not mark other words first.
            let asked = asked.get();
            if query.with_untracked(|query| *query != asked) {
                found.set(answer.get());
                query.set(asked);
            }
        });
        let at = RwSignal::new(None::<String>);
        let others = memo(move || {
            let catalog = inputs.catalog();
            let mut all = inputs.previous.get().unwrap_or_default();
            all.extend(seen.get());
            // They are in catalog order.
            offered.with(|offered| unknown(|name| catalog.scope_index(name).is_some_and(|at| offered.binary_search(&at).is_ok()), &all))
        });
        let elsewhere = memo(move || {
            let is_shown = |name: &str| others.with(|others| others.iter().any(|other| other == name));
            found.with(|found| found.as_ref().map(|found| elsewhere(&inputs.catalog(), &rules(), found, is_shown)).unwrap_or_default())
        });
        let others_shown = memo(move || {
            let is_found = |query: &Option<Query>, name: &String| {
                query.as_ref().is_none_or(|query| query.words.iter().all(|word| lowered(name).contains(word.as_str())))
            };
            query.with(|query| others.get().into_iter().filter(|name| is_found(query, name)).collect::<Vec<_>>())
        });
        let stop = memo(move || {
            let (at, layout) = (at.get(), view.with(|view| view.layout));
            groups.with(|groups| shown.with(|shown| others_shown.with(|others| stop(at, layout, groups, shown, others))))
        });
        let strings = StoredValue::new(Strings::new(&inputs.strings.get_untracked()));
        Self {
            inputs,
            view,
            search,
            searched,
            seen,
            query,
            found,
            offered,
            groups,
            ticks,
            rows,
            shown,
            elsewhere,
            others_shown,
            history: RwSignal::default(),
            ask: RwSignal::new(None),
            announcement: RwSignal::default(),
            at,
            stop,
            more,
            refused,
            index,
            strings,
        }
    }

    /// The catalog.
    pub fn catalog(self) -> PickerCatalog {
        self.inputs.catalog()
    }

    /// A text of the picker.
    pub(super) fn text(self, text: Text) -> String {
        self.strings.with_value(|strings| strings.get(text).to_owned())
    }

    /// A text with its parts filled in.
    pub(super) fn fill(self, text: Text, parts: &[(&str, &str)]) -> String {
        self.strings.with_value(|strings| strings.fill(text, parts))
    }

    /// A text with a number, of which there is one for 1 and one for others.
    pub(super) fn counted(self, count: usize, one: Text, others: Text) -> String {
        self.fill(if count == 1 { one } else { others }, &[("count", &count.to_string())])
    }

    pub(super) fn with_strings<T>(self, ask: impl FnOnce(&Strings) -> T) -> T {
        self.strings.with_value(ask)
    }

    /// The scope at a position.
    pub(super) fn scope(self, at: usize) -> Option<Scope> {
        self.catalog().scopes().get(at).cloned()
    }

    pub(super) fn is_read_only(self) -> bool {
        self.inputs.read_only.get()
    }

    /// What the row of a scope shows. The signal is of whoever asks for it.
    pub(super) fn tick(self, at: usize) -> RwSignal<Tick> {
        let row = RwSignal::new(self.ticks.with_untracked(|ticks| ticks.tick(at)));
        self.rows.update_value(|rows| {
            if rows.len() == rows.capacity() {
                rows.retain(|(_, row)| !row.is_disposed());
            }
            rows.push((at, row));
        });
        row
    }

    /// Which scopes are chosen, also where no frame shows it yet.
    pub(super) fn ticks_now(self) -> Ticks {
        self.inputs.scopes.with_untracked(|scopes| Ticks::of(&self.catalog(), scopes))
    }

    /// Whether a scope is chosen, also where no frame shows it yet.
    pub(super) fn has(self, name: &str) -> bool {
        self.inputs.scopes.with_untracked(|scopes| scopes.iter().any(|scope| scope == name))
    }

    /// Shows what is chosen now, without waiting for a frame.
    pub fn catch_up(self) {
        catch_up(self.inputs.scopes.into(), self.seen);
    }

    /// Whether the creator of the key cannot grant the scope.
    pub(super) fn is_refused(self, at: usize) -> bool {
        self.refused.with(|refused| refused.contains(&at))
    }

    /// Whether the checkbox of a scope cannot be changed. A chosen scope that cannot be granted can be removed.
    pub(super) fn is_locked(self, at: usize) -> bool {
        self.is_read_only() || (self.is_refused(at) && !self.ticks.with(|ticks| ticks.is_chosen(at)))
    }

    /// Replaces the selection: a step that can be undone.
    pub fn change(self, next: Vec<String>) {
        let before = self.inputs.scopes.get_untracked();
        if before != next && !self.inputs.read_only.get_untracked() {
            self.history.update(|history| history.record(before));
            self.inputs.scopes.set(next);
        }
    }

    /// Replaces the selection, after a question where that grants much.
    pub fn change_all(self, next: Vec<String>) {
        let before = self.inputs.scopes.get_untracked();
        match Ask::about(&self.catalog(), self.edition().as_deref(), &before, &next) {
            Some(ask) if !self.inputs.read_only.get_untracked() => self.ask.set(Some(ask)),
            _ => self.change(next),
        }
    }

    fn with_names(self, names: &[&str], chosen: bool) -> Vec<String> {
        self.inputs.scopes.with_untracked(|scopes| set_all(&self.catalog(), scopes, names.iter().copied(), chosen))
    }

    /// Chooses a scope, or not.
    pub fn choose(self, name: &str, chosen: bool) {
        self.change(self.with_names(&[name], chosen));
    }

    pub(super) fn choose_all(self, names: &[&str], chosen: bool) {
        self.change_all(self.with_names(names, chosen));
    }

    /// Chooses these scopes, or none of them. What cannot be granted is not chosen.
    pub(super) fn choose_positions(self, scopes: &[usize], chosen: bool) {
        let catalog = self.catalog();
        let names = untrack(|| {
            let can = |at: &&usize| !chosen || !self.is_locked(**at);
            scopes.iter().filter(can).filter_map(|at| catalog.scopes().get(*at)).map(|scope| scope.id.as_str()).collect::<Vec<_>>()
        });
        self.choose_all(&names, chosen);
    }

    pub(super) fn undo(self) {
        let now = self.inputs.scopes.get_untracked();
        if let Some(before) = self.history.try_update(|history| history.undo(now)).flatten() {
            self.inputs.scopes.set(before);
            self.announcement.set(self.text(Text::Undone));
        }
    }

    pub(super) fn redo(self) {
        let now = self.inputs.scopes.get_untracked();
        if let Some(after) = self.history.try_update(|history| history.redo(now)).flatten() {
            self.inputs.scopes.set(after);
            self.announcement.set(self.text(Text::Redone));
        }
    }

    /// Something else is looked for: from the first row again.
    pub(super) fn search_for(self, text: String) {
        self.search.set(text);
        after_paint(move || self.catch_up_with_search());
    }

    /// Looks for what is typed now, without waiting for a frame.
    pub(super) fn catch_up_with_search(self) {
        // The picker may be gone.
        let text = self.search.try_get_untracked();
        if let Some(text) = text.filter(|text| self.searched.with_untracked(|searched| searched != text)) {
            self.more.set(0);
            self.searched.set(text);
        }
    }

    /// More rows on the page, if there are any.
    pub(super) fn show_more(self) {
        if self.shown.with_untracked(|shown| shown.rest > 0) {
            let step = if self.query.with_untracked(Option::is_some) { ROWS_MORE_FOUND } else { ROWS_MORE };
            self.more.update(|more| *more += step);
        }
    }

    /// All rows on the page.
    pub(super) fn show_all(self) {
        let rest = self.shown.with_untracked(|shown| shown.rest);
        self.more.update(|more| *more += rest);
    }

    /// The presets to show.
    pub(super) fn presets(self) -> Vec<Preset> {
        let given = self.inputs.presets.get();
        let edition = self.inputs.edition.get();
        self.offered
            .with(|offered| self.with_strings(|strings| presets(&self.catalog(), offered, edition.as_deref(), strings, given.as_deref())))
    }

    /// The edition that the key is for, where it is stated.
    pub(super) fn edition(self) -> Option<String> {
        self.inputs.edition.get_untracked()
    }

    /// Whether a scope is sensitive in that edition.
    pub(super) fn is_sensitive(self, scope: &str) -> bool {
        self.catalog().sensitivity_of(scope, self.edition().as_deref()).is_some()
    }

    /// The edition and the tier that operations are planned for.
    pub(super) fn target(self) -> (Option<String>, Tier) {
        (self.inputs.edition.get(), self.inputs.tier.get())
    }
}
