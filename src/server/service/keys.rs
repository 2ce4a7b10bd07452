//! API keys: created, updated, rotated, enabled, disabled and deleted. The scope model and the project's policy decide here. Whether a
//! caller may ask at all is decided before (authorization).

use std::sync::Arc;

use super::{
    caller::{Caller, Done},
    change_text,
    error::{ServiceError, invalid},
    ids::id,
    retry::again,
};
use crate::{
    api::Key,
    key::{EditionId, ExpiryRefusal, Grantor, KeyDescription, KeyId, KeyName, MAX_OVERLAP_SECONDS, Secret, SecretKind, hint},
    scope::{Catalog, CheckRequest, Code, DateTime, Expiry, Report, ScopeName, ScopeNameError, Tier, check},
    server::{
        auth::SecretHash,
        clock::Clock,
        models,
        random::{Random, bytes},
        store::{Action, KeyChange, KeyRecord, KeyRotation, NewKey, ProjectRecord, Store, StoreError, Version, Write},
    },
};

/// Values for a key, not validated yet.
#[derive(Clone, Copy, Debug)]
pub struct KeyInput<'a> {
    /// 1 to 128 characters.
    pub name: &'a str,
    /// What it is for; `None` leaves it as it is.
    pub description: Option<&'a str>,
    /// At most 200 scopes.
    pub scopes: &'a [String],
    /// A date and time; `None` is never.
    pub expire: Option<&'a str>,
}

/// A rotation, not validated yet.
#[derive(Clone, Copy, Debug)]
pub(in crate::server) struct RotationInput<'a> {
    /// 0 to [`MAX_OVERLAP_SECONDS`].
    pub overlap_seconds: i64,
    /// When the key expires from now on: a date and time, or `""` for never; `None` leaves it.
    pub expire: Option<&'a str>,
}

/// Checks the version of a key against the one that the client has seen (`If-Match`).
pub(in crate::server) type VersionCheck<'a> = &'a (dyn Fn(Version) -> Result<(), ServiceError> + Send + Sync);

/// The keys of one project, or of the organization, and who acts on them.
pub(in crate::server) struct Keys<'a> {
    pub store: &'a dyn Store,
    pub clock: &'a dyn Clock,
    pub random: &'a dyn Random,
    /// The catalog that scopes are checked against.
    pub catalog: &'a Catalog,
    pub project: &'a ProjectRecord,
    /// The key that acts; `None` for a person.
    pub grantor: Option<Grantor<'a>>,
    pub caller: Caller,
    pub seen: VersionCheck<'a>,
}

/// Any version will do.
pub(in crate::server) const ANY: VersionCheck<'static> = &|_| Ok(());

/// Creates a standard API key of a project, or of the organization if no project is named. `id_text` may be [`UNIQUE`](super::UNIQUE).
/// Only this answer carries the secret.
///
/// # Errors
/// [`ServiceError::Invalid`] for a bad id or name, [`ServiceError::Refused`] for scopes or an expiry that the check calls errors,
/// [`ServiceError::Expiry`] for one that the project's policy refuses, [`ServiceError::KeyExists`] for an id that is taken, [`ServiceError::ProjectMissing`] without the project.
pub async fn create_key(
    store: &dyn Store,
    clock: &dyn Clock,
    random: &dyn Random,
    catalog: &Catalog,
    project_id: Option<&str>,
    id_text: &str,
    input: KeyInput<'_>,
) -> Result<Key, ServiceError> {
    let attempt = async || {
        let project = match project_id {
            Some(id) => Arc::new(store.project(id).await.map_err(ServiceError::Store)?.ok_or(ServiceError::ProjectMissing)?),
            None => store.organization().await.map_err(ServiceError::Store)?,
        };
        let keys = Keys { store, clock, random, catalog, project: &project, grantor: None, caller: Caller::command_line(), seen: ANY };
        keys.create(id_text, input).await
    };
    let (record, secret) = again!(ServiceError::Store(StoreError::Stale) => attempt().await)?;
    Ok(Key { secret: secret.expose().to_owned(), ..models::key(record) })
}

