//! Accounts and their sessions in PostgreSQL.

use deadpool_postgres::{Object, Transaction};
use tokio_postgres::{Error, Row};

use super::{
    AccountChange, AccountRecord, FactorRecord, NewAccount, NewAudit, NewSession, SessionRecord, Write, audit,
    connect::{execute, one, row, rows},
    date, maybe_date, second_factor,
    write::{self, Changes},
};
use crate::{scope::DateTime, server::auth::SecretHash};

const ACCOUNT: &str = "accounts.id AS a_id, accounts.email AS a_email, accounts.name AS a_name, accounts.blocked AS a_blocked, \
    accounts.created_at AS a_created_at, accounts.updated_at AS a_updated_at, accounts.password_updated_at AS a_password_updated_at, \
    accounts.version AS a_version, accounts.invited_until AS a_invited_until, accounts.factor_since AS a_factor_since";

/// INVARIANT: a change of several sessions of an account locks the account first, so that two of these changes do not deadlock.
const LOCK: &str = "SELECT id FROM accounts WHERE id = $1 FOR NO KEY UPDATE";

/// What a password uses up.
const NO_INVITATION: &str = "invitation_hash = NULL, invited_until = NULL";

fn account(row: &Row) -> Result<AccountRecord, Error> {
    Ok(AccountRecord {
        id: row.try_get("a_id")?,
        email: row.try_get("a_email")?,
        name: row.try_get("a_name")?,
        blocked: row.try_get("a_blocked")?,
        second_factor: maybe_date(row, "a_factor_since")?,
        invited_until: maybe_date(row, "a_invited_until")?,
        created_at: date(row, "a_created_at")?,
        updated_at: date(row, "a_updated_at")?,
        password_updated_at: date(row, "a_password_updated_at")?,
        version: row.try_get("a_version")?,
    })
}

fn session(row: &Row) -> Result<SessionRecord, Error> {
    Ok(SessionRecord {
        id: row.try_get("id")?,
        account_id: row.try_get("account_id")?,
        ip: row.try_get("ip")?,
        client_name: row.try_get("client_name")?,
        created_at: date(row, "created_at")?,
        last_used_at: date(row, "last_used_at")?,
        expires_at: date(row, "expires_at")?,
    })
}

pub(super) async fn any(client: &Object) -> Result<bool, Error> {
    one(client, "SELECT EXISTS (SELECT 1 FROM accounts)", &[]).await?.try_get(0)
}

/// `None` if `only_first` is set and an account exists. The lock lets one call at a time check and write.
pub(super) async fn create(
    client: &mut Object,
    new: &NewAccount,
    only_first: bool,
    entry: &NewAudit,
) -> Result<Option<AccountRecord>, Error> {
    let transaction = client.transaction().await?;
    transaction.batch_execute("LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE").await?;
    let exists: bool = one(&transaction, "SELECT EXISTS (SELECT 1 FROM accounts)", &[]).await?.try_get(0)?;
    if only_first && exists {
        return Ok(None);
    }
    let created = insert(&transaction, new).await?;
    audit::append(&transaction, entry).await?;
    transaction.commit().await?;
    Ok(Some(created))
}

/// Also removes the set-up link, which is for a server without accounts.
async fn insert(transaction: &Transaction<'_>, new: &NewAccount) -> Result<AccountRecord, Error> {
    let sql = format!(
        "INSERT INTO accounts (id, email, name, password_hash, created_at, updated_at, password_updated_at, invitation_hash, invited_until) \
         VALUES ($1, $2, $3, $4, $5, $5, $5, $6, $7) RETURNING {ACCOUNT}"
    );
    let at = new.created_at.unix_milliseconds();
    let (hash, invitation, until) = new.access.columns();
    let made = one(transaction, &sql, &[&new.id.as_str(), &new.email, &new.name, &hash, &at, &invitation, &until]).await?;
    execute(transaction, "DELETE FROM setup", &[]).await?;
    account(&made)
}

/// Takes no lock: the basis has a session, so an account exists, and no set-up link can appear.
pub(super) async fn invite(client: &mut Object, new: &NewAccount, write: &Write) -> Result<Option<AccountRecord>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Other).await? else { return Ok(None) };
    let created = insert(&transaction, new).await?;
    write::end(transaction, &write.entry, Some(created)).await
}

