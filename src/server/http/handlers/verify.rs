//! Keys are verified for another service, which has an API key of the same project itself. Not in the contract.
//!
//! Keys of other projects are answered like keys that do not exist. What was sent is never sent back.

use std::borrow::Cow;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de::Error};

use crate::{
    api::{ErrorType, MAX_VERIFIED_KEYS, Verification, VerificationCode, VerificationList, WireDate},
    key::KeyStatus,
    scope::Catalog,
    server::{
        app::App,
        auth::{Identity, verify},
        http::{
            error::{ApiError, json},
            extract::{
                api_key::{KeyFormatError, PresentedKey},
                arguments::{Parameters, Project, Request, State},
                field_types::Later,
            },
            requirement::{Requirement, problem},
        },
        service::caller::Caller,
        store::{Actor, KeyRecord, ProjectRecord},
    },
};

// What the keys must hold is read before the keys are.
#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct VerifyKeys {
    #[schemars(with = "Option<String>")]
    key: Later<Option<String>>,
    #[schemars(with = "Option<Vec<String>>", length(min = 1, max = MAX_VERIFIED_KEYS))]
    keys: Later<Option<Vec<String>>>,
    #[schemars(with = "Option<Vec<String>>")]
    scopes: Later<Option<Vec<String>>>,
    /// Whether a key must hold `all` of the scopes, or `any` one of them
    #[serde(rename = "match", deserialize_with = "any")]
    #[schemars(with = "Option<MatchWord>")]
    any: bool,
    #[schemars(with = "Option<String>")]
    operation: Later<Option<String>>,
}

impl Parameters for VerifyKeys {}

fn any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match Option::<String>::deserialize(deserializer)?.as_deref() {
        None | Some("all") => Ok(false),
        Some("any") => Ok(true),
        Some(_) => Err(D::Error::custom("must be `all` or `any`")),
    }
}

/// The schema of `match`.
struct MatchWord;

impl JsonSchema for MatchWord {
    fn schema_name() -> Cow<'static, str> {
        "Match".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": ["all", "any"] })
    }
}

/// `keys.verify`.
pub(in crate::server::http) async fn handle(
    State(app): State,
    project: Project,
    caller: Caller,
    Request(asked): Request<VerifyKeys>,
) -> Result<Response, ApiError> {
    let requirement = requirement(app.catalog, &asked)?;
    let keys = Lookup { app: &app, project: &project, actor: &caller.actor };
    let verification = async |key: &str| verification(&keys, &requirement, asked.operation.get()?.as_deref(), key).await;
    match (asked.key.get()?, asked.keys.get()?) {
        (Some(key), None) => Ok(json(StatusCode::OK, &verification(key).await?)),
        (None, Some(keys)) if !keys.is_empty() && keys.len() <= MAX_VERIFIED_KEYS => {
            let mut verifications = Vec::with_capacity(keys.len());
            let mut waits = None;
            for key in keys {
                // What was found of the others is not lost.
                verifications.push(match verification(key).await {
                    Err(error) if error.kind() == ErrorType::RateLimitExceeded => {
                        waits = error.into_response().headers_mut().remove(header::RETRY_AFTER).or(waits);
                        nothing_of(
                            VerificationCode::Throttled,
                            "This is not a key of the project, and too many such keys were named. Ask again later.",
                        )
                    }
                    judged => judged?,
                });
            }
            let mut response = json(StatusCode::OK, &VerificationList { total: verifications.len(), verifications });
            if let Some(seconds) = waits {
                response.headers_mut().insert(header::RETRY_AFTER, seconds);
            }
            Ok(response)
        }
        (None, Some(_)) => Err(ApiError::invalid("keys", format!("must be a list of 1 to {MAX_VERIFIED_KEYS} keys"))),
        (Some(_), Some(_)) => Err(ApiError::invalid("keys", "cannot be sent with `key`: send one of the two")),
        (None, None) => Err(ApiError::missing("key")),
    }
}

/// What the keys are to hold.
fn requirement(catalog: &'static Catalog, asked: &VerifyKeys) -> Result<Requirement<'static>, ApiError> {
    let any = asked.any;
    match (asked.scopes.get()?.clone().filter(|scopes| !scopes.is_empty()), asked.operation.get()?) {
        (Some(_), Some(_)) => Err(ApiError::invalid("operation", "cannot be sent with `scopes`: send one of the two")),
        (Some(scopes), None) => match (problem(catalog, &scopes), any) {
            (Some(problem), _) => Err(ApiError::invalid("scopes", format!("cannot be demanded of a key: {problem}"))),
            (None, false) => Ok(Requirement::All(scopes)),
            (None, true) => Ok(Requirement::Any(scopes)),
        },
        (None, Some(text)) => {
            let named = catalog.operations_meant(text);
            if named.is_empty() {
                let verdict = crate::scope::allows(catalog, &[] as &[&str], text);
                return Err(ApiError::invalid("operation", format!("names no operation: {}; {}", verdict.message, verdict.help)));
            }
            Ok(Requirement::Operations(named))
        }
        (None, None) => Ok(Requirement::Nothing),
    }
}

/// The keys of a project, and the service that asks for them.
struct Lookup<'a> {
    app: &'a App,
    project: &'a ProjectRecord,
    actor: &'a Actor,
}

