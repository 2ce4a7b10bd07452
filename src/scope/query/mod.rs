//! The single entry point for HTTP, the command line and JavaScript: a call and a request as JSON text give an answer as JSON
//! text, the same bytes everywhere.

pub(super) mod allows;
pub(super) mod compare;
pub(super) mod error;
mod kind;
pub(super) mod migrate;
pub(super) mod reach;
pub(super) mod requests;
pub(super) mod suggest;

use alloc::{borrow::Cow, string::String, vec::Vec};

pub use allows::{Verdict, allows};
pub use compare::{Comparison, compare};
pub use error::{RequestError, RequestErrorCode};
pub use kind::{MAX_REQUEST_BYTES, MAX_REQUEST_ITEMS, Query};
pub use migrate::{Action, MigrateRequest, Migration, Step, migrate};
pub use reach::{EscalationPath, Reach, reach};
use requests::answered;
pub use requests::{AllowsRequest, CatalogRequest, CompareRequest, ReachRequest};
pub use suggest::{Opened, SuggestRequest, Suggestion, suggest};

use super::{
    Catalog, Operation, Scope,
    access::{held, opened},
    catalog::{Edition, Service, TrailingSlash},
    check::{judge, request::CheckInput},
    json::{
        decode::{ObjectDecoder, Request},
        encode::{members, to_json},
    },
    support::{
        bit_set::BitSet,
        gather::Gather,
        sort::Dedup,
        text::{digits, fill, trimmed},
    },
};

/// The catalog, or a part of it. The whole of it is what [`Catalog::from_json`] reads.
struct Shown<'a> {
    id: &'a str,
    name: &'a str,
    version: &'a str,
    max_scopes: usize,
    base_paths: &'a Vec<String>,
    fold_case: bool,
    trailing_slash: TrailingSlash,
    editions: &'a [Edition],
    services: Vec<&'a Service>,
    scopes: Vec<&'a Scope>,
    operations: Vec<&'a Operation>,
}

members!(Shown<'_>: "id": id, "name": name, "version": version, "maxScopes": max_scopes,
    "basePaths"? base_paths, "foldCase"? fold_case, "trailingSlash"? trailing_slash, "editions": editions, "services": services,
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
    sized(request)?;
    // Most requests begin so, and the first answer need not wait until `trim` is compiled.
    let is_blank = !request.starts_with('{') && trimmed(request, char::is_whitespace).is_empty();
    let request = if is_blank { "{}" } else { request };
    // Each is a function of its own, which is never inlined: an engine of WebAssembly compiles a function whole when it is first
    // called, and most programs make one of these calls.
    let answer = match query {
        Query::Check => answer_check,
        Query::Allows => answer_allows,
        Query::Suggest => answer_suggest,
        Query::Reach => answer_reach,
        Query::Compare => answer_compare,
        Query::Migrate => answer_migrate,
        Query::Catalog => answer_catalog,
    };
    answered(catalog, query, request, answer)
}

fn answer_check(catalog: &Catalog, from: &mut ObjectDecoder<'_, '_>) -> Option<String> {
    let request = CheckInput::decode(from);
    from.fits()?;
    Some(to_json(&judge(catalog, &request)))
}

fn answer_allows(catalog: &Catalog, from: &mut ObjectDecoder<'_, '_>) -> Option<String> {
    let AllowsRequest::<Cow<'_, str>> { scopes, operation, edition } = Request::decode(from);
    from.fits()?;
    Some(to_json(&allows(catalog, &scopes, &operation, edition.as_deref())))
}

fn answer_suggest(catalog: &Catalog, from: &mut ObjectDecoder<'_, '_>) -> Option<String> {
    let request = SuggestRequest::decode(from);
    from.fits()?;
    Some(to_json(&suggest(catalog, &request)))
}

fn answer_reach(catalog: &Catalog, from: &mut ObjectDecoder<'_, '_>) -> Option<String> {
    let ReachRequest::<Cow<'_, str>> { scopes, edition } = Request::decode(from);
    from.fits()?;
    Some(to_json(&reach(catalog, &scopes, edition.as_deref())))
}

fn answer_compare(catalog: &Catalog, from: &mut ObjectDecoder<'_, '_>) -> Option<String> {
    let CompareRequest::<Cow<'_, str>> { before, after, edition } = Request::decode(from);
    from.fits()?;
    Some(to_json(&compare(catalog, &before, &after, edition.as_deref())))
}

