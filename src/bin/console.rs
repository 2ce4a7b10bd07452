//! What Trunk builds: the console. `scripts/build-console` splits it in two files; Trunk alone makes one.

#[cfg(not(split))]
use std::future::{Future, ready};

#[cfg(split)]
use leptos::wasm_split::wasm_split;
use scopewise::{
    console::{self, Later, PartError},
    scope::Catalog,
};

/// What only this function reaches is in a file of its own, which is fetched when this is first called.
#[cfg(split)]
#[wasm_split(later, wasm_split_path = leptos::wasm_split, fallible)]
fn later() -> Result<Later, PartError> {
    Ok(console::later(Catalog::appwrite()))
}

/// What would be in a file of its own.
#[cfg(not(split))]
fn later() -> impl Future<Output = Result<Later, PartError>> {
    ready(Ok(console::later(Catalog::appwrite())))
}

fn main() {
    // A debug build logs where a panic happened in the browser's console; a release build leaves this out.
    debug_assert!({
        console_error_panic_hook::set_once();
        true
    });
    console::start(|| Box::pin(later()));
}
