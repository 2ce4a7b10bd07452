//! The allocator of everything that is compiled to WebAssembly.

use talc::wasm::WasmDynamicTalc;

/// For one thread; smaller than the standard library's allocator, and quicker.
#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
