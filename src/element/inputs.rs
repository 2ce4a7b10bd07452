//! The inputs of a picker as signals that are set by their names.

use std::{collections::BTreeMap, sync::Arc};

use leptos::prelude::*;

use super::later::found;
use crate::{
    picker::{LaterState, PickerCatalog, PickerInputs, Preset},
    scope::{DateTime, Enforcement, Expiry, Runtime, Tier},
};

type List = Option<Vec<String>>;

/// The inputs of a picker. All of them can change while it is shown.
#[derive(Clone, Copy)]
pub(super) struct Inputs {
    /// What the picker reads.
    pub picker: PickerInputs,
    presets: RwSignal<Option<Vec<Preset>>>,
    strings: RwSignal<Arc<BTreeMap<String, String>>>,
    previous: RwSignal<List>,
    operations: RwSignal<List>,
    grantor: RwSignal<List>,
    allow: RwSignal<List>,
    hide: RwSignal<Vec<String>>,
    runs_in: RwSignal<Option<Runtime>>,
    expire: RwSignal<Expiry>,
    now: RwSignal<Option<DateTime>>,
    edition: RwSignal<Option<String>>,
    beyond_edition: RwSignal<Option<Enforcement>>,
    beyond_grantor: RwSignal<Enforcement>,
    tier: RwSignal<Tier>,
    read_only: RwSignal<bool>,
    read_only_report: RwSignal<bool>,
    later: RwSignal<LaterState>,
}

impl Inputs {
    pub fn new(catalog: PickerCatalog, scopes: Vec<String>) -> Self {
        let (presets, strings, runs_in, expire, now) =
            (signal(None), signal(Arc::default()), signal(None), signal(Expiry::Unstated), signal(None));
        let (previous, operations, grantor, allow, hide) = (signal(None), signal(None), signal(None), signal(None), signal(Vec::new()));
        let (edition, beyond_edition, beyond_grantor) = (signal(None), signal(None), signal(Enforcement::default()));
        let (tier, read_only, read_only_report) = (signal(Tier::default()), signal(false), signal(false));
        let later = signal(found().map_or(LaterState::Waiting, LaterState::Ready));
        let picker = PickerInputs {
            previous: read(previous),
            operations: read(operations),
            grantor: read(grantor),
            allow: read(allow),
            hide: read(hide),
            runs_in: read(runs_in),
            expire: read(expire),
            now: read(now),
            edition: read(edition),
            beyond_edition: read(beyond_edition),
            beyond_grantor: read(beyond_grantor),
            tier: read(tier),
            presets: read(presets),
            read_only: read(read_only),
            read_only_report: read(read_only_report),
            strings: read(strings),
            ..PickerInputs::first(catalog, signal(scopes), read(later))
        };
        Self {
            picker,
            presets,
            strings,
            previous,
            operations,
            grantor,
            allow,
            hide,
            runs_in,
            expire,
            now,
            edition,
            beyond_edition,
            beyond_grantor,
            tier,
            read_only,
            read_only_report,
            later,
        }
    }

    /// Sets a text, and returns whether the input accepts it. A word that it does not know leaves the input without a value.
    pub fn set_text(self, name: &str, text: Option<String>) -> bool {
        let given = text.is_some();
        match name {
            "edition" => put(self.edition, text),
            "expire" => put(
                self.expire,
                match text {
                    None => Expiry::Unstated,
                    Some(text) if text.is_empty() => Expiry::Never,
                    Some(text) => Expiry::At(text),
                },
            ),
            "now" => {
                let now = text.and_then(|text| text.parse().ok());
                put(self.now, now);
                return given == now.is_some();
            }
            "runsIn" => {
                let found = word(text, Runtime::ALL, Runtime::as_str);
                put(self.runs_in, found);
                return given == found.is_some();
            }
            "tier" => {
                let found = word(text, Tier::ALL, Tier::as_str);
                put(self.tier, found.unwrap_or_default());
                return given == found.is_some();
            }
            "beyondEdition" => {
                let found = word(text, Enforcement::ALL, Enforcement::as_str);
                put(self.beyond_edition, found);
                return given == found.is_some();
            }
            "beyondGrantor" => {
                let found = word(text, Enforcement::ALL, Enforcement::as_str);
                put(self.beyond_grantor, found.unwrap_or_default());
                return given == found.is_some();
            }
            _ => return false,
        }
        true
    }

    /// Sets a list, and returns whether there is such an input.
    pub fn set_list(self, name: &str, list: List) -> bool {
        match name {
            "scopes" => put(self.picker.scopes, list.unwrap_or_default()),
            "previous" => put(self.previous, list),
            "operations" => put(self.operations, list),
            "grantor" => put(self.grantor, list),
            "allow" => put(self.allow, list),
            "hide" => put(self.hide, list.unwrap_or_default()),
            _ => return false,
        }
        true
    }

    /// Sets the presets, each as its name, its description or an empty text, and its scopes.
    pub fn set_presets(self, presets: Option<Vec<Vec<String>>>) {
        let preset = |texts: Vec<String>| {
            let mut texts = texts.into_iter();
            let (name, description) = (texts.next().unwrap_or_default(), texts.next().filter(|text| !text.is_empty()));
            Preset { name, description, scopes: texts.collect() }
        };
        put(self.presets, presets.map(|presets| presets.into_iter().map(preset).collect()));
    }

