//! What is derived from a catalog so that looking up is quick. Knows nothing that the data does not say.

use alloc::{boxed::Box, vec, vec::Vec};

use once_cell::race::OnceBox;
use serde::{Serialize, Serializer};

use super::{
    Catalog, Operation, Scope,
    nearest::{Names, Patience},
    route::Routes,
};
use crate::scope::support::sort::{order, positions};

/// Everything is a position in [`Catalog::scopes`] or [`Catalog::operations`]; a catalog has at most 20,000 of each.
///
/// Operations are most of a catalog's text, and most checks need none: those of the built-in catalog are read when first asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// A hash table of scopes by name, with open addressing: the position plus one, 0 for a free place.
    by_name: Vec<u16>,
    /// The scopes that every key holds.
    implied: Vec<u16>,
    /// What reads the operations, where they are read later.
    source: Option<fn() -> Vec<Operation>>,
    operations: OnceBox<Vec<Operation>>,
    links: OnceBox<Links>,
    /// Operations, sorted by spelling.
    spellings: OnceBox<Vec<u16>>,
    /// Operations by route.
    routes: OnceBox<Routes>,
    /// For what is misspelt.
    scope_names: OnceBox<ScopeNames>,
    operation_names: OnceBox<OperationNames>,
}

/// Scopes, for what is misspelt.
#[derive(Clone, Debug, Default)]
struct ScopeNames {
    /// In the order of their names.
    sorted: Vec<u16>,
    names: Names,
}

/// Operations, for what is misspelt.
#[derive(Clone, Debug, Default)]
struct OperationNames {
    names: Names,
    /// How many slashes the longest path has.
    longest_path: usize,
}

/// How scopes and operations belong together.
#[derive(Clone, Debug, Default)]
struct Links {
    /// Operations, sorted by id.
    by_id: Vec<u16>,
    /// For each operation the scopes that open it, in ascending order.
    needs: Vec<Vec<u16>>,
    /// For each scope the operations that it opens, in ascending order.
    opens: Vec<Vec<u16>>,
    /// For each scope its successor.
    successors: Vec<Option<u16>>,
}

impl Index {
    pub(super) fn new(scopes: &[Scope], operations: Vec<Operation>) -> Self {
        Self { operations: OnceBox::with_value(Box::new(operations)), ..Self::named(scopes) }
    }

    /// With operations that are read when first asked for.
    pub(super) fn later(scopes: &[Scope], source: fn() -> Vec<Operation>) -> Self {
        Self { source: Some(source), ..Self::named(scopes) }
    }

    fn named(scopes: &[Scope]) -> Self {
        let mut by_name = vec![0; (scopes.len() * 2).next_power_of_two()];
        for (position, scope) in positions(scopes.len()).into_iter().zip(scopes) {
            // An id that stands twice is a fault; until that is told, the first counts.
            let free = places(&by_name, scope.id.as_str()).find(|place| by_name.get(*place) == Some(&0));
            if let Some(place) = free.and_then(|place| by_name.get_mut(place)) {
                *place = position + 1;
            }
        }
        let implied = (0_u16..).zip(scopes).filter(|(_, scope)| scope.implied).map(|(position, _)| position).collect();
        Self { by_name, implied, ..Self::default() }
    }

    #[inline(never)]
    pub(super) fn operations(&self) -> &[Operation] {
        self.operations.get_or_init(|| Box::new(self.source.map(|read| read()).unwrap_or_default()))
    }

    /// Writes the operations, for the catalog's own form.
    pub(super) fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.operations().serialize(serializer)
    }
}

impl Links {
    fn new(catalog: &Catalog) -> Self {
        let operations = catalog.operations();
        let mut by_id = positions(operations.len());
        // Routes that share an id keep their order.
        order(&mut by_id, &mut |a, b| catalog.operation_id(a).cmp(catalog.operation_id(b)));
        let mut opens = vec![Vec::new(); catalog.scopes().len()];
        let mut needs = Vec::with_capacity(operations.len());
        for (position, operation) in positions(operations.len()).into_iter().zip(operations) {
            let mut needed: Vec<u16> = operation.scopes.iter().filter_map(|scope| catalog.scope_position(scope.as_str())).collect();
            order(&mut needed, &mut |a, b| a.cmp(&b));
            needed.dedup();
            for scope in &needed {
                if let Some(opened) = opens.get_mut(usize::from(*scope)) {
                    opened.push(position);
                }
            }
            needs.push(needed);
        }
        let successor = |scope: &Scope| catalog.scope_position(scope.successor.as_ref()?.as_str());
        let successors = catalog.scopes().iter().map(successor).collect();
        Self { by_id, needs, opens, successors }
    }
}

/// The places where a name can stand in a hash table, the likeliest first: one after the other from that of its hash, which takes
/// eight bytes at a time.
fn places(table: &[u16], name: &str) -> impl Iterator<Item = usize> {
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

/// What is opened and not covered. Both lists ascend.
pub(in crate::scope) struct Beyond<'a> {
    opened: &'a [u16],
    covered: &'a [u16],
}

