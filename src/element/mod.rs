//! The part of the custom element `<scope-picker>` that is written in Rust: the picker, mounted into a node of the page, and setters for
//! its inputs. It decides nothing and sends no requests. The element itself is in `js/src/picker`: it reads attributes and properties,
//! takes part in forms, and loads this module.
//!
//! Values cross the boundary as texts, flags and lists of texts. Only a catalog and the report are JSON, which the model reads and
//! writes in any case.

mod inputs;
mod later;

use std::any::Any;

use leptos::prelude::*;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use self::inputs::Inputs;
use crate::{
    picker::{PickerCatalog, ScopePicker},
    scope::{self, Catalog, Report},
};

/// A catalog that pickers can be mounted with.
#[wasm_bindgen]
pub struct PickerSource(PickerCatalog);

#[wasm_bindgen]
impl PickerSource {
    /// The built-in catalog.
    #[wasm_bindgen(js_name = builtIn)]
    pub fn built_in() -> Self {
        Self(Catalog::appwrite().into())
    }

    /// A custom catalog, as the bytes of its JSON, once [the rest](later::find_later) is there; `None` if it has faults, which
    /// [`PickerSource::faults`] reports. A text would be copied letter by letter, which takes a browser as long as half of the reading.
    pub fn own(catalog: &[u8]) -> Option<Self> {
        let read = later::found()?.read_catalog;
        read(std::str::from_utf8(catalog).ok()?).ok().map(|catalog| Self(catalog.into()))
    }

    /// Everything that is wrong with a catalog, as a JSON list of objects with `place` and `message`.
    pub fn faults(catalog: &str) -> String {
        let faults = later::found().and_then(|later| (later.read_catalog)(catalog).err());
        scope::to_json(&faults.unwrap_or_default())
    }
}

/// A mounted picker. JavaScript calls `free` to remove it from the page; that also frees its catalog.
#[wasm_bindgen]
pub struct PickerView {
    inputs: Inputs,
    report: Memo<Report>,
    /// The view, then the owner of the signals: they are dropped in this order.
    _mounted: Box<dyn Any>,
}

#[wasm_bindgen]
impl PickerView {
    /// Mounts a picker with these scopes at the end of `parent`. `on_change` is called with the chosen scopes and the report as JSON after each change of one
    /// of them, also if a setter is the cause.
    #[wasm_bindgen(constructor)]
    pub fn new(parent: web_sys::HtmlElement, source: PickerSource, scopes: Vec<String>, on_change: js_sys::Function) -> Self {
        let owner = Owner::new();
        let (inputs, report) = owner.with(|| {
            let inputs = Inputs::new(source.0, scopes);
            (inputs, inputs.picker.report())
        });
        let mounted = owner.with(|| {
            mount_to(&parent, move || {
                effect(move || {
                    let scopes: js_sys::Array = inputs.picker.scopes.get().iter().map(|scope| JsValue::from_str(scope)).collect();
                    let report = JsValue::from_str(&report.with(scope::to_json));
                    // If the function of the page throws, the page sees it, and the picker continues.
                    drop(on_change.call2(&JsValue::UNDEFINED, &scopes, &report));
                });
                view! { <ScopePicker inputs=inputs.picker report /> }
            })
        });
        Self { inputs, report, _mounted: Box::new((mounted, owner)) }
    }

    /// Sets a text: `edition`, `tier`, `runsIn`, `expire`, `now`, `beyondGrantor` or `beyondEdition`. Returns whether the input accepts it.
    #[wasm_bindgen(js_name = setText)]
    pub fn set_text(&self, name: &str, text: Option<String>) -> bool {
        self.inputs.set_text(name, text)
    }

    /// Sets a list: `scopes`, `previous`, `operations`, `grantor`, `allow` or `hide`. Returns whether there is such an input.
    #[wasm_bindgen(js_name = setList)]
    pub fn set_list(&self, name: &str, list: Option<Vec<String>>) -> bool {
        self.inputs.set_list(name, list)
    }

    /// Sets a flag: `readOnly` or `readOnlyReport`. Returns whether there is such an input.
    #[wasm_bindgen(js_name = setFlag)]
    pub fn set_flag(&self, name: &str, flag: bool) -> bool {
        self.inputs.set_flag(name, flag)
    }

    /// Sets the presets: for each a list with its name, its description or an empty text, and its scopes. With `undefined`, the picker shows
    /// its own.
    #[wasm_bindgen(js_name = setPresets)]
    pub fn set_presets(&self, presets: Option<js_sys::Array>) {
        let texts = |preset: JsValue| js_sys::Array::from(&preset).iter().map(|text| text.as_string().unwrap_or_default()).collect();
        self.inputs.set_presets(presets.map(|presets| presets.iter().map(texts).collect()));
    }

    /// Replaces English texts by their keys: a list of keys, each followed by its text. With `undefined`, none is replaced.
    #[wasm_bindgen(js_name = setStrings)]
    pub fn set_strings(&self, strings: Option<Vec<String>>) {
        self.inputs.set_strings(strings.unwrap_or_default());
    }

    /// Shows what [`find_later`](later::find_later) has found, or that it cannot be shown.
    #[wasm_bindgen(js_name = showLater)]
    pub fn show_later(&self) {
        self.inputs.show_later();
    }

    /// The report as JSON, with everything that was set.
    pub fn report(&self) -> String {
        self.report.with_untracked(scope::to_json)
    }
}
