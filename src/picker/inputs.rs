//! The inputs of a picker.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use leptos::prelude::*;

use super::{
    catalog::PickerCatalog,
    state::{Offer, Tally, View, held, set, set_all, unknown},
};
use crate::scope::{Catalog, CheckRequest, DateTime, Enforcement, Expiry, Report, Runtime, Scope, Tier, check};

/// A set of scopes that a person chooses with one click.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preset {
    /// What it is called.
    pub name: String,
    /// What it is for, in one sentence.
    pub description: Option<String>,
    /// Its scopes.
    pub scopes: Vec<String>,
}

/// The inputs of a picker. It changes only `scopes`.
#[derive(Clone, Copy)]
pub struct PickerInputs {
    /// The catalog with the scopes to choose from.
    pub catalog: StoredValue<PickerCatalog>,
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
    pub tier: Signal<Tier>,
    /// The operations that the code will call, if known.
    pub operations: Signal<Option<Vec<String>>>,
    /// The scopes of the creator of the key, if they are a limit. Other scopes are shown with the reason, and cannot be chosen.
    pub grantor: Signal<Option<Vec<String>>>,
    /// How to treat a scope that the grantor does not hold.
    pub beyond_grantor: Signal<Enforcement>,
    /// Sets of scopes to choose with one click; the default ones of the picker if `None`.
    pub presets: Signal<Option<Vec<Preset>>>,
    /// Only these are offered ([`Offer::allow`]).
    pub allow: Signal<Option<Vec<String>>>,
    /// These are not offered ([`Offer::hide`]).
    pub hide: Signal<Vec<String>>,
    /// Whether nothing can be changed.
    pub read_only: Signal<bool>,
    /// Whether the report is shown without fixes.
    pub read_only_report: Signal<bool>,
    /// Other texts than the English ones, by their keys.
    pub strings: Signal<Arc<BTreeMap<String, String>>>,
}

impl PickerInputs {
    /// The inputs of a picker for a new key, with nothing but a catalog and the chosen scopes.
    pub fn new(catalog: impl Into<PickerCatalog>, scopes: RwSignal<Vec<String>>) -> Self {
        Self {
            catalog: StoredValue::new(catalog.into()),
            scopes,
            previous: Signal::stored(None),
            runs_in: Signal::stored(None),
            expire: Signal::stored(Expiry::Unstated),
            now: Signal::stored(None),
            edition: Signal::stored(None),
            beyond_edition: Signal::stored(None),
            tier: Signal::stored(Tier::default()),
            operations: Signal::stored(None),
            grantor: Signal::stored(None),
            beyond_grantor: Signal::stored(Enforcement::default()),
            presets: Signal::stored(None),
            allow: Signal::stored(None),
            hide: Signal::stored(Vec::new()),
            read_only: Signal::stored(false),
            read_only_report: Signal::stored(false),
            strings: Signal::stored(Arc::default()),
        }
    }

    /// The catalog. The copy is cheap.
    pub fn catalog(self) -> PickerCatalog {
        self.catalog.get_value()
    }

    /// The results of the check, updated after each change.
    pub fn report(self) -> Memo<Report> {
        Memo::new(move |_| {
            let request = CheckRequest {
                scopes: self.scopes.get(),
                runs_in: self.runs_in.get(),
                expire: self.expire.get(),
                now: self.now.get(),
                operations: self.operations.get(),
                grantor: self.grantor.get(),
                beyond_grantor: self.beyond_grantor.get(),
                previous: self.previous.get(),
                edition: self.edition.get(),
                beyond_edition: self.beyond_edition.get(),
                tier: self.tier.get(),
            };
            check(&self.catalog(), &request)
        })
    }
}

/// A running picker: its inputs and the settings of its toolbar.
#[derive(Clone, Copy)]
pub(super) struct Picker {
    pub inputs: PickerInputs,
    pub view: RwSignal<View>,
    /// The offered scopes, in catalog order.
    pub offered: Memo<Vec<Arc<Scope>>>,
    /// The scopes that the grantor cannot grant.
    refused: Memo<HashSet<String>>,
    held: Memo<HashMap<String, String>>,
}