impl Iterator for Beyond<'_> {
    type Item = u16;

    #[inline(never)]
    fn next(&mut self) -> Option<u16> {
        loop {
            let (operation, rest) = self.opened.split_first()?;
            self.opened = rest;
            while let Some((first, rest)) = self.covered.split_first()
                && first < operation
            {
                self.covered = rest;
            }
            if self.covered.first() != Some(operation) {
                return Some(*operation);
            }
        }
    }
}

impl Catalog {
    /// The position of a scope in [`Catalog::scopes`].
    pub fn scope_index(&self, name: &str) -> Option<usize> {
        self.scope_position(name).map(usize::from)
    }

    pub(in crate::scope) fn scope_position(&self, name: &str) -> Option<u16> {
        self.find_scope(name).map(|(position, _)| position)
    }

    /// The scope of this name, and its position.
    pub(in crate::scope) fn find_scope(&self, name: &str) -> Option<(u16, &Scope)> {
        let table = &self.index.by_name;
        let positions = places(table, name).map_while(|place| table.get(place)?.checked_sub(1));
        positions.filter_map(|position| Some((position, self.scope_at(position)?))).find(|(_, scope)| scope.id.as_str() == name)
    }

    /// The scopes that every key holds.
    pub(in crate::scope) fn implied(&self) -> &[u16] {
        &self.index.implied
    }

    #[inline(never)]
    pub(in crate::scope) fn scope_at(&self, position: u16) -> Option<&Scope> {
        self.scopes.get(usize::from(position))
    }

    #[inline(never)]
    pub(in crate::scope) fn scope_name(&self, position: u16) -> &str {
        self.scope_at(position).map_or("", |scope| scope.id.as_str())
    }

    #[inline(never)]
    pub(in crate::scope) fn operation_at(&self, position: u16) -> Option<&Operation> {
        self.operations().get(usize::from(position))
    }

    #[inline(never)]
    pub(in crate::scope) fn operation_id(&self, position: u16) -> &str {
        self.operation_at(position).map_or("", |operation| operation.id.as_str())
    }

    /// All operations, in the order of their ids.
    pub(in crate::scope) fn positions_by_id(&self) -> &[u16] {
        &self.links().by_id
    }

    /// The scopes of which any one opens the operation, in catalog order.
    #[inline(never)]
    pub(in crate::scope) fn needs(&self, operation: u16) -> &[u16] {
        self.links().needs.get(usize::from(operation)).map_or(&[], Vec::as_slice)
    }

    /// The operations that the scope opens, in catalog order.
    #[inline(never)]
    pub(in crate::scope) fn opens(&self, scope: u16) -> &[u16] {
        self.links().opens.get(usize::from(scope)).map_or(&[], Vec::as_slice)
    }