fn answer_migrate(catalog: &Catalog, from: &mut ObjectDecoder<'_, '_>) -> Option<String> {
    let request = MigrateRequest::decode(from);
    from.fits()?;
    Some(to_json(&migrate(catalog, &request)))
}

fn answer_catalog(catalog: &Catalog, from: &mut ObjectDecoder<'_, '_>) -> Option<String> {
    let request = CatalogRequest::decode(from);
    from.fits()?;
    Some(to_json(&shown(catalog, &request)))
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
    let is_whole = request.tier.is_none() && request.edition.is_none() && request.service.is_none();
    let names_shown = |position: u16| catalog.alternatives(position).iter().any(|scopes| scopes.iter().any(|scope| shown.contains(*scope)));
    let is_shown = |(position, _): &(u16, &Operation)| is_whole || names_shown(*position);
    let operations = if request.operations == Some(false) { &[] } else { catalog.operations() };
    Shown {
        id: &catalog.id,
        name: &catalog.name,
        version: &catalog.version,
        max_scopes: catalog.max_scopes,
        base_paths: &catalog.base_paths,
        fold_case: catalog.fold_case,
        trailing_slash: catalog.trailing_slash,
        editions: &catalog.editions,
        services: catalog.services.iter().filter(|service| services.contains(&service.id)).gathered(),
        operations: (0_u16..).zip(operations).filter(is_shown).map(|(_, operation)| operation).gathered(),
        scopes,
    }
}

#[inline(never)]
fn sized(request: &str) -> Result<(), RequestError> {
    if request.len() > MAX_REQUEST_BYTES {
        return Err(RequestError::too_large(fill(
            "the request has {} bytes, more than {}",
            &[&digits(request.len()), &digits(MAX_REQUEST_BYTES)],
        )));
    }
    Ok(())
}

/// What a set of scopes opens: for each of [`Catalog::operations`] in their order, `1` where the scopes of a [`ReachRequest`] open it, and
/// `0` where not. For an entry point that keeps the verdicts.
///
/// # Errors
/// Those of [`answer`].
pub fn verdicts(catalog: &Catalog, request: &str) -> Result<String, RequestError> {
    sized(request)?;
    answered(catalog, Query::Reach, request, answer_verdicts)
}

fn answer_verdicts(catalog: &Catalog, from: &mut ObjectDecoder<'_, '_>) -> Option<String> {
    let ReachRequest::<Cow<'_, str>> { scopes, .. } = Request::decode(from);
    from.fits()?;
    let mut names: Vec<&str> = Vec::with_capacity(scopes.len());
    scopes.iter().for_each(|scope| names.push(scope));
    let open = opened(catalog, &held(catalog, &names));
    let mut verdicts = String::with_capacity(catalog.operations().len());
    for position in 0..catalog.operations().len() {
        let is_open = u16::try_from(position).is_ok_and(|position| open.contains(position));
        verdicts.push(if is_open { '1' } else { '0' });
    }
    Some(verdicts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_those_of_the_compiled_set_and_refuse_what_answer_refuses() {
        let catalog = Catalog::appwrite();
        let bits = verdicts(catalog, r#"{"scopes":["users.read","no.such"]}"#).unwrap();
        let grant = catalog.compile(&["users.read", "no.such"]);
        let open: Vec<bool> = bits.bytes().map(|verdict| verdict == b'1').collect();
        assert_eq!(open.len(), catalog.operations().len());
        for (operation, is_open) in catalog.operations().iter().zip(open) {
            assert_eq!(
                grant.allows(&format!("{} {}", operation.method, operation.path)),
                is_open,
                "{} {}",
                operation.method,
                operation.path
            );
        }
        let long = format!(r#"{{"scopes":[{}"a"]}}"#, r#""a","#.repeat(MAX_REQUEST_ITEMS));
        for request in [long.as_str(), "[]", r#"{"scopes":[1]}"#, &" ".repeat(MAX_REQUEST_BYTES + 1)] {
            assert_eq!(
                verdicts(catalog, request).map_err(|error| error.code),
                answer(catalog, Query::Reach, request).map_err(|error| error.code)
            );
        }
    }
}
