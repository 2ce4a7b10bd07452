//! Sorting, in one place: every sort that is compiled for another type adds three kilobytes in the checker's download.

use alloc::vec::Vec;

use super::gather::Gather;
use core::cmp::Ordering;

/// Sorts positions; equal ones keep their order. A merge sort from the bottom up, a tenth of the size of the one in `std`.
pub(in crate::scope) fn order(positions: &mut [u16], compare: &mut dyn FnMut(u16, u16) -> Ordering) {
    let mut width = 1;
    let mut merged = Vec::with_capacity(positions.len());
    while width < positions.len() {
        for pair in positions.chunks(width * 2) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (Some((a, left_rest)), Some((b, right_rest))) = (left.split_first(), right.split_first()) {
                if compare(*a, *b).is_le() {
                    merged.push(*a);
                    left = left_rest;
                } else {
                    merged.push(*b);
                    right = right_rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        positions.copy_from_slice(&merged);
        merged.clear();
        width *= 2;
    }
}

/// The texts that were met, for lists as short as those of requests.
#[derive(Default)]
pub(in crate::scope) struct Dedup<'a>(Vec<&'a str>);

impl<'a> Dedup<'a> {
    /// These texts.
    #[inline(never)]
    pub fn of(texts: &[&'a str]) -> Self {
        let mut seen = Self::default();
        for text in texts {
            let _is_new = seen.insert(text);
        }
        seen
    }

    /// Whether the text is new.
    #[inline(never)]
    pub fn insert(&mut self, text: &'a str) -> bool {
        match self.0.binary_search(&text) {
            Ok(_) => false,
            Err(place) => {
                self.0.insert(place, text);
                true
            }
        }
    }

    #[inline(never)]
    pub fn contains(&self, text: &str) -> bool {
        self.0.binary_search(&text).is_ok()
    }
}

/// The positions of a list, in ascending order, as far as 65,535; catalogs and requests that are read are shorter.
pub(in crate::scope) fn positions(length: usize) -> Vec<u16> {
    (0..length).map_while(|position| u16::try_from(position).ok()).gathered()
}

/// Sorts a list; equal items keep their order. Of a list beyond 65,536 items the rest stays behind as it is.
pub(in crate::scope) fn sort<T>(list: Vec<T>, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let mut sorted = positions(list.len());
    order(&mut sorted, &mut |a, b| match (list.get(usize::from(a)), list.get(usize::from(b))) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut list: Vec<Option<T>> = list.into_iter().map(Some).collect();
    let mut done: Vec<T> = sorted.into_iter().filter_map(|position| list.get_mut(usize::from(position))?.take()).gathered();
    done.extend(list.into_iter().flatten());
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_is_stable_for_every_length() {
        for length in 0..70_u16 {
            let key = |position: u16| position * 7 % 13;
            let mut ours = positions(usize::from(length));
            let mut expected = ours.clone();
            order(&mut ours, &mut |a, b| key(a).cmp(&key(b)));
            expected.sort_by_key(|position| key(*position));
            assert_eq!(ours, expected);
            let texts: Vec<String> = (0..length).map(|position| key(position).to_string()).collect();
            let mut expected = texts.clone();
            expected.sort();
            assert_eq!(sort(texts, Ord::cmp), expected);
        }
    }

    #[test]
    fn a_text_is_new_once() {
        let mut seen = Dedup::default();
        assert_eq!(["b", "a", "b", "", "a"].map(|text| seen.insert(text)), [true, true, false, true, false]);
    }
}
