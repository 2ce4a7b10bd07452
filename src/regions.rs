//! Memory in regions, for the npm package. A value is never given back alone: what a call takes is given back as a whole once its answer
//! was read, and what a custom catalog takes, when its checker is freed. So dropping a value does nothing, and no code for it is a part
//! of the download.
//!
//! A region is a list of chunks, of which the last is filled from its beginning. Free chunks are a list in the order of their addresses, and
//! neighbors are joined, so that what was given back can be taken again as one piece.
#![allow(unsafe_code, reason = "an allocator hands out memory; the rules that make it sound are in this file")]

use alloc::boxed::Box;
use core::{
    alloc::Layout,
    mem::size_of,
    ptr::{copy_nonoverlapping, null_mut, with_exposed_provenance, with_exposed_provenance_mut},
};

use crate::scope::{Catalog, Keeper};

/// Chunks are of a multiple of this, and begin at a multiple of [`HEADER`].
const GRAIN: usize = 1 << 14;
/// The bytes at the beginning of a chunk that are its [`Chunk`].
const HEADER: usize = size_of::<Chunk>();

/// The beginning of each chunk, free or taken.
#[repr(C)]
#[derive(Clone, Copy)]
struct Chunk {
    /// The next chunk of its list; 0 is none.
    next: usize,
    /// The address behind it.
    end: usize,
}

/// What is given back as a whole.
#[derive(Debug)]
struct Region {
    /// Where the next value can begin.
    top: usize,
    /// The end of the last chunk.
    end: usize,
    /// The last chunk; 0 is none.
    last: usize,
}

/// Adds memory, at least so many bytes: their address, a multiple of [`HEADER`], and how many they are.
pub type More = fn(usize) -> Option<(usize, usize)>;

/// The memory that regions are made of.
#[derive(Debug)]
struct Regions {
    /// The first free chunk; 0 is none.
    free: usize,
}

impl Region {
    /// A region without memory.
    const EMPTY: Self = Self { top: 0, end: 0, last: 0 };
}

/// # Safety
/// A chunk, free or taken, must begin at the address.
unsafe fn read(chunk: usize) -> Chunk {
    // SAFETY: each chunk begins with its header, which is aligned.
    unsafe { with_exposed_provenance_mut::<Chunk>(chunk).read() }
}

/// # Safety
/// The bytes from the address to `end` must be a chunk, which no value is in.
unsafe fn write(chunk: usize, next: usize, end: usize) {
    // SAFETY: a chunk has room for its header, and is aligned.
    unsafe { with_exposed_provenance_mut::<Chunk>(chunk).write(Chunk { next, end }) }
}

impl Regions {
    /// Without any memory yet.
    const EMPTY: Self = Self { free: 0 };

    /// Memory for a value; null where there is none.
    ///
    /// # Safety
    /// The region must have been filled by these regions alone.
    unsafe fn take(&mut self, region: &mut Region, layout: Layout, more: More) -> *mut u8 {
        loop {
            // A region without a chunk has no room.
            let at = region.top.next_multiple_of(layout.align());
            if region.end.checked_sub(at).is_some_and(|room| layout.size() <= room) && region.last != 0 {
                region.top = at + layout.size();
                return with_exposed_provenance_mut(at);
            }
            // SAFETY: the caller's promise.
            if !unsafe { self.extend(region, layout.size().saturating_add(layout.align()), more) } {
                return null_mut();
            }
        }
    }

    /// Memory of another size for a value, which it moves there. The last value of a region stays where it is.
    ///
    /// # Safety
    /// The value must be of the region and have this layout, and the region must have been filled by these regions alone.
    unsafe fn retake(&mut self, region: &mut Region, value: *mut u8, layout: Layout, size: usize, more: More) -> *mut u8 {
        let at = value.addr();
        if at + layout.size() == region.top {
            let (fits, last) = (|region: &Region| region.end.checked_sub(at).is_some_and(|room| size <= room), region.last);
            // SAFETY: the caller's promise. Where another chunk was added, the value is moved into it.
            if fits(region) || unsafe { self.extend(region, size - layout.size(), more) } && region.last == last {
                region.top = at + size;
                return value;
            }
        } else if size <= layout.size() {
            return value;
        }
        let Ok(wanted) = Layout::from_size_align(size, layout.align()) else { return null_mut() };
        // SAFETY: the caller's promise. What was taken just now overlaps no other value.
        unsafe {
            let moved = self.take(region, wanted, more);
            if !moved.is_null() {
                copy_nonoverlapping(value, moved, layout.size().min(size));
            }
            moved
        }
    }

