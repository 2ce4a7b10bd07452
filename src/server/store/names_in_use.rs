//! Which names of a catalog the stored rows use.

use std::collections::HashMap;

/// So many bytes of the names of scopes are kept.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The names of a catalog that stored rows use, each with the number of rows. The most used ones come first, and the names of equally
/// used ones are in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamesInUse {
    /// The scopes of keys, with the number of keys. Keys of the organization count.
    pub scopes: Vec<(String, u64)>,
    /// The editions that policies name, with the number of projects.
    pub editions: Vec<(String, u64)>,
}

impl NamesInUse {
    /// So many scopes are reported, and so many editions.
    pub const MAX: u32 = 40_000;
}

/// Counts how many keys have a scope.
#[derive(Default)]
pub(super) struct ScopeCounts {
    by_name: HashMap<String, u64>,
    bytes: usize,
}

impl ScopeCounts {
    /// So many keys have this list. A list can have a scope twice; its keys count once.
    pub fn add(&mut self, mut list: Vec<String>, keys: u64) {
        list.sort_unstable();
        list.dedup();
        for name in list {
            if let Some(count) = self.by_name.get_mut(&name) {
                *count += keys;
            } else if self.bytes + name.len() <= MAX_BYTES {
                self.bytes += name.len();
                self.by_name.insert(name, keys);
            }
        }
    }

    /// The scopes in the order of [`NamesInUse::scopes`].
    pub fn sorted(self) -> Vec<(String, u64)> {
        let mut sorted: Vec<(String, u64)> = self.by_name.into_iter().collect();
        sorted.sort_unstable_by(|(a, many), (b, more)| more.cmp(many).then_with(|| a.cmp(b)));
        sorted.truncate(NamesInUse::MAX as usize);
        sorted
    }
}
