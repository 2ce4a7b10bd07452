//! What base paths, and the paths of operations with each other, can have wrong.

use alloc::string::String;
use core::cmp::Ordering;

use super::{
    Alternative, Catalog, Operation,
    index::{hashed, places},
    parse::Faults,
    route,
};
use crate::scope::support::{
    sort::{order, positions},
    text::{digits, fill, item, parts},
};

/// So many base paths it can have.
const MAX_BASES: usize = 16;
/// So many paths with a tail, which are compared one by one.
const MAX_TAILS: usize = 1_000;

impl Faults {
    /// What base paths, and paths with each other, can have wrong.
    pub(super) fn paths(&mut self, catalog: &Catalog) {
        self.repeated_routes(catalog.operations());
        if catalog.base_paths.len() > MAX_BASES {
            self.add(
                "basePaths",
                fill("has {} base paths; at most {} are allowed", &[&digits(catalog.base_paths.len()), &digits(MAX_BASES)]),
            );
        }
        for (index, path) in catalog.base_paths.iter().enumerate() {
            let fault = if !path.starts_with('/') {
                "does not begin with `/`"
            } else if path.ends_with('/') {
                "ends with `/`; leave it out"
            } else if parts(path, b'/').into_iter().any(route::is_parameter) {
                "holds a parameter; a base path has none"
            } else if route::base(path).len() > route::MAX_SEGMENTS {
                "has more than 64 segments"
            } else {
                continue;
            };
            self.add(&item("basePaths", index), fill("`{}` {}", &[path, fault]));
        }
        let routes = catalog.routes();
        let tails = routes.tails();
        if tails > MAX_TAILS {
            self.add(
                "operations",
                fill("has {} paths with a tail such as `{}`; at most {} are allowed", &[&digits(tails), "{+path}", &digits(MAX_TAILS)]),
            );
        }
        for same in routes.same() {
            let mut others = same.iter().filter_map(|position| Some((*position, catalog.operation_at(*position)?)));
            let Some((first, one)) = others.next() else { continue };
            for (position, other) in others {
                if needs_the_same(one, other)
                    || !self.is_sound(&item("operations", first.into()))
                    || !self.is_sound(&item("operations", position.into()))
                {
                    continue;
                }
                let message = "no request can tell `{} {}` of `{}` from `{} {}` of `{}`, and they need different scopes; give one of them another path, or both the same scopes";
                let texts = [&other.method, &other.path, &other.id, &one.method, &one.path, &one.id].map(String::as_str);
                self.of_member(("operations", usize::from(position)), "path", message, &texts);
            }
        }
    }

    /// One route can serve its callers in two ways (`presences.update`), but not the same callers.
    fn repeated_routes(&mut self, operations: &[Operation]) {
        let at = |position: u16| operations.get(usize::from(position));
        // Mostly no id is listed twice, which a look at each says; only where one is, they are sorted.
        let id = |position: u16| at(position).map_or("", |operation| operation.id.as_str());
        let table = hashed(operations.len(), &id);
        let is_first = |position: &u16| {
            let mut same = places(&table, id(*position)).map_while(|place| table.get(place)?.checked_sub(1));
            same.find(|other| id(*other) == id(*position)) == Some(*position)
        };
        if positions(operations.len()).iter().all(is_first) {
            return;
        }
        let compare = |a: u16, b: u16| match (at(a), at(b)) {
            (Some(a), Some(b)) => {
                let routes = a.id.cmp(&b.id).then_with(|| a.method.cmp(&b.method)).then_with(|| a.path.cmp(&b.path));
                routes.then_with(|| a.callers.cmp(&b.callers))
            }
            _ => Ordering::Equal,
        };
        let mut sorted = positions(operations.len());
        order(&mut sorted, &mut { compare });
        for pair in sorted.windows(2) {
            if let [first, second] = pair
                && compare(*first, *second).is_eq()
                && let Some(operation) = at(*second)
                && self.is_sound(&item("operations", usize::from(*first)))
                && self.is_sound(&item("operations", usize::from(*second)))
            {
                let item = ("operations", usize::from(*second));
                self.of_member(item, "id", "`{}` is listed twice with the same route and callers", &[&operation.id]);
            }
        }
    }
}

