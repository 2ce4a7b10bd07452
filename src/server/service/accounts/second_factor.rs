//! The second factor of the own account.

use super::own::OwnAccount;
use crate::{
    scope::DateTime,
    server::{
        auth::{EnteredCode, FactorSecret, Pending, PendingKind, RecoveryCode, RootKey, SecretHash},
        clock::Clock,
        random::Random,
        service::error::ServiceError,
        store::{AccountChange, AccountRecord, Action, FactorCode, FactorRecord, NewFactor, SessionRecord, Store, UsedCode},
    },
};

/// How many recovery codes an account gets.
const RECOVERY_CODES: usize = 10;

/// Why a second factor is not accepted, or not changed.
#[derive(Debug, thiserror::Error)]
pub(in crate::server) enum FactorError {
    /// The account has one.
    #[error("the second factor is on")]
    On,
    /// The account has none.
    #[error("the second factor is off")]
    Off,
    /// The code is wrong, too old, or was used.
    #[error("the code is wrong")]
    Code,
    /// It has expired, or the account was changed since.
    #[error("the step before is void")]
    Pending,
    /// It was stored with another root key.
    #[error("the secret of the second factor was encrypted with another root key")]
    Unreadable,
    /// As elsewhere.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// A second factor that waits for its first code.
pub(in crate::server) struct Prepared {
    pub secret: FactorSecret,
    pub token: String,
    pub until: DateTime,
}

/// What judges codes.
#[derive(Clone, Copy)]
pub(in crate::server) struct Codes<'a> {
    pub store: &'a dyn Store,
    pub clock: &'a dyn Clock,
    pub root_key: &'a RootKey,
}

impl Codes<'_> {
    /// The account of a sign-in whose password was right, with its second factor.
    pub async fn pending_sign_in(&self, challenge: &str) -> Result<(AccountRecord, FactorRecord), FactorError> {
        let pending = Pending::open(self.root_key, PendingKind::SignIn, challenge, self.clock.now()).ok_or(FactorError::Pending)?;
        let found = self.store.second_factor(&pending.account_id).await.map_err(ServiceError::Store)?;
        let found = found.filter(|(account, _)| account.version == pending.version && account.can_sign_in());
        found.and_then(|(account, factor)| Some((account, factor?))).ok_or(FactorError::Pending)
    }

    /// The account as it is now, with its second factor.
    pub async fn of(&self, account: &AccountRecord) -> Result<(AccountRecord, FactorRecord), FactorError> {
        let found = self.store.second_factor(&account.id).await.map_err(ServiceError::Store)?;
        found.and_then(|(account, factor)| Some((account, factor?))).ok_or(FactorError::Off)
    }

    /// Which code of the account this is.
    pub fn judge(&self, account: &AccountRecord, factor: &FactorRecord, text: &str) -> Result<UsedCode, FactorError> {
        let code = match EnteredCode::read(text).ok_or(FactorError::Code)? {
            EnteredCode::Recovery(hash) => {
                let matches = factor.recovery_codes.iter().filter(|kept| kept.matches(&hash)).count();
                if matches == 0 {
                    return Err(FactorError::Code);
                }
                FactorCode::Recovery(hash)
            }
            EnteredCode::App(code) => {
                let secret = FactorSecret::open(self.root_key, &account.id, &factor.sealed).ok_or(FactorError::Unreadable)?;
                FactorCode::Step(secret.step(&code, self.clock.now(), Some(factor.last_step)).ok_or(FactorError::Code)?)
            }
        };
        Ok(UsedCode { account_id: account.id.clone(), code })
    }
}

/// What a client gets with the right password of an account that has a second factor.
pub(in crate::server) fn challenge(
    root_key: &RootKey,
    clock: &dyn Clock,
    random: &dyn Random,
    account: &AccountRecord,
) -> Result<(String, DateTime), ServiceError> {
    let pending = Pending { account_id: account.id.clone(), version: account.version, secret: None };
    pending.seal(root_key, PendingKind::SignIn, clock.now(), random)?.ok_or(ServiceError::Unsigned)
}

impl OwnAccount<'_> {
    /// Creates a secret. It is not stored before its first code is right.
    pub fn prepare_second_factor(&self, root_key: &RootKey, random: &dyn Random) -> Result<Prepared, FactorError> {
        if self.account.second_factor.is_some() {
            return Err(FactorError::On);
        }
        let secret = FactorSecret::new(random).map_err(ServiceError::Random)?;
        let pending = Pending { account_id: self.account.id.clone(), version: self.account.version, secret: Some(secret) };
        let sealed = pending.seal(root_key, PendingKind::Enrolment, self.clock.now(), random).map_err(ServiceError::Random)?;
        let ((token, until), secret) = sealed.zip(pending.secret).ok_or(ServiceError::Unsigned)?;
        Ok(Prepared { secret, token, until })
    }

    /// Turns the second factor on, with the token of [`OwnAccount::prepare_second_factor`] and the first code. All sessions but
    /// `keep_session` end: they were opened without it.
    pub async fn turn_second_factor_on(
        &self,
        root_key: &RootKey,
        random: &dyn Random,
        token: &str,
        code: &str,
        keep_session: &SessionRecord,
    ) -> Result<Vec<RecoveryCode>, FactorError> {
        let now = self.clock.now();
        if self.account.second_factor.is_some() {
            return Err(FactorError::On);
        }
        let pending = Pending::open(root_key, PendingKind::Enrolment, token, now);
        let pending = pending.filter(|pending| pending.account_id == self.account.id && pending.version == self.account.version);
        let secret = pending.and_then(|pending| pending.secret).ok_or(FactorError::Pending)?;
        let Some(EnteredCode::App(code)) = EnteredCode::read(code) else { return Err(FactorError::Code) };
        let last_step = secret.step(&code, now, None).ok_or(FactorError::Code)?;
        let sealed = secret.seal(root_key, &self.account.id, random).map_err(ServiceError::Random)?.ok_or(ServiceError::Unsigned)?;
        let (codes, recovery_codes) = recovery_codes(random)?;
        let factor = Some(NewFactor { sealed, last_step, recovery_codes });
        let change = AccountChange::SecondFactor { factor, keep_session: Some(keep_session.id.clone()) };
        self.update(Action::SecondFactorOn, change, None).await?;
        Ok(codes)
    }

    /// Turns the second factor off, which uses a code up. All sessions but `keep_session` end.
    pub async fn turn_second_factor_off(&self, code: UsedCode, keep_session: &SessionRecord) -> Result<(), FactorError> {
        let change = AccountChange::SecondFactor { factor: None, keep_session: Some(keep_session.id.clone()) };
        self.update(Action::SecondFactorOff, change, Some(code)).await?;
        Ok(())
    }

    /// Replaces the recovery codes, which uses a code up.
    pub async fn renew_recovery_codes(&self, random: &dyn Random, code: UsedCode) -> Result<Vec<RecoveryCode>, FactorError> {
        let (codes, hashes) = recovery_codes(random)?;
        self.update(Action::RecoveryCodesRenew, AccountChange::RecoveryCodes(hashes), Some(code)).await?;
        Ok(codes)
    }
}

/// New codes and their hashes.
fn recovery_codes(random: &dyn Random) -> Result<(Vec<RecoveryCode>, Vec<SecretHash>), ServiceError> {
    let codes = (0..RECOVERY_CODES).map(|_| RecoveryCode::new(random)).collect::<Result<Vec<_>, _>>()?;
    let hashes = codes.iter().map(RecoveryCode::hash).collect();
    Ok((codes, hashes))
}