pub(super) async fn all(client: &Object) -> Result<Vec<AccountRecord>, Error> {
    rows(client, &format!("SELECT {ACCOUNT} FROM accounts ORDER BY created_at, id"), &[]).await?.iter().map(account).collect()
}

pub(super) async fn update(
    client: &mut Object,
    id: &str,
    change: &AccountChange,
    at: DateTime,
    write: &Write,
) -> Result<Option<AccountRecord>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Other).await? else { return Ok(None) };
    match change {
        AccountChange::SecondFactor { factor, .. } => second_factor::keep(&transaction, id, factor.as_ref(), at).await?,
        AccountChange::RecoveryCodes(codes) => second_factor::keep_recovery_codes(&transaction, id, codes).await?,
        _ => {}
    }
    let at = at.unix_milliseconds();
    let sql = |what: &str| format!("UPDATE accounts SET {what}, updated_at = $2, version = version + 1 WHERE id = $1 RETURNING {ACCOUNT}");
    let changed = match change {
        AccountChange::Name(name) => row(&transaction, &sql("name = $3"), &[&id, &at, name]).await?,
        AccountChange::Password { hash, .. } => {
            let set = format!("password_hash = $3, password_updated_at = $2, {NO_INVITATION}");
            row(&transaction, &sql(&set), &[&id, &at, hash]).await?
        }
        AccountChange::Invitation(invitation) => {
            let (token, until) = (invitation.token.as_bytes().as_slice(), invitation.until.unix_milliseconds());
            row(&transaction, &sql("invitation_hash = $3, invited_until = $4"), &[&id, &at, &token, &until]).await?
        }
        AccountChange::Joined { hash, name } => {
            let set = format!("password_hash = $3, password_updated_at = $2, name = $4, {NO_INVITATION}");
            row(&transaction, &sql(&set), &[&id, &at, hash, name]).await?
        }
        AccountChange::SecondFactor { .. } | AccountChange::RecoveryCodes(_) => row(&transaction, &sql("id = id"), &[&id, &at]).await?,
        AccountChange::Blocked(blocked) => row(&transaction, &sql("blocked = $3"), &[&id, &at, blocked]).await?,
    };
    if let Some(kept) = change.ends_sessions_but() {
        execute(&transaction, "DELETE FROM sessions WHERE account_id = $1 AND id <> $2", &[&id, &kept]).await?;
    }
    write::end(transaction, &write.entry, changed.as_ref().map(account).transpose()?).await
}

/// Also deletes its sessions.
pub(super) async fn delete(client: &mut Object, id: &str, write: &Write) -> Result<Option<()>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Other).await? else { return Ok(None) };
    let deleted = execute(&transaction, "DELETE FROM accounts WHERE id = $1", &[&id]).await?;
    write::end(transaction, &write.entry, write::one_row(deleted)).await
}

/// Takes the lock of `create`, so that no token exists next to the first account.
pub(super) async fn set_setup_token(client: &mut Object, token: &SecretHash) -> Result<(), Error> {
    let transaction = client.transaction().await?;
    transaction.batch_execute("LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE").await?;
    let sql = "INSERT INTO setup (single, token_hash) SELECT 1, $1 WHERE NOT EXISTS (SELECT 1 FROM accounts) \
        ON CONFLICT (single) DO UPDATE SET token_hash = excluded.token_hash";
    execute(&transaction, sql, &[&token.as_bytes().as_slice()]).await?;
    transaction.commit().await
}

pub(super) async fn setup_token(client: &Object) -> Result<Option<SecretHash>, Error> {
    let Some(found) = row(client, "SELECT token_hash FROM setup", &[]).await? else { return Ok(None) };
    Ok(SecretHash::from_bytes(found.try_get(0)?))
}

pub(super) async fn by_invitation(client: &Object, token: &SecretHash) -> Result<Option<AccountRecord>, Error> {
    let sql = format!("SELECT {ACCOUNT} FROM accounts WHERE invitation_hash = $1");
    row(client, &sql, &[&token.as_bytes().as_slice()]).await?.as_ref().map(account).transpose()
}

pub(super) async fn by_email(client: &Object, email: &str) -> Result<Option<(AccountRecord, Option<String>)>, Error> {
    let sql = format!("SELECT {ACCOUNT}, nullif(password_hash, '') AS password_hash FROM accounts WHERE email = $1");
    let found = row(client, &sql, &[&email]).await?;
    found.map(|row| Ok((account(&row)?, row.try_get("password_hash")?))).transpose()
}

