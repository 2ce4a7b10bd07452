//! Reads a catalog from JSON and reports everything that is wrong with it, each with its place.

use std::collections::HashSet;

use serde::Deserialize;

use super::{Catalog, Edition, Operation, Scope, Service, index::Index};

/// One thing that is wrong with a catalog.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct CatalogError {
    /// Where, such as `scopes[3].successor`, or `line 4, column 2` for what is not JSON.
    pub place: String,
    /// What, in one sentence.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Document {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    id: String,
    name: String,
    version: String,
    max_scopes: usize,
    editions: Vec<Edition>,
    services: Vec<Service>,
    scopes: Vec<Scope>,
    operations: Vec<Operation>,
}

const MAX_ITEMS: usize = 20_000;

impl Catalog {
    /// Reads a catalog.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place: text that is not JSON or not of the right shape (the first such place
    /// only), then ids that stand twice, names that point nowhere, paths and methods out of form.
    pub fn from_json(text: &str) -> Result<Self, Vec<CatalogError>> {
        let document: Document = serde_json::from_str(text).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            vec![CatalogError { place, message: error.to_string() }]
        })?;
        let errors = faults(&document);
        if !errors.is_empty() {
            return Err(errors);
        }
        let index = Index::new(&document.scopes, &document.operations);
        Ok(Self {
            id: document.id,
            name: document.name,
            version: document.version,
            max_scopes: document.max_scopes,
            editions: document.editions,
            services: document.services,
            scopes: document.scopes,
            operations: document.operations,
            index,
        })
    }
}

/// Everything that a well-formed document can still have wrong.
fn faults(document: &Document) -> Vec<CatalogError> {
    let mut faults = Faults(Vec::new());
    if document.scopes.len().max(document.operations.len()) > MAX_ITEMS {
        faults.add("", format!("a catalog has at most {MAX_ITEMS} scopes and {MAX_ITEMS} operations"));
        return faults.0;
    }
    if document.max_scopes == 0 {
        faults.add("maxScopes", "must be at least 1".into());
    }
    faults.unique("editions", document.editions.iter().map(|edition| edition.id.as_str()));
    faults.unique("services", document.services.iter().map(|service| service.id.as_str()));
    faults.unique("scopes", document.scopes.iter().map(|scope| scope.id.as_str()));
    let services: HashSet<&str> = document.services.iter().map(|service| service.id.as_str()).collect();
    let editions: HashSet<&str> = document.editions.iter().map(|edition| edition.id.as_str()).collect();
    let scopes: HashSet<&str> = document.scopes.iter().map(|scope| scope.id.as_str()).collect();
    for (index, scope) in document.scopes.iter().enumerate() {
        let place = |field: &str| format!("scopes[{index}].{field}");
        if !services.contains(scope.service.as_str()) {
            faults.add(&place("service"), format!("there is no service `{}`", scope.service));
        }
        for edition in scope.editions.iter().filter(|edition| !editions.contains(edition.as_str())) {
            faults.add(&place("editions"), format!("there is no edition `{edition}`"));
        }
        if scope.tiers.is_empty() {
            faults.add(&place("tiers"), "names no tier, so that no key could hold the scope".into());
        }
        if let Some(successor) = &scope.successor {
            if !scopes.contains(successor.as_str()) {
                faults.add(&place("successor"), format!("there is no scope `{successor}`"));
            } else if !scope.deprecated || *successor == scope.id {
                faults.add(&place("successor"), "only a deprecated scope has a successor, and never itself".into());
            }
        }
    }
    let mut routes = HashSet::new();
    for (index, operation) in document.operations.iter().enumerate() {
        let place = |field: &str| format!("operations[{index}].{field}");
        if !matches!(operation.method.as_str(), "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS") {
            faults.add(&place("method"), format!("`{}` is not an HTTP method in upper case", operation.method));
        }
        if !operation.path.starts_with('/') {
            faults.add(&place("path"), format!("`{}` does not begin with `/`", operation.path));
        }
        if operation.scopes.is_empty() {
            faults.add(&place("scopes"), "names no scope, so that nothing could open the operation".into());
        }
        for scope in operation.scopes.iter().filter(|scope| !scopes.contains(scope.as_str())) {
            faults.add(&place("scopes"), format!("there is no scope `{scope}`"));
        }
        // One route can serve its callers in two ways (`presences.update`).
        if !routes.insert((&operation.id, &operation.method, &operation.path, &operation.callers)) {
            faults.add(&place("id"), format!("`{}` stands twice with the same route and callers", operation.id));
        }
    }
    faults.0
}

struct Faults(Vec<CatalogError>);

impl Faults {
    fn add(&mut self, place: &str, message: String) {
        self.0.push(CatalogError { place: place.to_owned(), message });
    }

    fn unique<'a>(&mut self, list: &str, ids: impl Iterator<Item = &'a str>) {
        let mut seen = HashSet::new();
        for (index, id) in ids.enumerate() {
            if id.is_empty() {
                self.add(&format!("{list}[{index}].id"), "must not be empty".into());
            } else if !seen.insert(id) {
                self.add(&format!("{list}[{index}].id"), format!("`{id}` stands twice"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_told_with_its_place() {
        let text = r#"{"id":"x","name":"X","version":"1","maxScopes":0,
            "editions":[{"id":"e","name":"E"},{"id":"e","name":"E"}],"services":[{"id":"s","name":"S"}],
            "scopes":[{"id":"a.read","service":"t","description":"","tiers":[],"editions":["f"],"successor":"b.read"}],
            "operations":[{"id":"a.list","method":"get","path":"v1","scopes":["b.read"]}]}"#;
        let told: Vec<String> = Catalog::from_json(text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "maxScopes: must be at least 1",
                "editions[1].id: `e` stands twice",
                "scopes[0].service: there is no service `t`",
                "scopes[0].editions: there is no edition `f`",
                "scopes[0].tiers: names no tier, so that no key could hold the scope",
                "scopes[0].successor: there is no scope `b.read`",
                "operations[0].method: `get` is not an HTTP method in upper case",
                "operations[0].path: `v1` does not begin with `/`",
                "operations[0].scopes: there is no scope `b.read`",
            ]
        );
    }

    #[test]
    fn what_is_not_json_is_told_with_line_and_column() {
        let errors = Catalog::from_json("{\n  \"id\": 3}").unwrap_err();
        assert_eq!(errors.first().map(|error| error.place.as_str()), Some("line 2, column 9"));
    }

    #[test]
    fn the_built_in_catalog_is_found_by_name() {
        let catalog = Catalog::appwrite();
        for scope in catalog.scopes() {
            assert_eq!(catalog.scope(scope.id.as_str()), Some(scope));
        }
        for operation in catalog.operations() {
            assert!(catalog.operations_named(&operation.id).any(|found| found == operation));
        }
        assert_eq!(catalog.operations_named("presences.update").count(), 2);
        assert!(catalog.scope("rows.reed").is_none());
        assert_eq!(catalog.operations_named("rows.reed").count(), 0);
    }
    #[test]
    fn a_serialized_catalog_is_read_again() {
        let text = serde_json::to_string(Catalog::appwrite()).unwrap();
        let again = Catalog::from_json(&text).unwrap();
        assert_eq!(again.scopes(), Catalog::appwrite().scopes());
        assert_eq!(again.operations(), Catalog::appwrite().operations());
    }
}
