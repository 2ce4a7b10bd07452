//! Widget tokens: what a page gets to show a key manager with, and what it may do with the keys of the project. The page never does more than its token
//! allows, whatever the policy lets keys do: a token that leaks is worth no more than its ceiling.

use super::{
    caller::Done,
    change_text,
    ephemeral::lifetime,
    error::{ServiceError, invalid},
    keys::{KeyInput, Keys, RotationInput, VersionCheck, parse_scopes, read_expiry, refuse_errors},
};
use crate::{
    key::{ExpiryRefusal, KeyCreation, Secret},
    scope::{CheckRequest, check},
    server::{
        auth::{RootKey, WidgetRights, WidgetToken, sign_widget},
        random::unique_id,
        store::{Action, KeyRecord, ProjectRecord, StoreError, Version},
    },
};

/// The most origins that a token names.
pub const MAX_ORIGINS: usize = 20;
/// The longest origin: a scheme, a host of 253 characters, and a port.
pub const MAX_ORIGIN_BYTES: usize = 267;

/// Values for a widget token, not validated yet.
pub(in crate::server) struct WidgetInput<'a> {
    /// The most that a key may hold.
    pub scopes: &'a [String],
    pub may_create: bool,
    pub may_rotate: bool,
    pub may_revoke: bool,
    /// The latest expiry of a key: a date and time; `None` is any.
    pub key_expire: Option<&'a str>,
    /// Origins of pages, such as `https://app.example.com`; empty is any.
    pub origins: &'a [String],
    /// 1 to 3600.
    pub duration_seconds: i64,
}

impl Keys<'_> {
    /// Creates a widget token; the second part is its text. Nothing is stored except, the first time, the id of the signing key.
    pub async fn issue_widget_token(&self, input: WidgetInput<'_>, root: &RootKey) -> Result<(WidgetToken, String), ServiceError> {
        let now = self.clock.now();
        let request = CheckRequest { scopes: input.scopes.to_vec(), ..self.request(now, self.grantor) };
        refuse_errors(check(self.catalog, &request))?;
        let scopes = parse_scopes(input.scopes)?;
        let (created_at, expire) = lifetime(now, input.duration_seconds)?;
        let bound = self.grantor.filter(|_| self.project.policy.binds_keys());
        if bound.is_some() && input.may_create && !self.project.policy.lets_keys_create() {
            return Err(ServiceError::KeyCreationDenied);
        }
        let ends = bound.and_then(|grantor| grantor.expire);
        let beyond = |parameter, at| ServiceError::Expiry { parameter, refusal: ExpiryRefusal::BeyondGrantor(at) };
        if let Some(at) = ends.filter(|at| expire > *at) {
            return Err(beyond("duration", at));
        }
        // Without a date of its own, a key lives no longer than the key that asks.
        let asked = input.key_expire.map(|text| read_expiry("keyExpire", text)).transpose()?;
        if let Some(at) = ends.filter(|at| asked.is_some_and(|asked| asked > *at)) {
            return Err(beyond("keyExpire", at));
        }
        let rights = WidgetRights {
            scopes,
            may_create: input.may_create,
            may_rotate: input.may_rotate,
            may_revoke: input.may_revoke,
            key_expire: asked.or(ends),
            origins: origins(input.origins)?,
        };
        let signing_key_id = self.signing_key_id(now).await?;
        let id = unique_id(now, self.random)?;
        let made_by = self.made_by();
        let token = WidgetToken { id, project_id: self.project.id.clone(), rights, created_at, expire, made_by };
        let text = sign_widget(root, &signing_key_id, &token).ok_or(ServiceError::Unsigned)?;
        let detail = change_text::described(&token.rights.scopes, Some(expire));
        let done = Done { action: Action::WidgetTokenCreate, target: &token.id, detail };
        self.store.record(self.write(now, done, None)).await.map_err(ServiceError::Store)?;
        Ok((token, text))
    }
}

