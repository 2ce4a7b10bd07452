//! The checker's entry point for JavaScript. It decides nothing: requests and answers cross the boundary as JSON text, so that a call
//! is one crossing whatever its size, and the answer is the same bytes as through every other entry point. What a person imports, the
//! thrown errors and the types are in `js/`.
#![allow(unsafe_code, reason = "JavaScript names models by number")]

use alloc::{string::String, vec::Vec};

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    regions::{keep, kept},
    scope::{self, Catalog},
};

/// The catalog of a model.
fn catalog(model: usize) -> &'static Catalog {
    // SAFETY: the package calls with what `built_in` or `own` returned, and never after it gave the region back.
    unsafe { kept(model) }
}

/// The model of the built-in catalog: what the functions below take.
#[wasm_bindgen(js_name = model_builtIn)]
pub fn built_in() -> usize {
    keep(Catalog::built_in())
}

/// The model of a custom catalog, as JSON; 0 where something is wrong with it, which [`faults`] reports.
#[wasm_bindgen(js_name = model_own)]
pub fn own(catalog: &str) -> usize {
    Catalog::from_json(catalog).map_or(0, keep)
}

/// Everything that is wrong with a catalog, as a JSON list of objects with `place` and `message`.
#[wasm_bindgen(js_name = model_faults)]
pub fn faults(catalog: &str) -> String {
    scope::to_json(&Catalog::from_json(catalog).err().unwrap_or_default())
}

/// The answer of a call, `check` and its like, to a request, both as JSON. A request that cannot be answered gives an object
/// with `error`, which no answer has.
#[wasm_bindgen(js_name = model_answer)]
pub fn answer(model: usize, call: &str, request: &str) -> String {
    let answered = call.parse().and_then(|call| scope::answer(catalog(model), call, request));
    answered.unwrap_or_else(|error| error.to_json())
}

/// The ids of all operations as a JSON list, in the order of the catalog.
#[wasm_bindgen(js_name = model_operations)]
pub fn operations(model: usize) -> String {
    let mut ids: Vec<&str> = Vec::new();
    catalog(model).operations().iter().for_each(|operation| ids.push(&operation.id));
    scope::to_json(&ids)
}

/// The words of [`Catalog::route_words`] as a JSON list; `null` where there are none.
#[wasm_bindgen(js_name = model_words)]
pub fn words(model: usize) -> String {
    scope::to_json(&catalog(model).route_words())
}

/// For each operation, in the order of [`operations`], `1` where the scopes of a request (that of `reach`) open it, and `0`
/// where not; or an object with `error`.
#[wasm_bindgen(js_name = model_open)]
pub fn open(model: usize, request: &str) -> String {
    scope::verdicts(catalog(model), request).unwrap_or_else(|error| error.to_json())
}

/// The operations that a text means, in whatever way it is written: their positions in [`operations`], as a JSON list.
#[wasm_bindgen(js_name = model_find)]
pub fn find(model: usize, text: &str) -> String {
    scope::to_json(&catalog(model).operation_positions(text))
}
