//! Keys are verified for another service, which has an API key of the same project itself. Not in the contract.
//!
//! Keys of other projects are answered like keys that do not exist. What was sent is never sent back.

pub(in crate::server::http) mod quick;

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
    scope::{Catalog, DateTime},
    server::{
        app::App,
        auth::{Identity, SecretHash, verify},
        http::{
            error::{ApiError, json},
            extract::{
                api_key::{KeyFormatError, PresentedKey},
                arguments::{Parameters, Project, Request, State},
                field_types::Later,
            },
            requirement::{MissingScopes, Requirement, problem},
        },
        recorder::Usage,
        service::caller::Caller,
        store::{Actor, ProjectRecord, StoredKey},
    },
};

/// What the answer says of a valid key.
const VALID: &str = "The key may do this.";

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
    let operation = asked.operation.get()?.as_deref();
    let question = Question { app: &app, project: &project, actor: &caller.actor, requirement, operation };
    match (asked.key.get()?, asked.keys.get()?) {
        (Some(key), None) => match question.answers(std::slice::from_ref(key)).await?.pop() {
            Some(answer) => Ok(json(StatusCode::OK, &answer?)),
            None => Err(ApiError::missing("key")),
        },
        (None, Some(keys)) if !keys.is_empty() && keys.len() <= MAX_VERIFIED_KEYS => {
            let mut verifications = Vec::with_capacity(keys.len());
            let mut waits = None;
            for answer in question.answers(keys).await? {
                // What was found of the others is not lost.
                verifications.push(match answer {
                    Err(error) if error.kind() == ErrorType::RateLimitExceeded => {
                        waits = error.into_response().headers_mut().remove(header::RETRY_AFTER).or(waits);
                        nothing_of(
                            VerificationCode::Throttled,
                            "This is not a key of the project, and too many such keys were named. Ask again later.",
                        )
                    }
                    answer => answer?,
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
                let verdict = crate::scope::allows(catalog, &[] as &[&str], text, None);
                return Err(ApiError::invalid("operation", format!("names no operation: {}; {}", verdict.message, verdict.help)));
            }
            Ok(Requirement::Operations(named))
        }
        (None, None) => Ok(Requirement::Nothing),
    }
}

/// What is asked about each key.
struct Question<'a> {
    app: &'a App,
    project: &'a ProjectRecord,
    /// The service that asks.
    actor: &'a Actor,
    requirement: Requirement<'static>,
    /// How the asker writes the operation.
    operation: Option<&'a str>,
}

