//! Groups scopes for the table: one row per resource, one column per action.

use crate::scope::Catalog;

/// A resource of a service with its scopes, by their positions in the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The part before the last dot.
    pub name: String,
    /// The scope that reads it.
    pub read: Option<usize>,
    /// The scope that writes it.
    pub write: Option<usize>,
    /// Scopes with another action, or with none.
    pub other: Vec<usize>,
}

impl Resource {
    /// Its scopes: read, write, others.
    pub fn scopes(&self) -> impl Iterator<Item = usize> {
        self.read.into_iter().chain(self.write).chain(self.other.iter().copied())
    }
}

/// Groups scopes by resource, in the order in which resources first appear.
pub fn resources(catalog: &Catalog, scopes: &[usize]) -> Vec<Resource> {
    let mut lines: Vec<Resource> = Vec::new();
    for at in scopes.iter().copied() {
        let Some(scope) = catalog.scopes().get(at) else { continue };
        let name = scope.id.resource();
        let known = lines.iter().rposition(|line| line.name == name);
        let place = known.unwrap_or_else(|| {
            lines.push(Resource { name: name.to_owned(), read: None, write: None, other: Vec::new() });
            lines.len() - 1
        });
        if let Some(line) = lines.get_mut(place) {
            match scope.id.action() {
                Some("read") => line.read = Some(at),
                Some("write") => line.write = Some(at),
                _ => line.other.push(at),
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_is_shown_before_writing() {
        let catalog = Catalog::appwrite();
        let given = ["rows.write", "users.read", "rows.read", "account"].map(|name| catalog.scope_index(name).unwrap());
        let names = |scopes: &[usize]| -> Vec<&str> {
            let lines = resources(catalog, scopes);
            lines.iter().flat_map(Resource::scopes).map(|at| catalog.scopes()[at].id.as_str()).collect()
        };
        assert_eq!(names(&given), ["rows.read", "rows.write", "users.read", "account"]);
        for service in &catalog.services {
            let own: Vec<usize> = (0..catalog.scopes().len()).filter(|at| catalog.scopes()[*at].service == service.id).collect();
            let in_order: Vec<&str> = own.iter().map(|at| catalog.scopes()[*at].id.as_str()).collect();
            assert_eq!(names(&own), in_order, "{}: the catalog has this order itself", service.id);
        }
    }

    #[test]
    fn every_scope_stands_on_exactly_one_line() {
        let catalog = Catalog::appwrite();
        let lines = resources(catalog, &(0..catalog.scopes().len()).collect::<Vec<_>>());
        assert_eq!(lines.iter().map(|line| line.scopes().count()).sum::<usize>(), catalog.scopes().len());
        let rows = lines.iter().find(|line| line.name == "rows").unwrap();
        assert_eq!((rows.read, rows.write), (catalog.scope_index("rows.read"), catalog.scope_index("rows.write")));
        let account = lines.iter().find(|line| line.name == "account").unwrap();
        assert_eq!(account.other.len(), 1);
    }
}
