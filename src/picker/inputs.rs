//! The inputs of a picker.

use std::collections::HashMap;

use leptos::prelude::*;

use super::state::{Tally, View, held, set, set_all, unknown};
use crate::scope::{Catalog, CheckRequest, DateTime, Enforcement, Expiry, Report, Runtime, Scope, Tier, check};

/// The inputs of a picker. It changes only `scopes`.
#[derive(Clone, Copy)]
pub struct PickerInputs {
    /// The catalog with the scopes to choose from.
    pub catalog: &'static Catalog,
    /// The chosen scopes. The picker keeps unknown ones at the end.
    pub scopes: RwSignal<Vec<String>>,
    /// The saved scopes of an existing key.
    pub previous: Signal<Option<Vec<String>>>,
    /// Where the code that uses the key will run, if known.
    pub runs_in: Signal<Option<Runtime>>,
    /// When the key will expire, if known.
    pub expire: Signal<Expiry>,
    /// The current time, to check the expiry.
    pub now: Signal<Option<DateTime>>,
    /// The edition that the key is for; without it, all scopes of the newest are offered, and older ones are not refused.
    pub edition: Signal<Option<String>>,
    /// How to treat a scope that the edition does not have; an error by default.
    pub beyond_edition: Signal<Option<Enforcement>>,
    /// The kind of key.
    pub tier: Tier,
}

impl PickerInputs {
    /// The results of the check, updated after each change.
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

/// A running picker: its inputs and the settings of its toolbar.
#[derive(Clone, Copy)]
pub(super) struct Picker {
    pub inputs: PickerInputs,
    pub view: RwSignal<View>,
    held: Memo<HashMap<&'static str, &'static str>>,
}

impl Picker {
    pub fn new(inputs: PickerInputs) -> Self {
        let view = View::of(inputs.catalog, &inputs.scopes.get_untracked());
        let held = Memo::new(move |_| inputs.scopes.with(|selection| held(inputs.catalog, selection)));
        Self { inputs, view: RwSignal::new(view), held }
    }

    /// The offered scopes, in catalog order.
    pub fn offered(self) -> Vec<&'static Scope> {
        let catalog = self.inputs.catalog;
        let newest = catalog.server_edition().map(|edition| edition.id.clone()).unwrap_or_default();
        let edition = self.inputs.edition.get_untracked().filter(|id| catalog.edition(id).is_some()).unwrap_or(newest);
        let offered = |scope: &&Scope| scope.tiers.contains(&self.inputs.tier) && scope.editions.contains(&edition);
        catalog.scopes().iter().filter(offered).collect()
    }

    /// Chosen or saved scopes that are not offered.
    pub fn others(self) -> Vec<String> {
        let offered = self.offered();
        let mut all = self.inputs.previous.get().unwrap_or_default();
        all.extend(self.inputs.scopes.get());
        unknown(|name| offered.iter().any(|scope| scope.id.as_str() == name), &all)
    }

    pub fn is_chosen(self, name: &str) -> bool {
        self.inputs.scopes.with(|scopes| scopes.iter().any(|scope| scope == name))
    }

    /// The chosen scope that includes this one.
    pub fn held_through(self, name: &str) -> Option<&'static str> {
        self.held.with(|held| held.get(name).copied())
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

    /// How many of the visible ones among these are chosen.
    pub fn tally(self, scopes: &[&'static Scope]) -> Tally {
        let shown: Vec<&str> = scopes.iter().filter(|scope| self.shows(scope)).map(|scope| scope.id.as_str()).collect();
        self.inputs.scopes.with(|selection| Tally::of(shown.into_iter(), selection))
    }
}
