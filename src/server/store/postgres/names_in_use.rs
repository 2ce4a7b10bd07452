//! Which scopes keys have, and which editions policies name.

use deadpool_postgres::Object;
use tokio_postgres::{Error, Row};

use super::connect::rows;
use crate::server::store::NamesInUse;

/// So many keys one statement reads: a statement over all keys would take too long for a connection.
const BATCH: i64 = 20_000;
/// Most keys share their list with others.
const LISTS: &str = "SELECT scopes, count(*), max(sequence) FROM (SELECT scopes, sequence FROM keys WHERE sequence > $1 ORDER BY sequence \
    LIMIT $2) AS batch GROUP BY scopes";
const EDITIONS: &str = "SELECT edition, count(*) FROM projects WHERE edition IS NOT NULL GROUP BY edition \
    ORDER BY count(*) DESC, edition COLLATE \"C\" LIMIT $1";

/// The lists of scopes of the next keys.
pub(super) struct Batch {
    /// Each list with the number of keys that have it.
    pub lists: Vec<(Vec<String>, u64)>,
    /// The last of these keys; `None` if they are the last of all.
    pub last: Option<i64>,
}

/// Reads the next keys after this one.
pub(super) async fn batch(client: &Object, after: i64) -> Result<Batch, Error> {
    let rows = rows(client, LISTS, &[&after, &BATCH]).await?;
    let (mut lists, mut last, mut read) = (Vec::with_capacity(rows.len()), after, 0);
    for row in &rows {
        let keys = count(row)?;
        lists.push((row.try_get(0)?, keys));
        last = last.max(row.try_get(2)?);
        read += keys;
    }
    Ok(Batch { lists, last: (read >= BATCH.unsigned_abs()).then_some(last) })
}

/// Reads the editions.
pub(super) async fn editions(client: &Object) -> Result<Vec<(String, u64)>, Error> {
    let rows = rows(client, EDITIONS, &[&i64::from(NamesInUse::MAX)]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, count(row)?))).collect()
}

fn count(row: &Row) -> Result<u64, Error> {
    row.try_get(1).map(i64::unsigned_abs)
}
