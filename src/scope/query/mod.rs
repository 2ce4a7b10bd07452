//! The one way in for every door: a call and a request as JSON text give an answer as JSON text, the same bytes everywhere.

pub(super) mod allows;
pub(super) mod compare;
pub(super) mod error;
pub(super) mod migrate;
pub(super) mod reach;
pub(super) mod requests;
pub(super) mod suggest;

use alloc::{format, string::String, vec::Vec};
use core::str::FromStr;

pub use allows::{Verdict, allows};
pub use compare::{Comparison, compare};
pub use error::{RequestError, RequestErrorCode};
pub use migrate::{Action, MigrateRequest, Migration, Step, migrate};
pub use reach::{EscalationPath, Reach, reach};
pub use requests::{AllowsRequest, CatalogRequest, CompareRequest, ReachRequest};
use requests::{bounded, catalog_request, check_request, migrate_request, read, suggest_request};
pub use suggest::{Opened, SuggestRequest, Suggestion, suggest};

use super::{
    Catalog, Operation, Scope,
    access::plan,
    catalog::{Edition, Service},
    check::judge,
    json::{
        encode::{members, to_json},
        parse::{self, Json},
    },
    support::{bit_set::BitSet, sort::Dedup, text},
};

/// The longest request, in bytes.
pub const MAX_REQUEST_BYTES: usize = 1 << 20;
/// The longest list in a request. A key has at most 200 scopes; the rest is room for being told so.
pub const MAX_REQUEST_ITEMS: usize = 1_000;

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Query {
    /// [`check()`](super::check()): a [`CheckRequest`](super::CheckRequest) gives a [`Report`](super::Report).
    Check,
    /// [`allows()`]: an [`AllowsRequest`](super::AllowsRequest) gives a [`Verdict`](super::Verdict).
    Allows,
    /// [`suggest()`]: a [`SuggestRequest`](super::SuggestRequest) gives a [`Suggestion`](super::Suggestion).
    Suggest,
    /// [`reach()`]: a [`ReachRequest`](super::ReachRequest) gives a [`Reach`](super::Reach).
    Reach,
    /// [`compare()`]: a [`CompareRequest`](super::CompareRequest) gives a [`Comparison`](super::Comparison).
    Compare,
    /// [`migrate()`]: a [`MigrateRequest`](super::MigrateRequest) gives a [`Migration`](super::Migration).
    Migrate,
    /// The catalog, or a part of it: a [`CatalogRequest`] gives services, scopes, operations and editions.
    Catalog,
}

impl Query {
    /// Every call.
    pub const ALL: &[Self] = &[Self::Check, Self::Allows, Self::Suggest, Self::Reach, Self::Compare, Self::Migrate, Self::Catalog];

    /// The word for it in paths, commands and functions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Allows => "allows",
            Self::Suggest => "suggest",
            Self::Reach => "reach",
            Self::Compare => "compare",
            Self::Migrate => "migrate",
            Self::Catalog => "catalog",
        }
    }

    /// A small request, to show the form.
    pub fn example(self) -> &'static str {
        match self {
            Self::Check => r#"{"scopes":["rows.read"],"runsIn":"server"}"#,
            Self::Allows => r#"{"scopes":["rows.read"],"operation":"tablesDB.listRows"}"#,
            Self::Suggest => r#"{"operations":["tablesDB.listRows"]}"#,
            Self::Reach => r#"{"scopes":["rows.read"]}"#,
            Self::Compare => r#"{"before":["rows.read"],"after":["rows.read","rows.write"]}"#,
            Self::Migrate => r#"{"scopes":["execution.read"]}"#,
            Self::Catalog => r#"{"tier":"project"}"#,
        }
    }
}

impl FromStr for Query {
    type Err = RequestError;

    fn from_str(text: &str) -> Result<Self, RequestError> {
        Self::ALL.iter().find(|query| query.as_str() == text).copied().ok_or_else(|| {
            let calls = Self::ALL.iter().map(|query| format!("`{}`", query.as_str())).collect::<Vec<_>>().join(", ");
            RequestError::new(
                RequestErrorCode::UnknownCall,
                format!("there is no call {}", text::quoted(text)),
                format!("use one of {calls}"),
            )
        })
    }
}

/// The catalog, or a part of it. The whole of it is what [`Catalog::from_json`] reads.
struct Shown<'a> {
    id: &'a str,
    name: &'a str,
    version: &'a str,
    max_scopes: usize,
    editions: &'a [Edition],
    services: Vec<&'a Service>,
    scopes: Vec<&'a Scope>,
    operations: Vec<&'a Operation>,
}

members!(Shown<'_>: "id": id, "name": name, "version": version, "maxScopes": max_scopes, "editions": editions, "services": services,
    "scopes": scopes, "operations": operations);