    /// Sets the texts that replace others: keys, each followed by its text.
    pub fn set_strings(self, strings: Vec<String>) {
        let mut strings = strings.into_iter();
        let pairs = std::iter::from_fn(|| Some((strings.next()?, strings.next()?)));
        put(self.strings, Arc::new(pairs.collect()));
    }

    /// Shows what is not shown first, if it is found.
    pub fn show_later(self) {
        if !matches!(self.later.get_untracked(), LaterState::Ready(_)) {
            self.later.set(found().map_or(LaterState::Failed, LaterState::Ready));
        }
    }

    /// Sets a flag, and returns whether there is such an input.
    pub fn set_flag(self, name: &str, flag: bool) -> bool {
        match name {
            "readOnly" => put(self.read_only, flag),
            "readOnlyReport" => put(self.read_only_report, flag),
            _ => return false,
        }
        true
    }
}

// Called for many inputs of few types: functions stay functions.
#[inline(never)]
fn signal<T: Send + Sync + 'static>(value: T) -> RwSignal<T> {
    RwSignal::new(value)
}

#[inline(never)]
fn read<T: Send + Sync + 'static>(signal: RwSignal<T>) -> Signal<T> {
    signal.into()
}

/// Sets a signal if the value is another one, so that nothing is shown again without a reason.
#[inline(never)]
fn put<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|known| *known != value) {
        signal.set(value);
    }
}

/// The value with this word.
fn word<T: Copy>(text: Option<String>, all: &[T], as_str: fn(T) -> &'static str) -> Option<T> {
    all.iter().copied().find(|value| text.as_deref() == Some(as_str(*value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        picker::LATER,
        scope::{Catalog, Code},
    };

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    /// What the picker shows with these inputs.
    fn with<T>(test: impl FnOnce(Inputs) -> T) -> T {
        Owner::new().with(|| test(Inputs::new(Catalog::appwrite().into(), Vec::new())))
    }

    fn codes(inputs: Inputs) -> Vec<Code> {
        inputs.picker.report().with_untracked(|report| report.all().map(|diagnostic| diagnostic.code).collect())
    }

    #[test]
    fn each_input_changes_the_report() {
        with(|inputs| {
            let list = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
            assert!(inputs.set_list("scopes", list(&["rows.read"])));
            assert_eq!(codes(inputs), []);
            assert!(inputs.set_text("runsIn", some("browser")));
            assert_eq!(codes(inputs), [Code::ExposedInClient]);
            assert!(inputs.set_text("runsIn", None));
            assert!(inputs.set_list("grantor", list(&["users.read"])));
            assert_eq!(codes(inputs), [Code::ExceedsGrantor]);
            assert!(inputs.set_list("grantor", None) && inputs.set_list("operations", list(&["tablesDB.createRow"])));
            assert_eq!(codes(inputs), [], "what checks operations is not there yet");
            inputs.later.set(LaterState::Ready(&LATER));
            assert_eq!(codes(inputs).first(), Some(&Code::MissingScope));
            assert!(inputs.set_list("operations", None) && inputs.set_text("expire", some("2020-01-01")));
            assert!(inputs.set_text("now", some("2026-01-01T00:00:00.000Z")));
            assert_eq!(codes(inputs), [Code::ExpiryInPast]);
            assert!(inputs.set_text("expire", None) && inputs.set_text("tier", some("organization")));
            assert_eq!(codes(inputs), [Code::WrongTier]);
        });
    }

    #[test]
    fn presets_and_texts_are_lists_of_texts() {
        with(|inputs| {
            let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
            inputs.set_presets(Some(vec![texts(&["Export", "", "rows.read", "files.read"]), texts(&["Send", "By mail"])]));
            let presets = inputs.picker.presets.get_untracked().unwrap_or_default();
            let [export, send] = presets.as_slice() else { panic!("{presets:?}") };
            assert_eq!((export.name.as_str(), &export.description, export.scopes.len()), ("Export", &None, 2));
            assert_eq!((send.name.as_str(), send.description.as_deref(), send.scopes.len()), ("Send", Some("By mail"), 0));
            inputs.set_presets(None);
            assert_eq!(inputs.picker.presets.get_untracked(), None);
            inputs.set_strings(texts(&["search", "Suche", "undo", "Zurück"]));
            let strings = inputs.picker.strings.get_untracked();
            assert_eq!((strings.len(), strings.get("undo").map(String::as_str)), (2, Some("Zurück")));
            inputs.set_strings(Vec::new());
            assert!(inputs.picker.strings.get_untracked().is_empty());
        });
    }

    #[test]
    fn an_unknown_word_or_name_is_refused() {
        with(|inputs| {
            assert!(!inputs.set_text("runsIn", some("moon")));
            assert!(!inputs.set_text("tier", some("")));
            assert!(!inputs.set_text("now", some("yesterday")));
            assert!(!inputs.set_text("scopes", None) && !inputs.set_list("edition", None) && !inputs.set_flag("x", true));
            assert!(inputs.set_flag("readOnly", true) && inputs.picker.read_only.get_untracked());
            assert!(inputs.set_flag("readOnlyReport", true) && inputs.picker.read_only_report.get_untracked());
        });
    }
}
