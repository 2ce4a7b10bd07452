//! Asks before one click grants much.

use super::selection::sorted;
use crate::scope::Catalog;

/// One click grants so many scopes without a question.
const MANY: usize = 10;

/// What one click is about to grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The sensitive ones of the scopes that are new, in catalog order.
    pub sensitive: Vec<String>,
    /// The other new ones, in catalog order.
    pub others: Vec<String>,
    /// The selection with all of them.
    pub all: Vec<String>,
    /// The selection without the sensitive ones.
    pub calm: Vec<String>,
}

impl Ask {
    /// What to ask before the selection `before` becomes `after`. `None` where nothing needs to be asked: few scopes are new, and at most one of them is
    /// sensitive.
    pub fn about(catalog: &Catalog, edition: Option<&str>, before: &[String], after: &[String]) -> Option<Self> {
        let new = sorted(catalog, after.iter().filter(|name| !before.contains(name)).cloned().collect());
        let (sensitive, others): (Vec<String>, Vec<String>) =
            new.into_iter().partition(|name| catalog.sensitivity_of(name, edition).is_some());
        if sensitive.len() <= 1 && sensitive.len() + others.len() <= MANY {
            return None;
        }
        let calm = after.iter().filter(|name| !sensitive.contains(name)).cloned().collect();
        Some(Self { sensitive, others, all: after.to_vec(), calm })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_click_that_grants_little_is_not_questioned() {
        let about = |before: &[&str], after: &[&str]| Ask::about(Catalog::appwrite(), None, &list(before), &list(after));
        assert_eq!(about(&[], &["rows.read", "rows.write", "sites.write"]), None);
        // What was chosen before is not granted now.
        assert_eq!(about(&["keys.write", "keys.read"], &["keys.write", "keys.read", "sites.write"]), None);
        assert_eq!(about(&["keys.write", "keys.read"], &[]), None);
    }

    #[test]
    fn sensitive_scopes_are_named_before_they_are_granted() {
        let ask =
            Ask::about(Catalog::appwrite(), None, &list(&["rows.read"]), &list(&["rows.read", "rows.write", "sites.write", "keys.write"]))
                .unwrap();
        assert_eq!((ask.sensitive, ask.others), (list(&["keys.write", "sites.write"]), list(&["rows.write"])));
        assert_eq!(ask.all, list(&["rows.read", "rows.write", "sites.write", "keys.write"]));
        assert_eq!(ask.calm, list(&["rows.read", "rows.write"]));
    }

    #[test]
    fn many_scopes_at_once_are_questioned() {
        let catalog = Catalog::appwrite();
        let reads: Vec<String> =
            catalog.scopes().iter().map(|scope| scope.id.as_str().to_owned()).filter(|id| id.ends_with(".read")).take(20).collect();
        let ask = Ask::about(catalog, None, &[], &reads).unwrap();
        assert_eq!(ask.sensitive.len() + ask.others.len(), 20);
    }
}
