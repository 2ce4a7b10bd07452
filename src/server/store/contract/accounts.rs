//! Accounts of the console, their sessions, and the setup link.

use async_trait::async_trait;

use crate::{
    scope::DateTime,
    server::{
        auth::SecretHash,
        store::{AccountChange, AccountRecord, FactorRecord, NewAccount, NewAudit, NewSession, SessionRecord, StoreError, Write},
    },
};

/// Accounts of the console, their sessions, and the setup link. The promises of [`store`](crate::server::store) hold.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Whether at least one account exists.
    async fn has_account(&self) -> Result<bool, StoreError>;

    /// Inserts an account. With `only_first`, it succeeds only if no account exists; exactly one of several concurrent calls succeeds.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the id or the email is taken, or if an account exists and `only_first` is set.
    async fn create_account(&self, account: NewAccount, only_first: bool, entry: NewAudit) -> Result<AccountRecord, StoreError>;

    /// Inserts an account that depends on the basis of `write`.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the id or the email is taken.
    async fn invite_account(&self, account: NewAccount, write: Write) -> Result<AccountRecord, StoreError>;

    /// Finds an account by its email (lower case), with the hash of its password. Only an invited account has none.
    async fn account_by_email(&self, email: &str) -> Result<Option<(AccountRecord, Option<String>)>, StoreError>;

    /// Finds the account that the link with this token invites. The invitation may have expired.
    async fn account_by_invitation(&self, token: &SecretHash) -> Result<Option<AccountRecord>, StoreError>;

    /// Finds an account by its id, with its second factor.
    async fn second_factor(&self, account_id: &str) -> Result<Option<(AccountRecord, Option<FactorRecord>)>, StoreError>;

    /// Lists all accounts, oldest first.
    async fn accounts(&self) -> Result<Vec<AccountRecord>, StoreError>;

    /// Changes an account, and ends its sessions if the change requires it. After this returns, an ended session grants no access.
    async fn update_account(&self, id: &str, change: AccountChange, at: DateTime, write: Write) -> Result<AccountRecord, StoreError>;

    /// Deletes an account and its sessions.
    async fn delete_account(&self, id: &str, write: Write) -> Result<(), StoreError>;

    /// Stores the hash of the setup link's token and replaces an earlier one. If an account exists, it stores nothing.
    async fn set_setup_token(&self, token: &SecretHash) -> Result<(), StoreError>;

    /// Returns the hash of the setup link's token, or `None` if an account exists.
    async fn setup_token(&self) -> Result<Option<SecretHash>, StoreError>;

    /// Inserts a session, and ends the oldest sessions of the account beyond `keep`. If the basis contains the account, a password that
    /// was replaced in the meantime never starts a session.
    ///
    /// # Errors
    /// [`StoreError::ParentMissing`] if the account does not exist.
    async fn create_session(&self, session: NewSession, keep: u32, write: Write) -> Result<SessionRecord, StoreError>;

    /// Finds a session by its token, with its account. The session may have expired.
    async fn session_by_token(&self, token: &SecretHash) -> Result<Option<(SessionRecord, AccountRecord)>, StoreError>;

    /// Moves the last use of a session forward to `at`, never back.
    async fn touch_session(&self, session_id: &str, at: DateTime) -> Result<(), StoreError>;

    /// Lists the sessions of an account, newest first. They may have expired.
    async fn sessions(&self, account_id: &str) -> Result<Vec<SessionRecord>, StoreError>;

    /// Ends a session of this account. Returns `false` if the account does not have this session.
    async fn delete_session(&self, account_id: &str, session_id: &str, entry: NewAudit) -> Result<bool, StoreError>;

    /// Lists the sessions of all accounts, in no order. They may have expired.
    async fn all_sessions(&self) -> Result<Vec<SessionRecord>, StoreError>;

    /// Ends all sessions of an account, except the session with the id `keep`.
    async fn delete_sessions(&self, account_id: &str, keep: Option<&str>, write: Write) -> Result<(), StoreError>;
}
