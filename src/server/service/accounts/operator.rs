//! What an operator may do with the accounts of others. The command line calls it.

use super::{check_name, check_password};
use crate::{
    api::Account,
    scope::DateTime,
    server::{
        auth::Passwords,
        clock::Clock,
        models,
        random::Random,
        service::{
            caller::{Caller, Done},
            error::ServiceError,
            retry::retry_while,
        },
        store::{AccountChange, AccountRecord, AccountVersion, Action, Store, StoreError},
    },
};

/// Why nothing was changed. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// There is no such account.
    #[error("there is no account with the email {0}; `scopewise admin list` shows those that there are")]
    Missing(String),
    /// No account could sign in any more.
    #[error("{0} is the only account that can sign in; create or enable another one first, or lock everybody out with --force")]
    Last(String),
    /// The new value is not valid, or the password cannot be hashed.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The accounts of a server, for an operator.
pub struct Accounts<'a> {
    /// The store.
    pub store: &'a dyn Store,
    /// The clock.
    pub clock: &'a dyn Clock,
    /// Who acts.
    pub caller: Caller,
}

/// Whether the last account that can sign in may be disabled or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    /// It may not.
    Stays,
    /// It may.
    MayGo,
}

impl Accounts<'_> {
    /// All accounts, oldest first, each with the last use of its sessions.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn list(&self) -> Result<Vec<Account>, AccountError> {
        let mut list = Vec::new();
        for account in self.store.accounts().await? {
            let used = self.store.sessions(&account.id).await?.iter().map(|session| session.last_used_at).max();
            list.push(models::account(account, used));
        }
        Ok(list)
    }

    /// Renames an account. The name may be empty.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn rename(&self, email: &str, name: &str) -> Result<Account, AccountError> {
        check_name(name)?;
        self.update(email, Action::AccountUpdate, &AccountChange::Name(name.to_owned())).await
    }

    /// Sets a new password, and ends all sessions of the account.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn reset(&self, random: &dyn Random, email: &str, password: &str) -> Result<Account, AccountError> {
        check_password(password)?;
        // Do not hash for an account that does not exist.
        found(email, &self.store.accounts().await?)?;
        let hashed = async { Passwords::new()?.hash(password.to_owned(), random).await };
        let hash = hashed.await.map_err(ServiceError::Password)?;
        self.update(email, Action::AccountPassword, &AccountChange::Password { hash, keep_session: None }).await
    }

    /// Disables an account, and ends all its sessions. `None` if it is disabled already.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn disable(&self, email: &str, last: Last) -> Result<Option<Account>, AccountError> {
        retry(async || {
            let accounts = self.store.accounts().await?;
            let account = found(email, &accounts)?;
            if account.blocked {
                return Ok(None);
            }
            let judged_by = judged_by(account, &accounts, last)?;
            self.change(account, judged_by, Action::AccountDisable, &AccountChange::Blocked(true)).await.map(Some)
        })
        .await
    }

    /// Enables an account again. `None` if it is enabled already.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn enable(&self, email: &str) -> Result<Option<Account>, AccountError> {
        retry(async || {
            let accounts = self.store.accounts().await?;
            let account = found(email, &accounts)?;
            if !account.blocked {
                return Ok(None);
            }
            self.change(account, vec![account.version()], Action::AccountEnable, &AccountChange::Blocked(false)).await.map(Some)
        })
        .await
    }

    /// Deletes an account with its sessions. Its entries stay in the audit log.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn delete(&self, email: &str, last: Last) -> Result<Account, AccountError> {
        retry(async || {
            let accounts = self.store.accounts().await?;
            let account = found(email, &accounts)?;
            let judged_by = judged_by(account, &accounts, last)?;
            let write = self.caller.write_on(judged_by, self.clock.now(), done(Action::AccountDelete, account));
            self.store.delete_account(&account.id, write).await?;
            Ok(models::account(account.clone(), None))
        })
        .await
    }

    /// Ends all sessions of an account.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn sign_out(&self, email: &str) -> Result<Account, AccountError> {
        let accounts = self.store.accounts().await?;
        let account = found(email, &accounts)?;
        let entry = self.caller.entry(self.clock.now(), None, done(Action::AccountSignOut, account));
        self.store.delete_sessions(&account.id, entry).await?;
        Ok(models::account(account.clone(), None))
    }

    async fn update(&self, email: &str, action: Action, change: &AccountChange) -> Result<Account, AccountError> {
        retry(async || {
            let accounts = self.store.accounts().await?;
            let account = found(email, &accounts)?;
            self.change(account, vec![account.version()], action.clone(), change).await
        })
        .await
    }

    async fn change(
        &self,
        account: &AccountRecord,
        judged_by: Vec<AccountVersion>,
        action: Action,
        change: &AccountChange,
    ) -> Result<Account, AccountError> {
        let now: DateTime = self.clock.now();
        let write = self.caller.write_on(judged_by, now, done(action, account));
        let changed = self.store.update_account(&account.id, change.clone(), now, write).await?;
        Ok(models::account(changed, None))
    }
}

/// The entry holds the email as well: after a deletion the id alone says nothing.
fn done(action: Action, account: &AccountRecord) -> Done<'_> {
    Done { action, target: &account.id, detail: account.email.clone() }
}

fn found<'a>(email: &str, accounts: &'a [AccountRecord]) -> Result<&'a AccountRecord, AccountError> {
    let email = email.to_lowercase();
    accounts.iter().find(|account| account.email == email).ok_or(AccountError::Missing(email))
}

/// The account, and another one that can sign in. If that one is removed at the same time, the decision is made again.
fn judged_by(account: &AccountRecord, accounts: &[AccountRecord], last: Last) -> Result<Vec<AccountVersion>, AccountError> {
    let mut versions = vec![account.version()];
    if last == Last::Stays && !account.blocked {
        let other = accounts.iter().find(|other| !other.blocked && other.id != account.id);
        versions.push(other.ok_or_else(|| AccountError::Last(account.email.clone()))?.version());
    }
    Ok(versions)
}

/// Decides again while other changes come in between.
async fn retry<T>(attempt: impl AsyncFnMut() -> Result<T, AccountError>) -> Result<T, AccountError> {
    retry_while(|error| matches!(error, AccountError::Store(StoreError::Stale)), attempt).await
}
