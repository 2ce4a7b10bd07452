//! Accounts and their sessions in SQLite.

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::{
    AccountChange, AccountRecord, FactorRecord, NewAccount, NewAudit, NewSession, SessionRecord, audit, date, maybe_date, second_factor,
};
use crate::{scope::DateTime, server::auth::SecretHash};

const ACCOUNT: &str = "accounts.id AS a_id, accounts.email AS a_email, accounts.name AS a_name, accounts.blocked AS a_blocked, \
    accounts.created_at AS a_created_at, accounts.updated_at AS a_updated_at, accounts.password_updated_at AS a_password_updated_at, \
    accounts.version AS a_version, accounts.invited_until AS a_invited_until, accounts.factor_since AS a_factor_since";

/// What a password uses up.
const NO_INVITATION: &str = "invitation_hash = NULL, invited_until = NULL";

fn account(row: &Row<'_>) -> rusqlite::Result<AccountRecord> {
    Ok(AccountRecord {
        id: row.get("a_id")?,
        email: row.get("a_email")?,
        name: row.get("a_name")?,
        blocked: row.get("a_blocked")?,
        second_factor: maybe_date(row, "a_factor_since")?,
        invited_until: maybe_date(row, "a_invited_until")?,
        created_at: date(row, "a_created_at")?,
        updated_at: date(row, "a_updated_at")?,
        password_updated_at: date(row, "a_password_updated_at")?,
        version: row.get("a_version")?,
    })
}

fn session(row: &Row<'_>) -> rusqlite::Result<SessionRecord> {
    Ok(SessionRecord {
        id: row.get("id")?,
        account_id: row.get("account_id")?,
        ip: row.get("ip")?,
        client_name: row.get("client_name")?,
        created_at: date(row, "created_at")?,
        last_used_at: date(row, "last_used_at")?,
        expires_at: date(row, "expires_at")?,
    })
}

pub(super) fn any(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM accounts)", [], |row| row.get(0))
}

/// `None` if `only_first` is set and an account exists.
pub(super) fn create(
    connection: &mut Connection,
    new: &NewAccount,
    only_first: bool,
    entry: &NewAudit,
) -> rusqlite::Result<Option<AccountRecord>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if only_first && any(&transaction)? {
        return Ok(None);
    }
    let created = insert(&transaction, new)?;
    audit::append(&transaction, entry)?;
    transaction.commit()?;
    Ok(Some(created))
}

/// Also removes the set-up link, which is for a server without accounts.
pub(super) fn insert(transaction: &Connection, new: &NewAccount) -> rusqlite::Result<AccountRecord> {
    let at = new.created_at.unix_milliseconds();
    let (hash, invitation, until) = new.access.columns();
    transaction.execute(
        "INSERT INTO accounts (id, email, name, password_hash, created_at, updated_at, password_updated_at, invitation_hash, invited_until) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5, ?6, ?7)",
        params![new.id.as_str(), new.email, new.name, hash, at, invitation, until],
    )?;
    transaction.execute("DELETE FROM setup", [])?;
    transaction.query_row(&format!("SELECT {ACCOUNT} FROM accounts WHERE id = ?1"), [new.id.as_str()], account)
}

pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<AccountRecord>> {
    connection.prepare_cached(&format!("SELECT {ACCOUNT} FROM accounts ORDER BY created_at, id"))?.query_map([], account)?.collect()
}

pub(super) fn update(transaction: &Connection, id: &str, change: &AccountChange, at: DateTime) -> rusqlite::Result<Option<AccountRecord>> {
    let at = at.unix_milliseconds();
    let sql = |what: &str| format!("UPDATE accounts SET {what}, updated_at = ?2, version = version + 1 WHERE id = ?1 RETURNING {ACCOUNT}");
    match change {
        AccountChange::SecondFactor { factor, .. } => {
            second_factor::keep(transaction, id, factor.as_ref(), DateTime::from_unix_milliseconds(at))?;
        }
        AccountChange::RecoveryCodes(codes) => second_factor::keep_recovery_codes(transaction, id, codes)?,
        _ => {}
    }
    let changed = match change {
        AccountChange::Name(name) => transaction.query_row(&sql("name = ?3"), params![id, at, name], account),
        AccountChange::Password { hash, .. } => {
            let set = format!("password_hash = ?3, password_updated_at = ?2, {NO_INVITATION}");
            transaction.query_row(&sql(&set), params![id, at, hash], account)
        }
        AccountChange::Invitation(invitation) => {
            let values = params![id, at, invitation.token.as_bytes(), invitation.until.unix_milliseconds()];
            transaction.query_row(&sql("invitation_hash = ?3, invited_until = ?4"), values, account)
        }
        AccountChange::Joined { hash, name } => {
            let set = format!("password_hash = ?3, password_updated_at = ?2, name = ?4, {NO_INVITATION}");
            transaction.query_row(&sql(&set), params![id, at, hash, name], account)
        }
        AccountChange::SecondFactor { .. } | AccountChange::RecoveryCodes(_) => {
            transaction.query_row(&sql("id = id"), params![id, at], account)
        }
        AccountChange::Blocked(blocked) => transaction.query_row(&sql("blocked = ?3"), params![id, at, blocked], account),
    };
    if let Some(kept) = change.ends_sessions_but() {
        transaction.execute("DELETE FROM sessions WHERE account_id = ?1 AND id <> ?2", [id, kept])?;
    }
    changed.optional()
}

