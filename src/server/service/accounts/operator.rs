//! What an operator may do with the accounts of others: on the command line, or signed in to the console.

use super::{check_name, check_password, own::is_live};
use crate::{
    api::{Account, ListedAccount},
    scope::DateTime,
    server::{
        auth::Passwords,
        clock::Clock,
        models,
        random::Random,
        service::{
            caller::{Caller, Done},
            error::ServiceError,
            retry::again,
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
    /// The account has a password, so it needs no invitation.
    #[error("{0} has a password already and needs no invitation")]
    Joined(String),
    /// The server has the most accounts that it may have.
    #[error("this server has {MAX_ACCOUNTS} accounts; delete one first")]
    Full,
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

/// The most accounts of a server while people invite others.
pub(in crate::server) const MAX_ACCOUNTS: usize = 1000;

/// What names an account.
#[derive(Clone, Copy, Debug)]
pub enum Named<'a> {
    /// Its email, in any case.
    Email(&'a str),
    /// Its id.
    Id(&'a str),
}

impl<'a> From<&'a str> for Named<'a> {
    fn from(email: &'a str) -> Self {
        Self::Email(email)
    }
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

    /// All accounts as the console lists them, oldest first. `current` is the id of the account that asks.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn listed(&self, current: &str) -> Result<Vec<ListedAccount>, AccountError> {
        let (accounts, sessions) = (self.store.accounts().await?, self.store.all_sessions().await?);
        let now = self.clock.now();
        let of = |account: AccountRecord| {
            let own = || sessions.iter().filter(|session| session.account_id == account.id);
            let (live, used) = (own().filter(|session| is_live(session, now)).count(), own().map(|session| session.last_used_at).max());
            let is_current = account.id == current;
            models::listed_account(account, used, live, is_current)
        };
        Ok(accounts.into_iter().map(of).collect())
    }

    /// Renames an account. The name may be empty.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn rename(&self, who: impl Into<Named<'_>>, name: &str) -> Result<Account, AccountError> {
        check_name(name)?;
        self.update(who.into(), Action::AccountUpdate, &AccountChange::Name(name.to_owned())).await
    }

    /// Sets a new password, and ends all sessions of the account.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn reset(&self, random: &dyn Random, who: impl Into<Named<'_>>, password: &str) -> Result<Account, AccountError> {
        let who = who.into();
        check_password(password)?;
        // Do not hash for an account that does not exist.
        found(who, &self.store.accounts().await?)?;
        let hashed = async { Passwords::new()?.hash(password.to_owned(), random).await };
        let hash = hashed.await.map_err(ServiceError::Password)?;
        self.update(who, Action::AccountPassword, &AccountChange::Password { hash, keep_session: None }).await
    }

    /// Removes the second factor of an account, and ends all its sessions. `None` if it has none.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn reset_second_factor(&self, who: impl Into<Named<'_>>) -> Result<Option<Account>, AccountError> {
        let who = who.into();
        let change = AccountChange::SecondFactor { factor: None, keep_session: None };
        again!(AccountError::Store(StoreError::Stale) =>
            async {
                let accounts = self.store.accounts().await?;
                let account = found(who, &accounts)?;
                if account.second_factor.is_none() {
                    return Ok(None);
                }
                self.change(account, vec![account.version()], Action::SecondFactorOff, &change).await.map(Some)
            }
            .await
        )
    }

    /// Disables an account, and ends all its sessions. `None` if it is disabled already.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn disable(&self, who: impl Into<Named<'_>>, last: Last) -> Result<Option<Account>, AccountError> {
        let who = who.into();
        again!(AccountError::Store(StoreError::Stale) =>
            async {
                let accounts = self.store.accounts().await?;
                let account = found(who, &accounts)?;
                if account.blocked {
                    return Ok(None);
                }
                let judged_by = judged_by(account, &accounts, last)?;
                self.change(account, judged_by, Action::AccountDisable, &AccountChange::Blocked(true)).await.map(Some)
            }
            .await
        )
    }

    /// Enables an account again. `None` if it is enabled already.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn enable(&self, who: impl Into<Named<'_>>) -> Result<Option<Account>, AccountError> {
        let who = who.into();
        again!(AccountError::Store(StoreError::Stale) =>
            async {
                let accounts = self.store.accounts().await?;
                let account = found(who, &accounts)?;
                if !account.blocked {
                    return Ok(None);
                }
                self.change(account, vec![account.version()], Action::AccountEnable, &AccountChange::Blocked(false)).await.map(Some)
            }
            .await
        )
    }

    /// Deletes an account with its sessions. Its entries stay in the audit log.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn delete(&self, who: impl Into<Named<'_>>, last: Last) -> Result<Account, AccountError> {
        let who = who.into();
        again!(AccountError::Store(StoreError::Stale) =>
            async {
                let accounts = self.store.accounts().await?;
                let account = found(who, &accounts)?;
                let judged_by = judged_by(account, &accounts, last)?;
                let write = self.caller.write_on(judged_by, self.clock.now(), done(Action::AccountDelete, account));
                self.store.delete_account(&account.id, write).await?;
                Ok(models::account(account.clone(), None))
            }
            .await
        )
    }

    /// Ends all sessions of an account.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn sign_out(&self, who: impl Into<Named<'_>>) -> Result<Account, AccountError> {
        let who = who.into();
        again!(AccountError::Store(StoreError::Stale) =>
            async {
                let accounts = self.store.accounts().await?;
                let account = found(who, &accounts)?;
                let write = self.caller.write_on(vec![account.version()], self.clock.now(), done(Action::AccountSignOut, account));
                self.store.delete_sessions(&account.id, None, write).await?;
                Ok(models::account(account.clone(), None))
            }
            .await
        )
    }

    async fn update(&self, who: Named<'_>, action: Action, change: &AccountChange) -> Result<Account, AccountError> {
        again!(AccountError::Store(StoreError::Stale) =>
            async {
                let accounts = self.store.accounts().await?;
                let account = found(who, &accounts)?;
                self.change(account, vec![account.version()], action.clone(), change).await
            }
            .await
        )
    }

    pub(super) async fn change(
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
pub(super) fn done(action: Action, account: &AccountRecord) -> Done<'_> {
    Done { action, target: &account.id, detail: account.email.clone() }
}

pub(super) fn found<'a>(who: Named<'_>, accounts: &'a [AccountRecord]) -> Result<&'a AccountRecord, AccountError> {
    let (email, id) = match who {
        Named::Email(email) => (email.to_lowercase(), None),
        Named::Id(id) => (id.to_owned(), Some(id)),
    };
    let is_it = |account: &&AccountRecord| id.map_or_else(|| account.email == email, |id| account.id == id);
    accounts.iter().find(is_it).ok_or(AccountError::Missing(email))
}

/// The account, and another one that can sign in. If that one is removed at the same time, the decision is made again.
fn judged_by(account: &AccountRecord, accounts: &[AccountRecord], last: Last) -> Result<Vec<AccountVersion>, AccountError> {
    let mut versions = vec![account.version()];
    if last == Last::Stays && account.can_sign_in() {
        let other = accounts.iter().find(|other| other.can_sign_in() && other.id != account.id);
        versions.push(other.ok_or_else(|| AccountError::Last(account.email.clone()))?.version());
    }
    Ok(versions)
}