impl Picker {
    pub fn new(inputs: PickerInputs) -> Self {
        let view = View::of(&inputs.catalog(), &inputs.scopes.get_untracked());
        let offered = Memo::new(move |_| {
            let offer =
                Offer { tier: inputs.tier.get(), edition: inputs.edition.get(), allow: inputs.allow.get(), hide: inputs.hide.get() };
            offer.scopes(&inputs.catalog())
        });
        let refused = Memo::new(move |_| {
            let Some(grantor) = inputs.grantor.get() else { return HashSet::new() };
            let (previous, tier) = (inputs.previous.get(), inputs.tier.get());
            let refused = offered.with(|offered| Offer::refused(&inputs.catalog(), offered, grantor, previous, tier));
            refused.into_iter().collect()
        });
        let held = Memo::new(move |_| inputs.scopes.with(|selection| held(&inputs.catalog(), selection)));
        Self { inputs, view: RwSignal::new(view), offered, refused, held }
    }

    /// Chosen or saved scopes that are not offered.
    pub fn others(self) -> Vec<String> {
        let mut all = self.inputs.previous.get().unwrap_or_default();
        all.extend(self.inputs.scopes.get());
        self.offered.with(|offered| unknown(|name| offered.iter().any(|scope| scope.id.as_str() == name), &all))
    }

    pub fn is_chosen(self, name: &str) -> bool {
        self.inputs.scopes.with(|scopes| scopes.iter().any(|scope| scope == name))
    }

    /// The chosen scope that includes this one.
    pub fn held_through(self, name: &str) -> Option<String> {
        self.held.with(|held| held.get(name).cloned())
    }

    /// Why a scope cannot be granted, as a sentence.
    pub fn refusal(self, name: &str) -> Option<String> {
        let refused = self.refused.with(|refused| refused.contains(name));
        refused.then(|| "You cannot grant this scope, because you do not hold it.".to_owned())
    }

    /// Whether the checkbox of a scope cannot be changed. A chosen scope that cannot be granted can be removed.
    pub fn is_locked(self, scope: Arc<Scope>) -> impl Fn() -> bool + Send + Sync + 'static {
        move || {
            let name = scope.id.as_str();
            self.inputs.read_only.get() || (!self.is_chosen(name) && self.refused.with(|refused| refused.contains(name)))
        }
    }

    pub fn choose(self, name: &str, chosen: bool) {
        self.inputs.scopes.update(|scopes| *scopes = set(&self.inputs.catalog(), scopes, name, chosen));
    }

    pub fn choose_all(self, names: &[&str], chosen: bool) {
        self.inputs.scopes.update(|scopes| *scopes = set_all(&self.inputs.catalog(), scopes, names.iter().copied(), chosen));
    }

    /// Chooses the visible ones among these, or none of them. What cannot be granted is not chosen.
    pub fn choose_shown(self, scopes: &[Arc<Scope>], chosen: bool) {
        let can = |name: &str| !chosen || self.is_chosen(name) || !self.refused.with(|refused| refused.contains(name));
        let shown = scopes.iter().filter(|scope| self.shows(scope)).map(|scope| scope.id.as_str());
        let names: Vec<&str> = shown.filter(|name| can(name)).collect();
        self.choose_all(&names, chosen);
    }

    pub fn shows(self, scope: &Scope) -> bool {
        let chosen = self.is_chosen(scope.id.as_str());
        let catalog: &Catalog = &self.inputs.catalog();
        self.view.with(|view| view.shows(catalog, scope, chosen))
    }

    /// How many of the visible ones among these are chosen.
    pub fn tally(self, scopes: &[Arc<Scope>]) -> Tally {
        let shown: Vec<&str> = scopes.iter().filter(|scope| self.shows(scope)).map(|scope| scope.id.as_str()).collect();
        self.inputs.scopes.with(|selection| Tally::of(shown.into_iter(), selection))
    }
}
