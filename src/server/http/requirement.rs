//! What another service wants to know of a key: whether it holds some scopes, or may do an operation.

use crate::{
    key::{EditionId, Policy},
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
    /// What is missing, each a scope or scopes that are all needed. Any one of these is enough where `any` is set, the best first.
    pub missing: Vec<Alternative<String>>,
    pub any: bool,
    /// In one sentence.
    pub message: String,
}

impl Requirement<'_> {
    /// What the key lacks; `None` where it holds what is demanded. `text` is how the asker writes the operation. What is missing is what
    /// the policy of the project lets a key be granted.
    pub(super) fn unmet(
        &self,
        catalog: &Catalog,
        policy: &Policy,
        identity: &Identity,
        text: impl FnOnce() -> String,
    ) -> Option<MissingScopes> {
        match self {
            Self::Nothing => None,
            Self::All(scopes) => {
                let missing: Vec<String> = scopes.iter().filter(|scope| !identity.holds(catalog, scope)).cloned().collect();
                if missing.is_empty() {
                    return None;
                }
                let message = format!("The key does not hold {}.", quoted(&missing));
                Some(MissingScopes { message, missing: missing.into_iter().map(Alternative::from).collect(), any: false })
            }
            Self::Any(scopes) => {
                if scopes.iter().any(|scope| identity.holds(catalog, scope)) {
                    return None;
                }
                let missing = scopes.iter().cloned().map(Alternative::from).collect();
                Some(MissingScopes { message: format!("The key holds none of {}.", quoted(scopes)), missing, any: true })
            }
            Self::Operations(operations) => {
                if operations.iter().all(|operation| opens(catalog, identity, operation)) {
                    return None;
                }
                let verdict = allows(catalog, &identity.counting_scopes(catalog), &text(), policy.edition.as_ref().map(EditionId::as_str));
                let message = format!("The key may not do this: {}; {}.", verdict.message, verdict.help);
                Some(MissingScopes { missing: verdict.missing, any: true, message })
            }
        }
    }
}

/// Whether the operation is open to whom this is.
pub(super) fn opens(catalog: &Catalog, identity: &Identity, operation: &Operation) -> bool {
    let holds_all = |way: &Alternative| way.0.iter().all(|scope| identity.holds(catalog, scope.as_str()));
    operation.open.is_some() || operation.scopes.iter().any(holds_all)
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
