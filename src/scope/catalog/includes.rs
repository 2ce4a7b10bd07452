//! Which scopes a scope's holder holds as well.

use alloc::{vec, vec::Vec};

use super::lookup::Catalog;
use crate::scope::support::{bit_set::BitSet, gather::Gather, sort::positions};

/// A whole catalog may include so much: each step from a scope to one that it includes counts, and each operation that is opened
/// so.
const MAX_STEPS: usize = 1_000_000;
/// So many scopes may include each other one after the other.
const MAX_DEPTH: usize = 16;

/// Why it cannot be said what scopes include.
pub(super) enum Fault {
    /// The scopes of a circle, the first of them again at its end.
    Circle(Vec<u16>),
    /// It would take too long.
    TooMuch,
}

/// For each scope what it includes, directly or through another, in ascending order. Empty where no scope includes any.
pub(super) fn closures(catalog: &Catalog) -> Result<Vec<Vec<u16>>, Fault> {
    let scopes = catalog.scopes();
    if scopes.iter().all(|scope| scope.includes.is_empty()) {
        return Ok(Vec::new());
    }
    let mut walk = Walk { direct: Vec::with_capacity(scopes.len()), opened: vec![0; scopes.len()], steps: 0 };
    for scope in scopes {
        walk.direct.push(scope.includes.iter().filter_map(|name| catalog.scope_position(name.as_str())).gathered());
    }
    for operation in catalog.operations() {
        for scope in operation.scopes.iter().flat_map(|alternative| &alternative.0) {
            if let Some(count) = catalog.scope_index(scope.as_str()).and_then(|scope| walk.opened.get_mut(scope)) {
                *count = count.saturating_add(1);
            }
        }
    }
    let mut closures = Vec::with_capacity(scopes.len());
    for scope in positions(scopes.len()) {
        let mut closure = BitSet::default();
        walk.from(&mut vec![scope], scope, &mut closure)?;
        closures.push(closure.iter().gathered());
    }
    Ok(closures)
}

struct Walk {
    direct: Vec<Vec<u16>>,
    /// For each scope how many operations name it.
    opened: Vec<u16>,
    steps: usize,
}

impl Walk {
    /// Goes on from the last scope of a path.
    fn from(&mut self, path: &mut Vec<u16>, scope: u16, closure: &mut BitSet) -> Result<(), Fault> {
        for next in self.direct.get(usize::from(scope)).cloned().unwrap_or_default() {
            self.steps += 1 + usize::from(self.opened.get(usize::from(next)).copied().unwrap_or(0));
            if let Some(at) = path.iter().position(|other| *other == next) {
                let mut circle = path.split_off(at);
                circle.push(next);
                return Err(Fault::Circle(circle));
            }
            if self.steps > MAX_STEPS || path.len() > MAX_DEPTH {
                return Err(Fault::TooMuch);
            }
            if closure.insert(next) {
                path.push(next);
                self.from(path, next, closure)?;
                path.pop();
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::{
        format,
        string::{String, ToString},
    };

    use super::*;

    fn catalog(scopes: &[(&str, &str)]) -> Result<Catalog, Vec<String>> {
        let scope = |(id, includes): &(&str, &str)| {
            let includes: Vec<&str> = includes.split(' ').filter(|name| !name.is_empty()).collect();
            serde_json::json!({ "id": id, "service": "s", "description": "", "tiers": ["project"], "editions": [], "includes": includes })
        };
        let scopes: Vec<_> = scopes.iter().map(scope).collect();
        let json = serde_json::json!({ "id": "x", "name": "X", "version": "1", "maxScopes": 9, "editions": [],
            "services": [{ "id": "s", "name": "S" }], "scopes": scopes, "operations": [] });
        Catalog::from_json(&json.to_string()).map_err(|errors| errors.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_an_included_scope_includes_is_included() {
        let catalog = catalog(&[("admin", "write"), ("write", "read comment"), ("read", ""), ("comment", "")]).unwrap();
        assert_eq!(closures(&catalog).ok().unwrap(), [vec![1, 2, 3], vec![2, 3], vec![], vec![]]);
    }

    #[test]
    fn a_circle_is_refused_by_name() {
        assert_eq!(catalog(&[("a", "a")]).unwrap_err(), ["scopes[0].includes: leads in a circle: `a` includes `a`"]);
        let errors = catalog(&[("x", "b"), ("a", "c"), ("b", "a"), ("c", "d b"), ("d", "")]).unwrap_err();
        assert_eq!(errors, ["scopes[2].includes: leads in a circle: `b` includes `a` includes `c` includes `b`"]);
        assert_eq!(catalog(&[("a", "b")]).unwrap_err(), ["scopes[0].includes: there is no scope `b`"]);
    }

    #[test]
    fn a_catalog_whose_scopes_include_too_much_is_refused() {
        const TOLD: [&str; 1] = ["scopes: include too much; at most 16 may include each other one after the other"];
        let names: Vec<String> = (0..2_000).map(|number| format!("s{number}")).collect();
        let chain = |count: usize| -> Vec<(&str, &str)> {
            let next = names.iter().skip(1).take(count).map(String::as_str).chain([""]);
            names.iter().map(String::as_str).zip(next).collect()
        };
        assert!(catalog(&chain(16)).is_ok());
        assert_eq!(catalog(&chain(17)).unwrap_err(), TOLD);
        // Each includes all that follow, in few steps one after the other.
        let all = names.join(" ");
        let wide: Vec<(&str, &str)> =
            (0..).zip(&names).map(|(at, name)| (name.as_str(), if at < 1_000 { all.as_str() } else { "" })).collect();
        let wide: Vec<(&str, &str)> =
            wide.into_iter().map(|(name, all)| (name, all.split_once(" s1000 ").map_or("", |(_, rest)| rest))).collect();
        assert!(catalog(&wide).is_ok());
    }
}
