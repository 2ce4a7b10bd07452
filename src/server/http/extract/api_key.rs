//! Turns what was sent as an API key into an identity (contract §2, key decode table). Every text that could be a key is looked up.
//! Unknown keys are counted, and refused where a network sends too many.

use std::sync::Arc;

use axum::http::{HeaderMap, request::Parts};

use super::{
    client::{Client, text},
    key_mistake::Mistake,
};
use crate::{
    api::ErrorType,
    key::{BrowserUse, KeyStatus, Secret, SecretError, SecretKind},
    server::{
        app::App,
        auth::{EPHEMERAL_PREFIX, Identity, Mark, SecretHash, WIDGET_PREFIX, verify, verify_widget},
        http::{error::ApiError, names},
        store::{Action, KeyRecord, ProjectRecord, StoredKey},
    },
};

/// What the header of the API key holds.
pub(in crate::server::http) enum PresentedKey {
    /// No key.
    Nothing,
    /// Something that the contract treats as if there were no key at all.
    Foreign,
    /// The token of an ephemeral key, perhaps.
    Ephemeral(String),
    /// A widget token, perhaps.
    Widget(String),
    /// The secret of a standard key, perhaps.
    Standard(SentSecret),
    /// The secret of a key of the organization, perhaps.
    Organization(SecretHash),
    /// A kind of key that projects do not have.
    Unknown,
}

/// A secret that was sent.
pub(in crate::server::http) struct SentSecret {
    pub hash: SecretHash,
    /// Where its hash was computed, and may be known from now on.
    mark: Option<Mark>,
}

impl SentSecret {
    /// Notes that the store has found it.
    pub(in crate::server::http) fn is_found(&self, app: &App) {
        if let Some(mark) = self.mark {
            app.known_secrets.keep(mark, &self.hash);
        }
    }
}

/// What was sent as a key, and what was found of its project and of it.
pub(in crate::server::http) type LookedUp = (PresentedKey, Option<Arc<ProjectRecord>>, Option<StoredKey>);

/// Why a text is not looked up as an API key.
#[derive(Clone, Copy, Debug)]
pub(in crate::server::http) enum KeyFormatError {
    /// It is a dev key.
    Dev,
    /// Its checksum does not fit.
    Damaged,
    /// It is not the key alone, or none at all.
    Mistaken(Mistake),
}

impl From<KeyFormatError> for ApiError {
    fn from(not_a_key: KeyFormatError) -> Self {
        let message = match not_a_key {
            KeyFormatError::Dev => {
                "A dev key was sent as an API key. Send it in the X-Appwrite-Dev-Key header; it opens what a session opens, not more."
            }
            KeyFormatError::Damaged => "The API key is damaged: its checksum does not fit. Copy it again, whole.",
            KeyFormatError::Mistaken(mistake) => mistake.message(),
        };
        Self::because(ErrorType::Unauthorized, message)
    }
}

impl PresentedKey {
    /// Reads what was sent as a key; cheap, nothing is looked up in the store.
    pub(in crate::server::http) fn of(app: &App, secret: &str) -> Result<Self, KeyFormatError> {
        let mark = app.known_secrets.mark(secret);
        if let Some(hash) = mark.and_then(|mark| app.known_secrets.find(mark)) {
            return Ok(Self::Standard(SentSecret { hash, mark: None }));
        }
        // Nearly always it is a secret of ours, and then no mistake.
        let parsed = Secret::parse(secret);
        if parsed.is_err() {
            if let Some(mistake) = Mistake::of(secret) {
                return Err(KeyFormatError::Mistaken(mistake));
            }
            if !secret.is_ascii() {
                return Ok(Self::Unknown);
            }
        }
        match parsed {
            Ok(own) => match own.kind() {
                SecretKind::Key => Ok(Self::Standard(SentSecret { hash: SecretHash::of(own.expose()), mark })),
                SecretKind::Organization => Ok(Self::Organization(SecretHash::of(own.expose()))),
                SecretKind::Dev => Err(KeyFormatError::Dev),
            },
            Err(SecretError::Damaged) => Err(KeyFormatError::Damaged),
            Err(SecretError::Foreign) if secret.starts_with(EPHEMERAL_PREFIX) => Ok(Self::Ephemeral(secret.to_owned())),
            Err(SecretError::Foreign) if secret.starts_with(WIDGET_PREFIX) => Ok(Self::Widget(secret.to_owned())),
            Err(SecretError::Foreign) => Ok(match secret.split_once('_') {
                None | Some(("standard", _)) => Self::Standard(SentSecret { hash: SecretHash::of(secret), mark: None }),
                Some(("scopewise" | "organization" | "account", _)) => Self::Unknown,
                Some(_) => Self::Foreign,
            }),
        }
    }