async fn verification(
    keys: &Lookup<'_>,
    requirement: &Requirement<'_>,
    operation: Option<&str>,
    secret: &str,
) -> Result<Verification, ApiError> {
    let sent = match PresentedKey::of(secret.trim()) {
        Ok(sent) => sent,
        Err(KeyFormatError::Damaged) => return Ok(nothing_of(VerificationCode::Damaged, "The key is damaged: its checksum does not fit.")),
        Err(KeyFormatError::Mistaken(mistake)) => return Ok(nothing_of(VerificationCode::Unknown, mistake.message())),
        Err(KeyFormatError::Dev) => return Ok(nothing_of(VerificationCode::DevKey, "This is a dev key. It opens no operation.")),
    };
    let (identity, status) = match found(keys, &sent).await? {
        Some(found) => found,
        None => return Ok(nothing_of(VerificationCode::Unknown, "This is not a key of the project.")),
    };
    let app = keys.app;
    let text = || operation.unwrap_or_default().to_owned();
    let unmet = requirement.unmet(app.catalog, &identity, text);
    let (code, message) = match (status, &unmet) {
        (KeyStatus::Disabled, _) => (VerificationCode::Disabled, "The key is disabled.".to_owned()),
        (KeyStatus::Expired, _) => (VerificationCode::Expired, "The key has expired.".to_owned()),
        (_, Some(unmet)) => (VerificationCode::InsufficientScope, unmet.message.clone()),
        (_, None) => (VerificationCode::Valid, "The key may do this.".to_owned()),
    };
    let missing = unmet.map(|unmet| unmet.missing).unwrap_or_default();
    // The service that asks relies on them.
    let scopes = identity.counting_scopes(app.catalog).into_iter().map(str::to_owned).collect();
    let (kind, key_id, project_id, expire) = match identity {
        Identity::Key(key) => {
            let key = *key;
            if code == VerificationCode::Valid {
                app.usage.key(&key, None, app.clock.now());
            }
            ("standard", key.id, key.project_id, key.expire)
        }
        Identity::Ephemeral(key) => ("ephemeral", key.id, key.project_id, Some(key.expire)),
        Identity::Guest | Identity::Console { .. } | Identity::Organization(_) | Identity::Widget(_) => {
            return Ok(nothing_of(VerificationCode::Unknown, "This is not a key of the project."));
        }
    };
    let valid = code == VerificationCode::Valid;
    Ok(Verification { valid, code, message, kind: kind.to_owned(), key_id, project_id, scopes, missing, expire: WireDate(expire) })
}

/// The key of the caller's project, and whether it is in force. Every key is looked up; unknown ones are counted by caller.
async fn found(keys: &Lookup<'_>, sent: &PresentedKey) -> Result<Option<(Identity, KeyStatus)>, ApiError> {
    let Lookup { app, project, actor } = *keys;
    let now = app.clock.now();
    match sent {
        PresentedKey::Nothing | PresentedKey::Foreign | PresentedKey::Organization(_) | PresentedKey::Widget(_) | PresentedKey::Unknown => {
            Ok(None)
        }
        PresentedKey::Ephemeral(token) => {
            let signed = project.signing_key_id.as_deref();
            let key = signed.and_then(|id| verify(&app.root_key, &project.id, id, token, now)).filter(|key| !project.has_ended(&key.id));
            Ok(key.map(|key| (Identity::Ephemeral(Box::new(key)), KeyStatus::Active)))
        }
        PresentedKey::Standard(secret) => {
            let caller = (project.id.clone(), actor.kind.as_str(), actor.id.clone());
            let turn = app.unknown_verified_keys.turn(&caller, app.clock.monotonic()).await;
            let key: Option<KeyRecord> = app.store.key_by_secret(secret, now).await?.filter(|key| key.project_id == project.id);
            drop(turn);
            if key.is_none() {
                app.unknown_verified_keys.not_found(&caller, app.clock.monotonic())?;
            }
            Ok(key.map(|key| {
                let status = key.status(now);
                (Identity::Key(Box::new(key)), status)
            }))
        }
    }
}

/// The answer for a key of which nothing is revealed.
fn nothing_of(code: VerificationCode, message: &str) -> Verification {
    let (kind, key_id, project_id) = (String::new(), String::new(), String::new());
    let message = message.to_owned();
    Verification { valid: false, code, message, kind, key_id, project_id, scopes: Vec::new(), missing: Vec::new(), expire: WireDate(None) }
}
