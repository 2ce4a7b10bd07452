//! A catalog, and how scopes and operations are found in it.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use super::{
    entries::{Edition, Operation, Scope, Service, Tier, TrailingSlash},
    index::{Index, Links, OperationNames, ScopeNames, places},
    route::{Origin, Routes},
};
use crate::scope::{
    json::encode::Blank,
    support::{
        gather::Gather,
        later::Keeper,
        nearest::{Names, Patience},
        sort::{order, positions},
        text::cut,
    },
};

/// Services, scopes, operations and editions of one product.
///
/// The Appwrite catalog is built in; [`Catalog::from_json`] loads another. Serialized, it is what `from_json` reads.
///
/// ```
/// use scopewise::scope::Catalog;
/// let catalog = Catalog::appwrite();
/// let scope = catalog.scope("execution.read").unwrap();
/// assert_eq!(scope.successor.as_ref().unwrap().as_str(), "executions.read");
/// ```
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Catalog {
    /// A short id, such as `appwrite`.
    pub id: String,
    /// The product's name.
    pub name: String,
    /// The product's version that the data was read from.
    pub version: String,
    /// How many scopes a key may have at the most (contract §1.1: 200).
    pub max_scopes: usize,
    /// A request's path begins with one of them, and the paths of the operations come after it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub base_paths: Vec<String>,
    /// Whether the letters of a path are compared whatever their case.
    #[serde(skip_serializing_if = "Blank::is_blank")]
    pub fold_case: bool,
    /// Whether a slash at the end of a path counts.
    #[serde(skip_serializing_if = "Blank::is_blank")]
    pub trailing_slash: TrailingSlash,
    /// From the oldest to the newest.
    pub editions: Vec<Edition>,
    /// In the order in which they are shown.
    pub services: Vec<Service>,
    pub(super) scopes: Vec<Scope>,
    #[serde(rename = "operations", serialize_with = "Index::write")]
    pub(super) index: Index,
}

impl Catalog {
    /// The same, with something that is called around the making of what it keeps.
    pub fn kept_by(mut self, keeper: Keeper) -> Self {
        self.index.keeper = keeper;
        self
    }

    /// All scopes, in the order in which they are shown.
    pub fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    /// All operations.
    pub fn operations(&self) -> &[Operation] {
        self.index.operations()
    }

    /// The scope of that name; `None` when the catalog does not know it.
    pub fn scope(&self, name: &str) -> Option<&Scope> {
        self.scopes.get(self.scope_index(name)?)
    }

    /// The service with this id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    /// The edition with this id, and its place in history (0 is the oldest).
    pub fn edition(&self, id: &str) -> Option<(usize, &Edition)> {
        self.editions.iter().enumerate().find(|(_, edition)| edition.id == id)
    }

    /// The edition with this id; `None` where none is named, or the catalog does not have it.
    #[inline(never)]
    pub(in crate::scope) fn known_edition(&self, id: Option<&str>) -> Option<&Edition> {
        let id = id?;
        self.editions.iter().find(|edition| edition.id == id)
    }

    /// The edition that a key is judged by: that of its project, if its policy names one, else [`Catalog::server_edition`].
    pub fn edition_of_keys<'a>(&'a self, named: Option<&'a str>) -> Option<&'a str> {
        named.or_else(|| self.server_edition().map(|edition| edition.id.as_str()))
    }

    /// The edition that counts where none is named: the newest of a server that people run themselves, or the newest of all
    /// where the catalog has none of those.
    pub fn server_edition(&self) -> Option<&Edition> {
        self.editions.iter().rev().find(|edition| edition.self_hosted).or_else(|| self.editions.last())
    }

    /// The scopes that a key of this tier can hold in this edition, in catalog order.
    pub fn grantable<'a>(&'a self, tier: Tier, edition: &'a str) -> impl Iterator<Item = &'a Scope> {
        self.scopes.iter().filter(move |scope| scope.tiers.contains(&tier) && scope.editions.iter().any(|e| e == edition))
    }

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

    /// The operations with exactly this id, such as `tablesDB.listRows`; mostly one, none when it is unknown.
    pub fn operations_named<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Operation> {
        self.positions_named(id).iter().filter_map(|position| self.operation_at(*position))
    }

    pub(in crate::scope) fn positions_named(&self, id: &str) -> &[u16] {
        let Links { by_id, by_name, .. } = self.links();
        let is_named = |position: &u16| self.operation_id(*position) == id;
        let mut begins = places(by_name, id).map_while(|place| by_name.get(place)?.checked_sub(1));
        let begin = begins.find(|begin| by_id.get(usize::from(*begin)).is_some_and(is_named));
        let rest = begin.and_then(|begin| by_id.get(usize::from(begin)..)).unwrap_or_default();
        let count = rest.iter().take_while(|position| is_named(position)).count();
        rest.get(..count).unwrap_or_default()
    }

