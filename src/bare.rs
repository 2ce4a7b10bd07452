//! Owns what a program without the standard library must bring along: the allocator, and what happens at a panic.

use core::{arch::wasm32, panic::PanicInfo};

use talc::wasm::WasmDynamicTalc;

/// A tenth of the size of the standard library's allocator, for one thread.
#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Traps, which JavaScript sees as an exception. The model has no panic on input; what a text about one would weigh is a twentieth
/// of the package.
#[panic_handler]
fn trap(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}
