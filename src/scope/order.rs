//! Sorting, in one place: every sort that is compiled for a type of its own weighs three kilobytes in the checker's download.

use std::cmp::Ordering;

/// Sorts positions; equal ones keep their order.
pub(super) fn order(positions: &mut [u16], compare: &mut dyn FnMut(u16, u16) -> Ordering) {
    positions.sort_by(|a, b| compare(*a, *b));
}

/// The positions of a list, in ascending order, as far as 65,535; catalogs and requests that are read are shorter.
pub(super) fn positions(length: usize) -> Vec<u16> {
    (0..length).map_while(|position| u16::try_from(position).ok()).collect()
}

/// Sorts a list; equal items keep their order. Of a list beyond 65,536 items the rest stays behind as it is.
pub(super) fn sort<T>(list: Vec<T>, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let mut sorted = positions(list.len());
    order(&mut sorted, &mut |a, b| match (list.get(usize::from(a)), list.get(usize::from(b))) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut list: Vec<Option<T>> = list.into_iter().map(Some).collect();
    let mut done: Vec<T> = sorted.into_iter().filter_map(|position| list.get_mut(usize::from(position))?.take()).collect();
    done.extend(list.into_iter().flatten());
    done
}
