//! The custom element's part in Rust: mounts the scope picker into a shadow root and reports changes to JavaScript. It decides nothing and
//! sends no requests.

use std::collections::BTreeMap;

use leptos::{mount::mount_to, prelude::*};
use serde::{Deserialize, de::IgnoredAny};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use crate::{
    picker::{PickerInputs, ScopePicker},
    scope::{Catalog, DateTime, Expiry, Runtime, Tier},
};

/// The styles of the picker, in the required order.
const STYLES: &[&str] = &[
    include_str!("../style/tokens.css"),
    include_str!("../style/base.css"),
    include_str!("../style/controls.css"),
    include_str!("../style/feedback.css"),
    include_str!("../style/form.css"),
    include_str!("../style/picker.css"),
    include_str!("../style/report.css"),
];

/// The options from JavaScript. Absent members are not checked.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Options {
    scopes: Vec<String>,
    previous: Option<Vec<String>>,
    runs_in: Option<Runtime>,
    expire: Expiry,
    now: Option<DateTime>,
    edition: Option<String>,
    tier: Tier,
    /// All other members. A JavaScript object is only asked for known names, so `deny_unknown_fields` would not see others.
    #[serde(flatten)]
    unknown: BTreeMap<String, IgnoredAny>,
}

impl Options {
    fn read(value: JsValue) -> Result<Self, String> {
        if value.is_undefined() || value.is_null() {
            return Ok(Self::default());
        }
        if !value.is_object() {
            return Err("expected an object".to_owned());
        }
        let options: Self = serde_wasm_bindgen::from_value(value)
            .map_err(|error| format!("`scopes` and `previous` must be lists of strings, the others strings ({error})"))?;
        match options.unknown.keys().next() {
            Some(name) => Err(format!("unknown option `{name}`")),
            None => Ok(options),
        }
    }
}

/// A mounted picker.
#[wasm_bindgen]
pub struct ScopePickerHandle {
    unmount: Option<Box<dyn FnOnce()>>,
}

#[wasm_bindgen]
impl ScopePickerHandle {
    /// Removes the picker from the page and releases its resources. A second call does nothing.
    pub fn unmount(&mut self) {
        if let Some(unmount) = self.unmount.take() {
            unmount();
        }
    }
}

/// Mounts a picker into a shadow root. `options` is an object with the members `scopes`, `previous`, `runsIn`, `expire`, `now`,
/// `edition` and `tier`, as in a check. `on_change` is called with an array of scopes after each change.
///
/// # Errors
/// An `Error` if the options are invalid, or if the browser refuses the styles.
#[wasm_bindgen(js_name = mountScopePicker)]
pub fn mount_scope_picker(root: &web_sys::ShadowRoot, options: JsValue, on_change: js_sys::Function) -> Result<ScopePickerHandle, JsValue> {
    let options = Options::read(options).map_err(|error| js_sys::Error::new(&format!("options: {error}")))?;
    adopt_styles(root)?;
    // The picker only appends to its parent, and a shadow root supports that like an element.
    let parent = root.clone().unchecked_into::<web_sys::HtmlElement>();
    let handle = mount_to(parent, move || {
        let scopes = RwSignal::new(options.scopes);
        let inputs = PickerInputs {
            previous: Signal::stored(options.previous),
            runs_in: Signal::stored(options.runs_in),
            expire: Signal::stored(options.expire),
            now: Signal::stored(options.now),
            edition: Signal::stored(options.edition),
            tier: Signal::stored(options.tier),
            ..PickerInputs::new(Catalog::appwrite(), scopes)
        };
        Effect::new(move |before: Option<Vec<String>>| {
            let chosen = scopes.get();
            if before.is_some_and(|before| before != chosen) {
                // A list of strings can always be converted. If the page's function throws, the page sees it, and the picker continues.
                let list = serde_wasm_bindgen::to_value(&chosen).unwrap_or_default();
                drop(on_change.call1(&JsValue::UNDEFINED, &list));
            }
            chosen
        });
        view! { <ScopePicker inputs report=inputs.report() /> }
    });
    Ok(ScopePickerHandle { unmount: Some(Box::new(move || drop(handle))) })
}

fn adopt_styles(root: &web_sys::ShadowRoot) -> Result<(), JsValue> {
    let sheets = js_sys::Array::new();
    for text in STYLES {
        let sheet = web_sys::CssStyleSheet::new()?;
        sheet.replace_sync(text)?;
        sheets.push(&sheet);
    }
    js_sys::Reflect::set(root, &JsValue::from_str("adoptedStyleSheets"), &sheets)?;
    Ok(())
}
