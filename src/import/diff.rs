//! Compares two catalogs: what was added, removed and changed, and what keys lose and gain by it.
//!
//! What a key can do is asked of the model, never read off the text: an alternative that a wider scope still covers is no loss.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::scope::{Catalog, Open, Operation, TrailingSlash};

/// How two catalogs differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Changed members of the catalog itself.
    pub catalog: Vec<Change>,
    /// Scopes.
    pub scopes: Items,
    /// Operations. One whose id alone is new is a changed operation.
    pub operations: Items,
    /// What keys could do before and cannot do now.
    pub losses: Vec<Access>,
    /// What keys could not do before and can do now, of the operations that were there before.
    pub gains: Vec<Access>,
}

/// What was added, removed and changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Items {
    /// The ids of what is new.
    pub added: Vec<String>,
    /// The ids of what is gone.
    pub removed: Vec<String>,
    /// What stayed, with changes.
    pub changed: Vec<Changed>,
}

/// An item with changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The id that it has now.
    pub id: String,
    /// Its changed members.
    pub changes: Vec<Change>,
}

/// A changed member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its name.
    pub member: String,
    /// What it was; `null` where it was absent.
    pub before: Value,
    /// What it is.
    pub after: Value,
}

/// What some keys lose or gain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Access {
    /// Which keys: `key` for those that hold the scopes, `any-key`, `no-key` for requests without a key, `route` for requests to a route.
    pub who: Who,
    /// The scopes that such a key holds.
    pub scopes: Vec<String>,
    /// The ids of the operations, as they are in the catalog that opens them.
    pub operations: Vec<String>,
}

/// Whose access changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// Requests without a key.
    NoKey,
    /// Every valid key.
    AnyKey,
    /// Requests by method and path, with any key.
    Route,
    /// Keys with these scopes.
    Key,
}

impl Difference {
    /// Whether anything differs.
    pub fn is_change(&self) -> bool {
        let differs = |items: &Items| !items.added.is_empty() || !items.removed.is_empty() || !items.changed.is_empty();
        !self.catalog.is_empty() || differs(&self.scopes) || differs(&self.operations)
    }
}

/// How the new catalog differs from the old one.
pub fn diff(old: &Catalog, new: &Catalog) -> Difference {
    let pairs = pairs(old.operations(), new.operations());
    let mut operations = Items::default();
    let kept: HashSet<usize> = pairs.iter().filter_map(|(_, new)| *new).collect();
    let added = new.operations().iter().enumerate().filter(|(index, _)| !kept.contains(index));
    operations.added.extend(added.map(|(_, operation)| operation.id.clone()));
    let (mut losses, mut gains) = (Accesses::default(), Accesses::default());
    for (before, after) in pairs {
        let Some(was) = old.operations().get(before) else { continue };
        let is = after.and_then(|after| new.operations().get(after));
        match is {
            None => operations.removed.push(was.id.clone()),
            Some(is) => {
                let changes = changes(was, is);
                if !changes.is_empty() {
                    operations.changed.push(Changed { id: is.id.clone(), changes });
                }
                let slash = new.trailing_slash == TrailingSlash::Distinct && was.path.ends_with('/') != is.path.ends_with('/');
                if slash || (&was.method, shape(&was.path)) != (&is.method, shape(&is.path)) {
                    losses.add(Who::Route, vec![format!("{} {}", was.method, was.path)], &was.id);
                }
                beyond(new, (is, after), (old, was, before), &mut gains);
            }
        }
        let index = after.unwrap_or(usize::MAX);
        beyond(old, (was, Some(before)), (new, is.unwrap_or(&Operation::default()), index), &mut losses);
    }
    for route in lost_routes(old, new) {
        losses.add(Who::Route, vec![route], "*");
    }
    let scopes = scopes(old, new, &mut losses);
    Difference { catalog: of_catalog(old, new), scopes, operations, losses: losses.list(), gains: gains.list() }
}

/// The routes of all operations that the catalog as a whole no longer has.
fn lost_routes(old: &Catalog, new: &Catalog) -> Vec<String> {
    let mut routes: Vec<String> = old.base_paths.iter().filter(|base| !new.base_paths.contains(base)).cloned().collect();
    if old.base_paths.is_empty() && !new.base_paths.is_empty() {
        routes.push("paths without a base path".to_owned());
    }
    if old.fold_case && !new.fold_case {
        routes.push("paths in other letter case".to_owned());
    }
    if old.trailing_slash == TrailingSlash::Ignored && new.trailing_slash == TrailingSlash::Distinct {
        routes.push("paths with another slash at the end".to_owned());
    }
    routes
}

