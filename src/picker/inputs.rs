//! What a picker is given.

use leptos::prelude::*;

use super::state::{Tally, View, set, set_all, unknown};
use crate::scope::{Catalog, CheckRequest, DateTime, Enforcement, Expiry, Report, Runtime, Scope, Tier, check};

/// What a picker is given by the page around it, and the one thing that it changes: `scopes`.
#[derive(Clone, Copy)]
pub struct PickerInputs {
    /// The scopes that there are.
    pub catalog: &'static Catalog,
    /// The chosen scopes. The picker keeps those that the catalog does not know, at the end.
    pub scopes: RwSignal<Vec<String>>,
    /// The saved scopes, where a key is being changed.
    pub previous: Signal<Option<Vec<String>>>,
    /// Where the code that holds the key will run, where it is told.
    pub runs_in: Signal<Option<Runtime>>,
    /// When the key will expire, as far as it is known.
    pub expire: Signal<Expiry>,
    /// The present, where expiries are to be judged.
    pub now: Signal<Option<DateTime>>,
    /// The edition that the key is for; without it every scope of the newest is offered, and older ones are not refused.
    pub edition: Signal<Option<String>>,
    /// What a scope that the edition lacks amounts to: an error where nothing is said.
    pub beyond_edition: Signal<Option<Enforcement>>,
    /// What kind of key it is.
    pub tier: Tier,
}

impl PickerInputs {
    /// What the check says of the chosen scopes, now and after each change.
    pub fn report(self) -> Memo<Report> {
        Memo::new(move |_| {
            let request = CheckRequest {
                scopes: self.scopes.get(),
                runs_in: self.runs_in.get(),
                expire: self.expire.get(),
                now: self.now.get(),
                previous: self.previous.get(),
                edition: self.edition.get(),
                beyond_edition: self.beyond_edition.get(),
                tier: self.tier,
                ..CheckRequest::default()
            };
            check(self.catalog, &request)
        })
    }
}

/// The picker at work: what it was given, and what a person has set to find scopes.
#[derive(Clone, Copy)]
pub(super) struct Picker {
    pub inputs: PickerInputs,
    pub view: RwSignal<View>,
}

impl Picker {
    pub fn new(inputs: PickerInputs) -> Self {
        let view = View::of(inputs.catalog, &inputs.scopes.get_untracked());
        Self { inputs, view: RwSignal::new(view) }
    }

    /// The scopes on offer, in catalog order.
    pub fn offered(self) -> Vec<&'static Scope> {
        let catalog = self.inputs.catalog;
        let newest = catalog.server_edition().map(|edition| edition.id.clone()).unwrap_or_default();
        let edition = self.inputs.edition.get_untracked().filter(|id| catalog.edition(id).is_some()).unwrap_or(newest);
        let offered = |scope: &&Scope| scope.tiers.contains(&self.inputs.tier) && scope.editions.contains(&edition);
        catalog.scopes().iter().filter(offered).collect()
    }

    /// Chosen or saved scopes that are not on offer.
    pub fn others(self) -> Vec<String> {
        let offered = self.offered();
        let mut all = self.inputs.previous.get().unwrap_or_default();
        all.extend(self.inputs.scopes.get());
        unknown(|name| offered.iter().any(|scope| scope.id.as_str() == name), &all)
    }

    pub fn is_chosen(self, name: &str) -> bool {
        self.inputs.scopes.with(|scopes| scopes.iter().any(|scope| scope == name))
    }

    pub fn choose(self, name: &str, chosen: bool) {
        self.inputs.scopes.update(|scopes| *scopes = set(self.inputs.catalog, scopes, name, chosen));
    }

    pub fn choose_all(self, names: &[&str], chosen: bool) {
        self.inputs.scopes.update(|scopes| *scopes = set_all(self.inputs.catalog, scopes, names.iter().copied(), chosen));
    }

    pub fn shows(self, scope: &Scope) -> bool {
        let chosen = self.is_chosen(scope.id.as_str());
        self.view.with(|view| view.shows(self.inputs.catalog, scope, chosen))
    }

    /// How many of these are chosen, among those in sight.
    pub fn tally(self, scopes: &[&'static Scope]) -> Tally {
        let shown: Vec<&str> = scopes.iter().filter(|scope| self.shows(scope)).map(|scope| scope.id.as_str()).collect();
        self.inputs.scopes.with(|selection| Tally::of(shown.into_iter(), selection))
    }
}
