//! The project's rules for its keys. Doors of our own.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::{ErrorType, ProjectPolicy, WireDate},
    key::{BrowserUse, KeyCreation, MAX_LIFETIME_SECONDS, MIN_LIFETIME_SECONDS, Policy},
    server::{
        http::{
            call::Call,
            error::{ApiError, json},
            params::Params,
        },
        store::{Action, ProjectRecord},
    },
};

/// `project.getPolicy`.
pub(in crate::server::http) async fn get(call: Call) -> Result<Response, ApiError> {
    Ok(answer(call.project()?))
}

/// `project.updatePolicy`: changes what the request names. Only a person can do it, whatever a key holds.
pub(in crate::server::http) async fn update(call: Call) -> Result<Response, ApiError> {
    call.session()?;
    let before = call.project()?;
    let policy = read(&call.params, before.policy)?;
    let after = call.app.store.set_policy(&before.id, policy, call.now()).await?;
    let after = after.ok_or_else(|| ApiError::new(ErrorType::ProjectNotFound))?;
    call.done(Action::PolicyUpdate, "", described(before.policy, after.policy)).await;
    Ok(answer(&after))
}

fn answer(project: &ProjectRecord) -> Response {
    json(StatusCode::OK, &ProjectPolicy { policy: project.policy, updated_at: WireDate(project.policy_updated_at) })
}

fn read(params: &Params, before: Policy) -> Result<Policy, ApiError> {
    let mut policy = before;
    if let Some(word) = params.maybe_text("keyCreation")? {
        policy.key_creation = word.parse().map_err(|_| choices("keyCreation", KeyCreation::ALL.iter().map(|choice| choice.as_str())))?;
    }
    if params.is_null("maxLifetimeSeconds") {
        policy.max_lifetime_seconds = None;
    } else if let Some(seconds) = params.maybe_integer("maxLifetimeSeconds")? {
        if !(MIN_LIFETIME_SECONDS..=MAX_LIFETIME_SECONDS).contains(&seconds) {
            let problem = format!("must be null, or a whole number from {MIN_LIFETIME_SECONDS} to {MAX_LIFETIME_SECONDS}");
            return Err(ApiError::invalid("maxLifetimeSeconds", problem));
        }
        policy.max_lifetime_seconds = Some(seconds);
    }
    policy.require_expiry = params.flag("requireExpiry", before.require_expiry)?;
    if let Some(word) = params.maybe_text("browserUse")? {
        policy.browser_use = word.parse().map_err(|_| choices("browserUse", BrowserUse::ALL.iter().map(|choice| choice.as_str())))?;
    }
    Ok(policy)
}

fn choices<'a>(parameter: &str, words: impl Iterator<Item = &'a str>) -> ApiError {
    let words: Vec<_> = words.map(|word| format!("`{word}`")).collect();
    ApiError::invalid(parameter, format!("must be one of {}", words.join(", ")))
}

/// What changed, for the audit log.
fn described(before: Policy, after: Policy) -> String {
    let lifetime = |policy: Policy| policy.max_lifetime_seconds.map_or_else(|| "none".to_owned(), |seconds| seconds.to_string());
    let facts = |policy: Policy| {
        [
            ("keyCreation", policy.key_creation.as_str().to_owned()),
            ("maxLifetimeSeconds", lifetime(policy)),
            ("requireExpiry", policy.require_expiry.to_string()),
            ("browserUse", policy.browser_use.as_str().to_owned()),
        ]
    };
    let pairs = facts(before).into_iter().zip(facts(after)).filter(|(before, after)| before != after);
    let changes: Vec<_> = pairs.map(|((name, before), (_, after))| format!("{name} {after}, before {before}")).collect();
    if changes.is_empty() { "nothing changed".to_owned() } else { changes.join("; ") }
}
