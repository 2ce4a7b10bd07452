//! Owns what may become of a key: it is made, changed, rotated, switched, and lends what it holds to ephemeral keys. Here the scope
//! model and the project's policy are asked; who may come here at all is the gate's business.

use super::{
    admin::{AdminError, id, invalid},
    auth::{EphemeralKey, RootKey, SecretHash, sign},
    clock::Clock,
    random::{Random, bytes, unique_id},
    store::{KeyChange, KeyRecord, KeyRotation, NewKey, ProjectRecord, Store, StoreError},
};
use crate::{
    key::{ExpiryRefusal, Grantor, KeyId, KeyName, MAX_EPHEMERAL_SECONDS, MAX_OVERLAP_SECONDS, Secret, SecretKind, hint},
    scope::{Catalog, CheckRequest, Code, DateTime, Expiry, Report, check},
};

/// What a key is made of, not judged yet.
#[derive(Clone, Copy, Debug)]
pub struct KeyInput<'a> {
    /// 1 to 128 characters.
    pub name: &'a str,
    /// At most 200 scopes.
    pub scopes: &'a [String],
    /// ISO 8601; `None` is never.
    pub expire: Option<&'a str>,
}

/// The keys of one project, and who acts on them.
pub(super) struct Keys<'a> {
    pub store: &'a dyn Store,
    pub clock: &'a dyn Clock,
    pub random: &'a dyn Random,
    /// What scopes are judged by.
    pub catalog: &'a Catalog,
    pub project: &'a ProjectRecord,
    /// The key that acts; `None` for a person.
    pub grantor: Option<Grantor<'a>>,
}

/// How often a rotation begins anew where the key changes in between.
const ATTEMPTS: usize = 5;