    /// The operations that `scope` opens and `other` does not, in catalog order.
    pub(in crate::scope) fn opens_beyond(&self, scope: u16, other: u16) -> Beyond<'_> {
        Beyond { opened: self.opens(scope), covered: self.opens(other) }
    }

    /// What is to be granted in the place of the scope.
    #[inline(never)]
    pub(in crate::scope) fn successor(&self, scope: u16) -> Option<u16> {
        self.links().successors.get(usize::from(scope)).copied().flatten()
    }

    /// The scopes whose successor is one of these.
    pub(in crate::scope) fn predecessors(&self, scopes: &[u16]) -> Vec<u16> {
        let successors = (0_u16..).zip(&self.links().successors);
        let found = successors.filter(|(_, successor)| successor.is_some_and(|successor| scopes.contains(&successor)));
        found.map(|(scope, _)| scope).collect()
    }

    /// The operations with exactly this id, such as `tablesDB.listRows`; mostly one, none when it is unknown.
    pub fn operations_named<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Operation> {
        self.positions_named(id).iter().filter_map(|position| self.operation_at(*position))
    }

    pub(in crate::scope) fn positions_named(&self, id: &str) -> &[u16] {
        let sorted = &self.links().by_id;
        let first = sorted.partition_point(|position| self.operation_id(*position) < id);
        let rest = sorted.get(first..).unwrap_or_default();
        let count = rest.iter().take_while(|position| self.operation_id(**position) == id).count();
        rest.get(..count).unwrap_or_default()
    }

    /// The operations whose id has these letters and digits, whatever their case and whatever stands between them.
    pub(in crate::scope) fn positions_spelled(&self, namespace: &str, method: &str) -> &[u16] {
        let aside = |position: &u16| {
            let (own_namespace, own_method) = split(self.operation_id(*position));
            squashed(own_namespace).cmp(squashed(namespace)).then_with(|| squashed(own_method).cmp(squashed(method)))
        };
        let sorted = self.index.spellings.get_or_init(|| {
            let mut sorted = self.links().by_id.clone();
            order(&mut sorted, &mut |a, b| {
                let ((a_namespace, a_method), (b_namespace, b_method)) = (split(self.operation_id(a)), split(self.operation_id(b)));
                squashed(a_namespace).cmp(squashed(b_namespace)).then_with(|| squashed(a_method).cmp(squashed(b_method)))
            });
            Box::new(sorted)
        });
        let first = sorted.partition_point(|position| aside(position).is_lt());
        let rest = sorted.get(first..).unwrap_or_default();
        let count = rest.iter().take_while(|position| aside(position).is_eq()).count();
        rest.get(..count).unwrap_or_default()
    }

    /// The operations that a request of this method and path calls; several where they share one route, or where it depends on the
    /// reader which is meant; none where the catalog has no such route, or readers could take it for another one's. The method is upper case, the path has no query.
    pub fn operations_at<'a>(&'a self, method: &str, path: &str) -> impl Iterator<Item = &'a Operation> + use<'a> {
        self.routes().find(method, path).into_iter().filter_map(|position| self.operation_at(position))
    }

    /// Where [`Catalog::operations_at`] finds nothing since some readers would take the path for another operation's, such as
    /// `/v1/databases/Transactions`: what it means as it is written, and what they could take it for.
    pub fn operations_mistaken(&self, method: &str, path: &str) -> Option<(&Operation, &Operation)> {
        let (written, taken) = self.routes().mistaken(method, path)?;
        self.operation_at(written).zip(self.operation_at(taken))
    }

    #[inline(never)]
    fn links(&self) -> &Links {
        self.index.links.get_or_init(|| Box::new(Links::new(self)))
    }

    /// The scopes of a resource, such as `users.read` and `users.write` of `users`, in catalog order.
    pub(in crate::scope) fn scopes_of(&self, resource: &str) -> Vec<u16> {
        let sorted = &self.scope_names().sorted;
        let rest = |position: u16| self.scope_name(position).strip_prefix(resource);
        // What begins with the resource and a dot stands together, behind what is smaller up to there.
        let is_before = |position: &u16| match rest(*position) {
            Some(rest) => rest < ".",
            None => self.scope_name(*position) < resource,
        };
        let first = sorted.partition_point(is_before);
        let mut found = Vec::new();
        for position in sorted.get(first..).unwrap_or_default() {
            match rest(*position).and_then(|rest| rest.strip_prefix('.')) {
                Some(action) if !action.contains('.') => found.push(*position),
                Some(_) => {}
                None => break,
            }
        }
        order(&mut found, &mut |a, b| a.cmp(&b));
        found
    }

    /// Whether a path has more segments than any of the catalog. Such a path is not taken apart.
    pub(in crate::scope) fn is_too_long(&self, path: &str) -> bool {
        // One slash may stand at the end.
        slashes(path) > self.operation_names().longest_path + 1
    }

    /// The scope that is most like a text in lower case. Of equally near ones a current one is meant, then the first in alphabetical
    /// order.
    pub(in crate::scope) fn nearest_scope(&self, wanted: &str, patience: &Patience, fits: &dyn Fn(u16) -> bool) -> Option<u16> {
        self.scope_names().names.nearest(wanted, patience, &|position| self.scope_name(position), fits)
    }

    /// The current operation that is most like a text in lower case. Of equally near ones the first in alphabetical order is meant.
    pub(in crate::scope) fn nearest_operation(&self, wanted: &str, patience: &Patience, fits: &dyn Fn(u16) -> bool) -> Option<u16> {
        self.operation_names().names.nearest(wanted, patience, &|position| self.operation_id(position), fits)
    }

    #[inline(never)]
    fn scope_names(&self) -> &ScopeNames {
        self.index.scope_names.get_or_init(|| {
            let mut sorted = positions(self.scopes.len());
            order(&mut sorted, &mut |a, b| self.scope_name(a).cmp(self.scope_name(b)));
            let is_deprecated = |position: u16| self.scope_at(position).is_some_and(|scope| scope.deprecated);
            let mut preferred = sorted.clone();
            order(&mut preferred, &mut |a, b| is_deprecated(a).cmp(&is_deprecated(b)));
            let names = Names::new(&preferred, &|position| self.scope_name(position));
            Box::new(ScopeNames { sorted, names })
        })
    }

    #[inline(never)]
    fn operation_names(&self) -> &OperationNames {
        self.index.operation_names.get_or_init(|| {
            let current = |position: &u16| self.operation_at(*position).is_some_and(|operation| operation.deprecated.is_none());
            let current: Vec<u16> = self.links().by_id.iter().copied().filter(current).collect();
            let names = Names::new(&current, &|position| self.operation_id(position));
            let longest_path = self.operations().iter().map(|operation| slashes(&operation.path)).max().unwrap_or(0);
            Box::new(OperationNames { names, longest_path })
        })
    }

    #[inline(never)]
    pub(in crate::scope) fn routes(&self) -> &Routes {
        self.index.routes.get_or_init(|| Box::new(Routes::new(self.operations())))
    }
}

fn slashes(path: &str) -> usize {
    path.bytes().filter(|byte| *byte == b'/').count()
}

/// Namespace and method of an operation's id.
fn split(id: &str) -> (&str, &str) {
    id.rsplit_once('.').unwrap_or(("", id))
}
