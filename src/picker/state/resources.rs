//! Groups scopes for the table: one row per resource, one column per action.

use std::sync::Arc;

use crate::scope::Scope;

/// A resource of a service with its scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The part before the last dot.
    pub name: String,
    /// The scope that reads it.
    pub read: Option<Arc<Scope>>,
    /// The scope that writes it.
    pub write: Option<Arc<Scope>>,
    /// Scopes with another action, or with none.
    pub other: Vec<Arc<Scope>>,
}

impl Resource {
    /// Its scopes: read, write, others.
    pub fn scopes(&self) -> impl Iterator<Item = &Arc<Scope>> {
        self.read.iter().chain(&self.write).chain(&self.other)
    }
}

/// Groups scopes by resource, in the order in which resources first appear.
pub fn resources(scopes: impl Iterator<Item = Arc<Scope>>) -> Vec<Resource> {
    let mut lines: Vec<Resource> = Vec::new();
    for scope in scopes {
        let name = scope.id.resource();
        let known = lines.iter().position(|line| line.name == name);
        let at = known.unwrap_or_else(|| {
            lines.push(Resource { name: name.to_owned(), read: None, write: None, other: Vec::new() });
            lines.len() - 1
        });
        if let Some(line) = lines.get_mut(at) {
            match scope.id.action() {
                Some("read") => line.read = Some(scope),
                Some("write") => line.write = Some(scope),
                _ => line.other.push(scope),
            }
        }
    }
    lines
}

/// Scopes in the order in which they are shown: those of a resource together, reading before writing.
pub fn in_pairs(scopes: impl Iterator<Item = Arc<Scope>>) -> Vec<Arc<Scope>> {
    resources(scopes).iter().flat_map(Resource::scopes).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Catalog;

    #[test]
    fn reading_is_shown_before_writing() {
        let catalog = Catalog::appwrite();
        let scope = |name: &str| Arc::new(catalog.scope(name).unwrap().clone());
        let given = ["rows.write", "users.read", "rows.read", "account"].map(scope);
        let shown = in_pairs(given.into_iter());
        let shown: Vec<&str> = shown.iter().map(|scope| scope.id.as_str()).collect();
        assert_eq!(shown, ["rows.read", "rows.write", "users.read", "account"]);
        for service in &catalog.services {
            let of_service = || catalog.scopes().iter().filter(|scope| scope.service == service.id).cloned().map(Arc::new);
            assert_eq!(in_pairs(of_service()), of_service().collect::<Vec<_>>(), "{}: the catalog has this order itself", service.id);
        }
    }

    #[test]
    fn every_scope_stands_on_exactly_one_line() {
        let catalog = Catalog::appwrite();
        let lines = resources(catalog.scopes().iter().cloned().map(Arc::new));
        assert_eq!(lines.iter().map(|line| line.scopes().count()).sum::<usize>(), catalog.scopes().len());
        let rows = lines.iter().find(|line| line.name == "rows").unwrap();
        assert_eq!(rows.read.as_ref().unwrap().id.as_str(), "rows.read");
        assert_eq!(rows.write.as_ref().unwrap().id.as_str(), "rows.write");
        let account = lines.iter().find(|line| line.name == "account").unwrap();
        assert_eq!(account.other.len(), 1);
    }
}
