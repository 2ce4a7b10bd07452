//! What an edit grants and revokes.

use super::names::Names;
use crate::scope::Catalog;

/// What changes between the saved scopes and the chosen ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Chosen, and not saved; in catalog order, unknown ones last.
    pub granted: Vec<String>,
    /// Saved, and not chosen; in catalog order, unknown ones last.
    pub revoked: Vec<String>,
}

impl Difference {
    /// Compares two lists as sets: order and duplicates do not matter.
    pub fn between(catalog: &Catalog, saved: &[String], chosen: &[String]) -> Self {
        let only = |list: &[String], other: &[String]| {
            let mut seen = Names::new();
            let mut only: Vec<String> = list.iter().filter(|name| !other.contains(name) && seen.insert(name.as_str())).cloned().collect();
            only.sort_by_key(|name| catalog.scope_index(name).unwrap_or(usize::MAX));
            only
        };
        Self { granted: only(chosen, saved), revoked: only(saved, chosen) }
    }

    /// Whether both lists grant the same.
    pub fn is_empty(&self) -> bool {
        self.granted.is_empty() && self.revoked.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn granted_and_revoked_are_listed_in_catalog_order() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let saved = list(&["users.read", "future.read", "rows.read", "rows.read"]);
        let chosen = list(&["rows.write", "users.write", "rows.read"]);
        let difference = Difference::between(Catalog::appwrite(), &saved, &chosen);
        assert_eq!(difference.granted, ["users.write", "rows.write"]);
        assert_eq!(difference.revoked, ["users.read", "future.read"]);
        assert!(Difference::between(Catalog::appwrite(), &saved, &list(&["rows.read", "future.read", "users.read"])).is_empty());
    }
}
