//! The project's rules for its keys. Not in the contract.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::{ProjectPolicy, WireDate},
    key::{BrowserUse, KeyCreation, MAX_LIFETIME_SECONDS, MIN_LIFETIME_SECONDS, Policy},
    scope::Catalog,
    server::{
        http::{
            error::{ApiError, json},
            extract::{
                context::{RequestContext, with_etag},
                params::Params,
            },
        },
        service::projects::set_policy,
        store::ProjectRecord,
    },
};

/// `project.getPolicy`.
pub(in crate::server::http) async fn get(context: RequestContext) -> Result<Response, ApiError> {
    Ok(answer(context.project()?))
}

/// `project.updatePolicy`: changes what the request names. Only a person can do it, whatever a key holds.
pub(in crate::server::http) async fn update(context: RequestContext) -> Result<Response, ApiError> {
    context.session()?;
    let before = context.project()?;
    context.check_seen(before.version())?;
    let policy = read(&context.params, before.policy, context.app.catalog)?;
    let (store, clock) = (context.app.store.as_ref(), context.app.clock.as_ref());
    Ok(answer(&set_policy(store, clock, before, policy, &context.caller()).await?))
}

fn answer(project: &ProjectRecord) -> Response {
    let policy = ProjectPolicy { policy: project.policy, updated_at: WireDate(project.policy_updated_at) };
    with_etag(json(StatusCode::OK, &policy), project.version())
}

fn read(params: &Params, before: Policy, catalog: &Catalog) -> Result<Policy, ApiError> {
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
    if params.is_null("edition") {
        policy.edition = None;
    } else if let Some(id) = params.maybe_text("edition")? {
        if catalog.edition(id).is_none() {
            return Err(choices("edition", catalog.editions.iter().map(|edition| edition.id.as_str())));
        }
        policy.edition = Some(id.parse().map_err(|error| ApiError::invalid("edition", error))?);
    }
    Ok(policy)
}

fn choices<'a>(parameter: &str, words: impl Iterator<Item = &'a str>) -> ApiError {
    let words: Vec<_> = words.map(|word| format!("`{word}`")).collect();
    ApiError::invalid(parameter, format!("must be one of {}", words.join(", ")))
}
