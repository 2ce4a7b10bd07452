//! Which scopes keys have, and which editions policies name.

use std::collections::HashMap;

use rusqlite::{Connection, Row, types::Type};

use crate::server::store::NamesInUse;

/// So many different lists of scopes are counted before they are taken apart. Most keys share their list with others.
const LISTS: usize = 4096;
/// So many bytes of the names of scopes are kept.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Reads row by row: to group in SQLite would sort every name of every key.
pub(super) fn read(connection: &mut Connection) -> rusqlite::Result<NamesInUse> {
    let (mut lists, mut scopes) = (HashMap::new(), Counts::default());
    let mut statement = connection.prepare("SELECT scopes FROM keys")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let list = row.get_ref(0)?.as_str()?;
        match lists.get_mut(list) {
            Some(count) => *count += 1,
            None => {
                if lists.len() == LISTS {
                    scopes.take_apart(&mut lists)?;
                }
                lists.insert(list.to_owned(), 1);
            }
        }
    }
    scopes.take_apart(&mut lists)?;
    let sql = "SELECT edition, count(*) FROM projects WHERE edition IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?1";
    let edition = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()));
    let editions: rusqlite::Result<_> = connection.prepare(sql)?.query_map([NamesInUse::MAX], edition)?.collect();
    Ok(NamesInUse { scopes: scopes.sorted(), editions: editions? })
}

/// How many keys have a scope.
#[derive(Default)]
struct Counts {
    by_name: HashMap<String, u64>,
    bytes: usize,
}

impl Counts {
    fn take_apart(&mut self, lists: &mut HashMap<String, u64>) -> rusqlite::Result<()> {
        for (list, count) in lists.drain() {
            let names: Result<Vec<String>, _> = serde_json::from_str(&list);
            let mut names = names.map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))?;
            names.sort_unstable();
            names.dedup();
            for name in names {
                if let Some(known) = self.by_name.get_mut(&name) {
                    *known += count;
                } else if self.bytes + name.len() <= MAX_BYTES {
                    self.bytes += name.len();
                    self.by_name.insert(name, count);
                }
            }
        }
        Ok(())
    }

    fn sorted(self) -> Vec<(String, u64)> {
        let mut sorted: Vec<(String, u64)> = self.by_name.into_iter().collect();
        sorted.sort_unstable_by(|(a, many), (b, more)| more.cmp(many).then_with(|| a.cmp(b)));
        sorted.truncate(NamesInUse::MAX as usize);
        sorted
    }
}
