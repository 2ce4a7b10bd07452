//! Second factors in SQLite.

use rusqlite::{Connection, params};

use super::{FactorCode, NewFactor, UsedCode};
use crate::{scope::DateTime, server::auth::SecretHash};

/// Uses a code up. `false` if it was used before.
pub(super) fn use_up(transaction: &Connection, used: &UsedCode) -> rusqlite::Result<bool> {
    let changed = match &used.code {
        FactorCode::Step(step) => transaction
            .execute("UPDATE accounts SET factor_step = ?2 WHERE id = ?1 AND factor_step < ?2", params![used.account_id, step])?,
        FactorCode::Recovery(hash) => transaction
            .execute("DELETE FROM recovery_codes WHERE account_id = ?1 AND code_hash = ?2", params![used.account_id, hash.as_bytes()])?,
    };
    Ok(changed > 0)
}

/// The hashes of the recovery codes of an account.
pub(super) fn recovery_codes(connection: &Connection, account_id: &str) -> rusqlite::Result<Vec<SecretHash>> {
    let mut statement = connection.prepare_cached("SELECT code_hash FROM recovery_codes WHERE account_id = ?1")?;
    let hashes = statement.query_map([account_id], |row| row.get::<_, Vec<u8>>(0))?;
    hashes.filter_map(|hash| hash.map(|hash| SecretHash::from_bytes(&hash)).transpose()).collect()
}

/// Replaces the second factor of an account; `None` removes it.
pub(super) fn keep(transaction: &Connection, account_id: &str, factor: Option<&NewFactor>, at: DateTime) -> rusqlite::Result<()> {
    let since = factor.map(|_| at.unix_milliseconds());
    transaction.execute(
        "UPDATE accounts SET factor_secret = ?2, factor_since = ?3, factor_step = ?4 WHERE id = ?1",
        params![account_id, factor.map(|new| &new.sealed), since, factor.map(|new| new.last_step)],
    )?;
    keep_recovery_codes(transaction, account_id, factor.map_or(&[], |new| &new.recovery_codes))
}

/// Replaces the recovery codes of an account.
pub(super) fn keep_recovery_codes(transaction: &Connection, account_id: &str, codes: &[SecretHash]) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM recovery_codes WHERE account_id = ?1", [account_id])?;
    for code in codes {
        transaction.execute("INSERT INTO recovery_codes (code_hash, account_id) VALUES (?1, ?2)", params![code.as_bytes(), account_id])?;
    }
    Ok(())
}
