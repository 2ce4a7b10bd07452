//! Accounts of the console, their sessions, and the setup link.

use async_trait::async_trait;

use crate::{
    scope::DateTime,
    server::{
        auth::SecretHash,
        store::{
            AccountChange, AccountRecord, AccountStore, FactorRecord, NewAccount, NewAudit, NewSession, SessionRecord, StoreError, Write,
            postgres::{
                PostgresStore, accounts,
                connect::{find, run},
                fresh,
            },
        },
    },
};

#[async_trait]
impl AccountStore for PostgresStore {
    async fn has_account(&self) -> Result<bool, StoreError> {
        find!(self, client => accounts::any(client))
    }

    async fn create_account(&self, account: NewAccount, only_first: bool, entry: NewAudit) -> Result<AccountRecord, StoreError> {
        let created = run!(self, client => accounts::create(client, &account, only_first, &entry))?;
        created.ok_or(StoreError::Duplicate)
    }

    async fn invite_account(&self, account: NewAccount, write: Write) -> Result<AccountRecord, StoreError> {
        fresh(run!(self, client => accounts::invite(client, &account, &write)))
    }

    async fn account_by_invitation(&self, token: &SecretHash) -> Result<Option<AccountRecord>, StoreError> {
        find!(self, client => accounts::by_invitation(client, token))
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<(AccountRecord, Option<String>)>, StoreError> {
        find!(self, client => accounts::by_email(client, email))
    }

    async fn second_factor(&self, account_id: &str) -> Result<Option<(AccountRecord, Option<FactorRecord>)>, StoreError> {
        find!(self, client => accounts::with_second_factor(client, account_id))
    }

    async fn accounts(&self) -> Result<Vec<AccountRecord>, StoreError> {
        find!(self, client => accounts::all(client))
    }

    async fn update_account(&self, id: &str, change: AccountChange, at: DateTime, write: Write) -> Result<AccountRecord, StoreError> {
        fresh(run!(self, client => accounts::update(client, id, &change, at, &write)))
    }

    async fn delete_account(&self, id: &str, write: Write) -> Result<(), StoreError> {
        fresh(run!(self, client => accounts::delete(client, id, &write)))
    }

    async fn set_setup_token(&self, token: &SecretHash) -> Result<(), StoreError> {
        run!(self, client => accounts::set_setup_token(client, token))
    }

    async fn setup_token(&self) -> Result<Option<SecretHash>, StoreError> {
        find!(self, client => accounts::setup_token(client))
    }

    async fn create_session(&self, session: NewSession, keep: u32, write: Write) -> Result<SessionRecord, StoreError> {
        fresh(run!(self, client => accounts::create_session(client, &session, keep, &write)))
    }

    async fn session_by_token(&self, token: &SecretHash) -> Result<Option<(SessionRecord, AccountRecord)>, StoreError> {
        find!(self, client => accounts::session_by_token(client, token))
    }

    async fn touch_session(&self, session_id: &str, at: DateTime) -> Result<(), StoreError> {
        find!(self, client => accounts::touch_session(client, session_id, at))
    }

    async fn sessions(&self, account_id: &str) -> Result<Vec<SessionRecord>, StoreError> {
        find!(self, client => accounts::sessions(client, account_id))
    }

    async fn delete_session(&self, account_id: &str, session_id: &str, entry: NewAudit) -> Result<bool, StoreError> {
        find!(self, client => accounts::delete_session(client, account_id, session_id, &entry))
    }

    async fn all_sessions(&self) -> Result<Vec<SessionRecord>, StoreError> {
        find!(self, client => accounts::all_sessions(client))
    }

    async fn delete_sessions(&self, account_id: &str, keep: Option<&str>, write: Write) -> Result<(), StoreError> {
        fresh(run!(self, client => accounts::delete_sessions(client, account_id, keep.unwrap_or_default(), &write)))
    }
}
