//! What a scope opens.

use crate::scope::Catalog;

/// An operation that a scope opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedBy {
    /// Its position in [`Catalog::operations`].
    pub operation: usize,
    /// The scopes that are needed as well; empty where it opens the operation alone.
    pub with: Vec<String>,
}

/// The operations that the scope at this position opens, also through what it includes; those that need other scopes as well come last.
pub fn opened(catalog: &Catalog, scope: usize) -> Vec<OpenedBy> {
    let Some(scope) = catalog.scopes().get(scope) else { return Vec::new() };
    let own = scope.id.as_str();
    let held: Vec<&str> = std::iter::once(own).chain(catalog.included(own).map(|scope| scope.id.as_str())).collect();
    let mut all: Vec<OpenedBy> = Vec::new();
    for (operation, entry) in catalog.operations().iter().enumerate() {
        let ways = entry.scopes.iter().filter(|way| way.0.iter().any(|scope| held.contains(&scope.as_str())));
        let with = ways.map(|way| {
            way.0.iter().map(|scope| scope.as_str()).filter(|scope| !held.contains(scope)).map(str::to_owned).collect::<Vec<_>>()
        });
        if let Some(with) = with.min_by_key(Vec::len) {
            all.push(OpenedBy { operation, with });
        }
    }
    let (alone, together): (Vec<OpenedBy>, Vec<OpenedBy>) = all.into_iter().partition(|opened| opened.with.is_empty());
    [alone, together].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_opens_what_its_operations_say() {
        let catalog = Catalog::appwrite();
        let opened = opened(catalog, catalog.scope_index("messages.write").unwrap());
        assert!(opened.iter().all(|opened| opened.with.is_empty()));
        assert!(opened.iter().any(|opened| catalog.operations()[opened.operation].id == "messaging.createEmail"));
        assert!(super::opened(catalog, usize::MAX).is_empty());
    }

    #[test]
    fn what_is_included_and_what_is_needed_as_well_counts() {
        let text = r#"{"id":"x","name":"X","version":"1","maxScopes":9,"editions":[],"services":[{"id":"s","name":"S"}],"scopes":[
            {"id":"write","service":"s","description":"","tiers":["project"],"editions":[],"includes":["read"]},
            {"id":"read","service":"s","description":"","tiers":["project"],"editions":[]},
            {"id":"log","service":"s","description":"","tiers":["project"],"editions":[]}],
            "operations":[{"id":"a.both","method":"GET","path":"/b","scopes":[["read","log"]]},{"id":"a.get","method":"GET","path":"/a","scopes":["read"]}]}"#;
        let catalog = Catalog::from_json(text).unwrap();
        let of = |operation, with: &[&str]| OpenedBy { operation, with: with.iter().map(|name| (*name).to_owned()).collect() };
        assert_eq!(opened(&catalog, 0), [of(1, &[]), of(0, &["log"])]);
        assert_eq!(opened(&catalog, 2), [of(0, &["read"])]);
    }
}
