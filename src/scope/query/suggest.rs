//! The fewest scopes for some operations.

use alloc::{
    borrow::{Cow, ToOwned},
    string::String,
    vec::Vec,
};

use crate::scope::{
    Catalog, Diagnostic, Tier,
    access::plan,
    check::{
        context::Context,
        diagnostic::BorrowedDiagnostic,
        name_problems,
        request::{CheckInput, borrowed},
        rules,
    },
    json::wire::{object, request},
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
    }
}

object! {
    /// The fewest scopes to grant.
    pub struct Suggestion {
        /// The scopes to grant, in catalog order.
        pub scopes "scopes": Vec<String>,
        /// What opens each operation, in the order of the request; operations that stay closed are left out.
        pub operations "operations": Vec<Opened>,
        /// Whether it is proven that fewer scopes do not suffice. `false` only for hard cases of large catalogs.
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

/// The smallest set of scopes that opens all operations.
///
/// Of several sets of the same size: the one with fewer deprecated scopes, then fewer sensitive ones, then the one that opens
/// fewer other operations, then the one that comes earlier in the catalog.
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
    let mut problems = name_problems(catalog, &request.scopes.iter().map(String::as_str).collect::<Vec<_>>());
    let mut diagnostics = Vec::new();
    rules::unknown_edition(&context, &mut diagnostics);
    rules::unknown_operation(&context, &mut diagnostics);
    let calls = context.calls();
    let cover = plan::cheapest(catalog, context.target, &context.held, &calls);
    context.held.extend(cover.items.iter().copied());
    // What is still missing, no scope of such a key can open.
    rules::missing_scope(&context, &mut diagnostics);
    problems.extend(diagnostics.into_iter().map(BorrowedDiagnostic::into_owned));
    let open = |operation: u16| plan::is_open(catalog, &context.held, operation);
    let opened =
        context.wanted.iter().filter(|wanted| !wanted.positions.is_empty() && wanted.positions.iter().all(|position| open(*position)));
    let operations = opened.map(|wanted| {
        let needed = wanted.positions.first().map_or(&[][..], |operation| catalog.needs(*operation));
        let scopes = needed.iter().filter(|scope| context.held.contains(**scope)).map(|scope| catalog.scope_name(*scope).to_owned());
        Opened { operation: wanted.text.to_owned(), scopes: scopes.collect() }
    });
    Suggestion {
        scopes: cover.items.iter().map(|scope| catalog.scope_name(*scope).to_owned()).collect(),
        operations: operations.collect(),
        minimal: cover.exact,
        problems,
    }
}