impl Question<'_> {
    /// The answers in the order of the keys. All stored keys are looked up together.
    async fn answers(&self, keys: &[String]) -> Result<Vec<Result<Verification, ApiError>>, ApiError> {
        let sent: Vec<Result<PresentedKey, KeyFormatError>> = keys.iter().map(|key| PresentedKey::of(self.app, key.trim())).collect();
        let secret = |sent: &Result<PresentedKey, KeyFormatError>| match sent {
            Ok(PresentedKey::Standard(secret)) => Some(secret.hash.clone()),
            _ => None,
        };
        let secrets: Vec<SecretHash> = sent.iter().filter_map(secret).collect();
        let mut stored = self.stored(&secrets).await?.into_iter();
        let answer = |sent: Result<PresentedKey, KeyFormatError>| match sent {
            Ok(PresentedKey::Standard(secret)) => {
                let found = stored.next().flatten();
                if found.is_some() {
                    secret.is_found(self.app);
                }
                self.known(found)
            }
            Ok(PresentedKey::Ephemeral(token)) => Ok(self.ephemeral(&token)),
            Ok(_) => Ok(unknown()),
            Err(not_a_key) => Ok(no_key(not_a_key)),
        };
        Ok(sent.into_iter().map(answer).collect())
    }

    /// Unknown keys are counted by caller.
    fn caller(&self) -> (String, &'static str, String) {
        (self.project.id.clone(), self.actor.kind.as_str(), self.actor.id.clone())
    }

    async fn stored(&self, secrets: &[SecretHash]) -> Result<Vec<Option<StoredKey>>, ApiError> {
        if secrets.is_empty() {
            return Ok(Vec::new());
        }
        let app = self.app;
        let limit = &app.unknown_verified_keys;
        let _turn = if limit.is_calm() { None } else { limit.turn(&self.caller(), app.clock.monotonic()).await };
        Ok(app.store.keys_by_secrets(secrets, self.app.clock.now()).await?)
    }

    /// The answer for a stored key, or for one that is not stored.
    ///
    /// # Errors
    /// [`ApiError`] if it is not one of the caller's project, and the caller has named too many such keys.
    fn known(&self, key: Option<StoredKey>) -> Result<Verification, ApiError> {
        let (app, now) = (self.app, self.app.clock.now());
        let Some(key) = &key else { return self.not_found() };
        let brief = key.brief()?;
        if brief.project_id != self.project.id {
            return self.not_found();
        }
        let status = brief.status(now);
        // What a list of scopes opens is known, unless the list is very long.
        let (unmet, scopes) = match app.scope_lists.of(app.catalog, brief.scopes, || key.record().ok()) {
            Some(list) => (
                list.unmet(app.catalog, &self.project.policy, &self.requirement, || self.text()),
                list.counting_scopes().map(str::to_owned).collect(),
            ),
            None => self.opened(&Identity::Key(Box::new(key.record()?))),
        };
        let (id, project) = (brief.id.to_owned(), brief.project_id.to_owned());
        let answer = answer(status, unmet, scopes, ("standard", id, project, brief.expire()));
        if answer.valid
            && let Requirement::Operations(named) = &self.requirement
            && let [operation] = named.as_slice()
        {
            app.operations.count(key.sequence(), &operation.id, now);
        }
        if answer.valid && !Usage::is_noted(&brief, None, now) {
            app.usage.key(&key.record()?, None, now);
        }
        Ok(answer)
    }

    fn not_found(&self) -> Result<Verification, ApiError> {
        self.app.unknown_verified_keys.not_found(&self.caller(), self.app.clock.monotonic())?;
        Ok(unknown())
    }

    fn ephemeral(&self, token: &str) -> Verification {
        let (project, app) = (self.project, self.app);
        let signed = project.signing_key_id.as_deref().and_then(|id| verify(&app.root_key, &project.id, id, token, app.clock.now()));
        let Some(key) = signed.filter(|key| !project.has_ended(&key.id)) else { return unknown() };
        let about = ("ephemeral", key.id.clone(), key.project_id.clone(), Some(key.expire));
        let (unmet, scopes) = self.opened(&Identity::Ephemeral(Box::new(key)));
        answer(KeyStatus::Active, unmet, scopes, about)
    }

    /// What a key lacks, and the scopes that count. The service that asks relies on them.
    fn opened(&self, identity: &Identity) -> (Option<MissingScopes>, Vec<String>) {
        let catalog = self.app.catalog;
        let scopes = identity.counting_scopes(catalog).into_iter().map(str::to_owned).collect();
        (self.requirement.unmet(catalog, &self.project.policy, identity, || self.text()), scopes)
    }

    fn text(&self) -> String {
        self.operation.unwrap_or_default().to_owned()
    }
}

/// The answer for a key of the project: its kind, its id, its project, its expiry.
fn answer(
    status: KeyStatus,
    unmet: Option<MissingScopes>,
    scopes: Vec<String>,
    (kind, key_id, project_id, expire): (&str, String, String, Option<DateTime>),
) -> Verification {
    let (code, message) = match (status, &unmet) {
        (KeyStatus::Disabled, _) => (VerificationCode::Disabled, "The key is disabled.".to_owned()),
        (KeyStatus::Expired, _) => (VerificationCode::Expired, "The key has expired.".to_owned()),
        (_, Some(unmet)) => (VerificationCode::InsufficientScope, unmet.message.clone()),
        (_, None) => (VerificationCode::Valid, VALID.to_owned()),
    };
    let missing = unmet.map(|unmet| unmet.missing).unwrap_or_default();
    let valid = code == VerificationCode::Valid;
    Verification { valid, code, message, kind: kind.to_owned(), key_id, project_id, scopes, missing, expire: WireDate(expire) }
}

fn unknown() -> Verification {
    nothing_of(VerificationCode::Unknown, "This is not a key of the project.")
}

/// The answer for a text that is no key by its form.
fn no_key(reason: KeyFormatError) -> Verification {
    match reason {
        KeyFormatError::Damaged => nothing_of(VerificationCode::Damaged, "The key is damaged: its checksum does not fit."),
        KeyFormatError::Mistaken(mistake) => nothing_of(VerificationCode::Unknown, mistake.message()),
        KeyFormatError::Dev => nothing_of(VerificationCode::DevKey, "This is a dev key. It opens no operation."),
    }
}

/// The answer for a key of which nothing is revealed.
fn nothing_of(code: VerificationCode, message: &str) -> Verification {
    let (kind, key_id, project_id) = (String::new(), String::new(), String::new());
    let message = message.to_owned();
    Verification { valid: false, code, message, kind, key_id, project_id, scopes: Vec::new(), missing: Vec::new(), expire: WireDate(None) }
}
