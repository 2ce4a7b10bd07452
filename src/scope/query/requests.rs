//! What the functions beside [`check`](crate::scope::check()) are asked, and how requests are read from JSON.

use alloc::{
    borrow::{Cow, ToOwned},
    format,
    string::String,
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use crate::scope::{
    DateTime, Enforcement, Expiry, MAX_REQUEST_ITEMS, MigrateRequest, Query, RequestError, RequestErrorCode, Runtime, SuggestRequest, Tier,
    check::request::CheckInput,
    json::{
        decode::{DecodeError, DecodeErrors, ObjectDecoder, owned},
        parse::{self, Json, JsonError},
    },
    support::text,
};

/// What [`allows`](crate::scope::allows()) is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AllowsRequest {
    /// The scopes of the key.
    pub scopes: Vec<String>,
    /// An SDK method, or an HTTP method and path.
    pub operation: String,
}

/// What [`reach`](crate::scope::reach()) is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReachRequest {
    /// The scopes of the key.
    pub scopes: Vec<String>,
}

/// What [`compare`](crate::scope::compare()) is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CompareRequest {
    /// The scopes of the key as they were.
    pub before: Vec<String>,
    /// The scopes of the key as they will be.
    pub after: Vec<String>,
}

/// Which part of the catalog is asked for; all of it where nothing is said.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct CatalogRequest {
    /// Only scopes of this kind of key.
    pub tier: Option<Tier>,
    /// Only scopes of this edition.
    pub edition: Option<String>,
    /// Only scopes of this service.
    pub service: Option<String>,
    /// Whether the operations that these scopes open are told too; they are where nothing is said.
    pub operations: Option<bool>,
}

/// Reads a request's members. The first error is told.
pub(in crate::scope) fn read<'a, T>(
    query: Query,
    request: &'a str,
    take: impl FnOnce(&mut ObjectDecoder<'a, '_>) -> T,
) -> Result<T, RequestError> {
    let mut errors = DecodeErrors::first();
    let mut object = ObjectDecoder::new(parsed(query, request)?, String::new(), &mut errors);
    let taken = take(&mut object);
    object.end();
    fitting(query, errors)?;
    Ok(taken)
}

#[inline(never)]
fn fitting(query: Query, errors: DecodeErrors) -> Result<(), RequestError> {
    errors.into_errors().into_iter().next().map_or(Ok(()), |error| Err(invalid(query, error)))
}

#[inline(never)]
fn parsed(query: Query, request: &str) -> Result<Json<'_>, RequestError> {
    parse::parse(request).map_err(|JsonError { line, column, message }| {
        let message = format!("the request is not JSON: {message} (line {line}, column {column})");
        RequestError::new(RequestErrorCode::MalformedRequest, message, help(query))
    })
}

fn invalid(query: Query, DecodeError { place, message }: DecodeError) -> RequestError {
    let says_of = message.starts_with("must ") || message.starts_with("is ");
    let message = match (place.as_str(), says_of) {
        ("", true) => format!("the request {message}"),
        ("", false) => message,
        (_, true) => format!("`{place}` {message}"),
        (_, false) => format!("`{place}`: {message}"),
    };
    RequestError::new(RequestErrorCode::InvalidRequest, message, help(query))
}

fn help(query: Query) -> String {
    format!("send an object like `{}`", query.example())
}

/// The tier of a key. No key is of the tier [`Tier::Implicit`].
pub(in crate::scope) fn tier(object: &mut ObjectDecoder<'_, '_>) -> Option<Tier> {
    tier_of(object, &[Tier::Project, Tier::Organization, Tier::Account])
}

#[inline(never)]
pub(in crate::scope) fn tier_of(object: &mut ObjectDecoder<'_, '_>, tiers: &[Tier]) -> Option<Tier> {
    let words: Vec<&str> = tiers.iter().map(|tier| tier.as_str()).collect();
    object.word("tier", &words).and_then(|at| tiers.get(at)).copied()
}

fn enforcement(object: &mut ObjectDecoder<'_, '_>, name: &'static str) -> Option<Enforcement> {
    object.word(name, &["report", "reject"]).map(|at| if at == 1 { Enforcement::Deny } else { Enforcement::Warn })
}

pub(in crate::scope) fn check_request<'a>(object: &mut ObjectDecoder<'a, '_>) -> CheckInput<'a> {
    let scopes = object.texts("scopes");
    let runtimes: Vec<&str> = Runtime::ALL.iter().map(|context| context.as_str()).collect();
    let runs_in = object.word("runsIn", &runtimes).and_then(|at| Runtime::ALL.get(at)).copied();
    let expire = match object.take("expire") {
        None => Expiry::Unstated,
        Some(Json::Null) => Expiry::Never,
        Some(Json::Text(text)) if text.is_empty() => Expiry::Never,
        Some(Json::Text(text)) => Expiry::At(text.into_owned()),
        Some(_) => {
            object.error(object.place_of("expire"), "must be a text or `null`".to_owned());
            Expiry::Unstated
        }
    };
    let now = object.optional_text("now").and_then(|text| {
        let now = text.parse::<DateTime>();
        if let Err(error) = &now {
            object.error(object.place_of("now"), format!("{} is {error}", text::quoted(&text)));
        }
        now.ok()
    });
    let (operations, grantor) = (object.optional_texts("operations"), object.optional_texts("grantor"));
    let beyond_grantor = enforcement(object, "beyondGrantor").unwrap_or_default();
    let previous = object.optional_texts("previous");
    let (edition, beyond_edition) = (object.optional_text("edition"), enforcement(object, "beyondEdition"));
    let tier = tier(object).unwrap_or_default();
    CheckInput { scopes, runs_in, expire, now, operations, grantor, beyond_grantor, previous, edition, beyond_edition, tier }
}

/// Refuses a list that is too long.
#[inline(never)]
pub(in crate::scope) fn bounded(length: usize) -> Result<(), RequestError> {
    if length > MAX_REQUEST_ITEMS {
        return Err(RequestError::too_large(format!("a list has {length} items, more than {MAX_REQUEST_ITEMS}")));
    }
    Ok(())
}

pub(in crate::scope) fn suggest_request(object: &mut ObjectDecoder<'_, '_>) -> SuggestRequest {
    SuggestRequest {
        operations: owned(object.texts("operations")),
        scopes: object.optional_texts("scopes").map(owned).unwrap_or_default(),
        edition: object.optional_text("edition").map(Cow::into_owned),
        tier: tier(object).unwrap_or_default(),
    }
}

pub(in crate::scope) fn migrate_request(object: &mut ObjectDecoder<'_, '_>) -> MigrateRequest {
    let (scopes, edition) = (owned(object.texts("scopes")), object.optional_text("edition").map(Cow::into_owned));
    MigrateRequest { scopes, edition, tier: tier(object).unwrap_or_default() }
}

pub(in crate::scope) fn catalog_request(object: &mut ObjectDecoder<'_, '_>) -> CatalogRequest {
    CatalogRequest {
        tier: tier_of(object, Tier::ALL),
        edition: object.optional_text("edition").map(Cow::into_owned),
        service: object.optional_text("service").map(Cow::into_owned),
        operations: object.flag("operations"),
    }
}