/// Each old operation with the new one that it has become: that of the same id, of several that of the same route; otherwise that
/// of the same route.
fn pairs(old: &[Operation], new: &[Operation]) -> Vec<(usize, Option<usize>)> {
    let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut by_route: HashMap<(&str, String), Vec<usize>> = HashMap::new();
    for (index, operation) in new.iter().enumerate() {
        by_id.entry(&operation.id).or_default().push(index);
        by_route.entry((&operation.method, shape(&operation.path))).or_default().push(index);
    }
    let mut taken = HashSet::new();
    let mut pairs: Vec<(usize, Option<usize>)> = (0..old.len()).map(|index| (index, None)).collect();
    for step in 0..3 {
        for (index, found) in pairs.iter_mut().filter(|(_, found)| found.is_none()) {
            let Some(was) = old.get(*index) else { continue };
            let same_id = || by_id.get(was.id.as_str());
            let same_route = || by_route.get(&(was.method.as_str(), shape(&was.path)));
            let is_same_route = |at: &usize| new.get(*at).is_some_and(|is| is.method == was.method && shape(&is.path) == shape(&was.path));
            let mut candidates = match step {
                0 => same_id().into_iter().flatten().copied().filter(is_same_route).collect::<Vec<_>>(),
                1 => same_id().cloned().unwrap_or_default(),
                _ => same_route().cloned().unwrap_or_default(),
            };
            candidates.retain(|candidate| !taken.contains(candidate));
            if let Some(first) = candidates.first() {
                taken.insert(*first);
                *found = Some(*first);
            }
        }
    }
    pairs
}

/// A path without the names of its parameters.
pub(super) fn shape(path: &str) -> String {
    let mut shape = String::with_capacity(path.len());
    for (number, segment) in path.trim_end_matches('/').split('/').enumerate() {
        if number > 0 {
            shape.push('/');
        }
        if segment.starts_with(':') {
            shape.push_str("{}");
            continue;
        }
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            shape.push_str(before);
            shape.push_str(if name.starts_with('+') || name.ends_with("...") { "{+}" } else { "{}" });
            rest = behind;
        }
        shape.push_str(rest);
    }
    shape
}

/// Accesses, joined by who has them.
#[derive(Default)]
struct Accesses(BTreeMap<(Who, Vec<String>), Vec<String>>);

impl Accesses {
    fn add(&mut self, who: Who, scopes: Vec<String>, operation: &str) {
        self.0.entry((who, scopes)).or_default().push(operation.to_owned());
    }

    fn list(self) -> Vec<Access> {
        let access = |((who, scopes), mut operations): ((Who, Vec<String>), Vec<String>)| {
            operations.dedup();
            Access { who, scopes, operations }
        };
        self.0.into_iter().map(access).collect()
    }
}

/// Lists who opens the one operation and not the other.
fn beyond(one: &Catalog, (operation, index): (&Operation, Option<usize>), other: (&Catalog, &Operation, usize), found: &mut Accesses) {
    let (other, counterpart, at) = other;
    let wideness = |open: Option<Open>| match open {
        None => 0,
        Some(Open::AnyKey) => 1,
        Some(Open::Public) => 2,
    };
    if wideness(operation.open) > wideness(counterpart.open) {
        let who = if operation.open == Some(Open::Public) { Who::NoKey } else { Who::AnyKey };
        found.add(who, Vec::new(), &operation.id);
    }
    for scopes in one.openers(index.unwrap_or(usize::MAX)) {
        if !other.opens_with(at, &scopes) {
            found.add(Who::Key, scopes.into_iter().map(str::to_owned).collect(), &operation.id);
        }
    }
}