/// Also deletes its sessions.
pub(super) fn delete(transaction: &Connection, id: &str) -> rusqlite::Result<Option<()>> {
    Ok((transaction.execute("DELETE FROM accounts WHERE id = ?1", [id])? > 0).then_some(()))
}

pub(super) fn set_setup_token(connection: &Connection, token: &SecretHash) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO setup (single, token_hash) SELECT 1, ?1 WHERE NOT EXISTS (SELECT 1 FROM accounts)";
    connection.execute(sql, [token.as_bytes()]).map(drop)
}

pub(super) fn setup_token(connection: &Connection) -> rusqlite::Result<Option<SecretHash>> {
    let found = connection.prepare_cached("SELECT token_hash FROM setup")?.query_row([], |row| row.get::<_, Vec<u8>>(0)).optional()?;
    Ok(found.as_deref().and_then(SecretHash::from_bytes))
}

pub(super) fn by_invitation(connection: &Connection, token: &SecretHash) -> rusqlite::Result<Option<AccountRecord>> {
    connection
        .prepare_cached(&format!("SELECT {ACCOUNT} FROM accounts WHERE invitation_hash = ?1"))?
        .query_row([token.as_bytes()], account)
        .optional()
}

pub(super) fn by_email(connection: &Connection, email: &str) -> rusqlite::Result<Option<(AccountRecord, Option<String>)>> {
    connection
        .prepare_cached(&format!("SELECT {ACCOUNT}, nullif(password_hash, '') AS password_hash FROM accounts WHERE email = ?1"))?
        .query_row([email], |row| Ok((account(row)?, row.get("password_hash")?)))
        .optional()
}

pub(super) fn with_second_factor(connection: &Connection, id: &str) -> rusqlite::Result<Option<(AccountRecord, Option<FactorRecord>)>> {
    let sql = format!("SELECT {ACCOUNT}, factor_secret, factor_step FROM accounts WHERE id = ?1");
    let read = |row: &Row<'_>| {
        let (sealed, step): (Option<Vec<u8>>, Option<i64>) = (row.get("factor_secret")?, row.get("factor_step")?);
        Ok((account(row)?, sealed.zip(step)))
    };
    let Some((account, factor)) = connection.prepare_cached(&sql)?.query_row([id], read).optional()? else { return Ok(None) };
    let recovery_codes = second_factor::recovery_codes(connection, id)?;
    Ok(Some((account, factor.map(|(sealed, last_step)| FactorRecord { sealed, last_step, recovery_codes }))))
}

pub(super) fn create_session(transaction: &Connection, new: &NewSession, keep: u32) -> rusqlite::Result<SessionRecord> {
    let at = new.created_at.unix_milliseconds();
    transaction.execute(
        "INSERT INTO sessions (id, account_id, token_hash, ip, client_name, created_at, last_used_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)",
        params![new.id, new.account_id, new.token.as_bytes(), new.ip, new.client_name, at, new.expires_at.unix_milliseconds()],
    )?;
    transaction.execute(
        "DELETE FROM sessions WHERE account_id = ?1 AND id NOT IN \
         (SELECT id FROM sessions WHERE account_id = ?1 ORDER BY created_at DESC, rowid DESC LIMIT ?2)",
        params![new.account_id, keep],
    )?;
    Ok(SessionRecord {
        id: new.id.clone(),
        account_id: new.account_id.clone(),
        ip: new.ip.clone(),
        client_name: new.client_name.clone(),
        created_at: new.created_at,
        last_used_at: new.created_at,
        expires_at: new.expires_at,
    })
}

pub(super) fn session_by_token(connection: &Connection, token: &SecretHash) -> rusqlite::Result<Option<(SessionRecord, AccountRecord)>> {
    connection
        .prepare_cached(&format!(
            "SELECT sessions.*, {ACCOUNT} FROM sessions JOIN accounts ON accounts.id = sessions.account_id WHERE token_hash = ?1"
        ))?
        .query_row([token.as_bytes()], |row| Ok((session(row)?, account(row)?)))
        .optional()
}

pub(super) fn touch_session(connection: &Connection, id: &str, at: DateTime) -> rusqlite::Result<()> {
    let at = at.unix_milliseconds();
    connection.execute("UPDATE sessions SET last_used_at = ?2 WHERE id = ?1 AND last_used_at < ?2", params![id, at]).map(drop)
}

pub(super) fn sessions(connection: &Connection, account_id: &str) -> rusqlite::Result<Vec<SessionRecord>> {
    connection
        .prepare_cached("SELECT * FROM sessions WHERE account_id = ?1 ORDER BY created_at DESC, rowid DESC")?
        .query_map([account_id], session)?
        .collect()
}

pub(super) fn delete_session(connection: &mut Connection, account_id: &str, id: &str, entry: &NewAudit) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if transaction.execute("DELETE FROM sessions WHERE account_id = ?1 AND id = ?2", [account_id, id])? == 0 {
        return Ok(false);
    }
    audit::append(&transaction, entry)?;
    transaction.commit()?;
    Ok(true)
}

pub(super) fn all_sessions(connection: &Connection) -> rusqlite::Result<Vec<SessionRecord>> {
    connection.prepare_cached("SELECT * FROM sessions")?.query_map([], session)?.collect()
}

pub(super) fn delete_sessions(transaction: &Connection, account_id: &str, keep: &str) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM sessions WHERE account_id = ?1 AND id <> ?2", [account_id, keep]).map(drop)
}
