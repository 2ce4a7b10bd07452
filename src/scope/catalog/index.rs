//! What is derived from a catalog so that looking up is quick: the data. Knows nothing that the catalog does not say.

use alloc::{vec, vec::Vec};

use serde::{Serialize, Serializer};

use super::{
    entries::{Operation, Scope},
    route::Routes,
};
use crate::scope::support::{
    gather::Gather,
    later::{Keeper, Later},
    nearest::Names,
    sort::positions,
};

/// Everything is a position in [`Catalog::scopes`](super::Catalog::scopes) or [`Catalog::operations`](super::Catalog::operations); a catalog has at most 20,000 of each.
///
/// Operations are most of a catalog's text, and most checks need none: those of the built-in catalog are read when first asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// A hash table of scopes by name, with open addressing: the position plus one, 0 for a free place.
    pub(super) by_name: Vec<u16>,
    /// The scopes that every key holds.
    pub(super) implied: Vec<u16>,
    /// What is called around the making of what follows.
    pub(super) keeper: Keeper,
    /// What reads the operations, where they are read later.
    pub(super) source: Option<fn() -> Vec<Operation>>,
    pub(super) operations: Later<Vec<Operation>>,
    pub(super) links: Later<Links>,
    /// For each scope what it includes; empty where no scope includes any.
    pub(super) closures: Later<Vec<Vec<u16>>>,
    /// For each operation the hash of its verb.
    pub(super) verbs: Later<Vec<u32>>,
    /// Operations by spelling.
    pub(super) spellings: Later<Spellings>,
    /// Operations by route.
    pub(super) routes: Later<Routes>,
    /// For what is misspelt.
    pub(super) scope_names: Later<ScopeNames>,
    pub(super) operation_names: Later<OperationNames>,
}

/// Scopes, for what is misspelt.
#[derive(Clone, Debug, Default)]
pub(super) struct ScopeNames {
    /// In the order of their names.
    pub(super) sorted: Vec<u16>,
    pub(super) names: Names,
}

/// Operations, for what is misspelt.
#[derive(Clone, Debug, Default)]
pub(super) struct OperationNames {
    pub(super) names: Names,
}

/// How scopes and operations belong together.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    /// Operations, sorted by id.
    pub(super) by_id: Vec<u16>,
    /// A hash table of ids, as [`Index::by_name`] is one: the place in `by_id` where an id begins, plus one.
    pub(super) by_name: Vec<u16>,
    /// For each operation the scopes of which any one opens it, in ascending order.
    pub(super) needs: Vec<Vec<u16>>,
    /// The operations that several scopes open together, in ascending order, with those sets of scopes.
    pub(super) sets: Vec<(u16, Vec<Vec<u16>>)>,
    /// For each operation which one of [`Catalog::alternatives`](super::Catalog::alternatives) its owner calls least privileged, plus one;
    /// 0 where there is none.
    pub(super) least: Vec<u16>,
    /// For each scope the operations that it opens alone, with what it includes, in ascending order.
    pub(super) opens: Vec<Vec<u16>>,
    /// For each scope the operations that it opens together with others, in ascending order. Empty where there are no sets.
    pub(super) helps: Vec<Vec<u16>>,
    /// The operations that need no scope.
    pub(super) open: Vec<u16>,
    /// For each scope its successor.
    pub(super) successors: Vec<Option<u16>>,
    /// For each scope the scopes that include it. Empty where no scope includes any.
    pub(super) included_by: Vec<Vec<u16>>,
}

/// Operations by the hash of their letters and digits.
#[derive(Clone, Debug, Default)]
pub(super) struct Spellings {
    /// In ascending order.
    pub(super) hashes: Vec<u32>,
    /// The operation of each hash.
    pub(super) operations: Vec<u16>,
    /// The hashes of the namespaces, in ascending order.
    pub(super) namespaces: Vec<u32>,
    /// The hash of each operation's method, in the order of ids.
    pub(super) methods: Vec<u32>,
}

impl Index {
    pub(super) fn new(scopes: &[Scope], operations: Vec<Operation>) -> Self {
        Self { operations: Later::made(operations), ..Self::named(scopes) }
    }

    /// With operations that are read when first asked for.
    pub(super) fn later(scopes: &[Scope], source: fn() -> Vec<Operation>) -> Self {
        Self { source: Some(source), ..Self::named(scopes) }
    }

    fn named(scopes: &[Scope]) -> Self {
        // An id that is listed twice is a fault. The first counts until that is reported.
        let by_name = hashed(scopes.len(), &|position| scopes.get(usize::from(position)).map_or("", |scope| scope.id.as_str()));
        let implied = (0_u16..).zip(scopes).filter(|(_, scope)| scope.implied).map(|(position, _)| position).gathered();
        Self { by_name, implied, ..Self::default() }
    }

    #[inline(never)]
    pub(super) fn operations(&self) -> &[Operation] {
        self.operations.get(self.keeper, || self.source.map(|read| read()).unwrap_or_default())
    }

    /// Writes the operations, for the catalog's own form.
    pub(super) fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.operations().serialize(serializer)
    }
}

/// A hash table of so many names, with open addressing: the position plus one, 0 for a free place. Of equal names the first is found.
#[inline(never)]
pub(super) fn hashed<'a>(count: usize, name: &dyn Fn(u16) -> &'a str) -> Vec<u16> {
    let mut table = vec![0; (count * 2).next_power_of_two()];
    for position in positions(count) {
        let free = places(&table, name(position)).find(|place| table.get(*place) == Some(&0));
        if let Some(place) = free.and_then(|place| table.get_mut(place)) {
            *place = position + 1;
        }
    }
    table
}

/// The places where a name can stand in a hash table, the likeliest first: one after the other from that of its hash, which takes
/// eight bytes at a time.
pub(super) fn places(table: &[u16], name: &str) -> impl Iterator<Item = usize> {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let bytes = name.as_bytes();
    // Where the length is no multiple of eight, the last word overlaps the one before.
    let short = || bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let last = bytes.last_chunk().map_or_else(short, |word| u64::from_le_bytes(*word));
    let words = bytes.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word));
    let hash = words.fold(last.wrapping_mul(FACTOR), |hash, word| (hash.rotate_left(32) ^ word).wrapping_mul(FACTOR)) >> 32;
    let mask = table.len().wrapping_sub(1);
    (0..table.len()).map(move |step| (hash as usize).wrapping_add(step) & mask)
}

/// The letters and digits of a name in lower case: what all spellings of it share.
pub(in crate::scope) fn squashed(text: &str) -> impl Iterator<Item = u8> + '_ {
    text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
}
