//! Accounts of the console, their sessions, and the setup link.

use async_trait::async_trait;

use crate::{
    scope::DateTime,
    server::{
        auth::SecretHash,
        store::{
            AccountChange, AccountRecord, AccountStore, FactorRecord, NewAccount, NewAudit, NewSession, SessionRecord, StoreError, Write,
            sqlite::{SqliteStore, accounts},
        },
    },
};

#[async_trait]
impl AccountStore for SqliteStore {
    async fn has_account(&self) -> Result<bool, StoreError> {
        self.readers.run(|connection| accounts::any(connection)).await
    }

    async fn create_account(&self, account: NewAccount, only_first: bool, entry: NewAudit) -> Result<AccountRecord, StoreError> {
        let created = self.writer.run(move |connection| accounts::create(connection, &account, only_first, &entry)).await?;
        created.ok_or(StoreError::Duplicate)
    }

    async fn invite_account(&self, account: NewAccount, write: Write) -> Result<AccountRecord, StoreError> {
        self.write(write, move |transaction, _| accounts::insert(transaction, &account).map(Some)).await
    }

    async fn account_by_invitation(&self, token: &SecretHash) -> Result<Option<AccountRecord>, StoreError> {
        let token = token.clone();
        self.readers.run(move |connection| accounts::by_invitation(connection, &token)).await
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<(AccountRecord, Option<String>)>, StoreError> {
        let email = email.to_owned();
        self.readers.run(move |connection| accounts::by_email(connection, &email)).await
    }

    async fn second_factor(&self, account_id: &str) -> Result<Option<(AccountRecord, Option<FactorRecord>)>, StoreError> {
        let id = account_id.to_owned();
        self.readers.run(move |connection| accounts::with_second_factor(connection, &id)).await
    }

    async fn accounts(&self) -> Result<Vec<AccountRecord>, StoreError> {
        self.readers.run(|connection| accounts::all(connection)).await
    }

    async fn update_account(&self, id: &str, change: AccountChange, at: DateTime, write: Write) -> Result<AccountRecord, StoreError> {
        let id = id.to_owned();
        self.write(write, move |transaction, _| accounts::update(transaction, &id, &change, at)).await
    }

    async fn delete_account(&self, id: &str, write: Write) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.write(write, move |transaction, _| accounts::delete(transaction, &id)).await
    }

    async fn set_setup_token(&self, token: &SecretHash) -> Result<(), StoreError> {
        let token = token.clone();
        self.writer.run(move |connection| accounts::set_setup_token(connection, &token)).await
    }

    async fn setup_token(&self) -> Result<Option<SecretHash>, StoreError> {
        self.readers.run(|connection| accounts::setup_token(connection)).await
    }

    async fn create_session(&self, session: NewSession, keep: u32, write: Write) -> Result<SessionRecord, StoreError> {
        self.write(write, move |transaction, _| accounts::create_session(transaction, &session, keep).map(Some)).await
    }

    async fn session_by_token(&self, token: &SecretHash) -> Result<Option<(SessionRecord, AccountRecord)>, StoreError> {
        let token = token.clone();
        self.readers.run(move |connection| accounts::session_by_token(connection, &token)).await
    }

    async fn touch_session(&self, session_id: &str, at: DateTime) -> Result<(), StoreError> {
        let id = session_id.to_owned();
        self.writer.run(move |connection| accounts::touch_session(connection, &id, at)).await
    }

    async fn sessions(&self, account_id: &str) -> Result<Vec<SessionRecord>, StoreError> {
        let account_id = account_id.to_owned();
        self.readers.run(move |connection| accounts::sessions(connection, &account_id)).await
    }

    async fn delete_session(&self, account_id: &str, session_id: &str, entry: NewAudit) -> Result<bool, StoreError> {
        let (account_id, id) = (account_id.to_owned(), session_id.to_owned());
        self.writer.run(move |connection| accounts::delete_session(connection, &account_id, &id, &entry)).await
    }

    async fn all_sessions(&self) -> Result<Vec<SessionRecord>, StoreError> {
        self.readers.run(|connection| accounts::all_sessions(connection)).await
    }

    async fn delete_sessions(&self, account_id: &str, keep: Option<&str>, write: Write) -> Result<(), StoreError> {
        let (account_id, keep) = (account_id.to_owned(), keep.unwrap_or_default().to_owned());
        self.write(write, move |transaction, _| accounts::delete_sessions(transaction, &account_id, &keep).map(Some)).await
    }
}
