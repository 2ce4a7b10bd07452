//! What is not needed before a person can use the picker. The build puts what only [`LATER`] leads to into a file of its own, which the
//! element fetches once the picker is shown.

use std::cell::Cell;
#[cfg(not(split))]
use std::future::{Future, ready};

use js_sys::Function;
use leptos::wasm_split::SplitLoaderError;
#[cfg(split)]
use leptos::wasm_split::wasm_split;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::spawn_local;

use crate::picker::{LATER, Later};

thread_local! {
    static FOUND: Cell<Option<&'static Later>> = const { Cell::new(None) };
}

/// What is only there once the file is, and is only asked for then.
#[cfg(split)]
#[wasm_split(later, wasm_split_path = leptos::wasm_split, fallible)]
fn later() -> Result<&'static Later, SplitLoaderError> {
    Ok(&LATER)
}

/// What would be in a file of its own.
#[cfg(not(split))]
fn later() -> impl Future<Output = Result<&'static Later, SplitLoaderError>> {
    ready(Ok(&LATER))
}

/// What [`find_later`] has found.
pub(super) fn found() -> Option<&'static Later> {
    FOUND.get()
}

/// Looks for what is in the other file, and calls `done` once it is known whether it is there.
#[wasm_bindgen(js_name = findLater)]
pub fn find_later(done: Function) {
    spawn_local(async move {
        FOUND.set(later().await.ok());
        // It throws nothing.
        drop(done.call0(&JsValue::UNDEFINED));
    });
}
