//! The best scopes for some operations.

use alloc::{
    borrow::{Cow, ToOwned},
    string::String,
    vec::Vec,
};

use crate::scope::{
    Catalog, Diagnostic, Tier,
    access::{Prefer, cheapest::Scale, closed, plan},
    check::{
        context::Context,
        diagnostic::BorrowedDiagnostic,
        name_problems,
        request::{CheckInput, borrowed},
        rules,
    },
    json::wire::{object, request},
    support::gather::Gather,
};

request! {
    /// What is to be opened.
    #[derive(Default)]
    pub struct SuggestRequest {
        /// What the code will call, as SDK methods or as HTTP method and path.
        pub operations "operations": Vec<String>,
        /// Scopes that the key already holds; only what they lack is suggested.
        pub scopes "scopes"? Vec<String>,
        /// The edition that the key is for; any where absent.
        pub edition "edition"? Option<String>,
        /// What kind of key it is.
        pub tier "tier"? Tier,
        /// What to prefer among sets that open the same; `narrow` by default.
        pub prefer "prefer"? Option<Prefer>,
    }
}

object! {
    /// The scopes to grant.
    pub struct Suggestion {
        /// The scopes to grant, in catalog order.
        pub scopes "scopes": Vec<String>,
        /// What opens each operation, in the order of the request; operations that stay closed are left out.
        pub operations "operations": Vec<Opened>,
        /// Whether it is proven that no set costs less. `false` only for hard cases of large catalogs.
        pub minimal "minimal": bool,
        /// What the catalog does not know, and what no such key can open.
        pub problems "problems": Vec<Diagnostic>,
    }
}

object! {
    /// An operation and what opens it.
    pub struct Opened {
        /// As it was given.
        pub operation "operation": String,
        /// The scopes, held or suggested, that open it.
        pub scopes "scopes": Vec<String>,
    }
}

/// The set of scopes that opens all operations at the least risk: the one that costs least.
///
/// What a set costs is compared in this order: how many of its scopes are deprecated; how many are sensitive, those that reach furthest
/// first (`full-access`, then `runs-code`, `any-user`, `secrets` and `broad`, each also where a scope includes it); how many operations they open
/// beyond the wanted ones, alone or together with others, summed over the scopes; how many scopes there are; how late they come in the
/// catalog. With [`Prefer::Few`] the number of scopes comes first.
///
/// An operation whose owner names a least privileged alternative is opened with that one, unless scopes that are chosen for another operation
/// open it as well: only scopes that other operations name, and those of least privileged alternatives, are candidates for it.
///
/// ```
/// use scopewise::scope::{Catalog, SuggestRequest, suggest};
/// let operations = vec!["tablesDB.listRows".into(), "tablesDB.listColumns".into(), "tablesDB.listTables".into()];
/// let suggestion = suggest(Catalog::appwrite(), &SuggestRequest { operations, ..SuggestRequest::default() });
/// assert_eq!(suggestion.scopes, ["tables.read", "rows.read"]);
/// ```
pub fn suggest(catalog: &Catalog, request: &SuggestRequest) -> Suggestion {
    let asked = CheckInput {
        scopes: borrowed(&request.scopes),
        operations: Some(borrowed(&request.operations)),
        edition: request.edition.as_deref().map(Cow::Borrowed),
        tier: request.tier,
        ..CheckInput::default()
    };
    let mut context = Context::new(catalog, &asked);
    context.read_operations();
    let scopes: Vec<&str> = request.scopes.iter().map(String::as_str).collect();
    let mut problems = name_problems(catalog, &scopes, request.edition.as_deref(), &mut context.patience);
    let mut diagnostics = Vec::new();
    rules::unknown_operation(&context, &mut diagnostics);
    let calls = context.calls();
    let scale = Scale { catalog, target: context.target, edition: context.edition, prefer: request.prefer.unwrap_or_default() };
    let cover = scale.cheapest(&context.held, &calls);
    context.granted.extend(cover.items.iter().copied());
    context.held = closed(catalog, &context.granted);
    // What is still missing, no scope of such a key can open.
    rules::missing_scope(&context, &mut diagnostics);
    problems.extend(diagnostics.into_iter().map(BorrowedDiagnostic::into_owned));
    let open = |operation: u16| plan::is_open(catalog, &context.held, operation);
    let opened =
        context.wanted.iter().filter(|wanted| !wanted.positions().is_empty() && wanted.positions().iter().all(|position| open(*position)));
    let operations = opened.map(|wanted| {
        let first = wanted.positions().first();
        let scopes = first.map(|operation| plan::granting(catalog, &context.granted, &context.held, *operation)).unwrap_or_default();
        Opened { operation: wanted.text.to_owned(), scopes: plan::names(catalog, &scopes).0 }
    });
    Suggestion { scopes: plan::names(catalog, &cover.items).0, operations: operations.gathered(), minimal: cover.exact, problems }
}