    /// Gives everything back that the region took.
    ///
    /// # Safety
    /// The region must have been filled by these regions alone, and none of its values may be used any more.
    unsafe fn release(&mut self, region: &mut Region) {
        let mut chunk = region.last;
        *region = Region::EMPTY;
        while chunk != 0 {
            // SAFETY: it is a chunk of the region, in which no value is used any more.
            unsafe {
                let Chunk { next, end } = read(chunk);
                self.give(chunk, end);
                chunk = next;
            }
        }
    }

    /// Adds room for so many bytes: to the last chunk, if what follows it is free, or else another chunk. Whether there was enough memory.
    ///
    /// # Safety
    /// As for [`Regions::take`].
    #[inline(never)]
    unsafe fn extend(&mut self, region: &mut Region, bytes: usize, more: More) -> bool {
        let Some(bytes) = bytes.saturating_add(HEADER).checked_next_multiple_of(GRAIN) else { return false };
        // SAFETY: what `find` returns is a chunk that no list has any more.
        unsafe {
            let Some((chunk, end)) = self.find(bytes, more) else { return false };
            if chunk == region.end && region.last != 0 {
                let last = read(region.last);
                write(region.last, last.next, end);
            } else {
                write(chunk, region.last, end);
                (region.last, region.top) = (chunk, chunk + HEADER);
            }
            region.end = end;
        }
        true
    }

    /// Takes a chunk of so many bytes off the list of free ones, the first that is large enough: where it begins and ends.
    ///
    /// # Safety
    /// The list must be that of [`Regions::give`].
    unsafe fn find(&mut self, bytes: usize, more: More) -> Option<(usize, usize)> {
        loop {
            let (mut before, mut chunk) = (0, self.free);
            while chunk != 0 {
                // SAFETY: the list has chunks only, in which no value is.
                unsafe {
                    let Chunk { next, end } = read(chunk);
                    if end - chunk >= bytes {
                        let rest = chunk + bytes;
                        let follower = if rest < end { rest } else { next };
                        if rest < end {
                            write(rest, next, end);
                        }
                        self.link(before, follower);
                        return Some((chunk, rest));
                    }
                    (before, chunk) = (chunk, next);
                }
            }
            let (at, count) = more(bytes)?;
            // SAFETY: it is new, so no value is in it.
            unsafe { self.give(at, at + count) };
        }
    }

    /// Makes a chunk the follower of another one in the list of free chunks, or the first one.
    ///
    /// # Safety
    /// `before` must be a free chunk, or 0.
    unsafe fn link(&mut self, before: usize, chunk: usize) {
        if before == 0 {
            self.free = chunk;
        } else {
            // SAFETY: the caller's promise.
            unsafe { write(before, chunk, read(before).end) };
        }
    }

    /// Puts a chunk into the list of free ones, and joins it with its neighbors.
    ///
    /// # Safety
    /// No list may have the chunk, and no value in it may be used any more.
    unsafe fn give(&mut self, chunk: usize, mut end: usize) {
        let (mut before, mut next) = (0, self.free);
        // SAFETY: the list has chunks only, and the new one is the caller's promise.
        unsafe {
            while next != 0 && next < chunk {
                (before, next) = (next, read(next).next);
            }
            if next == end {
                Chunk { next, end } = read(next);
            }
            if before != 0 && read(before).end == chunk {
                write(before, next, end);
            } else {
                write(chunk, next, end);
                self.link(before, chunk);
            }
        }
    }
}

/// The memory of a program: the region that calls fill, and one for each model. A program without the standard library makes it its
/// allocator; nothing else uses it.
#[derive(Debug)]
pub struct Memory {
    regions: Regions,
    /// What calls take.
    calls: Region,
    /// The region that is filled: that of a model; null is that of calls.
    current: *mut Region,
    /// The region of the model that is asked: what its catalog makes once and keeps.
    model: *mut Region,
}

impl Memory {
    /// Without any memory yet.
    pub const EMPTY: Self = Self { regions: Regions::EMPTY, calls: Region::EMPTY, current: null_mut(), model: null_mut() };

    /// Memory for a value, of the region that is filled; null where there is none.
    ///
    /// # Safety
    /// No region that was freed may be filled.
    pub unsafe fn take(&mut self, layout: Layout, more: More) -> *mut u8 {
        let Self { regions, calls, current, .. } = self;
        // SAFETY: a region of a model is in its own memory until it is freed.
        unsafe { regions.take(current.as_mut().unwrap_or(calls), layout, more) }
    }

    /// Memory of another size for a value, which it moves there.
    ///
    /// # Safety
    /// The value must be of the region that is filled, or of a region that is not freed, and have this layout.
    pub unsafe fn retake(&mut self, value: *mut u8, layout: Layout, size: usize, more: More) -> *mut u8 {
        let Self { regions, calls, current, .. } = self;
        // SAFETY: as above. A value of another region is never the last of this one, and is moved.
        unsafe { regions.retake(current.as_mut().unwrap_or(calls), value, layout, size, more) }
    }

