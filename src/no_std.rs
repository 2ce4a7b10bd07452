//! What a program without the standard library must bring along: the allocator, and what happens at a panic.

use core::{arch::wasm32, panic::PanicInfo};

use talc::wasm::WasmDynamicTalc;

/// For one thread; smaller than the standard library's allocator, and quicker.
#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Traps, which JavaScript sees as an exception. The model has no panic on input, and texts about panics would be a part of each
/// download.
#[panic_handler]
fn trap(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}