/// The members of two values that differ.
fn changes(before: &impl Serialize, after: &impl Serialize) -> Vec<Change> {
    let members = |value: Result<Value, serde_json::Error>| match value {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    let (mut before, after) = (members(serde_json::to_value(before)), members(serde_json::to_value(after)));
    let mut changes = Vec::new();
    for (member, after) in after {
        let before = before.remove(&member).unwrap_or_default();
        if before != after {
            changes.push(Change { member, before, after });
        }
    }
    changes.extend(before.into_iter().map(|(member, before)| Change { member, before, after: Value::Null }));
    changes
}

fn of_catalog(old: &Catalog, new: &Catalog) -> Vec<Change> {
    let members = |catalog: &Catalog| {
        let editions: Vec<&str> = catalog.editions.iter().map(|edition| edition.id.as_str()).collect();
        let services: Vec<&str> = catalog.services.iter().map(|service| service.id.as_str()).collect();
        serde_json::json!({
            "id": catalog.id, "name": catalog.name, "version": catalog.version, "maxScopes": catalog.max_scopes,
            "basePaths": catalog.base_paths, "foldCase": catalog.fold_case, "trailingSlash": catalog.trailing_slash,
            "editions": editions, "services": services,
        })
    };
    changes(&members(old), &members(new))
}

/// The only edition of both, where it has another id now. That is said of the catalog, and not of each of its scopes again.
fn renamed_edition<'a>(old: &'a Catalog, new: &'a Catalog) -> Option<(&'a str, &'a str)> {
    match (old.editions.as_slice(), new.editions.as_slice()) {
        ([was], [is]) if was.id != is.id => Some((&was.id, &is.id)),
        _ => None,
    }
}