    /// What is looked up among the secrets of keys.
    fn secret(&self) -> Option<&SecretHash> {
        match self {
            Self::Standard(secret) => Some(&secret.hash),
            Self::Organization(secret) => Some(secret),
            Self::Nothing | Self::Foreign | Self::Ephemeral(_) | Self::Widget(_) | Self::Unknown => None,
        }
    }
}

/// Reads the header. A damaged secret is refused here, before anything is looked up.
pub(in crate::server::http) fn presented_key(app: &App, headers: &HeaderMap) -> Result<PresentedKey, ApiError> {
    let Some(value) = headers.get(&names::KEY).filter(|value| !value.as_bytes().trim_ascii().is_empty()) else {
        return Ok(PresentedKey::Nothing);
    };
    match std::str::from_utf8(value.as_bytes()) {
        Ok(secret) => Ok(PresentedKey::of(app, secret.trim())?),
        Err(_) => Ok(PresentedKey::Unknown),
    }
}

/// The project that a request names, and the key that it sends, of any project: a key that does not exist and a key of another project
/// cost the same look-ups.
pub(in crate::server::http) async fn look_up(
    app: &App,
    project: Option<&str>,
    sent: &PresentedKey,
    client: &Client,
) -> Result<(Option<Arc<ProjectRecord>>, Option<StoredKey>), ApiError> {
    let _turn = match sent.secret() {
        Some(_) if !app.unknown_keys.is_calm() => app.unknown_keys.turn(&client.network(), app.clock.monotonic()).await,
        _ => None,
    };
    let found = match (project, sent.secret()) {
        (Some(id), Some(secret)) => app.store.project_and_key(id, secret, app.clock.now()).await?,
        (Some(id), None) => (app.store.project(id).await?.map(Arc::new), None),
        (None, Some(secret)) => (None, app.store.keys_by_secrets(std::slice::from_ref(secret), app.clock.now()).await?.pop().flatten()),
        (None, None) => (None, None),
    };
    if let (PresentedKey::Standard(sent), (_, Some(_))) = (sent, &found) {
        sent.is_found(app);
    }
    Ok(found)
}

/// Counts a key that opened nothing.
///
/// # Errors
/// [`ApiError`] where its network has sent too many of them.
pub(in crate::server::http) fn note_unknown(app: &App, sent: &PresentedKey, client: &Client) -> Result<(), ApiError> {
    if sent.secret().is_some() {
        if let Some(metrics) = app.metrics() {
            metrics.unknown_key();
        }
        app.unknown_keys.not_found(&client.network(), app.clock.monotonic())?;
        tracing::warn!(ip = client.ip_text(), "an unknown API key was refused");
    }
    Ok(())
}

/// One answer for keys that do not exist and keys of other projects.
pub(in crate::server::http) fn unknown_key() -> ApiError {
    let message =
        "The API key is not one of this project. Check that it was not deleted, and that the X-Appwrite-Project header names its project.";
    ApiError::because(ErrorType::Unauthorized, message)
}

/// Whose key it is. `found` is what was looked up of it.
pub(in crate::server::http) async fn identity(
    app: &App,
    parts: &Parts,
    project: Option<&ProjectRecord>,
    sent: &PresentedKey,
    found: Option<StoredKey>,
    client: &Client,
) -> Result<Identity, ApiError> {
    let found = found.map(|key| key.record()).transpose()?;
    match sent {
        PresentedKey::Nothing | PresentedKey::Foreign => Ok(Identity::Guest),
        PresentedKey::Unknown => Err(unknown_key()),
        PresentedKey::Ephemeral(token) => ephemeral(app, project, token, client).await,
        PresentedKey::Widget(token) => widget(app, project, token, client),
        PresentedKey::Standard(_) => {
            let of_project = |key: &KeyRecord| project.filter(|project| project.id == key.project_id);
            let Some((key, project)) = found.and_then(|key| of_project(&key).map(|project| (key, project))) else {
                note_unknown(app, sent, client)?;
                return Err(unknown_key());
            };
            stored(app, parts, project, Identity::Key(Box::new(key)), client).await
        }
        PresentedKey::Organization(_) => {
            let Some(key) = found.filter(KeyRecord::is_of_organization) else {
                note_unknown(app, sent, client)?;
                let message = "There is no such key of the organization. Check that it was not deleted.";
                return Err(ApiError::because(ErrorType::Unauthorized, message));
            };
            let organization = app.store.organization().await?;
            stored(app, parts, &organization, Identity::Organization(Box::new(key)), client).await
        }
    }
}

