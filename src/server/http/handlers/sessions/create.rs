//! `account.createEmailPasswordSession`: signs in.

use std::sync::Arc;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error};

use crate::{
    api::{ErrorType, SignInChallenge, WireDate},
    server::{
        app::App,
        auth::Devices,
        http::{
            error::{ApiError, json},
            extract::{
                arguments::{Parameters, Request, SignedOut, State},
                authorize::{device_cookie, session_cookie},
                client::Client,
            },
        },
        limits::Who,
        models,
        service::{
            MAX_EMAIL_BYTES, MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS,
            accounts::{
                own::{OwnAccount, SESSION_LIFETIME_SECONDS},
                second_factor::challenge,
            },
            caller::Caller,
        },
        store::{AccountRecord, Action, Actor, ActorKind, UsedCode},
    },
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct CreateEmailSession {
    #[serde(deserialize_with = "email")]
    email: String,
    #[serde(deserialize_with = "password")]
    #[schemars(length(min = MIN_PASSWORD_CHARACTERS, max = MAX_PASSWORD_CHARACTERS))]
    password: String,
}

impl Parameters for CreateEmailSession {}

/// In lower case, as it is stored.
fn email<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let email = String::deserialize(deserializer)?;
    if email.len() > MAX_EMAIL_BYTES {
        return Err(D::Error::custom(format_args!("must have at most {MAX_EMAIL_BYTES} bytes")));
    }
    Ok(email.to_lowercase())
}

fn password<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let password = String::deserialize(deserializer)?;
    if password.chars().count() > MAX_PASSWORD_CHARACTERS {
        return Err(D::Error::custom(format_args!("must have at most {MAX_PASSWORD_CHARACTERS} characters")));
    }
    Ok(password)
}

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    devices: Devices,
    _: SignedOut,
    Request(request): Request<CreateEmailSession>,
) -> Result<Response, ApiError> {
    let CreateEmailSession { email, password } = request;
    let network = client.network();
    let stranger = Who::Stranger { email: &email, network };
    // Only a browser that says that it is known is worth a look-up before it is known whether it may try at all.
    let early = if devices.is_empty() { None } else { Some(app.store.account_by_email(&email).await?) };
    let known_as = early.as_ref().and_then(Option::as_ref).map(|(account, _)| account.id.clone());
    let device = known_as.as_deref().and_then(|id| devices.known_to(&app.root_key, id));
    let who = match (&known_as, device) {
        (Some(account_id), Some(device)) => Who::Known { account_id, device },
        _ => stranger,
    };
    app.sign_in.attempt(who, app.clock.monotonic())?;
    let found = match early {
        Some(found) => found,
        None => app.store.account_by_email(&email).await?,
    };
    let (account, stored) = found.unzip();
    let fits = app.passwords.verify(network, password, stored.flatten()).await?;
    let refused = |actor: Actor, reason: ErrorType| {
        tracing::warn!(ip = client.ip_text(), reason = reason.as_str(), "sign-in refused");
        app.audit_refused_person(actor, Action::SessionCreate, reason, &client);
        Err(ApiError::new(reason))
    };
    // Of an email that no account has, the audit log keeps nothing: it may be a password in the wrong field.
    let known = account.as_ref().map_or_else(|| Actor::only(ActorKind::Guest), AccountRecord::actor);
    let Some(account) = account.filter(|_| fits) else { return refused(known, ErrorType::InvalidCredentials) };
    if account.blocked {
        return refused(known, ErrorType::UserBlocked);
    }
    if account.second_factor.is_none() {
        app.sign_in.succeeded(who);
    }
    admit(&app, &client, devices, &account).await
}

/// Opens a session. If the account has a second factor, asks for its code instead.
pub(in crate::server::http) async fn admit(
    app: &App,
    client: &Client,
    devices: Devices,
    account: &AccountRecord,
) -> Result<Response, ApiError> {
    if account.second_factor.is_none() {
        return open(app, client, devices, account, None).await;
    }
    let (challenge, until) = challenge(&app.root_key, app.clock.as_ref(), app.random.as_ref(), account)?;
    tracing::info!(account = account.id, ip = client.ip_text(), "the password was right, and the code of the second factor is awaited");
    Ok(json(StatusCode::ACCEPTED, &SignInChallenge { challenge, expire: WireDate(Some(until)) }))
}

/// Opens a session with a new token, which uses the code of a second factor up, and hands the token out in the cookie alone. A second cookie lets the sign-in know the browser
/// again.
pub(super) async fn open(
    app: &App,
    client: &Client,
    devices: Devices,
    account: &AccountRecord,
    code: Option<UsedCode>,
) -> Result<Response, ApiError> {
    let caller = Caller::only(account.actor(), client.ip_text());
    let own = OwnAccount { store: app.store.as_ref(), clock: app.clock.as_ref(), caller, account };
    let (token, session) = own.open_session(app.random.as_ref(), &client.user_agent, code).await?;
    tracing::info!(account = account.id, session = session.id, ip = session.ip, "signed in");
    let mut response = json(StatusCode::CREATED, &models::session(session, true));
    let device = devices.signed_in(&app.root_key, &account.id, app.random.as_ref())?;
    let session = session_cookie(token.expose(), SESSION_LIFETIME_SECONDS, client.https);
    for cookie in [session, device_cookie(&device, client.https)] {
        if let Ok(mut value) = HeaderValue::from_str(&cookie) {
            value.set_sensitive(true);
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    Ok(response)
}