impl Keys<'_> {
    /// Makes a standard key. `id_text` may be [`UNIQUE`](super::admin::UNIQUE). The secret is told here and nowhere else.
    pub async fn create(&self, id_text: &str, input: KeyInput<'_>) -> Result<(KeyRecord, Secret), AdminError> {
        let created_at = self.clock.now();
        let id = id::<KeyId>("keyId", id_text, created_at, self.random)?;
        let may_create = self.grantor.is_none() || self.project.policy.lets_keys_create();
        // A key that may create none is told so, and not what it does not hold.
        let (name, expire) = self.judge(input, None, created_at, self.grantor.filter(|_| may_create))?;
        if !may_create {
            return Err(AdminError::KeyCreationDenied);
        }
        let secret = Secret::new(SecretKind::Key, &bytes(self.random)?);
        let new = NewKey {
            project_id: self.project.id.clone(),
            id,
            name,
            scopes: input.scopes.to_vec(),
            secret: SecretHash::of(secret.expose()),
            hint: hint(secret.expose()),
            expire,
            created_at,
        };
        let record = self.store.create_key(new).await.map_err(|error| match error {
            StoreError::Duplicate => AdminError::KeyExists,
            StoreError::ParentMissing => AdminError::ProjectMissing,
            other => AdminError::Store(other),
        })?;
        Ok((record, secret))
    }

    /// Replaces name, scopes and expiry; answers with the key before and after. `None` where the project has no such key.
    pub async fn update(&self, id: &str, input: KeyInput<'_>) -> Result<Option<(KeyRecord, KeyRecord)>, AdminError> {
        let Some(before) = self.get(id).await? else {
            // Judged all the same: the answer must not tell more of a key that is absent than of one that is there.
            self.judge(input, None, self.clock.now(), self.grantor)?;
            return Ok(None);
        };
        let (name, expire) = self.judge(input, Some(&before), before.secret_since(), self.grantor)?;
        let change = KeyChange { name, scopes: input.scopes.to_vec(), expire, updated_at: self.clock.now() };
        let after = self.store.update_key(&self.project.id, id, change).await.map_err(AdminError::Store)?;
        Ok(after.map(|after| (before, after)))
    }

    /// Gives a key a new secret; the old one stays valid for the overlap. `None` where the project has no such key.
    pub async fn rotate(&self, id: &str, overlap_seconds: i64) -> Result<Option<(KeyRecord, Secret)>, AdminError> {
        if !(0..=MAX_OVERLAP_SECONDS).contains(&overlap_seconds) {
            return Err(invalid("overlapSeconds", format!("must be a whole number from 0 to {MAX_OVERLAP_SECONDS}")));
        }
        for _ in 0..ATTEMPTS {
            let Some(key) = self.get(id).await? else { return Ok(None) };
            self.judge_handover(&key)?;
            let secret = Secret::new(SecretKind::Key, &bytes(self.random)?);
            let rotated_at = self.clock.now();
            let rotation = KeyRotation {
                secret: SecretHash::of(secret.expose()),
                hint: hint(secret.expose()),
                overlap_until: rotated_at.plus_seconds(overlap_seconds),
                judged_at: key.updated_at,
                rotated_at,
            };
            if let Some(rotated) = self.store.rotate_key(&self.project.id, id, rotation).await.map_err(AdminError::Store)? {
                return Ok(Some((rotated, secret)));
            }
        }
        Err(AdminError::Store(StoreError::Unavailable("the key changes too often".to_owned())))
    }

    /// Switches a key on or off. `None` where the project has no such key.
    pub async fn set_enabled(&self, id: &str, enabled: bool) -> Result<Option<KeyRecord>, AdminError> {
        // Switching off only takes away.
        if enabled {
            let Some(key) = self.get(id).await? else { return Ok(None) };
            self.judge_handover(&key)?;
        }
        self.store.set_key_enabled(&self.project.id, id, enabled, self.clock.now()).await.map_err(AdminError::Store)
    }

    /// Makes an ephemeral key; the second part is its secret. Nothing is stored but, the first time, the id of the signing key.
    pub async fn mint(
        &self,
        scopes: Vec<String>,
        duration_seconds: i64,
        made_by: String,
        root: &RootKey,
    ) -> Result<(EphemeralKey, String), AdminError> {
        let now = self.clock.now();
        let request = CheckRequest { scopes: scopes.clone(), ..self.request(now, self.grantor) };
        refuse_errors(check(self.catalog, &request))?;
        if !(1..=MAX_EPHEMERAL_SECONDS).contains(&duration_seconds) {
            return Err(invalid("duration", format!("must be a whole number from 1 to {MAX_EPHEMERAL_SECONDS}, in seconds")));
        }
        // Tokens count whole seconds (RFC 7519 §2).
        let created_at = DateTime::from_unix_milliseconds(now.unix_milliseconds().div_euclid(1000) * 1000);
        let expire = created_at.plus_seconds(duration_seconds);
        let judged = self.project.policy.judge_expiry(Some(expire), None, created_at, self.grantor);
        judged.map_err(|refusal| AdminError::Expiry { parameter: "duration", refusal })?;
        let signing_key_id = match &self.project.signing_key_id {
            Some(id) => id.clone(),
            None => {
                let new_id = unique_id(now, self.random)?;
                let kept = self.store.ensure_signing_key(&self.project.id, &new_id).await.map_err(AdminError::Store)?;
                kept.ok_or(AdminError::ProjectMissing)?
            }
        };
        let id = unique_id(now, self.random)?;
        let key = EphemeralKey { id, project_id: self.project.id.clone(), scopes, created_at, expire, made_by };
        let token = sign(root, &signing_key_id, &key).ok_or(AdminError::Unsigned)?;
        Ok((key, token))
    }

    async fn get(&self, id: &str) -> Result<Option<KeyRecord>, AdminError> {
        self.store.key(&self.project.id, id).await.map_err(AdminError::Store)
    }

    /// What every check of this project is asked. The acting key counts where the policy binds it.
    fn request(&self, now: DateTime, grantor: Option<Grantor<'_>>) -> CheckRequest {
        let policy = self.project.policy;
        CheckRequest {
            now: Some(now),
            grantor: grantor.filter(|_| policy.binds_keys()).map(|grantor| grantor.scopes.to_vec()),
            beyond_grantor: policy.beyond_grantor(),
            edition: self.catalog.newest_edition().map(|edition| edition.id.clone()),
            ..CheckRequest::default()
        }
    }

    /// Name and expiry of a key whose secret was made at `since`, where model and policy find no errors. Warnings never block.
    fn judge(
        &self,
        input: KeyInput<'_>,
        before: Option<&KeyRecord>,
        since: DateTime,
        grantor: Option<Grantor<'_>>,
    ) -> Result<(KeyName, Option<DateTime>), AdminError> {
        let name = input.name.parse().map_err(|error| invalid("name", error))?;
        let request = CheckRequest {
            scopes: input.scopes.to_vec(),
            expire: input.expire.map_or(Expiry::Never, |text| Expiry::At(text.to_owned())),
            previous: before.map(|before| before.scopes.clone()),
            ..self.request(self.clock.now(), grantor)
        };
        refuse_errors(check(self.catalog, &request))?;
        let expire = input.expire.map(str::parse).transpose().map_err(|error| invalid("expire", format!("is {error}")))?;
        let judged = self.project.policy.judge_expiry(expire, before.map(|before| before.expire), since, grantor);
        judged.map_err(|refusal: ExpiryRefusal| AdminError::Expiry { parameter: "expire", refusal })?;
        Ok((name, expire))
    }

    /// Whether the acting key may bring this key into force as it is: it must hold all that it holds, and live as long.
    fn judge_handover(&self, key: &KeyRecord) -> Result<(), AdminError> {
        let Some(grantor) = self.grantor.filter(|_| self.project.policy.binds_keys()) else { return Ok(()) };
        let request = CheckRequest { scopes: key.scopes.clone(), ..self.request(self.clock.now(), Some(grantor)) };
        let mut report = check(self.catalog, &request);
        // What the key holds, it holds; here the acting key alone is judged. A scope that the catalog does not know counts as it is written.
        let is_held = |scope: Option<&String>| scope.is_some_and(|scope| grantor.scopes.contains(scope));
        report.errors.retain(|error| match error.code {
            Code::ExceedsGrantor => true,
            Code::UnknownScope | Code::WrongTier => !is_held(error.scope.as_ref()),
            _ => false,
        });
        report.valid = report.errors.is_empty();
        if let Some(error) = report.errors.first() {
            let problem = format!("{}; do this at the console, or with a key that holds as much", error.message);
            return Err(AdminError::HandoverDenied { problem, report: Some(Box::new(report)) });
        }
        self.project.policy.judge_handover(key.expire, Some(grantor)).map_err(|refusal| {
            let problem = format!("the key {refusal}; do this at the console, or with a key that lives as long");
            AdminError::HandoverDenied { problem, report: None }
        })
    }
}

fn refuse_errors(report: Report) -> Result<(), AdminError> {
    if report.valid { Ok(()) } else { Err(AdminError::Refused(Box::new(report))) }
}
