//! The one way in for every door: a call and a request as JSON text give an answer as JSON text, the same bytes everywhere.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{
    Catalog, CheckRequest, Context, DateTime, Expiry, MigrateRequest, Operation, Scope, Strictness, SuggestRequest, Tier, allows,
    catalog::{Edition, Service},
    check, compare,
    json::{self, Json, JsonError},
    migrate, reach,
    read::{Misfit, Object},
    suggest, text, write,
};

/// The longest request, in bytes.
pub const MAX_REQUEST_BYTES: usize = 1 << 20;
/// The longest list in a request. A key has at most 200 scopes; the rest is room for being told so.
pub const MAX_REQUEST_ITEMS: usize = 1_000;

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// [`check()`]: a [`CheckRequest`] gives a [`Report`](super::Report).
    Check,
    /// [`allows()`]: an [`AllowsRequest`] gives a [`Verdict`](super::Verdict).
    Allows,
    /// [`suggest()`]: a [`SuggestRequest`] gives a [`Suggestion`](super::Suggestion).
    Suggest,
    /// [`reach()`]: a [`ReachRequest`] gives a [`Reach`](super::Reach).
    Reach,
    /// [`compare()`]: a [`CompareRequest`] gives a [`Comparison`](super::Comparison).
    Compare,
    /// [`migrate()`]: a [`MigrateRequest`] gives a [`Migration`](super::Migration).
    Migrate,
    /// The catalog, or a part of it: a [`CatalogRequest`] gives services, scopes, operations and editions.
    Catalog,
}

impl Call {
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

impl FromStr for Call {
    type Err = RequestError;

    fn from_str(text: &str) -> Result<Self, RequestError> {
        Self::ALL.iter().find(|call| call.as_str() == text).copied().ok_or_else(|| {
            let calls = Self::ALL.iter().map(|call| format!("`{}`", call.as_str())).collect::<Vec<_>>().join(", ");
            RequestError::new(
                RequestErrorCode::UnknownCall,
                format!("there is no call {}", text::quoted(text)),
                format!("use one of {calls}"),
            )
        })
    }
}

/// What [`allows()`] is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AllowsRequest {
    /// The scopes of the key.
    pub scopes: Vec<String>,
    /// An SDK method, or an HTTP method and path.
    pub operation: String,
}

/// What [`reach()`] is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReachRequest {
    /// The scopes of the key.
    pub scopes: Vec<String>,
}

/// What [`compare()`] is asked.
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

/// The catalog, or a part of it. The whole of it is what [`Catalog::from_json`] reads.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
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

/// Why a request was not answered. Never a verdict: what is wrong with scopes is part of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct RequestError {
    /// What kind of error it is; stable.
    pub code: RequestErrorCode,
    /// What is wrong, in one lower-case sentence.
    pub message: String,
    /// The way out, in one sentence.
    pub help: String,
}

/// What kind of error a [`RequestError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestErrorCode {
    /// There is no such call.
    UnknownCall,
    /// The request is not JSON.
    MalformedRequest,
    /// The request is JSON of another form.
    InvalidRequest,
    /// The request, or a list in it, is too long.
    RequestTooLarge,
}

impl RequestErrorCode {
    /// Every code.
    pub const ALL: &[Self] = &[Self::UnknownCall, Self::MalformedRequest, Self::InvalidRequest, Self::RequestTooLarge];

    /// The code as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnknownCall => "unknown-call",
            Self::MalformedRequest => "malformed-request",
            Self::InvalidRequest => "invalid-request",
            Self::RequestTooLarge => "request-too-large",
        }
    }
}

impl RequestError {
    fn new(code: RequestErrorCode, message: String, help: String) -> Self {
        Self { code, message, help }
    }

    fn too_large(message: String) -> Self {
        Self::new(RequestErrorCode::RequestTooLarge, message, "ask in smaller parts".to_owned())
    }

    /// The error as JSON text: `{"error":{"code":…,"message":…,"help":…}}`.
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Body<'a> {
            error: &'a RequestError,
        }
        to_json(&Body { error: self })
    }
}

