//! Which scopes keys have, and which editions policies name.

use deadpool_postgres::Object;
use tokio_postgres::Error;

use super::connect::rows;
use crate::server::store::NamesInUse;

/// A list can have a scope twice; its key counts once.
const SCOPES: &str = "SELECT scope, count(*) FROM keys, LATERAL (SELECT DISTINCT unnest(scopes)) AS held (scope) \
    GROUP BY scope ORDER BY count(*) DESC, scope COLLATE \"C\" LIMIT $1";
const EDITIONS: &str = "SELECT edition, count(*) FROM projects WHERE edition IS NOT NULL GROUP BY edition ORDER BY count(*) DESC, edition COLLATE \"C\" LIMIT $1";

pub(super) async fn read(client: &Object) -> Result<NamesInUse, Error> {
    Ok(NamesInUse { scopes: counted(client, SCOPES).await?, editions: counted(client, EDITIONS).await? })
}

async fn counted(client: &Object, sql: &str) -> Result<Vec<(String, u64)>, Error> {
    let rows = rows(client, sql, &[&i64::from(NamesInUse::MAX)]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, u64::try_from(row.try_get::<_, i64>(1)?).unwrap_or(0)))).collect()
}
