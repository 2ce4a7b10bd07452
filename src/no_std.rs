//! What a program without the standard library must bring along: what happens at a panic.

use core::{arch::wasm32, panic::PanicInfo};

/// Traps, which JavaScript sees as an exception. The model has no panic on input, and texts about panics would be a part of each
/// download.
#[panic_handler]
fn trap(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}
