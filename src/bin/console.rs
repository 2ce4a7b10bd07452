//! What Trunk builds: the console.

use leptos::wasm_split::wasm_split;
use scopewise::{
    console::{Later, PartError},
    scope::Catalog,
};

/// What only this function reaches is in a file of its own, which is fetched when this is first called.
#[wasm_split(later, wasm_split_path = leptos::wasm_split, fallible)]
fn later() -> Result<Later, PartError> {
    Ok(scopewise::console::later(Catalog::appwrite()))
}

fn main() {
    // A debug build logs where a panic happened in the browser's console; a release build leaves this out.
    debug_assert!({
        console_error_panic_hook::set_once();
        true
    });
    scopewise::console::start(|| Box::pin(later()));
}
