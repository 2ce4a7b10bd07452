//! Which scopes a scope's holder holds as well.

use alloc::{vec, vec::Vec};

use super::lookup::Catalog;
use crate::scope::support::bit_set::BitSet;

/// A whole catalog may include so much: each step from a scope to one that it includes counts, and each operation that is opened
/// so.
const MAX_STEPS: usize = 1_000_000;

/// Why it cannot be said what scopes include.
pub(super) enum Fault<'c> {
    /// The names of a circle, the first of them again at its end.
    Circle(Vec<&'c str>),
    /// It would take too long.
    TooMuch,
}

/// For each scope what it includes, directly or through another, in ascending order. Empty where no scope includes any.
pub(super) fn closures(catalog: &Catalog) -> Result<Vec<Vec<u16>>, Fault<'_>> {
    let scopes = catalog.scopes();
    if scopes.iter().all(|scope| scope.includes.is_empty()) {
        return Ok(Vec::new());
    }
    let direct: Vec<Vec<u16>> =
        scopes.iter().map(|scope| scope.includes.iter().filter_map(|name| catalog.scope_position(name.as_str())).collect()).collect();
    let of = |scope: u16| direct.get(usize::from(scope)).map_or(&[][..], Vec::as_slice);
    let (mut closures, mut steps) = (vec![Vec::new(); scopes.len()], 0);
    for (scope, closure) in (0_u16..).zip(&mut closures) {
        let (mut seen, mut rest) = (BitSet::default(), of(scope).to_vec());
        while let Some(next) = rest.pop() {
            steps += 1;
            if steps > MAX_STEPS {
                return Err(Fault::TooMuch);
            }
            if next == scope {
                return Err(Fault::Circle(circle(catalog, &direct, scope)));
            }
            if seen.insert(next) {
                rest.extend(of(next));
            }
        }
        *closure = seen.iter().collect();
    }
    let mut opened = vec![0_usize; scopes.len()];
    for scope in catalog.operations().iter().flat_map(|operation| &operation.scopes).flat_map(|alternative| &alternative.0) {
        let count = catalog.scope_index(scope.as_str()).and_then(|scope| opened.get_mut(scope));
        count.into_iter().for_each(|count| *count += 1);
    }
    steps += closures.iter().flatten().filter_map(|scope| opened.get(usize::from(*scope))).sum::<usize>();
    if steps > MAX_STEPS { Err(Fault::TooMuch) } else { Ok(closures) }
}

/// A shortest way from a scope back to itself.
fn circle<'c>(catalog: &'c Catalog, direct: &[Vec<u16>], scope: u16) -> Vec<&'c str> {
    let mut ways = vec![vec![scope]];
    let mut seen = BitSet::default();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in way.last().and_then(|last| direct.get(usize::from(*last))).into_iter().flatten() {
                let mut way = way.clone();
                way.push(*next);
                if *next == scope {
                    return way.into_iter().map(|scope| catalog.scope_name(scope)).collect();
                }
                if seen.insert(*next) {
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    Vec::new()
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
        let told = catalog(&[("x", "b"), ("a", "c"), ("b", "a"), ("c", "d b"), ("d", "")]).unwrap_err();
        assert_eq!(told, ["scopes[1].includes: leads in a circle: `a` includes `c` includes `b` includes `a`"]);
        assert_eq!(catalog(&[("a", "b")]).unwrap_err(), ["scopes[0].includes: there is no scope `b`"]);
    }

    #[test]
    fn a_catalog_whose_scopes_include_too_much_is_refused() {
        let names: Vec<String> = (0..2_000).map(|number| format!("s{number}")).collect();
        let chain: Vec<(&str, &str)> =
            names.iter().zip(names.iter().skip(1)).map(|(one, next)| (one.as_str(), next.as_str())).chain([("s1999", "")]).collect();
        let told = catalog(&chain).unwrap_err();
        assert_eq!(told, ["scopes: include too many others; in all, they may include each other a million times"]);
    }
}
