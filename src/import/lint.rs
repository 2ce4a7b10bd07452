//! Finds what is doubtful in a catalog that loads.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::names::{self, MAX_DESCRIPTION};
use crate::scope::{Alternative, Catalog, Operation, Scope, Tier};

/// A kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The catalog cannot be loaded.
    Invalid,
    /// Nothing says what an operation needs.
    OperationWithoutScopes,
    /// No key can hold a scope.
    NeverHoldable,
    /// Only deprecated scopes open a current operation.
    OnlyDeprecatedScopes,
    /// A scope has no description.
    NoDescription,
    /// No operation needs a scope.
    UnusedScope,
    /// A deprecated scope does not say what to grant instead.
    NoSuccessor,
    /// Who holds one alternative always holds another one.
    RedundantAlternative,
    /// One scope of an alternative includes another one.
    RedundantScope,
    /// An operation has several alternatives, and none is called least privileged.
    NoLeast,
    /// A scope is likely to give more access than it says.
    SensitiveCandidate,
    /// A description is too long for a list.
    LongDescription,
    /// No scope is shown in a service.
    EmptyService,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The catalog cannot be used.
    Error,
    /// Someone should look at it.
    Warning,
    /// It only informs.
    Hint,
}

impl Rule {
    /// All of them, in the order in which reports list them.
    pub const ALL: [Self; 13] = [
        Self::Invalid,
        Self::OperationWithoutScopes,
        Self::NeverHoldable,
        Self::OnlyDeprecatedScopes,
        Self::NoDescription,
        Self::UnusedScope,
        Self::NoSuccessor,
        Self::RedundantAlternative,
        Self::RedundantScope,
        Self::NoLeast,
        Self::SensitiveCandidate,
        Self::LongDescription,
        Self::EmptyService,
    ];

    /// In kebab case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::OperationWithoutScopes => "operation-without-scopes",
            Self::NeverHoldable => "never-holdable",
            Self::OnlyDeprecatedScopes => "only-deprecated-scopes",
            Self::NoDescription => "no-description",
            Self::UnusedScope => "unused-scope",
            Self::NoSuccessor => "no-successor",
            Self::RedundantAlternative => "redundant-alternative",
            Self::RedundantScope => "redundant-scope",
            Self::NoLeast => "no-least",
            Self::SensitiveCandidate => "sensitive-candidate",
            Self::LongDescription => "long-description",
            Self::EmptyService => "empty-service",
        }
    }

    /// What it is about, in one line.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Invalid => "the catalog is not valid",
            Self::OperationWithoutScopes => "the catalog does not say what opens an operation",
            Self::NeverHoldable => "no key can hold the scope",
            Self::OnlyDeprecatedScopes => "only deprecated scopes open the operation",
            Self::NoDescription => "the scope has no description",
            Self::UnusedScope => "the scope opens no operation",
            Self::NoSuccessor => "the deprecated scope has no successor",
            Self::RedundantAlternative => "an alternative is not needed next to another one",
            Self::RedundantScope => "a scope of an alternative includes another one",
            Self::NoLeast => "several alternatives, and none is called least privileged",
            Self::SensitiveCandidate => "the scope can probably gain more access",
            Self::LongDescription => "the description is too long",
            Self::EmptyService => "the service has no scopes",
        }
    }

    /// What to do about it.
    pub fn help(self) -> &'static str {
        match self {
            Self::Invalid => "fix it; no command can use the catalog",
            Self::OperationWithoutScopes => "it stays closed; set `scopes`, or `open`",
            Self::NeverHoldable => "give it a tier of keys and an edition, or set `implied` if every key holds it",
            Self::OnlyDeprecatedScopes => "add the scope that replaces them",
            Self::NoDescription => "say in one line what it opens; people choose scopes by it",
            Self::UnusedScope => "remove it, or add it to the operations that it opens",
            Self::NoSuccessor => "set `successor`, so that `migrate` knows what to grant instead",
            Self::RedundantAlternative => "remove it; the other one opens the operation for the same keys",
            Self::RedundantScope => "remove the included scope from the alternative",
            Self::NoLeast => "set `least` to the alternative to suggest",
            Self::SensitiveCandidate => "if that is right, describe it with `sensitive`",
            Self::LongDescription => "shorten it to one line of 200 characters",
            Self::EmptyService => "remove it",
        }
    }

    /// How much it matters.
    pub fn severity(self) -> Severity {
        match self {
            Self::Invalid => Severity::Error,
            Self::OperationWithoutScopes | Self::NeverHoldable | Self::OnlyDeprecatedScopes | Self::NoDescription => Severity::Warning,
            _ => Severity::Hint,
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Its kind.
    pub code: Rule,
    /// What was found, in one line.
    pub message: String,
    /// Where, such as `scopes[3].successor`.
    pub place: String,
}

/// Everything that is doubtful in a catalog, in the order of [`Rule::ALL`] and then of the catalog.
pub fn lint(catalog: &Catalog) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let used: HashSet<&str> = catalog.operations().iter().flat_map(|it| &it.scopes).flat_map(|it| &it.0).map(|it| it.as_str()).collect();
    for (index, scope) in catalog.scopes().iter().enumerate() {
        of_scope(catalog, &used, index, scope, &mut remarks);
    }
    for (index, operation) in catalog.operations().iter().enumerate() {
        of_operation(catalog, index, operation, &mut remarks);
    }
    let mut services: HashMap<&str, usize> = HashMap::new();
    for scope in catalog.scopes() {
        *services.entry(&scope.service).or_default() += 1;
    }
    for (index, service) in catalog.services.iter().enumerate().filter(|(_, service)| !services.contains_key(service.id.as_str())) {
        add(&mut remarks, Rule::EmptyService, format!("services[{index}]"), format!("no scope is in `{}`", service.id));
    }
    remarks.sort_by_key(|remark| remark.code);
    remarks
}

