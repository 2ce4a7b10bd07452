//! A set of positions, packed.

use alloc::vec::Vec;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::scope) struct BitSet(Vec<u64>);

impl BitSet {
    /// An empty set with room for the positions below this one.
    pub fn with_room(end: usize) -> Self {
        Self(Vec::with_capacity(end.div_ceil(64)))
    }

    /// Whether the position is new.
    pub fn insert(&mut self, position: u16) -> bool {
        let (word, bit) = place(position);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0.get_mut(word).is_some_and(|word| {
            let is_new = *word & bit == 0;
            *word |= bit;
            is_new
        })
    }

    /// Inserts positions.
    #[inline(never)]
    pub fn add(&mut self, positions: &[u16]) {
        for position in positions {
            self.insert(*position);
        }
    }

    pub fn contains(&self, position: u16) -> bool {
        let (word, bit) = place(position);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Whether it contains all of these.
    #[inline(never)]
    pub fn has_all(&self, positions: &[u16]) -> bool {
        positions.iter().all(|position| self.contains(*position))
    }

    /// In ascending order.
    pub fn iter(&self) -> Members<'_> {
        Members { words: &self.0, end: 0, rest: 0 }
    }

    /// The members that `other` lacks, in ascending order.
    pub fn beyond<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = u16> + 'a {
        self.iter().filter(|position| !other.contains(*position))
    }
}

/// The members of a set. Compiled once, and not as a part of each loop over a set, which would make the checker's download larger.
pub(in crate::scope) struct Members<'a> {
    /// Behind the present word.
    words: &'a [u64],
    /// The first position behind the present word.
    end: u16,
    /// What is left of the present word.
    rest: u64,
}

impl Iterator for Members<'_> {
    type Item = u16;

    #[inline(never)]
    fn next(&mut self) -> Option<u16> {
        while self.rest == 0 {
            let (word, words) = self.words.split_first()?;
            (self.rest, self.words, self.end) = (*word, words, self.end.wrapping_add(64));
        }
        let low = self.rest.trailing_zeros() as u16;
        self.rest &= self.rest.wrapping_sub(1);
        Some(self.end.wrapping_sub(64) | low)
    }
}

impl Extend<u16> for BitSet {
    fn extend<T: IntoIterator<Item = u16>>(&mut self, positions: T) {
        for position in positions {
            self.insert(position);
        }
    }
}

impl FromIterator<u16> for BitSet {
    fn from_iter<T: IntoIterator<Item = u16>>(positions: T) -> Self {
        let mut bits = Self::default();
        bits.extend(positions);
        bits
    }
}

fn place(position: u16) -> (usize, u64) {
    (usize::from(position >> 6), 1 << (position & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_back_in_order() {
        let bits: BitSet = [700, 0, 63, 64, 700].into_iter().collect();
        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 63, 64, 700]);
        assert!(bits.contains(63) && !bits.contains(62) && !bits.contains(9999));
        assert_eq!(bits.beyond(&[0, 64].into_iter().collect()).collect::<Vec<_>>(), [63, 700]);
    }
}
