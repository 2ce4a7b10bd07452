//! What people do with their own account and its sessions.

use super::{check_name, check_password};
use crate::{
    scope::DateTime,
    server::{
        auth::{Passwords, SessionToken},
        clock::Clock,
        random::{Random, unique_id},
        service::{
            caller::{Caller, Done},
            error::ServiceError,
        },
        store::{AccountChange, AccountRecord, Action, Basis, FactorCode, NewSession, SessionRecord, Store, UsedCode, Write},
    },
};

/// How long a session lives at most, in seconds: 30 days.
pub(in crate::server) const SESSION_LIFETIME_SECONDS: i64 = 30 * 86_400;
/// How long an unused session lives, in seconds: 7 days.
const SESSION_IDLE_SECONDS: i64 = 7 * 86_400;
/// An account has at most this many sessions. A new one ends the oldest (contract §1.5).
const MAX_SESSIONS: u32 = 10;

/// Whether a session is still valid at `now`.
pub(in crate::server) fn is_live(session: &SessionRecord, now: DateTime) -> bool {
    session.expires_at > now && session.last_used_at.plus_seconds(SESSION_IDLE_SECONDS) > now
}

/// An account whose owner acts.
pub(in crate::server) struct OwnAccount<'a> {
    pub store: &'a dyn Store,
    pub clock: &'a dyn Clock,
    pub caller: Caller,
    /// As it was read when the request was authorized.
    pub account: &'a AccountRecord,
}

impl OwnAccount<'_> {
    /// Sets the name, which may be empty.
    pub async fn rename(&self, name: &str) -> Result<AccountRecord, ServiceError> {
        check_name(name)?;
        self.update(Action::AccountUpdate, AccountChange::Name(name.to_owned()), None).await
    }

    /// Sets a new password that [`check_password`] accepts. All sessions but `keep_session` end.
    pub async fn set_password(
        &self,
        passwords: &Passwords,
        random: &dyn Random,
        password: &str,
        keep_session: &SessionRecord,
    ) -> Result<AccountRecord, ServiceError> {
        check_password(password)?;
        let hash = passwords.hash(password.to_owned(), random).await?;
        let change = AccountChange::Password { hash, keep_session: Some(keep_session.id.clone()) };
        self.update(Action::AccountPassword, change, None).await
    }

    /// Opens a session, which uses the code of the second factor up. The token is returned only here. If the password was replaced or the
    /// account disabled since it was read, or the code was used, the store refuses.
    pub async fn open_session(
        &self,
        random: &dyn Random,
        client_name: &str,
        code: Option<UsedCode>,
    ) -> Result<(SessionToken, SessionRecord), ServiceError> {
        let created_at = self.clock.now();
        let token = SessionToken::new(random)?;
        let session = NewSession {
            id: unique_id(created_at, random)?,
            account_id: self.account.id.clone(),
            token: token.hash(),
            ip: self.caller.ip.clone(),
            client_name: client_name.to_owned(),
            created_at,
            expires_at: created_at.plus_seconds(SESSION_LIFETIME_SECONDS),
        };
        let detail = match &code {
            None => "",
            Some(UsedCode { code: FactorCode::Step(_), .. }) => "with a second factor",
            Some(UsedCode { code: FactorCode::Recovery(_), .. }) => "with a recovery code",
        };
        let done = Done { action: Action::SessionCreate, target: &session.id, detail: detail.to_owned() };
        let write = self.write(created_at, done, code);
        let session = self.store.create_session(session, MAX_SESSIONS, write).await.map_err(ServiceError::Store)?;
        Ok((token, session))
    }

    /// Ends one session. `false` if the account has no such session.
    pub async fn end_session(&self, id: &str) -> Result<bool, ServiceError> {
        let entry = self.caller.entry(self.clock.now(), None, Done::new(Action::SessionDelete, id));
        self.store.delete_session(&self.account.id, id, entry).await.map_err(ServiceError::Store)
    }

    /// Ends all sessions, or all but one.
    pub async fn end_sessions(&self, keep: Option<&SessionRecord>) -> Result<(), ServiceError> {
        let what = Done::new(Action::SessionDelete, if keep.is_some() { "others" } else { "all" });
        let write = self.caller.write_on(vec![self.account.version()], self.clock.now(), what);
        let keep = keep.map(|session| session.id.as_str());
        self.store.delete_sessions(&self.account.id, keep, write).await.map_err(ServiceError::Store)
    }

    fn write(&self, at: DateTime, done: Done<'_>, code: Option<UsedCode>) -> Write {
        let Write { basis, entry } = self.caller.write_on(vec![self.account.version()], at, done);
        Write { basis: Basis { code, ..basis }, entry }
    }

    /// Changes the account, which uses this code of the second factor up.
    pub(super) async fn update(
        &self,
        action: Action,
        change: AccountChange,
        code: Option<UsedCode>,
    ) -> Result<AccountRecord, ServiceError> {
        let now = self.clock.now();
        let write = self.write(now, Done::new(action, &self.account.id), code);
        self.store.update_account(&self.account.id, change, now, write).await.map_err(ServiceError::Store)
    }
}