    /// Makes a region, which is filled until it is left. 0 where there is no memory.
    pub fn make(&mut self, more: More) -> usize {
        let mut region = Region::EMPTY;
        // SAFETY: the region is new. It is described in its own memory.
        unsafe {
            let place = self.regions.take(&mut region, Layout::new::<Region>(), more).cast::<Region>();
            if !place.is_null() {
                place.write(region);
                self.current = place;
            }
            place.expose_provenance()
        }
    }

    /// The end of a call: the region of calls is filled again, and what they took is given back.
    ///
    /// # Safety
    /// Nothing that a call took may be used any more.
    pub unsafe fn leave(&mut self) {
        self.current = null_mut();
        // SAFETY: the caller's promise.
        unsafe { self.regions.release(&mut self.calls) }
    }

    /// Gives a region back.
    ///
    /// # Safety
    /// It must have been made here, and nothing in it may be used any more.
    pub unsafe fn free(&mut self, region: usize) {
        // SAFETY: the caller's promise. What describes it is read before it is given back.
        unsafe {
            let mut region = with_exposed_provenance_mut::<Region>(region).read();
            self.regions.release(&mut region);
        }
    }

    /// The region that is filled; 0 is that of calls.
    pub fn current(&self) -> usize {
        self.current.expose_provenance()
    }

    /// Chooses the region for what the catalog of a model makes once and keeps.
    ///
    /// # Safety
    /// It must be 0 or have been made here, and not be freed.
    pub unsafe fn ask(&mut self, region: usize) {
        self.model = with_exposed_provenance_mut(region);
    }

    /// Fills the region of the model that is asked, and returns the one that was filled before.
    pub fn begin(&mut self) -> usize {
        let before = self.current();
        self.current = self.model;
        before
    }

    /// Fills the region again that was filled before.
    ///
    /// # Safety
    /// It must be what [`Memory::begin`] returned, and not be freed.
    pub unsafe fn end(&mut self, before: usize) {
        self.current = with_exposed_provenance_mut(before);
    }
}

/// The memory of this program. A reference to it is used up before anything else is called that takes one.
///
/// # Safety
/// For a program with one thread.
pub static mut MEMORY: Memory = Memory::EMPTY;

/// A catalog with the region that it is in.
struct Model {
    catalog: Catalog,
    region: usize,
}

/// What is called around what a catalog makes once: that is of the region of its model.
#[allow(static_mut_refs, reason = "see the static")]
const KEEPER: Keeper = Keeper {
    // SAFETY: one thread, and the region of a model that is asked is not freed.
    begin: || unsafe { MEMORY.begin() },
    end: |before| unsafe { MEMORY.end(before) },
};

/// Puts a catalog into the region that is filled now, for [`kept`]. The number is never 0.
#[allow(static_mut_refs, reason = "see the static")]
pub fn keep(catalog: Catalog) -> usize {
    // SAFETY: one thread.
    let region = unsafe { MEMORY.current() };
    Box::into_raw(Box::new(Model { catalog: catalog.kept_by(KEEPER), region })).expose_provenance()
}

