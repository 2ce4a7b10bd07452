//! The requests of the functions other than [`check`](crate::scope::check()), and how requests are read from JSON.

use alloc::{string::String, vec::Vec};

use super::kind::{MAX_REQUEST_ITEMS, Query};
use crate::scope::{
    Catalog, RequestError, RequestErrorCode, Tier,
    json::{
        decode::{DecodeError, DecodeErrors, ObjectDecoder},
        parse::{self, Json, JsonError},
        wire::request,
    },
    support::text::{digits, fill},
};

request! {
    /// A request for [`allows`](crate::scope::allows()).
    pub struct AllowsRequest<S = String> {
        /// The scopes of the key.
        pub scopes "scopes": Vec<S>,
        /// An SDK method, or an HTTP method and path.
        pub operation "operation": S,
        /// The edition that the key is for; any where absent.
        pub edition "edition"? Option<S>,
    }
}

request! {
    /// A request for [`reach`](crate::scope::reach()).
    pub struct ReachRequest<S = String> {
        /// The scopes of the key.
        pub scopes "scopes": Vec<S>,
        /// The edition that the key is for; any where absent.
        pub edition "edition"? Option<S>,
    }
}

request! {
    /// A request for [`compare`](crate::scope::compare()).
    pub struct CompareRequest<S = String> {
        /// The scopes of the key as they were.
        pub before "before": Vec<S>,
        /// The scopes of the key as they will be.
        pub after "after": Vec<S>,
        /// The edition that the key is for; any where absent.
        pub edition "edition"? Option<S>,
    }
}

request! {
    /// Which part of the catalog to return; all of it by default.
    #[derive(Default)]
    pub struct CatalogRequest {
        /// Only scopes of this kind of key.
        pub tier "tier"? Option<Tier>,
        /// Only scopes of this edition.
        pub edition "edition"? Option<String>,
        /// Only scopes of this service.
        pub service "service"? Option<String>,
        /// Whether to return operations: all of them, or those that need one of the chosen scopes; `true` by default.
        pub operations "operations"? Option<bool>,
    }
}

/// What answers a request, which it reads first; `None` where the request does not fit.
pub(in crate::scope) type Answer = for<'a> fn(&Catalog, &mut ObjectDecoder<'a, '_>) -> Option<String>;

/// The answer to a request. Reports the first error.
pub(in crate::scope) fn answered(catalog: &Catalog, query: Query, request: &str, answer: Answer) -> Result<String, RequestError> {
    let mut errors = DecodeErrors::first(MAX_REQUEST_ITEMS);
    let mut from = ObjectDecoder::new(parsed(query, request)?, String::new(), &mut errors);
    answer(catalog, &mut from).ok_or_else(|| {
        let too_long = errors.too_long().unwrap_or_default();
        errors.into_errors().pop().map_or_else(|| too_many(too_long), |error| invalid(query, error))
    })
}

#[inline(never)]
fn parsed(query: Query, request: &str) -> Result<Json<'_>, RequestError> {
    parse::parse(request).map_err(|JsonError { line, column, message }| {
        let message = fill("the request is not JSON: {} (line {}, column {})", &[message, &digits(line), &digits(column)]);
        RequestError::new(RequestErrorCode::MalformedRequest, message, help(query))
    })
}

fn invalid(query: Query, DecodeError { place, message }: DecodeError) -> RequestError {
    let says_of = message.starts_with("must ") || message.starts_with("is ");
    let message = match (place.as_str(), says_of) {
        ("", true) => fill("the request {}", &[&message]),
        ("", false) => message,
        (_, true) => fill("`{}` {}", &[&place, &message]),
        (_, false) => fill("`{}`: {}", &[&place, &message]),
    };
    RequestError::new(RequestErrorCode::InvalidRequest, message, help(query))
}

fn help(query: Query) -> String {
    fill("send an object like `{}`", &[query.example()])
}

fn too_many(items: usize) -> RequestError {
    RequestError::too_large(fill("a list has {} items, more than {}", &[&digits(items), &digits(MAX_REQUEST_ITEMS)]))
}
