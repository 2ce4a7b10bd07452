//! Whether a set of scopes opens an operation.

use alloc::{borrow::Cow, string::String, vec, vec::Vec};

use crate::scope::{
    Alternative, Catalog, Diagnostic, Open, Tier,
    access::{
        Prefer,
        cheapest::Scale,
        closed, named,
        plan::{self, Goal},
    },
    check::{self, name_problems, request::CheckInput, rules},
    json::wire::object,
    query::reach::ids,
    support::{
        nearest::Patience,
        text::{fill, listed, row, shown},
    },
};

object! {
    /// Whether a set of scopes opens an operation, and why.
    pub struct Verdict {
        /// Whether the operation is open. Always `false` for one that the catalog does not know.
        pub allowed "allowed": bool,
        /// The ids of the operation; several where one route serves several methods, none when it is unknown.
        pub operations "operations": Vec<String>,
        /// The scopes of the set that open it, in catalog order. Empty for one that needs no scope.
        pub granted_by "grantedBy": Vec<String>,
        /// What would open it, the best first: any one of these, each a scope or a list of scopes that are all to be granted. Of a project
        /// key, else of an organization key. Empty when it is open, and when no key can open it.
        pub missing "missing": Vec<Alternative<String>>,
        /// The verdict in one sentence.
        pub message "message": String,
        /// What to do next, in one sentence; empty when it is open.
        pub help "help": String,
        /// What the catalog does not know.
        pub problems "problems": Vec<Diagnostic>,
    }
}

/// Whether `scopes` open `operation`. Any one of an operation's alternatives is enough, and of an alternative all scopes are needed. A
/// scope counts as held if one that includes it is; `x.write` never implies `x.read` by its name.
///
/// The operation is an SDK method in any spelling, or an HTTP method and path. Where one route serves several operations, all of
/// them must be open.
///
/// What is missing is what a key of the edition can be granted; of any, without one that the catalog knows.
///
/// ```
/// use scopewise::scope::{Catalog, allows};
/// let catalog = Catalog::appwrite();
/// assert!(allows(catalog, &["rows.read"], "tablesDB.listRows", None).allowed);
/// let verdict = allows(catalog, &["rows.write"], "GET /v1/tablesdb/main/tables/books/rows", None);
/// assert!(!verdict.allowed);
/// assert_eq!(verdict.missing.iter().map(|way| way.joined("and")).collect::<Vec<_>>(), ["`rows.read`", "`documents.read`"]);
/// ```
pub fn allows<S: AsRef<str>>(catalog: &Catalog, scopes: &[S], operation: &str, edition: Option<&str>) -> Verdict {
    let scopes: Vec<&str> = scopes.iter().map(AsRef::as_ref).collect();
    let named = named(catalog, &scopes);
    let held = closed(catalog, &named);
    let mut patience = Patience::default();
    let mut problems = name_problems(catalog, &scopes, edition, &mut patience);
    let positions = catalog.recognize(operation);
    let Some(first) = positions.first().copied() else {
        let request = CheckInput { operations: Some(vec![Cow::Borrowed(operation)]), ..CheckInput::default() };
        let unknown = check::problems(&[rules::unknown_operation], catalog, &request, &mut patience);
        let (message, help) = unknown.first().map(|diagnostic| (diagnostic.message.clone(), diagnostic.help.clone())).unwrap_or_default();
        problems.extend(unknown);
        return Verdict { allowed: false, operations: Vec::new(), granted_by: Vec::new(), missing: Vec::new(), message, help, problems };
    };
    let closed = positions.iter().copied().find(|position| !plan::is_open(catalog, &held, *position));
    let operations = ids(catalog, &mut positions.iter().copied());
    let id = catalog.operation_id(closed.unwrap_or(first));
    let shown = shown(operation, id);
    match closed {
        None => {
            let mut granting: Vec<u16> = Vec::new();
            for scope in positions.iter().flat_map(|position| plan::granting(catalog, &named, &held, *position)) {
                if !granting.contains(&scope) {
                    granting.push(scope);
                }
            }
            let granted_by = plan::names(catalog, &granting).0;
            let message = match (granted_by.len(), catalog.operation_at(first).and_then(|operation| operation.open)) {
                (0, Some(Open::Public)) => fill("{} needs no key", &[&shown]),
                (0, _) => fill("every valid key opens {}", &[&shown]),
                (count, _) => {
                    let verb = if count == 1 { " opens " } else { " open " };
                    row(&[&listed(granted_by.iter().map(String::as_str)), verb, &shown])
                }
            };
            Verdict { allowed: true, operations, granted_by, missing: Vec::new(), message, help: String::new(), problems }
        }
        Some(closed) => {
            let edition = catalog.known_edition(edition);
            let scale = |tier| Scale { catalog, target: Goal { tier, edition }, edition, prefer: Prefer::Narrow };
            let mut ways = scale(Tier::Project).openers(&held, closed);
            let (message, help) = match ways.split_first() {
                Some((best, others)) => {
                    let help = fill("grant {}{}", &[&plan::joined(catalog, best, "and"), &plan::also_opens(catalog, others)]);
                    (plan::closed(catalog, closed, &shown), help)
                }
                None => {
                    ways = scale(Tier::Organization).openers(&held, closed);
                    plan::impossible(catalog, scale(Tier::Project).target, closed, &shown)
                }
            };
            let missing = ways.iter().map(|way| plan::names(catalog, way)).collect();
            Verdict { allowed: false, operations, granted_by: Vec::new(), missing, message, help, problems }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn write_never_implies_read() {
        let catalog = Catalog::appwrite();
        for scope in catalog.scopes().iter().filter(|scope| scope.id.action() == Some("write")) {
            let read = format!("{}.read", scope.id.resource());
            let Some(read) = catalog.scope_position(&read) else { continue };
            let write = catalog.scope_position(scope.id.as_str()).unwrap();
            let shared = catalog.opens(read).iter().filter(|operation| catalog.opens(write).contains(operation)).count();
            assert_eq!(shared, 0, "{}", scope.id);
        }
        assert!(!allows(catalog, &["users.write"], "users.list", None).allowed);
    }

    #[test]
    fn what_every_key_holds_is_open_to_every_key() {
        let verdict = allows(Catalog::appwrite(), &[] as &[&str], "ping.get", None);
        assert_eq!((verdict.allowed, verdict.granted_by.as_slice()), (true, ["global".to_owned()].as_slice()));
    }

    #[test]
    fn what_no_key_opens_is_explained() {
        let verdict = allows(Catalog::appwrite(), &["functions.read"], "functions.listRuntimes", None);
        assert_eq!(
            (verdict.message.as_str(), verdict.help.as_str()),
            ("no scope of a project key opens `functions.listRuntimes`", "call it without a key")
        );
        let verdict = allows(Catalog::appwrite(), &["users.read"], "account.get", None);
        assert_eq!(verdict.help, "call it with the user's session, not with a key");
    }
}
