//! What another service wants to know of a key: whether it holds some scopes, or may do an operation.

use crate::{
    scope::{Alternative, Catalog, CheckRequest, Code, Operation, Tier, allows, check},
    server::auth::Identity,
};

/// What a key is to hold.
#[derive(Clone, Debug)]
pub(super) enum Requirement<'c> {
    /// Nothing in particular.
    Nothing,
    /// Each of these scopes.
    All(Vec<String>),
    /// Any one of these scopes.
    Any(Vec<String>),
    /// All of these operations, which share one route or one name.
    Operations(Vec<&'c Operation>),
}

/// What a key lacks.
pub(super) struct MissingScopes {
    /// The scopes; of which any one is enough where `any` is set, the best first.
    pub missing: Vec<String>,
    pub any: bool,
    /// In one sentence.
    pub message: String,
}

impl Requirement<'_> {
    /// What the key lacks; `None` where it holds what is demanded. `text` is how the asker writes the operation.
    pub(super) fn unmet(&self, catalog: &Catalog, identity: &Identity, text: impl FnOnce() -> String) -> Option<MissingScopes> {
        match self {
            Self::Nothing => None,
            Self::All(scopes) => {
                let missing: Vec<String> = scopes.iter().filter(|scope| !identity.holds(catalog, scope)).cloned().collect();
                if missing.is_empty() {
                    return None;
                }
                Some(MissingScopes { message: format!("The key does not hold {}.", quoted(&missing)), missing, any: false })
            }
            Self::Any(scopes) => {
                if scopes.iter().any(|scope| identity.holds(catalog, scope)) {
                    return None;
                }
                Some(MissingScopes { message: format!("The key holds none of {}.", quoted(scopes)), missing: scopes.clone(), any: true })
            }
            Self::Operations(operations) => {
                let holds_all = |way: &Alternative| way.0.iter().all(|scope| identity.holds(catalog, scope.as_str()));
                let is_open = |operation: &&Operation| operation.open.is_some() || operation.scopes.iter().any(holds_all);
                if operations.iter().all(is_open) {
                    return None;
                }
                let verdict = allows(catalog, &identity.counting_scopes(catalog), &text());
                let message = format!("The key may not do this: {}; {}.", verdict.message, verdict.help);
                // Where the best way needs several scopes, those; else any one that is enough.
                let mut ways = verdict.missing.into_iter();
                let (missing, any) = match ways.next() {
                    Some(best) if best.0.len() > 1 => (best.0, false),
                    best => (best.into_iter().chain(ways.filter(|way| way.0.len() == 1)).flat_map(|way| way.0).collect(), true),
                };
                Some(MissingScopes { missing, any, message })
            }
        }
    }
}

fn quoted(scopes: &[String]) -> String {
    scopes.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(", ")
}

/// Why these scopes can never be held, in one sentence that says what to do; `None` where each of them can. A requirement with a typo
/// would refuse every key without a reason.
pub(super) fn problem(catalog: &Catalog, scopes: &[String]) -> Option<String> {
    // Asked for each request of a gateway: the whole report is written only where something is wrong.
    let is_good = |name: &String| catalog.scope(name).is_some_and(|scope| scope.tiers.contains(&Tier::Project));
    if scopes.len() <= catalog.max_scopes && scopes.iter().all(is_good) {
        return None;
    }
    let report = check(catalog, &CheckRequest { scopes: scopes.to_vec(), ..CheckRequest::default() });
    let is_of_names = |code: Code| matches!(code, Code::MalformedScope | Code::UnknownScope | Code::WrongTier | Code::TooManyScopes);
    report.errors.into_iter().find(|error| is_of_names(error.code)).map(|error| match error.help.as_str() {
        "" => error.message,
        help => format!("{}; {help}", error.message),
    })
}
