//! Chance for tests and benchmarks. No part of the library: its own tests have it as a module, `tests/it` and `bench` include the file.

/// Numbers without a pattern that follow from a seed (SplitMix64): the same in every run, on every machine.
pub struct Dice(u64);

#[allow(dead_code, reason = "a file that includes this one uses a part of it")]
impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below the limit; 0 where the limit is 0.
    #[allow(clippy::cast_possible_truncation, reason = "less than a `usize`")]
    pub fn below(&mut self, limit: usize) -> usize {
        (self.number() % (limit as u64).max(1)) as usize
    }

    /// True in so many of 100 cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// So many of these; one may come twice.
    pub fn some<T: Clone>(&mut self, of: &[T], count: usize) -> Vec<T> {
        (0..count).map(|_| of[self.below(of.len())].clone()).collect()
    }
}