/// Answers a request. Both are JSON text; an empty request is an empty object.
///
/// ```
/// use scopewise::scope::{Call, Catalog, answer};
/// let answer = answer(Catalog::appwrite(), Call::Check, r#"{"scopes":["users.read"]}"#)?;
/// assert_eq!(answer, r#"{"valid":true,"errors":[],"warnings":[],"hints":[]}"#);
/// # Ok::<(), scopewise::scope::RequestError>(())
/// ```
///
/// # Errors
/// A request that is not JSON, has another form, is longer than [`MAX_REQUEST_BYTES`] or has a list longer than
/// [`MAX_REQUEST_ITEMS`].
pub fn answer(catalog: &Catalog, call: Call, request: &str) -> Result<String, RequestError> {
    if request.len() > MAX_REQUEST_BYTES {
        return Err(RequestError::too_large(format!("the request has {} bytes, more than {MAX_REQUEST_BYTES}", request.len())));
    }
    let request = if request.trim().is_empty() { "{}" } else { request };
    Ok(match call {
        Call::Check => {
            let request = read(call, request, check_request)?;
            bounded(&request.scopes)?;
            [&request.operations, &request.grantor, &request.previous].into_iter().flatten().try_for_each(|list| bounded(list))?;
            to_json(&check(catalog, &request))
        }
        Call::Allows => {
            let (scopes, operation) = read(call, request, |object| (object.texts("scopes"), object.text("operation")))?;
            bounded(&scopes)?;
            to_json(&allows(catalog, &scopes, &operation))
        }
        Call::Suggest => {
            let request = read(call, request, |object| SuggestRequest {
                operations: object.texts("operations"),
                scopes: object.optional_texts("scopes").unwrap_or_default(),
                edition: object.optional_text("edition"),
                tier: tier(object).unwrap_or_default(),
            })?;
            bounded(&request.scopes)?;
            bounded(&request.operations)?;
            to_json(&suggest(catalog, &request))
        }
        Call::Reach => {
            let scopes = read(call, request, |object| object.texts("scopes"))?;
            bounded(&scopes)?;
            to_json(&reach(catalog, &scopes))
        }
        Call::Compare => {
            let (before, after) = read(call, request, |object| (object.texts("before"), object.texts("after")))?;
            bounded(&before)?;
            bounded(&after)?;
            to_json(&compare(catalog, &before, &after))
        }
        Call::Migrate => {
            let request = read(call, request, |object| MigrateRequest {
                scopes: object.texts("scopes"),
                edition: object.optional_text("edition"),
                tier: tier(object).unwrap_or_default(),
            })?;
            bounded(&request.scopes)?;
            to_json(&migrate(catalog, &request))
        }
        Call::Catalog => {
            let request = read(call, request, |object| CatalogRequest {
                tier: tier_of(object, Tier::ALL),
                edition: object.optional_text("edition"),
                service: object.optional_text("service"),
                operations: object.flag("operations"),
            })?;
            to_json(&shown(catalog, &request))
        }
    })
}

fn shown<'a>(catalog: &'a Catalog, request: &CatalogRequest) -> Shown<'a> {
    let fits = |scope: &Scope| {
        request.tier.is_none_or(|tier| scope.tiers.contains(&tier))
            && request.edition.as_ref().is_none_or(|edition| scope.editions.contains(edition))
            && request.service.as_ref().is_none_or(|service| *service == scope.service)
    };
    let scopes: Vec<&Scope> = catalog.scopes().iter().filter(|scope| fits(scope)).collect();
    let is_shown = |service: &&Service| scopes.iter().any(|scope| scope.service == service.id);
    let is_opened = |operation: &&Operation| operation.scopes.iter().any(|name| scopes.iter().any(|scope| scope.id == *name));
    let operations = if request.operations == Some(false) { &[] } else { catalog.operations() };
    Shown {
        id: &catalog.id,
        name: &catalog.name,
        version: &catalog.version,
        max_scopes: catalog.max_scopes,
        editions: &catalog.editions,
        services: catalog.services.iter().filter(is_shown).collect(),
        operations: operations.iter().filter(is_opened).collect(),
        scopes,
    }
}

