//! Accounts of the console, their sessions, and the set-up link.

use async_trait::async_trait;

use crate::{
    scope::DateTime,
    server::{
        auth::SecretHash,
        store::{AccountChange, AccountRecord, NewAccount, NewAudit, NewSession, SessionRecord, StoreError, Write},
    },
};

/// Accounts of the console, their sessions, and the set-up link. The promises of [`store`](crate::server::store) hold.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Whether there is any account.
    async fn has_account(&self) -> Result<bool, StoreError>;

    /// Inserts an account. With `only_first`, it succeeds only while there is no account, and for one of any number of concurrent calls.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the id or the email is taken, or if an account exists and `only_first` is set.
    async fn create_account(&self, account: NewAccount, only_first: bool, entry: NewAudit) -> Result<AccountRecord, StoreError>;

    /// The account with this email (lower case), and the hash of its password.
    async fn account_by_email(&self, email: &str) -> Result<Option<(AccountRecord, String)>, StoreError>;

    /// All accounts, oldest first.
    async fn accounts(&self) -> Result<Vec<AccountRecord>, StoreError>;

    /// Changes an account, and ends its sessions if the change says so. An ended session opens nothing once this has answered.
    async fn update_account(&self, id: &str, change: AccountChange, at: DateTime, write: Write) -> Result<AccountRecord, StoreError>;

    /// Deletes an account with its sessions.
    async fn delete_account(&self, id: &str, write: Write) -> Result<(), StoreError>;

    /// Stores the hash of the token of the set-up link and replaces an earlier one. If there is an account, it stores nothing.
    async fn set_setup_token(&self, token: &SecretHash) -> Result<(), StoreError>;

    /// The hash of the token of the set-up link. `None` once there is an account.
    async fn setup_token(&self) -> Result<Option<SecretHash>, StoreError>;

    /// Inserts a session, and ends the oldest ones of the account beyond `keep`. With the account in its basis, a password that was
    /// replaced in the meantime never opens a session.
    ///
    /// # Errors
    /// [`StoreError::ParentMissing`] if the account does not exist.
    async fn create_session(&self, session: NewSession, keep: u32, write: Write) -> Result<SessionRecord, StoreError>;

    /// The session with this token, and its account. It may have expired.
    async fn session_by_token(&self, token: &SecretHash) -> Result<Option<(SessionRecord, AccountRecord)>, StoreError>;

    /// Moves the last use of a session forward to `at`; never back.
    async fn touch_session(&self, session_id: &str, at: DateTime) -> Result<(), StoreError>;

    /// The sessions of an account, newest first. They may have expired.
    async fn sessions(&self, account_id: &str) -> Result<Vec<SessionRecord>, StoreError>;

    /// Ends a session of this account. `false` if it has no such session.
    async fn delete_session(&self, account_id: &str, session_id: &str, entry: NewAudit) -> Result<bool, StoreError>;

    /// Ends all sessions of an account.
    async fn delete_sessions(&self, account_id: &str, entry: NewAudit) -> Result<(), StoreError>;
}