/// A key that the store has, where it is in force. `project` is what it belongs to, with the policy that it comes under.
async fn stored(app: &App, parts: &Parts, project: &ProjectRecord, identity: Identity, client: &Client) -> Result<Identity, ApiError> {
    check_browser(app, project, &identity, client).await?;
    let (Identity::Key(key) | Identity::Organization(key)) = &identity else { return Ok(identity) };
    let now = app.clock.now();
    let refused = match key.status(now) {
        KeyStatus::Expired => ErrorType::ProjectKeyExpired,
        KeyStatus::Disabled => ErrorType::KeyDisabled,
        KeyStatus::Active | KeyStatus::ExpiresSoon => {
            app.usage.key(key, text(&parts.headers, &names::SDK_NAME), now);
            return Ok(identity);
        }
    };
    app.audit_denied(identity.actor(), project.log(), Action::KeyUse, refused.as_str(), client);
    Err(ApiError::new(refused))
}

/// A token that is expired, of another project or made up is no key at all (contract §0.3, §0.4).
async fn ephemeral(app: &App, project: Option<&ProjectRecord>, token: &str, client: &Client) -> Result<Identity, ApiError> {
    let signed = project.and_then(|project| project.signing_key_id.as_deref().map(|id| (project, id)));
    let key = signed.and_then(|(project, id)| Some((project, verify(&app.root_key, &project.id, id, token, app.clock.now())?)));
    let Some((project, key)) = key.filter(|(project, key)| !project.has_ended(&key.id)) else { return Ok(Identity::Guest) };
    let identity = Identity::Ephemeral(Box::new(key));
    check_browser(app, project, &identity, client).await?;
    Ok(identity)
}

/// A widget token is for web pages, of any origin or of those that it names. One that is not in force is no key at all.
fn widget(app: &App, project: Option<&ProjectRecord>, token: &str, client: &Client) -> Result<Identity, ApiError> {
    let signed = project.and_then(|project| project.signing_key_id.as_deref().map(|id| (project, id)));
    let token = signed.and_then(|(project, id)| {
        let token = verify_widget(&app.root_key, &project.id, id, token, app.clock.now())?;
        (!project.has_ended(&token.id)).then_some(token)
    });
    let Some(token) = token else { return Ok(Identity::Guest) };
    let origins = &token.rights.origins;
    if client.origin().is_some_and(|origin| !origins.is_empty() && !origins.iter().any(|allowed| allowed == origin)) {
        return Err(ApiError::because(
            ErrorType::UnknownOrigin,
            "The widget token is not for pages of this origin. Create one that lists it in `origins`.",
        ));
    }
    Ok(Identity::Widget(Box::new(token)))
}

/// What the policy makes of a key that comes from a web page. The first time is written down with the key before the answer leaves: it
/// is what the console warns of, and must not get lost among other refusals.
async fn check_browser(app: &App, project: &ProjectRecord, identity: &Identity, client: &Client) -> Result<(), ApiError> {
    if !client.is_browser() || project.policy.browser_use == BrowserUse::Allow {
        return Ok(());
    }
    let (actor, refused) = (identity.actor(), project.policy.browser_use == BrowserUse::Reject);
    tracing::warn!(project = project.id, key = actor.id, "an API key arrived from a browser");
    let now = app.clock.now();
    // For the entries behind the first, and for ephemeral keys: once in a while.
    let again = format!("{} {} {} exposed {refused}", project.sequence, actor.kind.as_str(), actor.id);
    let entry = app.exposure(actor, project, refused, client);
    match identity {
        Identity::Key(key) | Identity::Organization(key) if key.exposed_at.is_none() => {
            let _ = app.denials.attempt(&again, app.clock.monotonic());
            app.store.record_key_exposure(key.sequence, now, entry).await?;
        }
        _ if app.denials.attempt(&again, app.clock.monotonic()).is_ok() => app.refusals.note(entry),
        _ => {}
    }
    if refused { Err(ApiError::new(ErrorType::KeyInBrowser)) } else { Ok(()) }
}