/// Reads a request's members. The first misfit is told.
fn read<T>(call: Call, request: &str, take: impl FnOnce(&mut Object<'_, '_>) -> T) -> Result<T, RequestError> {
    let mut misfits = Vec::new();
    let mut object = Object::new(parsed(call, request)?, String::new(), &mut misfits);
    let taken = take(&mut object);
    object.end();
    match misfits.into_iter().next() {
        None => Ok(taken),
        Some(misfit) => Err(invalid(call, misfit)),
    }
}

fn parsed(call: Call, request: &str) -> Result<Json<'_>, RequestError> {
    json::parse(request).map_err(|JsonError { line, column, message }| {
        let message = format!("the request is not JSON: {message} (line {line}, column {column})");
        RequestError::new(RequestErrorCode::MalformedRequest, message, help(call))
    })
}

fn invalid(call: Call, Misfit { place, message }: Misfit) -> RequestError {
    let says_of = message.starts_with("must ") || message.starts_with("is ");
    let message = match (place.as_str(), says_of) {
        ("", true) => format!("the request {message}"),
        ("", false) => message,
        (_, true) => format!("`{place}` {message}"),
        (_, false) => format!("`{place}`: {message}"),
    };
    RequestError::new(RequestErrorCode::InvalidRequest, message, help(call))
}

fn help(call: Call) -> String {
    format!("send an object like `{}`", call.example())
}

/// The tier of a key. No key is of the tier [`Tier::Implicit`].
fn tier(object: &mut Object<'_, '_>) -> Option<Tier> {
    tier_of(object, &[Tier::Project, Tier::Organization, Tier::Account])
}

fn tier_of(object: &mut Object<'_, '_>, tiers: &[Tier]) -> Option<Tier> {
    let words: Vec<&str> = tiers.iter().map(|tier| tier.as_str()).collect();
    object.word("tier", &words).and_then(|at| tiers.get(at)).copied()
}

fn check_request(object: &mut Object<'_, '_>) -> CheckRequest {
    let scopes = object.texts("scopes");
    let contexts: Vec<&str> = Context::ALL.iter().map(|context| context.as_str()).collect();
    let runs_in = object.word("runsIn", &contexts).and_then(|at| Context::ALL.get(at)).copied();
    let expire = match object.take("expire") {
        None => Expiry::Unstated,
        Some(Json::Null) => Expiry::Never,
        Some(Json::Text(text)) if text.is_empty() => Expiry::Never,
        Some(Json::Text(text)) => Expiry::At(text.into_owned()),
        Some(_) => {
            object.misfit(object.place_of("expire"), "must be a text or `null`".to_owned());
            Expiry::Unstated
        }
    };
    let now = object.optional_text("now").and_then(|text| {
        let now = text.parse::<DateTime>();
        if let Err(error) = &now {
            object.misfit(object.place_of("now"), format!("{} is {error}", text::quoted(&text)));
        }
        now.ok()
    });
    let (operations, grantor) = (object.optional_texts("operations"), object.optional_texts("grantor"));
    let beyond_grantor = match object.word("beyondGrantor", &["report", "reject"]) {
        Some(1) => Strictness::Reject,
        _ => Strictness::Report,
    };
    let previous = object.optional_texts("previous");
    let (edition, tier) = (object.optional_text("edition"), tier(object).unwrap_or_default());
    CheckRequest { scopes, runs_in, expire, now, operations, grantor, beyond_grantor, previous, edition, tier }
}

fn bounded(list: &[String]) -> Result<(), RequestError> {
    if list.len() > MAX_REQUEST_ITEMS {
        return Err(RequestError::too_large(format!("a list has {} items, more than {MAX_REQUEST_ITEMS}", list.len())));
    }
    Ok(())
}

/// The texts of a JSON list; `None` where it is something else. For doors that take a list alone.
pub fn texts(list: &str) -> Option<Vec<String>> {
    let Ok(Json::List(list)) = json::parse(list) else { return None };
    list.into_iter().map(|item| if let Json::Text(text) = item { Some(text.into_owned()) } else { None }).collect()
}

/// A list or an object as compact JSON text, for doors that tell something of their own.
pub fn to_json(value: &impl Serialize) -> String {
    // Cannot fail: answers are plain structs, and a test writes each of them.
    write::written(value).unwrap_or_default()
}
