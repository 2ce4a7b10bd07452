//! What a key opens, by service.

use std::collections::HashMap;

use crate::scope::{Catalog, Operation, Tier, reach};

/// What a key opens of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceReach {
    /// The id of the service.
    pub id: String,
    /// What a person calls it.
    pub name: String,
    /// How many of its operations the key opens.
    pub open: usize,
    /// How many operations it has that need a scope.
    pub total: usize,
    /// The positions of those operations in the catalog, the open ones first.
    pub operations: Vec<(usize, bool)>,
}

/// What a key opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReachMap {
    /// The services, in catalog order, that have an operation which needs a scope.
    pub services: Vec<ServiceReach>,
    /// How many operations the key opens that need a scope.
    pub open: usize,
    /// How many operations need a scope.
    pub total: usize,
    /// How the key can get more access: the scope, why, and the steps.
    pub climbs: Vec<Climb>,
}

/// A way to more access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Climb {
    /// The scope that it begins with.
    pub scope: String,
    /// Why, in one sentence.
    pub reason: String,
    /// Step by step.
    pub steps: Vec<String>,
}

/// The service of an operation: that of the first scope of a project key that opens it.
fn service_of<'a>(catalog: &'a Catalog, operation: &Operation) -> Option<&'a str> {
    let of_project = |name: &str| catalog.scope(name).filter(|scope| scope.tiers.contains(&Tier::Project));
    let openers = operation.scopes.iter().filter_map(|way| way.0.first());
    openers.filter_map(|name| of_project(name.as_str())).map(|scope| scope.service.as_str()).next()
}

impl ReachMap {
    /// What these scopes open, and how they lead to more access in an edition. Operations that every key opens, or no key of a project, are left out.
    pub fn of(catalog: &Catalog, scopes: &[String], edition: Option<&str>) -> Self {
        let (grant, anyone) = (catalog.compile(scopes), catalog.compile::<&str>(&[]));
        let mut of_service: HashMap<&str, Vec<(usize, bool)>> = HashMap::new();
        let (mut open, mut total) = (0, 0);
        for (position, operation) in catalog.operations().iter().enumerate() {
            let Some(service) = service_of(catalog, operation) else { continue };
            if anyone.allows(&operation.id) {
                continue;
            }
            let is_open = grant.allows(&operation.id);
            total += 1;
            open += usize::from(is_open);
            of_service.entry(service).or_default().push((position, is_open));
        }
        let service = |service: &crate::scope::catalog::Service| {
            let all = of_service.remove(service.id.as_str())?;
            let (mut operations, closed): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, is_open)| *is_open);
            let open = operations.len();
            operations.extend(closed);
            Some(ServiceReach { id: service.id.clone(), name: service.name.clone(), open, total: operations.len(), operations })
        };
        let services = catalog.services.iter().filter_map(service).collect();
        let climb = |way: crate::scope::EscalationPath| Climb { scope: way.scope, reason: way.reason, steps: way.path };
        let climbs = if scopes.iter().any(|scope| catalog.sensitivity_of(scope, edition).is_some()) {
            reach(catalog, scopes, edition).climbs.into_iter().map(climb).collect()
        } else {
            Vec::new()
        };
        Self { services, open, total, climbs }
    }

    /// How many services have something open.
    pub fn open_services(&self) -> usize {
        self.services.iter().filter(|service| service.open > 0).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(scopes: &[&str]) -> ReachMap {
        ReachMap::of(Catalog::appwrite(), &scopes.iter().map(|scope| (*scope).to_owned()).collect::<Vec<_>>(), None)
    }

    #[test]
    fn every_service_has_its_operations_and_how_many_of_them_are_open() {
        let map = map(&["rows.read", "files.write"]);
        assert_eq!(map.open_services(), 2);
        assert_eq!(map.services.iter().map(|service| service.total).sum::<usize>(), map.total);
        assert_eq!(map.services.iter().map(|service| service.open).sum::<usize>(), map.open);
        let databases = map.services.iter().find(|service| service.open > 0).unwrap();
        assert!(databases.open < databases.total);
        assert!(databases.operations[0].1 && !databases.operations[databases.total - 1].1);
        let is_open = |name: &str| databases.operations.iter().any(|(at, open)| *open && Catalog::appwrite().operations()[*at].id == name);
        assert!(is_open("tablesDB.listRows") && !is_open("tablesDB.createRow"));
        assert!(map.climbs.is_empty());
    }

    #[test]
    fn a_key_without_scopes_opens_nothing_and_unknown_scopes_change_nothing() {
        let nothing = map(&[]);
        assert_eq!((nothing.open, nothing.open_services()), (0, 0));
        assert!(nothing.total > 100);
        assert_eq!(map(&["future.read"]), nothing);
    }

    #[test]
    fn a_sensitive_scope_shows_its_way_to_more_access() {
        let map = map(&["keys.write", "rows.read"]);
        let climb = &map.climbs[0];
        assert_eq!(climb.scope, "keys.write");
        assert!(!climb.steps.is_empty() && !climb.reason.is_empty());
    }

    #[test]
    fn the_ways_to_more_access_are_those_of_the_edition() {
        let ways = |edition| ReachMap::of(Catalog::appwrite(), &["databases.write".to_owned()], edition).climbs.len();
        assert_eq!([Some("server-1.9"), Some("sdk-2026-10"), None].map(ways), [0, 1, 1]);
    }
}
