//! What changes between two sets of scopes.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use super::reach::{EscalationPath, is_full, opened_beyond, ways};
use crate::scope::{
    Catalog, Diagnostic,
    access::{held, opened},
    check::name_problems,
    json::wire::object,
    support::{gather::Gather, nearest::Patience, sort::Dedup},
};

object! {
    /// What changes between two sets of scopes.
    pub struct Comparison {
        /// Scopes that only the later set has, in its order.
        pub granted "granted": Vec<String>,
        /// Scopes that only the earlier set has, in its order.
        pub revoked "revoked": Vec<String>,
        /// Scopes that both have, in the order of the later set.
        pub kept "kept": Vec<String>,
        /// The ways to more access that only the later set has.
        pub climbed "climbed": Vec<EscalationPath>,
        /// Operations that only the later set opens.
        pub gained "gained": Vec<String>,
        /// Operations that only the earlier set opens.
        pub lost "lost": Vec<String>,
        /// Whether only the later set gives full access.
        pub becomes_full_access "becomesFullAccess": bool,
        /// What the catalog does not know in the later set, and in the earlier one what the later does not repeat.
        pub problems "problems": Vec<Diagnostic>,
    }
}

/// What changes when a key that held `before` holds `after`. Order and repetition do not matter. Ways to more access are those of an edition;
/// without one that the catalog knows, of any.
///
/// ```
/// use scopewise::scope::{Catalog, compare};
/// let change = compare(Catalog::appwrite(), &["documents.read"], &["rows.read"], None);
/// assert_eq!((change.granted, change.revoked), (vec!["rows.read".to_owned()], vec!["documents.read".to_owned()]));
/// assert!(change.lost.contains(&"documentsDB.listDocuments".to_owned()));
/// ```
pub fn compare<S: AsRef<str>, T: AsRef<str>>(catalog: &Catalog, before: &[S], after: &[T], edition: Option<&str>) -> Comparison {
    let known = catalog.known_edition(edition);
    let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
    let after: Vec<&str> = after.iter().map(AsRef::as_ref).collect();
    let (held_before, held_after) = (held(catalog, &before), held(catalog, &after));
    let (open_before, open_after) = (opened(catalog, &held_before), opened(catalog, &held_after));
    let climbed = ways(catalog, held_after.beyond(&held_before), known);
    let was_full = is_full(&ways(catalog, held_before.iter(), known));
    let (all_before, all_after) = (Dedup::of(&before), Dedup::of(&after));
    let revoked = distinct(&before, &|scope| !all_after.contains(scope));
    let mut patience = Patience::default();
    let mut problems = name_problems(catalog, &after, edition, &mut patience);
    let gone: Vec<&str> = revoked.iter().map(String::as_str).collect();
    problems.extend(name_problems(catalog, &gone, known.map(|edition| edition.id.as_str()), &mut patience).into_iter().map(
        |mut problem| {
            // Its place is in the other list, and what is gone needs no fix.
            (problem.index, problem.fix) = (None, None);
            problem
        },
    ));
    Comparison {
        granted: distinct(&after, &|scope| !all_before.contains(scope)),
        kept: distinct(&after, &|scope| all_before.contains(scope)),
        becomes_full_access: !was_full && is_full(&climbed),
        gained: opened_beyond(catalog, &open_after, &open_before),
        lost: opened_beyond(catalog, &open_before, &open_after),
        revoked,
        climbed,
        problems,
    }
}

/// The scopes that fit, each once.
fn distinct(scopes: &[&str], fits: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut seen = Dedup::default();
    scopes.iter().filter(|scope| fits(scope) && seen.insert(scope)).map(|scope| (*scope).to_owned()).gathered()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_share_one_patience() {
        // As many scopes as a catalog can have: the names of one list alone take all of it.
        let scope =
            |number: u32| format!(r#"{{"id":"resource.{number}","service":"s","description":"","tiers":["project"],"editions":[]}}"#);
        let scopes = (0..20_000).map(scope).collect::<Vec<_>>().join(",");
        let text = format!(
            r#"{{"id":"x","name":"X","version":"1","maxScopes":9,"editions":[],"services":[{{"id":"s","name":"S"}}],"scopes":[{scopes}],"operations":[]}}"#
        );
        let catalog = Catalog::from_json(&text).unwrap();
        let near = |number: u32| format!("resorce.{number}");
        let (before, after): (Vec<String>, Vec<String>) = ((0..200).map(near).collect(), (1_000..1_200).map(near).collect());
        let is_helped = |problem: &Diagnostic| problem.help.starts_with("did you mean");
        let alone = compare(&catalog, &before, &[] as &[&str], None).problems;
        assert!(alone.iter().any(is_helped) && !alone.iter().all(is_helped));
        let both = compare(&catalog, &before, &after, None).problems;
        let helped = |problems: &[Diagnostic]| problems.iter().filter(|problem| is_helped(problem)).count();
        assert!(helped(&both) < helped(&alone) * 3 / 2, "{} {}", helped(&both), helped(&alone));
        // The later list comes first.
        assert!(is_helped(&both[0]) && !is_helped(both.last().unwrap()));
    }
}