    /// The operations that a request of this method and path calls; several where they share one route, or where it depends on the
    /// reader which is meant; none where the catalog has no such route, or readers could take it for another one's. The method is upper case, the path has no query and begins
    /// with a base path where the catalog has some.
    pub fn operations_at<'a>(&'a self, method: &str, path: &str) -> impl Iterator<Item = &'a Operation> + use<'a> {
        self.routes().find(method, path, Origin::Request).into_iter().filter_map(|position| self.operation_at(position))
    }

    /// Where [`Catalog::operations_at`] finds nothing since some readers would take the path for another operation's, such as
    /// `/v1/databases/Transactions`: what it means as it is written, and what they could take it for.
    pub fn operations_mistaken(&self, method: &str, path: &str) -> Option<(&Operation, &Operation)> {
        self.entries(self.routes().meaning(method, path, Origin::Request).1?)
    }

    /// The words of the routes, in lower case, with which an entry point finds out whether two paths mean the same without asking twice: paths
    /// whose segments are ASCII letters, digits, `-` and `_`, with the same ones of these words in the same places. `None` where it
    /// cannot be decided like this, since a route has a parameter within such a segment.
    pub fn route_words(&self) -> Option<Vec<String>> {
        self.routes().words()
    }

    /// The operations at two positions.
    pub(super) fn entries(&self, (one, other): (u16, u16)) -> Option<(&Operation, &Operation)> {
        self.operation_at(one).zip(self.operation_at(other))
    }

    /// The scopes of a resource, such as `users.read` and `users.write` of `users`, in catalog order.
    pub(in crate::scope) fn scopes_of(&self, resource: &str) -> Vec<u16> {
        let mut found = Vec::new();
        self.each_of(resource, &mut |position| {
            found.push(position);
            true
        });
        order(&mut found, &mut |a, b| a.cmp(&b));
        found
    }

    /// Whether some scope is of this resource.
    pub(in crate::scope) fn is_resource(&self, resource: &str) -> bool {
        let mut is_found = false;
        self.each_of(resource, &mut |_| {
            is_found = true;
            false
        });
        is_found
    }

    /// Goes through the scopes of a resource, in the order of their names, as long as `goes_on`.
    #[inline(never)]
    fn each_of(&self, resource: &str, goes_on: &mut dyn FnMut(u16) -> bool) {
        let sorted = &self.scope_names().sorted;
        let rest = |position: u16| self.scope_name(position).strip_prefix(resource);
        // Names that begin with the resource and a dot follow each other, after all smaller ones.
        let is_before = |position: &u16| match rest(*position) {
            Some(rest) => rest < ".",
            None => self.scope_name(*position) < resource,
        };
        let first = sorted.partition_point(is_before);
        for position in sorted.get(first..).unwrap_or_default() {
            match rest(*position).and_then(|rest| rest.strip_prefix('.')) {
                Some(action) if cut(action, b'.').is_some() => {}
                Some(_) if goes_on(*position) => {}
                _ => break,
            }
        }
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
        self.index.scope_names.get(self.index.keeper, || {
            let mut sorted = positions(self.scopes.len());
            order(&mut sorted, &mut |a, b| self.scope_name(a).cmp(self.scope_name(b)));
            let is_deprecated = |position: u16| self.scope_at(position).is_some_and(|scope| scope.deprecated);
            let mut preferred = sorted.clone();
            order(&mut preferred, &mut |a, b| is_deprecated(a).cmp(&is_deprecated(b)));
            let names = Names::new(&preferred, &|position| self.scope_name(position));
            ScopeNames { sorted, names }
        })
    }

    #[inline(never)]
    fn operation_names(&self) -> &OperationNames {
        self.index.operation_names.get(self.index.keeper, || {
            let current = |position: &u16| self.operation_at(*position).is_some_and(|operation| operation.deprecated.is_none());
            let current: Vec<u16> = self.links().by_id.iter().copied().filter(current).gathered();
            let names = Names::new(&current, &|position| self.operation_id(position));
            OperationNames { names }
        })
    }

    #[inline(never)]
    pub(in crate::scope) fn routes(&self) -> &Routes {
        let make = || Routes::new(self.operations(), &self.base_paths, self.fold_case, self.trailing_slash);
        self.index.routes.get(self.index.keeper, make)
    }
}
