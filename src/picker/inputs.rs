//! The inputs of a picker.

use std::{collections::BTreeMap, sync::Arc};

use leptos::prelude::*;

pub use super::state::Preset;
use super::{
    catalog::PickerCatalog,
    later::{LATER, LaterState},
};
use crate::scope::{CheckRequest, DateTime, Enforcement, Expiry, Report, Runtime, Tier, check_scopes};

/// The inputs of a picker. It changes only `scopes` and `calls`.
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
    /// The operations that a person has said the code will call; they count like `operations`.
    pub calls: RwSignal<Vec<String>>,
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
    /// Whether the page around the picker switches to the operations; the picker then offers only the layouts of scopes.
    pub calls_apart: bool,
    /// Other texts than the English ones, by their keys.
    pub strings: Signal<Arc<BTreeMap<String, String>>>,
    /// What is not shown first. Until it is there, the report says nothing about operations.
    pub later: Signal<LaterState>,
}

impl PickerInputs {
    /// The inputs of a picker for a new key, with nothing but a catalog and the chosen scopes.
    pub fn new(catalog: impl Into<PickerCatalog>, scopes: RwSignal<Vec<String>>) -> Self {
        Self::first(catalog.into(), scopes, Signal::stored(LaterState::Ready(&LATER)))
    }

    /// The same, of a picker that is shown before [all of it](super::Later) is there.
    pub fn first(catalog: PickerCatalog, scopes: RwSignal<Vec<String>>, later: Signal<LaterState>) -> Self {
        Self {
            catalog: StoredValue::new(catalog),
            scopes,
            previous: Signal::stored(None),
            runs_in: Signal::stored(None),
            expire: Signal::stored(Expiry::Unstated),
            now: Signal::stored(None),
            edition: Signal::stored(None),
            beyond_edition: Signal::stored(None),
            tier: Signal::stored(Tier::default()),
            operations: Signal::stored(None),
            calls: RwSignal::new(Vec::new()),
            grantor: Signal::stored(None),
            beyond_grantor: Signal::stored(Enforcement::default()),
            presets: Signal::stored(None),
            allow: Signal::stored(None),
            hide: Signal::stored(Vec::new()),
            read_only: Signal::stored(false),
            read_only_report: Signal::stored(false),
            calls_apart: false,
            strings: Signal::stored(Arc::default()),
            later,
        }
    }

    /// The catalog. The copy is cheap.
    pub fn catalog(self) -> PickerCatalog {
        self.catalog.get_value()
    }

    /// Everything that the code will call, if known.
    pub fn called(self) -> Option<Vec<String>> {
        let (given, said) = (self.operations.get(), self.calls.get());
        if said.is_empty() {
            return given;
        }
        let mut all = given.unwrap_or_default();
        all.extend(said.into_iter().filter(|operation| !all.contains(operation)).collect::<Vec<_>>());
        Some(all)
    }

    /// The results of the check, updated after each change.
    pub fn report(self) -> Memo<Report> {
        memo(move || {
            let request = CheckRequest {
                scopes: self.scopes.get(),
                runs_in: self.runs_in.get(),
                expire: self.expire.get(),
                now: self.now.get(),
                operations: self.called(),
                grantor: self.grantor.get(),
                beyond_grantor: self.beyond_grantor.get(),
                previous: self.previous.get(),
                edition: self.edition.get(),
                beyond_edition: self.beyond_edition.get(),
                tier: self.tier.get(),
            };
            let is_called = request.operations.as_ref().is_some_and(|operations| !operations.is_empty());
            match self.later.get() {
                LaterState::Ready(later) if is_called => (later.check)(&self.catalog(), &request),
                _ => check_scopes(&self.catalog(), &request),
            }
        })
    }
}