/// Whether each of them is open to the callers of the other one.
fn needs_the_same(one: &Operation, other: &Operation) -> bool {
    let same = |one: &Alternative, other: &Alternative| {
        let has_all = |one: &Alternative, other: &Alternative| one.0.iter().all(|scope| other.0.contains(scope));
        has_all(one, other) && has_all(other, one)
    };
    let has_all = |one: &Operation, other: &Operation| one.scopes.iter().all(|wanted| other.scopes.iter().any(|has| same(wanted, has)));
    one.open == other.open && has_all(one, other) && has_all(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A catalog with these members besides, and these paths of operations, each opened by a scope.
    fn with_paths(members: &str, paths: &[(&str, &str)]) -> Result<Catalog, Vec<String>> {
        let scope = |id: &str| format!(r#"{{"id":"{id}","service":"s","description":"","tiers":["project"],"editions":[]}}"#);
        let operation = |(number, (path, scope)): (usize, &(&str, &str))| {
            format!(r#"{{"id":"o.{number}","method":"GET","path":"{path}","scopes":["{scope}"]}}"#)
        };
        let text = format!(
            r#"{{"id":"x","name":"X","version":"1","maxScopes":9,{members}"editions":[],"services":[{{"id":"s","name":"S"}}],
            "scopes":[{},{}],"operations":[{}]}}"#,
            scope("a"),
            scope("b"),
            paths.iter().enumerate().map(operation).collect::<Vec<_>>().join(",")
        );
        Catalog::from_json(&text).map_err(|errors| errors.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_paths_can_have_wrong_is_reported() {
        let paths = [("/a/{id", "a"), ("/{+x}/{+y}", "a"), ("/a/{id}", "a"), ("/a/:other/", "b"), ("/a/{x}{y}", "a"), ("/{+x}", "a")];
        let members = r#""basePaths":["v1","/v1/","/:v","/{v}","/v1.0"],"foldCase":1,"trailingSlash":"kept","#;
        let errors = with_paths(members, &paths).unwrap_err();
        let same = "no request can tell `GET /a/:other/` of `o.3` from `GET /a/{id}` of `o.2`, and they need different scopes; give one of them another path, or both the same scopes";
        assert_eq!(
            errors,
            [
                "foldCase: must be `true` or `false`, not a number",
                "trailingSlash: must be one of `ignored`, `distinct`, not `kept`",
                "operations[0].path: `/a/{id` has a `{` without its `}`, or a `}` without its `{`",
                "operations[1].path: `/{+x}/{+y}` has two tails; write the first one as parameters of one segment each",
                "basePaths[0]: `v1` does not begin with `/`",
                "basePaths[1]: `/v1/` ends with `/`; leave it out",
                "basePaths[2]: `/:v` holds a parameter; a base path has none",
                "basePaths[3]: `/{v}` holds a parameter; a base path has none",
                &format!("operations[3].path: {same}"),
            ]
        );
        let tails: Vec<String> = (0..1_001).map(|number| format!("/{number}/{{+x}}")).collect();
        let tails: Vec<(&str, &str)> = tails.iter().map(|path| (path.as_str(), "a")).collect();
        assert_eq!(
            with_paths("", &tails).unwrap_err(),
            ["operations: has 1001 paths with a tail such as `{+path}`; at most 1000 are allowed"]
        );
        let bases = format!(r#""basePaths":[{}],"#, (0..17).map(|number| format!("\"/{number}\"")).collect::<Vec<_>>().join(","));
        assert_eq!(with_paths(&bases, &[]).unwrap_err(), ["basePaths: has 17 base paths; at most 16 are allowed"]);
    }

    #[test]
    fn routes_that_the_members_of_the_catalog_tell_apart_are_no_fault() {
        let paths = [("/a", "a"), ("/a/", "b")];
        assert!(with_paths("", &paths).is_err() && with_paths(r#""trailingSlash":"distinct","#, &paths).is_ok());
        let paths = [("/a", "a"), ("/A", "b")];
        assert!(with_paths("", &paths).is_ok() && with_paths(r#""foldCase":true,"#, &paths).is_err());
        let catalog = with_paths(r#""basePaths":["/v1"],"foldCase":true,"trailingSlash":"distinct","#, &[("/a/", "a")]).unwrap();
        let text = serde_json::to_string(&catalog).unwrap();
        assert!(text.contains(r#""maxScopes":9,"basePaths":["/v1"],"foldCase":true,"trailingSlash":"distinct","editions""#), "{text}");
        assert_eq!(serde_json::to_string(&Catalog::from_json(&text).unwrap()).unwrap(), text);
        assert_eq!(crate::scope::answer(&catalog, crate::scope::Query::Catalog, "").unwrap(), text);
    }
}