/// Origins as browsers send them (RFC 6454 §6.2), lower case.
fn origins(texts: &[String]) -> Result<Vec<String>, ServiceError> {
    if texts.len() > MAX_ORIGINS {
        return Err(invalid("origins", format!("must have at most {MAX_ORIGINS} entries")));
    }
    let is_of_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let read = |text: &String| {
        let origin = text.to_ascii_lowercase();
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or_default();
        if host.is_empty() || origin.len() > MAX_ORIGIN_BYTES || !host.chars().all(is_of_host) {
            return Err(invalid("origins", "must be origins, such as `https://app.example.com`: scheme, host and port, without a path"));
        }
        Ok(origin)
    };
    texts.iter().map(read).collect()
}

/// The project as a page with a widget token is judged by: what it makes is bound by its token as a key is bound by the policy `subset`.
pub(in crate::server) fn bound(project: &ProjectRecord) -> ProjectRecord {
    let mut project = project.clone();
    if !project.policy.binds_keys() {
        project.policy.key_creation = KeyCreation::Subset;
    }
    project
}

/// The keys of a project as a page with a widget token sees them. `keys` has the project of [`bound`], and the token as its grantor.
pub(in crate::server) struct WidgetKeys<'a> {
    pub keys: Keys<'a>,
    pub token: &'a WidgetToken,
}

impl WidgetKeys<'_> {
    /// Whether the page sees a key: the token covers all of its scopes.
    pub fn sees(&self, key: &KeyRecord) -> bool {
        let is_covered = |scope: &str| self.token.rights.scopes.iter().any(|held| self.keys.catalog.covers(held.as_str(), scope));
        key.scopes.iter().all(|scope| is_covered(scope.as_str()))
    }

    /// Creates a key.
    pub async fn create(&self, id_text: &str, input: KeyInput<'_>) -> Result<(KeyRecord, Secret), ServiceError> {
        self.require(self.token.rights.may_create, "create", "mayCreate")?;
        self.keys.create(id_text, input).await
    }

    /// Gives a key a new secret. `None` if the page sees no such key.
    pub async fn rotate(&self, id: &str, input: RotationInput<'_>) -> Result<Option<(KeyRecord, Secret)>, ServiceError> {
        self.require(self.token.rights.may_rotate, "rotate", "mayRotate")?;
        let Some(judged) = self.seen(id).await? else { return Ok(None) };
        self.on(&|version| self.is_still(judged, version)).rotate(id, input).await
    }

    /// Deletes a key. `false` if the page sees no such key.
    pub async fn delete(&self, id: &str) -> Result<bool, ServiceError> {
        self.require(self.token.rights.may_revoke, "delete", "mayRevoke")?;
        let Some(judged) = self.seen(id).await? else { return Ok(false) };
        self.on(&|version| self.is_still(judged, version)).delete(id).await
    }

    fn require(&self, may: bool, verb: &'static str, right: &'static str) -> Result<(), ServiceError> {
        if may { Ok(()) } else { Err(ServiceError::WidgetDenied { verb, right }) }
    }

    /// The version of the key, where the page sees it.
    async fn seen(&self, id: &str) -> Result<Option<Version>, ServiceError> {
        let key = self.keys.store.key(&self.keys.project.id, id).await.map_err(ServiceError::Store)?;
        Ok(key.filter(|key| self.sees(key)).map(|key| key.version()))
    }

    /// Whether the key is still the one that was judged, and the one that the client has seen. If not, the request is judged again.
    fn is_still(&self, judged: Version, version: Version) -> Result<(), ServiceError> {
        (self.keys.seen)(version)?;
        if version == judged { Ok(()) } else { Err(ServiceError::Store(StoreError::Stale)) }
    }

    fn on<'s>(&'s self, seen: VersionCheck<'s>) -> Keys<'s> {
        Keys { seen, caller: self.keys.caller.clone(), ..self.keys }
    }
}
