//! Keys are verified for another service, which has an API key of the same project itself. A door of our own.
//!
//! Keys of other projects are answered like keys that do not exist. What was sent is never sent back.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    api::{ErrorType, MAX_VERIFIED_KEYS, Verification, VerificationCode, VerificationList, WireDate},
    key::Status,
    server::{
        auth::{Identity, verify},
        http::{
            call::Call,
            demand::{Demand, problem},
            error::{ApiError, json},
            keyed::{NotAKey, Sent},
        },
        store::KeyRecord,
    },
};

/// `keys.verify`.
pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    call.params.refuse_unknown(&["key", "keys", "scopes", "match", "operation"])?;
    let demand = demand(&call)?;
    let (one, many) = (call.params.maybe_text("key")?, call.params.maybe_texts("keys")?);
    match (one, many) {
        (Some(key), None) => Ok(json(StatusCode::OK, &verification(&call, &demand, key).await?)),
        (None, Some(keys)) if !keys.is_empty() && keys.len() <= MAX_VERIFIED_KEYS => {
            let mut verifications = Vec::with_capacity(keys.len());
            let mut waits = None;
            for key in &keys {
                // What was found of the others is not lost.
                verifications.push(match verification(&call, &demand, key).await {
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
        (Some(_), Some(_)) => Err(ApiError::invalid("keys", "cannot stand beside `key`: send one of the two")),
        (None, None) => Err(ApiError::missing("key")),
    }
}

/// What the keys are to hold.
fn demand(call: &Call) -> Result<Demand<'_>, ApiError> {
    let (params, catalog) = (&call.params, call.app.catalog);
    let any = match params.maybe_text("match")? {
        None | Some("all") => false,
        Some("any") => true,
        Some(_) => return Err(ApiError::invalid("match", "must be `all` or `any`")),
    };
    match (params.maybe_texts("scopes")?.filter(|scopes| !scopes.is_empty()), params.maybe_text("operation")?) {
        (Some(_), Some(_)) => Err(ApiError::invalid("operation", "cannot stand beside `scopes`: send one of the two")),
        (Some(scopes), None) => match (problem(catalog, &scopes), any) {
            (Some(problem), _) => Err(ApiError::invalid("scopes", format!("cannot be demanded of a key: {problem}"))),
            (None, false) => Ok(Demand::All(scopes)),
            (None, true) => Ok(Demand::Any(scopes)),
        },
        (None, Some(text)) => {
            let named = catalog.operations_meant(text);
            if named.is_empty() {
                let told = crate::scope::allows(catalog, &[] as &[&str], text);
                return Err(ApiError::invalid("operation", format!("names no operation: {}; {}", told.message, told.help)));
            }
            Ok(Demand::Operations(named))
        }
        (None, None) => Ok(Demand::Nothing),
    }
}

async fn verification(call: &Call, demand: &Demand<'_>, secret: &str) -> Result<Verification, ApiError> {
    let sent = match Sent::of(secret.trim()) {
        Ok(sent) => sent,
        Err(NotAKey::Damaged) => return Ok(nothing_of(VerificationCode::Damaged, "The key is damaged: its checksum does not fit.")),
        Err(NotAKey::Mistaken(mistake)) => return Ok(nothing_of(VerificationCode::Unknown, mistake.message())),
        Err(NotAKey::Dev) => return Ok(nothing_of(VerificationCode::DevKey, "This is a dev key. It opens nothing by itself.")),
    };
    let (identity, status) = match found(call, &sent).await? {
        Some(found) => found,
        None => return Ok(nothing_of(VerificationCode::Unknown, "This is not a key of the project.")),
    };
    let text = || call.params.maybe_text("operation").ok().flatten().unwrap_or_default().to_owned();
    let lack = demand.lack(call.app.catalog, &identity, text);
    let (code, message) = match (status, &lack) {
        (Status::Disabled, _) => (VerificationCode::Disabled, "The key is disabled.".to_owned()),
        (Status::Expired, _) => (VerificationCode::Expired, "The key has expired.".to_owned()),
        (_, Some(lack)) => (VerificationCode::InsufficientScope, lack.message.clone()),
        (_, None) => (VerificationCode::Valid, "The key may do this.".to_owned()),
    };
    let missing = lack.map(|lack| lack.missing).unwrap_or_default();
    // Whoever asks believes them.
    let scopes = identity.counting_scopes(call.app.catalog).into_iter().map(str::to_owned).collect();
    let (kind, key_id, project_id, expire) = match identity {
        Identity::Key(key) => {
            let key = *key;
            if code == VerificationCode::Valid {
                call.app.usage.key(&key, None, call.now());
            }
            ("standard", key.id, key.project_id, key.expire)
        }
        Identity::Ephemeral(key) => ("ephemeral", key.id, key.project_id, Some(key.expire)),
        Identity::Guest | Identity::Console { .. } | Identity::Organization(_) => {
            return Ok(nothing_of(VerificationCode::Unknown, "This is not a key of the project."));
        }
    };
    let valid = code == VerificationCode::Valid;
    Ok(Verification { valid, code, message, kind: kind.to_owned(), key_id, project_id, scopes, missing, expire: WireDate(expire) })
}

/// The key of the caller's project, and whether it is in force. Every key is looked up; unknown ones are counted by caller.
async fn found(call: &Call, sent: &Sent) -> Result<Option<(Identity, Status)>, ApiError> {
    let (app, project, now) = (&call.app, call.project()?, call.now());
    match sent {
        Sent::Nothing | Sent::Foreign | Sent::Organization(_) | Sent::Unknown => Ok(None),
        Sent::Ephemeral(token) => {
            let signed = project.signing_key_id.as_deref();
            let key = signed.and_then(|id| verify(&app.root_key, &project.id, id, token, now)).filter(|key| !project.has_ended(&key.id));
            Ok(key.map(|key| (Identity::Ephemeral(Box::new(key)), Status::Active)))
        }
        Sent::Standard(secret) => {
            let actor = call.identity.actor();
            let caller = (project.id.clone(), actor.kind.as_str(), actor.id);
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

/// The answer for a key that nothing is told of.
fn nothing_of(code: VerificationCode, message: &str) -> Verification {
    let (kind, key_id, project_id) = (String::new(), String::new(), String::new());
    let message = message.to_owned();
    Verification { valid: false, code, message, kind, key_id, project_id, scopes: Vec::new(), missing: Vec::new(), expire: WireDate(None) }
}
