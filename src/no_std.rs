//! What a program without the standard library must bring along: the allocator, and what happens at a panic.
//!
//! JavaScript makes a region for each model, and leaves it once the model is in it. Everything else that a call takes is of the region of
//! calls, which JavaScript gives back when it has read the answer.
#![allow(unsafe_code, static_mut_refs, reason = "the memory of the program, which has one thread")]

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32,
    panic::PanicInfo,
};

use wasm_bindgen::prelude::wasm_bindgen;

use crate::regions::MEMORY;

/// What a page of WebAssembly's memory has.
const PAGE: usize = 1 << 16;

fn more(bytes: usize) -> Option<(usize, usize)> {
    let pages = bytes.div_ceil(PAGE);
    match wasm32::memory_grow::<0>(pages) {
        usize::MAX => None,
        // The last page of all is not used: what is behind it has no address.
        first => first.checked_add(pages)?.checked_mul(PAGE).map(|end| (first * PAGE, end - first * PAGE)),
    }
}

struct Allocator;

// SAFETY of all that follows: the program has one thread, and each use of the memory ends before something else uses it.
#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

// SAFETY: what a region gave is of no other value until the region is given back, and that happens only when nothing in it is used any more:
// JavaScript gives the region of calls back between calls, and that of a model when nothing refers to the model.
unsafe impl GlobalAlloc for Allocator {
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { MEMORY.take(layout, more) }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    #[inline(never)]
    unsafe fn realloc(&self, value: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        unsafe { MEMORY.retake(value, layout, size, more) }
    }
}

/// Makes a region, which is filled until it is left.
#[wasm_bindgen]
pub fn region_make() -> usize {
    match unsafe { MEMORY.make(more) } {
        0 => wasm32::unreachable(),
        region => region,
    }
}

/// The end of a call: what it took is given back.
#[wasm_bindgen]
pub fn region_leave() {
    unsafe { MEMORY.leave() }
}

/// Gives the region of a model back, which nothing refers to any more.
#[wasm_bindgen]
pub fn region_free(region: usize) {
    unsafe { MEMORY.free(region) }
}

/// Traps, which JavaScript sees as an exception. The model has no panic on input, and texts about panics would be a part of each
/// download.
#[panic_handler]
fn trap(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}