/// Answers a request. Both are JSON text; an empty request is an empty object.
///
/// ```
/// use scopewise::scope::{Query, Catalog, answer};
/// let answer = answer(Catalog::appwrite(), Query::Check, r#"{"scopes":["users.read"]}"#)?;
/// assert_eq!(answer, r#"{"valid":true,"errors":[],"warnings":[],"hints":[]}"#);
/// # Ok::<(), scopewise::scope::RequestError>(())
/// ```
///
/// # Errors
/// A request that is not JSON, has another form, is longer than [`MAX_REQUEST_BYTES`] or has a list longer than
/// [`MAX_REQUEST_ITEMS`].
pub fn answer(catalog: &Catalog, query: Query, request: &str) -> Result<String, RequestError> {
    if request.len() > MAX_REQUEST_BYTES {
        return Err(RequestError::too_large(format!("the request has {} bytes, more than {MAX_REQUEST_BYTES}", request.len())));
    }
    let request = if request.trim().is_empty() { "{}" } else { request };
    // Each is a function of its own, which is never inlined: an engine of WebAssembly compiles a function whole when it is first
    // called, and most programs make one of these calls.
    match query {
        Query::Check => answer_check(catalog, request),
        Query::Allows => answer_allows(catalog, request),
        Query::Suggest => answer_suggest(catalog, request),
        Query::Reach => answer_reach(catalog, request),
        Query::Compare => answer_compare(catalog, request),
        Query::Migrate => answer_migrate(catalog, request),
        Query::Catalog => answer_catalog(catalog, request),
    }
}

#[inline(never)]
fn answer_check(catalog: &Catalog, request: &str) -> Result<String, RequestError> {
    let request = read(Query::Check, request, check_request)?;
    bounded(request.scopes.len())?;
    [&request.operations, &request.grantor, &request.previous].into_iter().flatten().try_for_each(|list| bounded(list.len()))?;
    Ok(to_json(&judge(catalog, &request)))
}

#[inline(never)]
fn answer_allows(catalog: &Catalog, request: &str) -> Result<String, RequestError> {
    let (scopes, operation) = read(Query::Allows, request, |object| (object.texts("scopes"), object.text("operation")))?;
    bounded(scopes.len())?;
    Ok(to_json(&allows(catalog, &scopes, &operation)))
}

#[inline(never)]
fn answer_suggest(catalog: &Catalog, request: &str) -> Result<String, RequestError> {
    let request = read(Query::Suggest, request, suggest_request)?;
    bounded(request.scopes.len())?;
    bounded(request.operations.len())?;
    Ok(to_json(&suggest(catalog, &request)))
}

#[inline(never)]
fn answer_reach(catalog: &Catalog, request: &str) -> Result<String, RequestError> {
    let scopes = read(Query::Reach, request, |object| object.texts("scopes"))?;
    bounded(scopes.len())?;
    Ok(to_json(&reach(catalog, &scopes)))
}

#[inline(never)]
fn answer_compare(catalog: &Catalog, request: &str) -> Result<String, RequestError> {
    let (before, after) = read(Query::Compare, request, |object| (object.texts("before"), object.texts("after")))?;
    bounded(before.len())?;
    bounded(after.len())?;
    Ok(to_json(&compare(catalog, &before, &after)))
}

#[inline(never)]
fn answer_migrate(catalog: &Catalog, request: &str) -> Result<String, RequestError> {
    let request = read(Query::Migrate, request, migrate_request)?;
    bounded(request.scopes.len())?;
    Ok(to_json(&migrate(catalog, &request)))
}

#[inline(never)]
fn answer_catalog(catalog: &Catalog, request: &str) -> Result<String, RequestError> {
    let request = read(Query::Catalog, request, catalog_request)?;
    Ok(to_json(&shown(catalog, &request)))
}

fn shown<'a>(catalog: &'a Catalog, request: &CatalogRequest) -> Shown<'a> {
    let fits = |scope: &Scope| {
        request.tier.is_none_or(|tier| scope.tiers.contains(&tier))
            && request.edition.as_ref().is_none_or(|edition| scope.editions.contains(edition))
            && request.service.as_ref().is_none_or(|service| *service == scope.service)
    };
    let (mut scopes, mut shown, mut services) = (Vec::new(), BitSet::default(), Dedup::default());
    for (position, scope) in (0_u16..).zip(catalog.scopes()).filter(|(_, scope)| fits(scope)) {
        scopes.push(scope);
        shown.insert(position);
        services.insert(&scope.service);
    }
    let is_opened = |(position, _): &(u16, &Operation)| plan::is_open(catalog, &shown, *position);
    let operations = if request.operations == Some(false) { &[] } else { catalog.operations() };
    Shown {
        id: &catalog.id,
        name: &catalog.name,
        version: &catalog.version,
        max_scopes: catalog.max_scopes,
        editions: &catalog.editions,
        services: catalog.services.iter().filter(|service| services.contains(&service.id)).collect(),
        operations: (0_u16..).zip(operations).filter(is_opened).map(|(_, operation)| operation).collect(),
        scopes,
    }
}

/// The texts of a JSON list; `None` where it is something else. For doors that take a list alone.
pub fn texts(list: &str) -> Option<Vec<String>> {
    let Ok(Json::List(list)) = parse::parse(list) else { return None };
    list.into_iter().map(|item| if let Json::Text(text) = item { Some(text.into_owned()) } else { None }).collect()
}