fn add(remarks: &mut Vec<Remark>, code: Rule, place: String, message: String) {
    remarks.push(Remark { code, message, place });
}

fn of_scope(catalog: &Catalog, used: &HashSet<&str>, index: usize, scope: &Scope, remarks: &mut Vec<Remark>) {
    let (id, place) = (scope.id.as_str(), |member: &str| format!("scopes[{index}]{member}"));
    let is_in_an_edition = catalog.editions.is_empty() || !scope.editions.is_empty();
    if !scope.implied && (!is_in_an_edition || scope.tiers.iter().all(|tier| *tier == Tier::Implicit)) {
        let why = if is_in_an_edition { "no kind of key is in `tiers`" } else { "it is in no edition" };
        add(remarks, Rule::NeverHoldable, place(if is_in_an_edition { ".tiers" } else { ".editions" }), format!("`{id}`: {why}"));
    }
    let length = scope.description.chars().count();
    if scope.description.trim().is_empty() {
        add(remarks, Rule::NoDescription, place(".description"), format!("`{id}` has no description"));
    } else if length > MAX_DESCRIPTION + 1 {
        add(remarks, Rule::LongDescription, place(".description"), format!("the description of `{id}` has {length} characters"));
    }
    // What it includes, it opens.
    let opens = |scope: &Scope| used.contains(scope.id.as_str());
    if !opens(scope)
        && (scope.includes.is_empty() || !catalog.scopes().iter().any(|other| opens(other) && catalog.covers(id, other.id.as_str())))
    {
        add(remarks, Rule::UnusedScope, place(""), format!("no operation needs `{id}`"));
    }
    if scope.deprecated && scope.successor.is_none() {
        add(remarks, Rule::NoSuccessor, place(""), format!("`{id}` is deprecated and has no successor"));
    }
    if scope.sensitive.is_none() && (names::is_sensitive(id) || scope.name.as_deref().is_some_and(names::is_sensitive)) {
        add(remarks, Rule::SensitiveCandidate, place(""), format!("`{id}`: {}", names::WHY_SENSITIVE));
    }
}

fn of_operation(catalog: &Catalog, index: usize, operation: &Operation, remarks: &mut Vec<Remark>) {
    let (id, place) = (operation.id.as_str(), |member: &str| format!("operations[{index}]{member}"));
    if operation.scopes.is_empty() && operation.open.is_none() {
        let message = format!("`{id}` ({} {}) has no scopes", operation.method, operation.path);
        add(remarks, Rule::OperationWithoutScopes, place(".scopes"), message);
        return;
    }
    let is_deprecated = |alternative: &Alternative| {
        let mut scopes = alternative.0.iter().filter_map(|scope| catalog.scope(scope.as_str()));
        scopes.any(|scope| scope.deprecated)
    };
    if operation.deprecated.is_none() && !operation.scopes.is_empty() && operation.scopes.iter().all(is_deprecated) {
        add(remarks, Rule::OnlyDeprecatedScopes, place(".scopes"), format!("every alternative of `{id}` has a deprecated scope"));
    }
    for (at, alternative) in operation.scopes.iter().enumerate() {
        let inner = alternative.0.iter().enumerate().find_map(|(one, scope)| {
            let mut others = alternative.0.iter().enumerate().filter(|(other, _)| *other != one);
            // Of the same scope twice, the second is one too many.
            let wider = others.find(|(other, wide)| catalog.covers(wide.as_str(), scope.as_str()) && (*wide != scope || *other < one));
            wider.map(|(_, wide)| (scope, wide))
        });
        if let Some((scope, wide)) = inner {
            let message = format!("`{id}` needs `{wide}` and `{scope}`, which it includes");
            add(remarks, Rule::RedundantScope, place(&format!(".scopes[{at}]")), message);
        }
        let others = operation.scopes.iter().enumerate().filter(|(other, _)| *other != at);
        let mut wider =
            others.filter(|(other, less)| holds(catalog, alternative, less) && (!holds(catalog, less, alternative) || *other < at));
        if let Some((_, less)) = wider.next() {
            let message = format!("`{id}`: who holds {} holds {}", alternative.joined("and"), less.joined("and"));
            add(remarks, Rule::RedundantAlternative, place(&format!(".scopes[{at}]")), message);
        }
    }
    if operation.scopes.len() > 1 && operation.least.is_none() {
        add(remarks, Rule::NoLeast, place(""), format!("`{id}` has {} alternatives and no `least`", operation.scopes.len()));
    }
}