impl Keys<'_> {
    /// Creates a standard key. `id_text` may be [`UNIQUE`](super::UNIQUE). The secret is returned only here.
    pub async fn create(&self, id_text: &str, input: KeyInput<'_>) -> Result<(KeyRecord, Secret), ServiceError> {
        let created_at = self.clock.now();
        let id = id::<KeyId>("keyId", id_text, created_at, self.random)?;
        let may_create = self.grantor.is_none() || self.project.policy.lets_keys_create();
        // A key that may not create keys learns only that, not which scopes it lacks.
        let (name, scopes, expire) = self.validate(input, None, created_at, self.grantor.filter(|_| may_create))?;
        if !may_create {
            return Err(ServiceError::KeyCreationDenied);
        }
        let secret = Secret::new(self.secret_kind(), &bytes(self.random)?);
        let done = Done { action: Action::KeyCreate, target: id.as_str(), detail: change_text::described(&scopes, expire) };
        let write = self.write(created_at, done, None);
        let new = NewKey {
            project_id: self.project.id.clone(),
            id,
            name,
            description: input.description.unwrap_or_default().to_owned(),
            scopes,
            secret: SecretHash::of(secret.expose()),
            hint: hint(secret.expose()),
            expire,
            created_at,
        };
        let record = self.store.create_key(new, write).await.map_err(|error| match error {
            StoreError::Duplicate => ServiceError::KeyExists,
            StoreError::ParentMissing => ServiceError::ProjectMissing,
            other => ServiceError::Store(other),
        })?;
        Ok((record, secret))
    }

    /// Replaces name, scopes and expiry. `None` if the project has no such key.
    pub async fn update(&self, id: &str, input: KeyInput<'_>) -> Result<Option<KeyRecord>, ServiceError> {
        let Some(before) = self.get(id).await? else {
            // Validated anyway: the answer must not reveal whether the key exists.
            self.validate(input, None, self.clock.now(), self.grantor)?;
            return Ok(None);
        };
        let (name, scopes, expire) = self.validate(input, Some(&before), before.secret_since(), self.grantor)?;
        self.judge_narrowing(&before, KeyRecord { scopes: scopes.clone(), expire, ..before.clone() })?;
        let updated_at = self.clock.now();
        let description = input.description.map(str::to_owned);
        let change = KeyChange { name, description, scopes, expire, updated_at };
        let done = Done { action: Action::KeyUpdate, target: id, detail: change_text::changed(&before, &change) };
        let write = self.write(updated_at, done, Some(before.version()));
        self.store.update_key(before.sequence, change, write).await.map(Some).map_err(ServiceError::Store)
    }

    /// Deletes a key. `false` if the project has no such key.
    pub async fn delete(&self, id: &str) -> Result<bool, ServiceError> {
        let Some(key) = self.get(id).await? else { return Ok(false) };
        let done = Done { action: Action::KeyDelete, target: id, detail: change_text::deleted(&key) };
        let write = self.write(self.clock.now(), done, Some(key.version()));
        self.store.delete_key(key.sequence, write).await.map(|()| true).map_err(ServiceError::Store)
    }

    /// Gives a key a new secret; the old one stays valid for the overlap, but never beyond the old expiry. `None` if the project
    /// has no such key.
    pub async fn rotate(&self, id: &str, input: RotationInput<'_>) -> Result<Option<(KeyRecord, Secret)>, ServiceError> {
        if !(0..=MAX_OVERLAP_SECONDS).contains(&input.overlap_seconds) {
            return Err(invalid("overlapSeconds", format!("must be a whole number from 0 to {MAX_OVERLAP_SECONDS}")));
        }
        let Some(key) = self.get(id).await? else { return Ok(None) };
        self.validate_takeover(&key)?;
        let rotated_at = self.clock.now();
        let expire = self.expiry_of_new_secret(&key, input.expire, rotated_at)?;
        let overlap_until = rotated_at.plus_seconds(input.overlap_seconds);
        let overlap_until = key.expire.map_or(overlap_until, |old| old.min(overlap_until));
        let overlap_until = Some(overlap_until).filter(|until| *until > rotated_at);
        let secret = Secret::new(self.secret_kind(), &bytes(self.random)?);
        let done = Done { action: Action::KeyRotate, target: id, detail: change_text::rotated(&key, overlap_until, expire) };
        let write = self.write(rotated_at, done, Some(key.version()));
        let (hash, hint) = (SecretHash::of(secret.expose()), hint(secret.expose()));
        let rotation = KeyRotation { secret: hash, hint, overlap_until, expire, rotated_at };
        let rotated = self.store.rotate_key(key.sequence, rotation, write).await.map_err(ServiceError::Store)?;
        Ok(Some((rotated, secret)))
    }

    /// A new secret follows the policy of today, as a new key does, and must not be expired from the start.
    fn expiry_of_new_secret(&self, key: &KeyRecord, asked: Option<&str>, now: DateTime) -> Result<Option<DateTime>, ServiceError> {
        let expire = match asked {
            // Answers write "never" like this.
            Some("") => None,
            Some(text) => Some(read_expiry("expire", text)?),
            None => key.expire,
        };
        if let Some(over) = expire.filter(|at| *at <= now) {
            let problem = match asked {
                Some(_) => "must be in the future".to_owned(),
                None => format!("must say when the new secret expires, since the key expired at {over}"),
            };
            return Err(invalid("expire", problem));
        }
        let judged = self.project.policy.judge_expiry(expire, None, now, self.grantor);
        judged.map_err(|refusal| ServiceError::Expiry { parameter: "expire", refusal })?;
        Ok(expire)
    }

    /// Ends the secret before the last rotation at once. `None` if the project has no such key.
    pub async fn end_overlap(&self, id: &str) -> Result<Option<KeyRecord>, ServiceError> {
        let Some(key) = self.get(id).await? else { return Ok(None) };
        let now = self.clock.now();
        if key.overlap_until.is_none_or(|until| until <= now) {
            return Ok(Some(key));
        }
        let write = self.write(now, Done::new(Action::KeyOverlapEnd, id), Some(key.version()));
        self.store.end_key_overlap(key.sequence, now, write).await.map(Some).map_err(ServiceError::Store)
    }

    /// Enables or disables a key. `None` if the project has no such key.
    pub async fn set_enabled(&self, id: &str, enabled: bool) -> Result<Option<KeyRecord>, ServiceError> {
        let Some(key) = self.get(id).await? else { return Ok(None) };
        // Disabling grants nothing.
        if enabled {
            self.validate_takeover(&key)?;
        }
        let now = self.clock.now();
        let action = if enabled { Action::KeyEnable } else { Action::KeyDisable };
        let write = self.write(now, Done::new(action, id), Some(key.version()));
        self.store.set_key_enabled(key.sequence, enabled, now, write).await.map(Some).map_err(ServiceError::Store)
    }

    /// The key, if the client has seen this version of it.
    async fn get(&self, id: &str) -> Result<Option<KeyRecord>, ServiceError> {
        let key = self.store.key(&self.project.id, id).await.map_err(ServiceError::Store)?;
        key.iter().try_for_each(|key| (self.seen)(key.version()))?;
        Ok(key)
    }

    fn secret_kind(&self) -> SecretKind {
        if self.project.is_organization() { SecretKind::Organization } else { SecretKind::Key }
    }

    pub(super) fn write(&self, at: DateTime, done: Done<'_>, target: Option<Version>) -> Write {
        self.caller.write_in(self.project, at, done, target)
    }

    /// The part of a check that depends on the project. The caller key counts if the policy binds it.
    pub(super) fn request(&self, now: DateTime, grantor: Option<Grantor<'_>>) -> CheckRequest {
        let policy = self.project.policy;
        CheckRequest {
            now: Some(now),
            tier: if self.project.is_organization() { Tier::Organization } else { Tier::Project },
            grantor: grantor.filter(|_| policy.binds_keys()).map(|grantor| texts(grantor.scopes)),
            beyond_grantor: policy.beyond_grantor(),
            edition: self.catalog.edition_of_keys(policy.edition.as_ref().map(EditionId::as_str)).map(str::to_owned),
            beyond_edition: Some(policy.beyond_edition()),
            ..CheckRequest::default()
        }
    }

    /// Name, scopes and expiry of a key whose secret dates from `since`, if scope model and policy find no errors. Warnings never block.
    fn validate(
        &self,
        input: KeyInput<'_>,
        before: Option<&KeyRecord>,
        since: DateTime,
        grantor: Option<Grantor<'_>>,
    ) -> Result<(KeyName, Vec<ScopeName>, Option<DateTime>), ServiceError> {
        let name = input.name.parse().map_err(|error| invalid("name", error))?;
        input.description.map(str::parse::<KeyDescription>).transpose().map_err(|error| invalid("description", error.to_string()))?;
        let request = CheckRequest {
            scopes: input.scopes.to_vec(),
            expire: input.expire.map_or(Expiry::Never, |text| Expiry::At(text.to_owned())),
            previous: before.map(|before| texts(&before.scopes)),
            ..self.request(self.clock.now(), grantor)
        };
        refuse_errors(check(self.catalog, &request))?;
        let scopes = parse_scopes(input.scopes)?;
        let expire = input.expire.map(|text| read_expiry("expire", text)).transpose()?;
        let judged = self.project.policy.judge_expiry(expire, before.map(|before| before.expire), since, grantor);
        judged.map_err(|refusal: ExpiryRefusal| ServiceError::Expiry { parameter: "expire", refusal })?;
        Ok((name, scopes, expire))
    }

    /// A key that the caller key may not take over must not become one that it may: otherwise the caller could narrow it, rotate it, and
    /// hold its secret when a person grants the scopes again.
    fn judge_narrowing(&self, before: &KeyRecord, after: KeyRecord) -> Result<(), ServiceError> {
        if self.validate_takeover(before).is_ok() || self.validate_takeover(&after).is_err() {
            return Ok(());
        }
        let problem = "this key holds more, or lives longer, than the one that asks, and would not any more: then it could be taken over; \
            do this at the console, or with a key that holds as much";
        Err(ServiceError::TakeoverDenied { problem: problem.to_owned(), report: None })
    }

    /// Checks that the caller key may enable or rotate this key: it must hold every scope of the key, and live as long.
    fn validate_takeover(&self, key: &KeyRecord) -> Result<(), ServiceError> {
        let Some(grantor) = self.grantor.filter(|_| self.project.policy.binds_keys()) else { return Ok(()) };
        let request = CheckRequest { scopes: texts(&key.scopes), ..self.request(self.clock.now(), Some(grantor)) };
        let mut report = check(self.catalog, &request);
        // The scopes of the key are not in question here, only the caller key. A scope that is not in the catalog is compared as text.
        let is_held = |scope: Option<&String>| scope.is_some_and(|scope| grantor.scopes.iter().any(|held| held == scope.as_str()));
        report.errors.retain(|error| match error.code {
            Code::ExceedsGrantor => true,
            Code::UnknownScope | Code::WrongTier => !is_held(error.scope.as_ref()),
            _ => false,
        });
        report.valid = report.errors.is_empty();
        if let Some(error) = report.errors.first() {
            let problem = format!("{}; do this at the console, or with a key that holds as much", error.message);
            return Err(ServiceError::TakeoverDenied { problem, report: Some(Box::new(report)) });
        }
        self.project.policy.validate_takeover(key.expire, Some(grantor)).map_err(|refusal| {
            let problem = format!("the key {refusal}; do this at the console, or with a key that lives as long");
            ServiceError::TakeoverDenied { problem, report: None }
        })
    }
}

fn texts(scopes: &[ScopeName]) -> Vec<String> {
    scopes.iter().map(ToString::to_string).collect()
}

/// Scopes that the check has accepted. It names a malformed one with more words, so the error here is never seen.
pub(super) fn parse_scopes(texts: &[String]) -> Result<Vec<ScopeName>, ServiceError> {
    texts
        .iter()
        .map(|text| text.parse().map_err(|error: ScopeNameError| invalid("scopes", format!("holds a malformed scope: {error}"))))
        .collect()
}

pub(super) fn read_expiry(parameter: &'static str, text: &str) -> Result<DateTime, ServiceError> {
    text.parse().map_err(|error| invalid(parameter, format!("is {error}")))
}

pub(super) fn refuse_errors(report: Report) -> Result<(), ServiceError> {
    if report.valid { Ok(()) } else { Err(ServiceError::Refused(Box::new(report))) }
}
