//! Memory in regions, for the npm package. A value is never given back alone: what a call takes is given back as a whole once its answer
//! was read, and what a custom catalog takes, when its checker is freed. So dropping a value does nothing, and no code for it is a part
//! of the download.
//!
//! A region is a list of chunks, of which the last is filled from its beginning. Free chunks are a list in the order of their addresses, and
//! neighbors are joined, so that what was given back can be taken again as one piece.
#![allow(unsafe_code, reason = "an allocator hands out memory; the rules that make it sound are in this file")]

use core::{
    alloc::Layout,
    mem::size_of,
    ptr::{copy_nonoverlapping, null_mut, with_exposed_provenance_mut},
};

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
pub struct Region {
    /// Where the next value can begin.
    top: usize,
    /// The end of the last chunk.
    end: usize,
    /// The last chunk; 0 is none.
    last: usize,
}

/// The memory that regions are made of.
#[derive(Debug)]
pub struct Regions {
    /// The first free chunk; 0 is none.
    free: usize,
    /// Adds at least so many bytes: their address, a multiple of [`HEADER`], and how many they are.
    more: fn(usize) -> Option<(usize, usize)>,
}

impl Region {
    /// A region without memory.
    pub const EMPTY: Self = Self { top: 0, end: 0, last: 0 };
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
    pub const fn new(more: fn(usize) -> Option<(usize, usize)>) -> Self {
        Self { free: 0, more }
    }

    /// Memory for a value; null where there is none.
    ///
    /// # Safety
    /// The region must have been filled by these regions alone.
    pub unsafe fn take(&mut self, region: &mut Region, layout: Layout) -> *mut u8 {
        loop {
            // A region without a chunk has no room.
            let at = region.top.next_multiple_of(layout.align());
            if region.end.checked_sub(at).is_some_and(|room| layout.size() <= room) && region.last != 0 {
                region.top = at + layout.size();
                return with_exposed_provenance_mut(at);
            }
            // SAFETY: the caller's promise.
            if !unsafe { self.extend(region, layout.size().saturating_add(layout.align())) } {
                return null_mut();
            }
        }
    }

    /// Memory of another size for a value, which it moves there. The last value of a region stays where it is.
    ///
    /// # Safety
    /// The value must be of the region and have this layout, and the region must have been filled by these regions alone.
    pub unsafe fn retake(&mut self, region: &mut Region, value: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let at = value.addr();
        if at + layout.size() == region.top {
            let (fits, last) = (|region: &Region| region.end.checked_sub(at).is_some_and(|room| size <= room), region.last);
            // SAFETY: the caller's promise. Where another chunk was added, the value is moved into it.
            if fits(region) || unsafe { self.extend(region, size - layout.size()) } && region.last == last {
                region.top = at + size;
                return value;
            }
        } else if size <= layout.size() {
            return value;
        }
        let Ok(wanted) = Layout::from_size_align(size, layout.align()) else { return null_mut() };
        // SAFETY: the caller's promise. What was taken just now overlaps no other value.
        unsafe {
            let moved = self.take(region, wanted);
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
    pub unsafe fn release(&mut self, region: &mut Region) {
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
    unsafe fn extend(&mut self, region: &mut Region, bytes: usize) -> bool {
        let Some(bytes) = bytes.saturating_add(HEADER).checked_next_multiple_of(GRAIN) else { return false };
        // SAFETY: what `find` returns is a chunk that no list has any more.
        unsafe {
            let Some((chunk, end)) = self.find(bytes) else { return false };
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
    unsafe fn find(&mut self, bytes: usize) -> Option<(usize, usize)> {
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
            let (at, count) = (self.more)(bytes)?;
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

#[cfg(test)]
#[path = "scope/support/dice.rs"]
#[allow(clippy::duplicate_mod, reason = "this room imports no other, and programs of bench have the file too")]
mod dice;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use super::{dice::Dice, *};

    /// A value, and the byte that all of it is.
    type Marked = (*mut u8, Layout, u8);

    const PAGE: usize = 1 << 16;

    /// Memory of the system; every other time, it does not follow what was given before. A test has its own, so that it can be counted.
    macro_rules! memory {
        ($more:ident, $taken:ident) => {
            static $taken: AtomicUsize = AtomicUsize::new(0);
            fn $more(bytes: usize) -> Option<(usize, usize)> {
                let count = bytes.next_multiple_of(PAGE);
                let pages: &'static mut [u128] = vec![0_u128; count / size_of::<u128>()].leak();
                $taken.fetch_add(count, Relaxed);
                Some((pages.as_mut_ptr().expose_provenance(), count))
            }
        };
    }

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    #[test]
    fn values_keep_their_bytes_until_their_region_is_given_back() {
        memory!(more, TAKEN);
        let mut regions = Regions::new(more);
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
                    *value = regions.retake(region, *value, *had, size);
                    for at in had.size()..size {
                        value.add(at).write(*mark);
                    }
                    *had = layout(size, had.align());
                } else {
                    let wanted = layout(size, 1 << dice.below(5));
                    let value = regions.take(region, wanted);
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
        let mut regions = Regions::new(more);
        let mut first = 0;
        for round in 0..100 {
            let (mut one, mut other) = (Region::EMPTY, Region::EMPTY);
            // SAFETY: regions are filled here alone, and no value is used.
            unsafe {
                for size in [10, 100_000, 3, 70_000, 900_000] {
                    assert!(!regions.take(&mut one, layout(size, 4)).is_null());
                    assert!(!regions.take(&mut other, layout(size / 2, 8)).is_null());
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
        let (mut regions, mut region) = (Regions::new(more), Region::EMPTY);
        // SAFETY: the region is filled here alone.
        unsafe {
            let value = regions.take(&mut region, layout(8, 8));
            assert_eq!(regions.retake(&mut region, value, layout(8, 8), GRAIN * 2), value);
            assert_eq!(regions.retake(&mut region, value, layout(GRAIN * 2, 8), 5), value);
            let next = regions.take(&mut region, layout(1, 1));
            assert_eq!(next.addr(), value.addr() + 5);
        }
        assert_eq!(TAKEN.load(Relaxed), PAGE);
    }

    #[test]
    fn memory_that_is_not_there_is_null() {
        let (mut regions, mut region) = (Regions::new(|_| None), Region::EMPTY);
        // SAFETY: the region is filled here alone.
        assert!(unsafe { regions.take(&mut region, layout(1, 1)) }.is_null());
    }
}
