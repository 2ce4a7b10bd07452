//! Second factors in PostgreSQL.

use deadpool_postgres::Transaction;
use tokio_postgres::Error;

use super::connect::execute;
use crate::{
    scope::DateTime,
    server::{
        auth::SecretHash,
        store::{FactorCode, NewFactor, UsedCode},
    },
};

/// Uses a code up. `false` if it was used before.
pub(super) async fn use_up(transaction: &Transaction<'_>, used: &UsedCode) -> Result<bool, Error> {
    let id = &used.account_id;
    let changed = match &used.code {
        FactorCode::Step(step) => {
            execute(transaction, "UPDATE accounts SET factor_step = $2 WHERE id = $1 AND factor_step < $2", &[id, step]).await?
        }
        FactorCode::Recovery(hash) => {
            let hash = hash.as_bytes().as_slice();
            execute(transaction, "DELETE FROM recovery_codes WHERE account_id = $1 AND code_hash = $2", &[id, &hash]).await?
        }
    };
    Ok(changed > 0)
}

/// Replaces the second factor of an account; `None` removes it.
pub(super) async fn keep(transaction: &Transaction<'_>, account_id: &str, factor: Option<&NewFactor>, at: DateTime) -> Result<(), Error> {
    let (sealed, step) = (factor.map(|new| new.sealed.as_slice()), factor.map(|new| new.last_step));
    let since = factor.map(|_| at.unix_milliseconds());
    let sql = "UPDATE accounts SET factor_secret = $2, factor_since = $3, factor_step = $4 WHERE id = $1";
    execute(transaction, sql, &[&account_id, &sealed, &since, &step]).await?;
    keep_recovery_codes(transaction, account_id, factor.map_or(&[], |new| &new.recovery_codes)).await
}

/// Replaces the recovery codes of an account.
pub(super) async fn keep_recovery_codes(transaction: &Transaction<'_>, account_id: &str, codes: &[SecretHash]) -> Result<(), Error> {
    execute(transaction, "DELETE FROM recovery_codes WHERE account_id = $1", &[&account_id]).await?;
    for code in codes {
        let hash = code.as_bytes().as_slice();
        execute(transaction, "INSERT INTO recovery_codes (code_hash, account_id) VALUES ($1, $2)", &[&hash, &account_id]).await?;
    }
    Ok(())
}