/// The catalog that [`keep`] returned this number for. What it makes once is of the region that it is in.
///
/// # Safety
/// The region must not be freed while the catalog is used.
#[allow(static_mut_refs, reason = "see the static")]
pub unsafe fn kept(model: usize) -> &'static Catalog {
    // SAFETY: one thread, and the caller's promise.
    unsafe {
        let model = &*with_exposed_provenance::<Model>(model);
        MEMORY.ask(model.region);
        &model.catalog
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering::Relaxed},
    };

    use super::*;
    use crate::scope::Dice;

    /// A value, and the byte that all of it is.
    type Marked = (*mut u8, Layout, u8);

    const PAGE: usize = 1 << 16;

    /// All the memory that there is.
    const ALL: usize = 1 << 26;

    /// Memory that grows in one piece, as that of WebAssembly does, so that each run of a test is the same. Each test has its own.
    macro_rules! memory {
        ($more:ident, $taken:ident) => {
            static $taken: AtomicUsize = AtomicUsize::new(0);
            fn $more(bytes: usize) -> Option<(usize, usize)> {
                static BASE: OnceLock<usize> = OnceLock::new();
                let base = BASE.get_or_init(|| vec![0_u128; ALL / size_of::<u128>()].leak().as_mut_ptr().expose_provenance());
                let count = bytes.next_multiple_of(PAGE);
                let at = $taken.fetch_add(count, Relaxed);
                (at + count <= ALL).then_some((base + at, count))
            }
        };
    }

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    #[test]
    fn values_keep_their_bytes_until_their_region_is_given_back() {
        memory!(more, TAKEN);
        let mut regions = Regions::EMPTY;
        let mut dice = Dice::new(0x5eed);
        let mut kept: Vec<(Region, Vec<Marked>)> = Vec::new();
        for round in 0..2_000_usize {
            if kept.is_empty() || dice.below(8) == 0 {
                kept.push((Region::EMPTY, Vec::new()));
            }
            let place = dice.below(kept.len());
            let (region, values) = &mut kept[place];
            let size = if dice.below(50) == 0 { dice.below(200_000) } else { dice.below(900) };
            let mark = round as u8;
            // SAFETY: regions are filled here alone, and values are used only while their region has them.
            unsafe {
                if dice.below(3) == 0
                    && let Some((value, had, mark)) = values.last_mut()
                {
                    *value = regions.retake(region, *value, *had, size, more);
                    for at in had.size()..size {
                        value.add(at).write(*mark);
                    }
                    *had = layout(size, had.align());
                } else {
                    let wanted = layout(size, 1 << dice.below(5));
                    let value = regions.take(region, wanted, more);
                    assert_eq!(value.addr() % wanted.align(), 0);
                    value.write_bytes(mark, size);
                    values.push((value, wanted, mark));
                }
                for (value, layout, mark) in kept.iter().flat_map(|(_, values)| values) {
                    assert!((0..layout.size()).step_by(97).all(|at| value.add(at).read() == *mark));
                }
                if kept.len() > 6 {
                    let (mut region, _) = kept.swap_remove(dice.below(kept.len()));
                    regions.release(&mut region);
                }
            }
        }
    }

    #[test]
    fn what_is_given_back_is_taken_again() {
        memory!(more, TAKEN);
        let mut regions = Regions::EMPTY;
        let mut first = 0;
        for round in 0..100 {
            let (mut one, mut other) = (Region::EMPTY, Region::EMPTY);
            // SAFETY: regions are filled here alone, and no value is used.
            unsafe {
                for size in [10, 100_000, 3, 70_000, 900_000] {
                    assert!(!regions.take(&mut one, layout(size, 4), more).is_null());
                    assert!(!regions.take(&mut other, layout(size / 2, 8), more).is_null());
                }
                regions.release(&mut one);
                regions.release(&mut other);
            }
            if round == 0 {
                first = TAKEN.load(Relaxed);
            }
        }
        assert_eq!(TAKEN.load(Relaxed), first);
    }

    #[test]
    fn the_last_value_grows_where_it_is() {
        memory!(more, TAKEN);
        let (mut regions, mut region) = (Regions::EMPTY, Region::EMPTY);
        // SAFETY: the region is filled here alone.
        unsafe {
            let value = regions.take(&mut region, layout(8, 8), more);
            assert_eq!(regions.retake(&mut region, value, layout(8, 8), GRAIN * 2, more), value);
            assert_eq!(regions.retake(&mut region, value, layout(GRAIN * 2, 8), 5, more), value);
            let next = regions.take(&mut region, layout(1, 1), more);
            assert_eq!(next.addr(), value.addr() + 5);
        }
        assert_eq!(TAKEN.load(Relaxed), PAGE);
    }

    #[test]
    fn what_a_model_keeps_outlives_calls_and_is_given_back_with_it() {
        memory!(more, TAKEN);
        let mut memory = Memory::EMPTY;
        let mut after_first = 0;
        for round in 0..1_000_u16 {
            // SAFETY: regions are filled here alone; values are used only while their region has them.
            unsafe {
                let model = memory.make(more);
                let of_model = memory.take(layout(9_000, 8), more);
                of_model.write_bytes(1, 9_000);
                memory.leave();
                memory.ask(model);
                let of_call = memory.take(layout(500, 8), more);
                let before = memory.begin();
                let kept = memory.take(layout(20_000, 8), more);
                kept.write_bytes(2, 20_000);
                memory.end(before);
                assert_eq!(memory.retake(of_call, layout(500, 8), 900, more), of_call);
                of_call.write_bytes(3, 900);
                memory.leave();
                memory.take(layout(40_000, 1), more).write_bytes(4, 40_000);
                assert_eq!((of_model.add(8_999).read(), kept.read(), kept.add(19_999).read()), (1, 2, 2));
                memory.leave();
                memory.free(model);
            }
            if round == 0 {
                after_first = TAKEN.load(Relaxed);
            }
        }
        assert_eq!(TAKEN.load(Relaxed), after_first);
    }

    #[test]
    fn memory_that_is_not_there_is_null() {
        let (mut regions, mut region) = (Regions::EMPTY, Region::EMPTY);
        // SAFETY: the region is filled here alone.
        assert!(unsafe { regions.take(&mut region, layout(1, 1), |_| None) }.is_null());
    }
}
