//! Which scopes keys have, and which editions policies name.

use std::collections::HashMap;

use rusqlite::{Connection, Row, types::Type};

use crate::server::store::{NamesInUse, names_in_use::ScopeCounts};

/// So many different lists of scopes are counted before they are taken apart. Most keys share their list with others.
const LISTS: usize = 4096;

/// Reads row by row: to group in SQLite would sort every name of every key.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<NamesInUse> {
    let (mut lists, mut scopes) = (HashMap::new(), ScopeCounts::default());
    let mut statement = connection.prepare("SELECT scopes FROM keys")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let list = row.get_ref(0)?.as_str()?;
        match lists.get_mut(list) {
            Some(count) => *count += 1,
            None => {
                if lists.len() == LISTS {
                    take_apart(&mut lists, &mut scopes)?;
                }
                lists.insert(list.to_owned(), 1);
            }
        }
    }
    take_apart(&mut lists, &mut scopes)?;
    let sql = "SELECT edition, count(*) FROM projects WHERE edition IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?1";
    let edition = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()));
    let editions: rusqlite::Result<_> = connection.prepare(sql)?.query_map([NamesInUse::MAX], edition)?.collect();
    Ok(NamesInUse { scopes: scopes.sorted(), editions: editions? })
}

fn take_apart(lists: &mut HashMap<String, u64>, scopes: &mut ScopeCounts) -> rusqlite::Result<()> {
    for (list, keys) in lists.drain() {
        let names = serde_json::from_str(&list);
        scopes.add(names.map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))?, keys);
    }
    Ok(())
}
