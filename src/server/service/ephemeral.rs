//! Ephemeral keys: signed, never stored, and revoked by id or all at once.

use super::{
    caller::Done,
    change_text,
    error::{ServiceError, invalid},
    keys::{Keys, parse_scopes, refuse_errors},
};
use crate::{
    key::{KeyId, MAX_EPHEMERAL_SECONDS},
    scope::{CheckRequest, DateTime, check},
    server::{
        auth::{EphemeralKey, RootKey, sign},
        random::unique_id,
        store::{Action, EndedKey, MAX_ENDED_EPHEMERAL},
    },
};

/// When a token is made and when it expires. Tokens count whole seconds (RFC 7519 §2).
pub(super) fn lifetime(now: DateTime, duration_seconds: i64) -> Result<(DateTime, DateTime), ServiceError> {
    if !(1..=MAX_EPHEMERAL_SECONDS).contains(&duration_seconds) {
        return Err(invalid("duration", format!("must be a whole number from 1 to {MAX_EPHEMERAL_SECONDS}, in seconds")));
    }
    let created_at = DateTime::from_unix_milliseconds(now.unix_milliseconds().div_euclid(1000) * 1000);
    Ok((created_at, created_at.plus_seconds(duration_seconds)))
}

impl Keys<'_> {
    /// Creates an ephemeral key; the second part is its secret. Nothing is stored except, the first time, the id of the signing key.
    pub async fn issue_ephemeral(
        &self,
        scopes: Vec<String>,
        duration_seconds: i64,
        root: &RootKey,
    ) -> Result<(EphemeralKey, String), ServiceError> {
        let now = self.clock.now();
        let request = CheckRequest { scopes: scopes.clone(), ..self.request(now, self.grantor) };
        refuse_errors(check(self.catalog, &request))?;
        let scopes = parse_scopes(&scopes)?;
        let (created_at, expire) = lifetime(now, duration_seconds)?;
        let judged = self.project.policy.judge_expiry(Some(expire), None, created_at, self.grantor);
        judged.map_err(|refusal| ServiceError::Expiry { parameter: "duration", refusal })?;
        let signing_key_id = self.signing_key_id(now).await?;
        let id = unique_id(now, self.random)?;
        let made_by = self.made_by();
        let key = EphemeralKey { id, project_id: self.project.id.clone(), scopes, created_at, expire, made_by };
        let token = sign(root, &signing_key_id, &key).ok_or(ServiceError::Unsigned)?;
        let done = Done { action: Action::EphemeralCreate, target: &key.id, detail: change_text::described(&key.scopes, Some(expire)) };
        self.store.record(self.write(now, done, None)).await.map_err(ServiceError::Store)?;
        Ok((key, token))
    }

    /// Who issues a token, as the token names them.
    pub(super) fn made_by(&self) -> String {
        format!("{} {}", self.caller.actor.kind.as_str(), self.caller.actor.id)
    }

    /// The id of the project's signing key, which is created the first time that a token is signed.
    pub(super) async fn signing_key_id(&self, now: DateTime) -> Result<String, ServiceError> {
        if let Some(id) = &self.project.signing_key_id {
            return Ok(id.clone());
        }
        let new_id = unique_id(now, self.random)?;
        let kept = self.store.ensure_signing_key(&self.project.id, &new_id).await.map_err(ServiceError::Store)?;
        kept.ok_or(ServiceError::ProjectMissing)
    }

    /// Revokes an ephemeral key or a widget token. Its id is stored until every token with that id has expired. Whether such a token exists is not known here.
    pub async fn end_ephemeral(&self, id: &str) -> Result<(), ServiceError> {
        id.parse::<KeyId>().map_err(|error| invalid("keyId", error))?;
        let now = self.clock.now();
        let mut ended: Vec<String> = self.project.ended_ephemeral.iter().filter(|entry| !EndedKey::is_over(entry, now)).cloned().collect();
        if ended.iter().any(|entry| EndedKey::id(entry) == id) {
            return Ok(());
        }
        if ended.len() >= MAX_ENDED_EPHEMERAL {
            return Err(ServiceError::TooManyEnded);
        }
        ended.push(EndedKey::entry(id, now.plus_seconds(MAX_EPHEMERAL_SECONDS)));
        let write = self.write(now, Done::new(Action::EphemeralEnd, id), None);
        self.store.set_ended_ephemeral(self.project.sequence, ended, write).await.map_err(ServiceError::Store)
    }

    /// Revokes every ephemeral key and every widget token of the project.
    pub async fn end_all_ephemeral(&self) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let new_id = unique_id(now, self.random)?;
        let write = self.write(now, Done::new(Action::SigningKeyRotate, ""), None);
        self.store.rotate_signing_key(self.project.sequence, &new_id, write).await.map_err(ServiceError::Store)
    }
}