pub(super) async fn with_second_factor(client: &Object, id: &str) -> Result<Option<(AccountRecord, Option<FactorRecord>)>, Error> {
    let sql = format!(
        "SELECT {ACCOUNT}, factor_secret, factor_step, ARRAY(SELECT code_hash FROM recovery_codes WHERE account_id = accounts.id) AS codes \
         FROM accounts WHERE id = $1"
    );
    let Some(found) = row(client, &sql, &[&id]).await? else { return Ok(None) };
    let (sealed, step): (Option<Vec<u8>>, Option<i64>) = (found.try_get("factor_secret")?, found.try_get("factor_step")?);
    let recovery_codes = found.try_get::<_, Vec<Vec<u8>>>("codes")?.iter().filter_map(|hash| SecretHash::from_bytes(hash)).collect();
    let factor = sealed.zip(step).map(|(sealed, last_step)| FactorRecord { sealed, last_step, recovery_codes });
    Ok(Some((account(&found)?, factor)))
}

/// The lock on the account lets its sessions start one after the other, so that the count is correct.
pub(super) async fn create_session(
    client: &mut Object,
    new: &NewSession,
    keep: u32,
    write: &Write,
) -> Result<Option<SessionRecord>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Other).await? else { return Ok(None) };
    row(&transaction, LOCK, &[&new.account_id]).await?;
    let sql = "INSERT INTO sessions (id, account_id, token_hash, ip, client_name, created_at, last_used_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7) RETURNING *";
    let (token, at, end) = (new.token.as_bytes().as_slice(), new.created_at.unix_milliseconds(), new.expires_at.unix_milliseconds());
    let made = one(&transaction, sql, &[&new.id, &new.account_id, &token, &new.ip, &new.client_name, &at, &end]).await?;
    let sql = "DELETE FROM sessions WHERE account_id = $1 AND id NOT IN \
        (SELECT id FROM sessions WHERE account_id = $1 ORDER BY created_at DESC, sequence DESC LIMIT $2)";
    execute(&transaction, sql, &[&new.account_id, &i64::from(keep)]).await?;
    write::end(transaction, &write.entry, Some(session(&made)?)).await
}

pub(super) async fn session_by_token(client: &Object, token: &SecretHash) -> Result<Option<(SessionRecord, AccountRecord)>, Error> {
    let sql =
        format!("SELECT sessions.*, {ACCOUNT} FROM sessions JOIN accounts ON accounts.id = sessions.account_id WHERE token_hash = $1");
    let found = row(client, &sql, &[&token.as_bytes().as_slice()]).await?;
    found.map(|row| Ok((session(&row)?, account(&row)?))).transpose()
}

pub(super) async fn touch_session(client: &Object, id: &str, at: DateTime) -> Result<(), Error> {
    let sql = "UPDATE sessions SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2";
    execute(client, sql, &[&id, &at.unix_milliseconds()]).await.map(drop)
}

pub(super) async fn sessions(client: &Object, account_id: &str) -> Result<Vec<SessionRecord>, Error> {
    let sql = "SELECT * FROM sessions WHERE account_id = $1 ORDER BY created_at DESC, sequence DESC";
    rows(client, sql, &[&account_id]).await?.iter().map(session).collect()
}

pub(super) async fn delete_session(client: &mut Object, account_id: &str, id: &str, entry: &NewAudit) -> Result<bool, Error> {
    let transaction = client.transaction().await?;
    if execute(&transaction, "DELETE FROM sessions WHERE account_id = $1 AND id = $2", &[&account_id, &id]).await? == 0 {
        return Ok(false);
    }
    audit::append(&transaction, entry).await?;
    transaction.commit().await?;
    Ok(true)
}

pub(super) async fn all_sessions(client: &Object) -> Result<Vec<SessionRecord>, Error> {
    rows(client, "SELECT * FROM sessions", &[]).await?.iter().map(session).collect()
}

pub(super) async fn delete_sessions(client: &mut Object, account_id: &str, keep: &str, write: &Write) -> Result<Option<()>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Other).await? else { return Ok(None) };
    row(&transaction, LOCK, &[&account_id]).await?;
    execute(&transaction, "DELETE FROM sessions WHERE account_id = $1 AND id <> $2", &[&account_id, &keep]).await?;
    write::end(transaction, &write.entry, Some(())).await
}