/// Whether a holder of these scopes holds all of those.
fn holds(catalog: &Catalog, these: &Alternative, those: &Alternative) -> bool {
    those.0.iter().all(|scope| these.0.iter().any(|held| catalog.covers(held.as_str(), scope.as_str())))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn remarks(scopes: Value, operations: Value) -> Vec<String> {
        let catalog = json!({ "id": "x", "name": "X", "version": "1", "maxScopes": 9, "editions": [{ "id": "e", "name": "E" }],
            "services": [{ "id": "s", "name": "S" }], "scopes": scopes, "operations": operations });
        let catalog = Catalog::from_json(&catalog.to_string()).unwrap();
        lint(&catalog).iter().map(|it| format!("{} {} {}", it.code.as_str(), it.place, it.message)).collect()
    }

    fn scope(id: &str, more: Value) -> Value {
        let mut scope = json!({ "id": id, "service": "s", "description": "Reads.", "tiers": ["project"], "editions": ["e"] });
        scope.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        scope
    }

    fn operation(id: &str, scopes: Value) -> Value {
        json!({ "id": id, "method": "GET", "path": format!("/{id}"), "scopes": scopes })
    }

    #[test]
    fn a_tidy_catalog_has_no_remarks() {
        assert_eq!(remarks(json!([scope("a", json!({}))]), json!([operation("o", json!(["a"]))])), [] as [&str; 0]);
    }

    #[test]
    fn each_rule_finds_its_doubt() {
        let scopes = json!([
            scope("write", json!({ "includes": ["read"] })),
            scope("read", json!({})),
            scope("old", json!({ "deprecated": true })),
            scope("api_keys.write", json!({ "description": "word ".repeat(60) })),
            scope("nowhere", json!({ "editions": [], "description": " " })),
            scope("never", json!({ "tiers": ["implicit"] })),
        ]);
        let operations = json!([
            operation("closed", json!([])),
            operation("two", json!(["read", "write"])),
            operation("both", json!([["read", "write"]])),
            operation("aged", json!(["old"])),
            operation("keys", json!(["api_keys.write"])),
        ]);
        assert_eq!(
            remarks(scopes, operations),
            [
                "operation-without-scopes operations[0].scopes `closed` (GET /closed) has no scopes",
                "never-holdable scopes[4].editions `nowhere`: it is in no edition",
                "never-holdable scopes[5].tiers `never`: no kind of key is in `tiers`",
                "only-deprecated-scopes operations[3].scopes every alternative of `aged` has a deprecated scope",
                "no-description scopes[4].description `nowhere` has no description",
                "unused-scope scopes[4] no operation needs `nowhere`",
                "unused-scope scopes[5] no operation needs `never`",
                "no-successor scopes[2] `old` is deprecated and has no successor",
                "redundant-alternative operations[1].scopes[1] `two`: who holds `write` holds `read`",
                "redundant-scope operations[2].scopes[0] `both` needs `write` and `read`, which it includes",
                "no-least operations[1] `two` has 2 alternatives and no `least`",
                "sensitive-candidate scopes[3] `api_keys.write`: its name speaks of administration, or of changes to tokens, roles, keys or webhooks",
                "long-description scopes[3].description the description of `api_keys.write` has 300 characters",
            ]
        );
    }

    #[test]
    fn a_repeated_alternative_is_redundant_once() {
        let found = remarks(json!([scope("a", json!({}))]), json!([operation("o", json!(["a", "a"]))]));
        assert_eq!(found[0], "redundant-alternative operations[0].scopes[1] `o`: who holds `a` holds `a`");
        assert_eq!(found.len(), 2, "{found:?}");
    }
}
