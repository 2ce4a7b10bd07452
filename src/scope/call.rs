//! The one way in for every door: a call and a request as JSON text give an answer as JSON text, the same bytes everywhere.

use std::str::FromStr;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    Catalog, CheckRequest, MigrateRequest, Operation, Scope, SuggestRequest, Tier, allows,
    catalog::{Edition, Service},
    check, compare, migrate, reach, suggest, text,
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
        written(&Body { error: self })
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
            let request: CheckRequest = read(call, request)?;
            bounded(&request.scopes)?;
            [&request.operations, &request.grantor, &request.previous].into_iter().flatten().try_for_each(bounded)?;
            written(&check(catalog, &request))
        }
        Call::Allows => {
            let AllowsRequest { scopes, operation } = read(call, request)?;
            bounded(&scopes)?;
            written(&allows(catalog, &scopes, &operation))
        }
        Call::Suggest => {
            let request: SuggestRequest = read(call, request)?;
            bounded(&request.scopes)?;
            bounded(&request.operations)?;
            written(&suggest(catalog, &request))
        }
        Call::Reach => {
            let ReachRequest { scopes } = read(call, request)?;
            bounded(&scopes)?;
            written(&reach(catalog, &scopes))
        }
        Call::Compare => {
            let CompareRequest { before, after } = read(call, request)?;
            bounded(&before)?;
            bounded(&after)?;
            written(&compare(catalog, &before, &after))
        }
        Call::Migrate => {
            let request: MigrateRequest = read(call, request)?;
            bounded(&request.scopes)?;
            written(&migrate(catalog, &request))
        }
        Call::Catalog => written(&shown(catalog, &read(call, request)?)),
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

fn read<T: DeserializeOwned>(call: Call, request: &str) -> Result<T, RequestError> {
    serde_json::from_str(request).map_err(|error| {
        let told = text::plain(&error.to_string());
        let help = format!("send an object like `{}`", call.example());
        match error.classify() {
            serde_json::error::Category::Data => {
                RequestError::new(RequestErrorCode::InvalidRequest, format!("the request does not fit: {told}"), help)
            }
            _ => RequestError::new(RequestErrorCode::MalformedRequest, format!("the request is not JSON: {told}"), help),
        }
    })
}

fn bounded(list: &Vec<String>) -> Result<(), RequestError> {
    if list.len() > MAX_REQUEST_ITEMS {
        return Err(RequestError::too_large(format!("a list has {} items, more than {MAX_REQUEST_ITEMS}", list.len())));
    }
    Ok(())
}

fn written(answer: &impl Serialize) -> String {
    // Cannot fail: answers are plain structs with text keys.
    serde_json::to_string(answer).unwrap_or_default()
}
