//! Keys that are read by their ids, as before each change of one: those that wait are read with one statement.

use std::sync::Arc;

use deadpool_postgres::Object;
use tokio_postgres::{Error, Row};

use super::{
    connect::{Connections, rows, run},
    together::Serve,
};
use crate::server::store::StoreError;

/// The project and the id of a key.
pub(super) type Id = (String, String);

/// The database finds each key by itself, through the index of ids. The arrays are sub-queries so that it does not know how many there are
/// when it plans: where it does, it finds a new plan for each number better than the one that it keeps, and planning takes longer than all
/// the rest.
const SQL: &str = "SELECT place, keys.* FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) WITH ORDINALITY AS wanted (of_project, of_id, place) \
    CROSS JOIN LATERAL (SELECT * FROM keys WHERE project_id = of_project AND id = of_id LIMIT 1) AS keys";

/// Whether a key with these texts can be read along with others. The database refuses some other texts, which would fail the others too.
pub(super) fn is_plain(project_id: &str, id: &str) -> bool {
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain(project_id) && is_plain(id)
}

/// Reads the keys that wait.
pub(super) struct KeyReads {
    pub connections: Arc<Connections>,
}

impl Serve for KeyReads {
    type Question = Id;
    type Answer = Option<Row>;

    const MAX: usize = 64;
    const AT_ONCE: usize = 2;

    async fn serve(&self, ids: Vec<Id>) -> Vec<Result<Option<Row>, StoreError>> {
        match self.read(&ids).await {
            Ok(found) => found.into_iter().map(Ok).collect(),
            Err(error) => ids.iter().map(|_| Err(error.clone())).collect(),
        }
    }
}

impl KeyReads {
    async fn read(&self, ids: &[Id]) -> Result<Vec<Option<Row>>, StoreError> {
        run!(self, client => read(client, ids))
    }
}

/// The rows of the keys in the order of their ids.
async fn read(client: &Object, ids: &[Id]) -> Result<Vec<Option<Row>>, Error> {
    let (projects, names): (Vec<&str>, Vec<&str>) = ids.iter().map(|(project, id)| (project.as_str(), id.as_str())).unzip();
    let mut found: Vec<Option<Row>> = ids.iter().map(|_| None).collect();
    for row in rows(client, SQL, &[&projects, &names]).await? {
        let place = usize::try_from(row.try_get::<_, i64>("place")?).unwrap_or_default();
        if let Some(found) = found.get_mut(place.wrapping_sub(1)) {
            *found = Some(row);
        }
    }
    Ok(found)
}