fn scopes(old: &Catalog, new: &Catalog, losses: &mut Accesses) -> Items {
    let renamed = renamed_edition(old, new);
    let mut items = Items::default();
    for was in old.scopes() {
        let id = was.id.to_string();
        let Some(is) = new.scope(&id) else {
            items.removed.push(id);
            continue;
        };
        // A key of a tier that the scope no longer has holds it no longer.
        if was.tiers.iter().any(|tier| !is.tiers.contains(tier)) {
            for index in 0..old.operations().len() {
                if old.opens_with(index, &[&id])
                    && let Some(operation) = old.operations().get(index).filter(|operation| operation.open.is_none())
                {
                    let gone: Vec<&str> = was.tiers.iter().filter(|tier| !is.tiers.contains(tier)).map(|tier| tier.as_str()).collect();
                    losses.add(Who::Key, vec![format!("{id} ({} keys)", gone.join(", "))], &operation.id);
                }
            }
        }
        let mut was = was.clone();
        let sensitive = was.sensitive.iter_mut().flat_map(|sensitive| &mut sensitive.editions);
        for edition in was.editions.iter_mut().chain(sensitive) {
            if let Some((_, is)) = renamed.filter(|(was, _)| was == edition) {
                is.clone_into(edition);
            }
        }
        let changes = changes(&was, is);
        if !changes.is_empty() {
            items.changed.push(Changed { id, changes });
        }
    }
    items.added = new.scopes().iter().filter(|scope| old.scope(scope.id.as_str()).is_none()).map(|scope| scope.id.to_string()).collect();
    items
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn catalog(change: impl FnOnce(&mut Value)) -> Catalog {
        let scope = |id: &str, includes: Value| json!({ "id": id, "service": "s", "description": "", "tiers": ["project"], "editions": [], "includes": includes });
        let mut catalog = json!({ "id": "x", "name": "X", "version": "1", "maxScopes": 9, "basePaths": ["/v1", "/v2"], "editions": [],
            "services": [{ "id": "s", "name": "S" }],
            "scopes": [scope("admin", json!(["write"])), scope("write", json!([])), scope("read", json!([])), scope("log", json!([]))],
            "operations": [
                { "id": "list", "method": "GET", "path": "/a/{id}", "scopes": ["read"] },
                { "id": "make", "method": "POST", "path": "/a", "scopes": ["write", ["read", "log"]] },
                { "id": "ping", "method": "GET", "path": "/ping", "scopes": [], "open": "any-key" },
            ] });
        change(&mut catalog);
        Catalog::from_json(&catalog.to_string()).unwrap()
    }

    fn access(list: &[Access]) -> Vec<String> {
        let line = |it: &Access| format!("{:?} {} {}", it.who, it.scopes.join("+"), it.operations.join(","));
        list.iter().map(line).collect()
    }

    /// Losses and gains.
    fn changed_access(change: impl FnOnce(&mut Value)) -> (Vec<String>, Vec<String>) {
        let found = diff(&catalog(|_| {}), &catalog(change));
        (access(&found.losses), access(&found.gains))
    }

    fn lines(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|&line| line.to_owned()).collect()
    }

    #[test]
    fn an_edition_of_another_name_is_one_change_and_not_one_of_each_scope() {
        let of = |edition: &str| {
            catalog(|catalog| {
                catalog["editions"] = json!([{ "id": edition, "name": "E" }]);
                for scope in catalog["scopes"].as_array_mut().unwrap() {
                    scope["editions"] = json!([edition]);
                    scope["sensitive"] = json!({ "reach": "broad", "reason": "It shows all.", "path": ["read"], "editions": [edition] });
                }
            })
        };
        let found = diff(&of("api-2025"), &of("api-2026"));
        let changed: Vec<&str> = found.catalog.iter().map(|change| change.member.as_str()).collect();
        assert_eq!((changed, found.scopes), (vec!["editions"], Items::default()));
        assert!(found.losses.is_empty() && found.gains.is_empty());
    }

    #[test]
    fn equal_catalogs_do_not_differ() {
        let found = diff(&catalog(|_| {}), &catalog(|_| {}));
        assert_eq!(found, Difference::default());
        assert!(!found.is_change());
    }

    #[test]
    fn what_keys_lose_follows_from_the_model() {
        // `admin` includes `write`, so who holds it loses as well.
        assert_eq!(changed_access(|it| it["operations"][1]["scopes"] = json!([["read", "log"]])).0, ["Key admin make", "Key write make"]);
        assert_eq!(changed_access(|it| it["scopes"][0]["includes"] = json!([])).0, ["Key admin make"]);
        // More is needed than before.
        assert_eq!(changed_access(|it| it["operations"][0]["scopes"] = json!([["read", "log"]])).0, ["Key read list"]);
        // What a wider scope still opens is no loss.
        let wider = changed_access(|it| {
            it["scopes"][1]["includes"] = json!(["read"]);
            it["operations"][0]["scopes"] = json!(["read", "write"]);
        });
        assert_eq!(wider, (vec![], lines(&["Key admin list", "Key write list"])));
        assert_eq!(
            changed_access(|it| it["operations"][2] = json!({ "id": "ping", "method": "GET", "path": "/ping", "scopes": ["log"] })).0,
            ["AnyKey  ping"]
        );
    }

    #[test]
    fn what_is_removed_or_moved_is_lost() {
        let removed = diff(&catalog(|_| {}), &catalog(|it| drop(it["operations"].as_array_mut().unwrap().remove(0))));
        assert_eq!((removed.operations.removed, access(&removed.losses)), (lines(&["list"]), lines(&["Key read list"])));
        let moved = diff(&catalog(|_| {}), &catalog(|it| it["operations"][0]["path"] = json!("/b/{id}")));
        assert_eq!(access(&moved.losses), ["Route GET /a/{id} list"]);
        assert_eq!(
            moved.operations.changed[0].changes,
            [Change { member: "path".into(), before: json!("/a/{id}"), after: json!("/b/{id}") }]
        );
        // Another name of a parameter, or another id for the same route, is a change without a loss.
        let renamed = diff(
            &catalog(|_| {}),
            &catalog(|it| it["operations"][0] = json!({ "id": "all", "method": "GET", "path": "/a/:a", "scopes": ["read"] })),
        );
        assert_eq!((renamed.losses, renamed.gains, renamed.operations.changed.len()), (vec![], vec![], 1));
        assert_eq!(changed_access(|it| it["basePaths"] = json!(["/v1"])).0, ["Route /v2 *"]);
        assert_eq!(changed_access(|it| it["basePaths"] = json!([])).0, ["Route /v1 *", "Route /v2 *"]);
        assert_eq!(changed_access(|it| it["trailingSlash"] = json!("distinct")).0, ["Route paths with another slash at the end *"]);
        let tiers = changed_access(|it| it["scopes"][2]["tiers"] = json!(["account"]));
        assert_eq!(tiers.0, ["Key read (project keys) list"]);
    }

    #[test]
    fn what_keys_gain_is_listed() {
        assert_eq!(changed_access(|it| it["operations"][1]["scopes"] = json!(["write", "read"])), (vec![], lines(&["Key read make"])));
        assert_eq!(changed_access(|it| it["operations"][2]["open"] = json!("public")), (vec![], lines(&["NoKey  ping"])));
        // A new operation is no wider access to what was there.
        let new = json!({ "id": "new", "method": "GET", "path": "/new", "scopes": ["read"] });
        let found = diff(&catalog(|_| {}), &catalog(|it| it["operations"].as_array_mut().unwrap().push(new)));
        assert_eq!((found.operations.added.as_slice(), found.gains.len(), found.is_change()), (lines(&["new"]).as_slice(), 0, true));
    }
}
