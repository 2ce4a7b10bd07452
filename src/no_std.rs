//! What a program without the standard library must bring along: the allocator, and what happens at a panic.
//!
//! JavaScript makes a region for each model, and leaves it once the model is in it. Everything else that a call takes is of the region of
//! calls, which JavaScript gives back when it has read the answer.
#![allow(unsafe_code, static_mut_refs, reason = "the memory of the program, which has one thread")]

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32,
    panic::PanicInfo,
    ptr::with_exposed_provenance_mut,
};

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    regions::{Region, Regions},
    scope::Keeper,
};

/// What a page of WebAssembly's memory has.
const PAGE: usize = 1 << 16;

// SAFETY of all that reads or writes these: the program has one thread, no reference to them outlives a function of this file, and none
// of these functions is called by another one while it has such a reference.
static mut REGIONS: Regions = Regions::new(more);
/// What calls take.
static mut CALLS: Region = Region::EMPTY;
/// The region that is filled: that of calls, or that of a model.
static mut CURRENT: *mut Region = &raw mut CALLS;
/// The region of the model that is asked: what its catalog makes once and keeps.
static mut MODEL: *mut Region = &raw mut CALLS;

fn more(bytes: usize) -> Option<(usize, usize)> {
    let pages = bytes.div_ceil(PAGE);
    match wasm32::memory_grow::<0>(pages) {
        usize::MAX => None,
        first => Some((first * PAGE, pages * PAGE)),
    }
}

struct Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

// SAFETY: what a region gave is of no other value until the region is given back, and that happens only when nothing in it is used any more:
// JavaScript gives the region of calls back between calls, and that of a model when nothing refers to the model.
unsafe impl GlobalAlloc for Allocator {
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { REGIONS.take(&mut *CURRENT, layout) }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    #[inline(never)]
    unsafe fn realloc(&self, value: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        unsafe { REGIONS.retake(&mut *CURRENT, value, layout, size) }
    }
}

/// Makes a region, which is filled until it is left.
#[wasm_bindgen]
pub fn region_make() -> usize {
    unsafe {
        let mut region = Region::EMPTY;
        let place = REGIONS.take(&mut region, Layout::new::<Region>()).cast::<Region>();
        if place.is_null() {
            wasm32::unreachable();
        }
        place.write(region);
        CURRENT = place;
        place.expose_provenance()
    }
}

/// The end of a call: what it took is given back.
#[wasm_bindgen]
pub fn region_leave() {
    unsafe {
        CURRENT = &raw mut CALLS;
        REGIONS.release(&mut CALLS);
    }
}

/// Gives the region of a model back, which nothing refers to any more.
#[wasm_bindgen]
pub fn region_free(region: usize) {
    unsafe {
        // The region is described in itself.
        let mut region = with_exposed_provenance_mut::<Region>(region).read();
        REGIONS.release(&mut region);
    }
}

/// The region that is filled now.
pub fn region() -> usize {
    unsafe { CURRENT.expose_provenance() }
}

/// What is made once and kept, is of this region from now on.
pub fn keep_in(region: usize) {
    unsafe { MODEL = with_exposed_provenance_mut(region) }
}

/// Lets what a catalog makes once be of the region of its model.
pub const KEEPER: Keeper = Keeper {
    begin: || unsafe {
        let before = CURRENT.expose_provenance();
        CURRENT = MODEL;
        before
    },
    end: |before| unsafe { CURRENT = with_exposed_provenance_mut(before) },
};

/// Traps, which JavaScript sees as an exception. The model has no panic on input, and texts about panics would be a part of each
/// download.
#[panic_handler]
fn trap(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}
