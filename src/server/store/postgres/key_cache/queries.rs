//! The connection of the cache, and what is asked on it.

use std::{collections::HashMap, sync::Arc};

use deadpool_postgres::ClientWrapper;
use tokio_postgres::{Error, Row, Statement, types::Type};

use super::rounds::{Changes, Read};
use crate::server::{
    auth::SecretHash,
    store::{
        KeyRecord, ProjectRecord, StoreError,
        key_cache::Found,
        postgres::{
            connect::{Connections, bounded, store_error},
            keys, maybe_date,
            primary::Session,
            projects,
        },
    },
};

/// With more changes than this, the cache drops everything.
const MAX_CHANGES: i64 = 1024;

/// Plans are made once, and with the index, however small the table is then. The session gets a name that no other has: where a pooler
/// has put another server or another session behind this connection, the name is missing.
const BEGIN: &str = "SELECT set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_seqscan', 'off', false), \
    set_config('jit', 'off', false), set_config('default_transaction_isolation', 'read committed', false), \
    set_config('scopewise.session', pg_backend_pid() || ' ' || clock_timestamp(), false)";

/// One statement, so that everything in it has one snapshot. The first row has no change.
const FRESH: &str = "SELECT pg_current_snapshot()::text AS snapshot, \
        NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' \
            AND current_setting('scopewise.session', true) = $2 AS is_ours, \
        concat_ws(' ', 'keys'::regclass::oid, 'key_secrets'::regclass::oid, 'projects'::regclass::oid, 'changes'::regclass::oid) AS tables, \
        NULL::bigint AS key_sequence, NULL::text AS project_id, false AS everything \
    UNION ALL (SELECT NULL, NULL, NULL, key_sequence, project_id, \
        coalesce(forgotten >= pg_snapshot_xmin($1::text::pg_snapshot), key_sequence IS NULL AND project_id IS NULL) \
    FROM changes WHERE xid >= pg_snapshot_xmin($1::text::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, $1::text::pg_snapshot) \
    LIMIT $3)";

const KEYS: &str = "SELECT keys.*, hash, valid_until FROM key_secrets JOIN keys ON sequence = key_sequence WHERE hash = ANY ($1)";
const KEYS_AFTER: &str = include_str!("keys_after.sql");
const PROJECTS: &str = "SELECT * FROM projects WHERE id = ANY ($1)";

/// The answer of a freshness read.
pub(super) struct Fresh {
    pub snapshot: Arc<str>,
    pub changes: Changes,
}

/// The rows of a query.
#[derive(Default)]
pub(super) struct Rows {
    pub keys: HashMap<SecretHash, Found>,
    pub projects: HashMap<String, Arc<ProjectRecord>>,
}

/// A connection that the cache does not share, to the server that accepts writes.
pub(super) struct Line {
    client: ClientWrapper,
    session: Arc<Session>,
    /// The name of the session.
    name: String,
    /// The tables that the first answer has named. Another table of the same name has its own history.
    tables: std::sync::OnceLock<String>,
    fresh: Statement,
    keys: Statement,
    keys_after: Statement,
    projects: Statement,
}

impl Line {
    pub async fn open(connections: &Connections) -> Result<Self, StoreError> {
        let (client, session) = connections.checkout().await?.take();
        let prepared = bounded(async {
            let name: String = client.query_one(BEGIN, &[]).await?.try_get(4)?;
            let fresh = client.prepare_typed(FRESH, &[Type::TEXT, Type::TEXT, Type::INT8]).await?;
            let keys = client.prepare(KEYS).await?;
            let keys_after = client.prepare(KEYS_AFTER).await?;
            Ok((name, fresh, keys, keys_after, client.prepare(PROJECTS).await?))
        });
        let prepared = prepared.await.map_err(|_| StoreError::Unavailable("no answer in time".to_owned()))?;
        let (name, fresh, keys, keys_after, projects) = prepared.map_err(|error| store_error(&error))?;
        Ok(Self { client, session, name, tables: std::sync::OnceLock::new(), fresh, keys, keys_after, projects })
    }

    /// `None` if the answer proves nothing: it is not of the session that began, not of a server that accepts writes, or not of the
    /// same tables.
    pub async fn fresh(&self, read: &Read, connections: &Connections) -> Result<Option<Fresh>, Error> {
        let rows = self.client.query(&self.fresh, &[&read.since.as_deref(), &self.name, &(MAX_CHANGES + 1)]).await?;
        let Some((first, listed)) = rows.split_first() else { return Ok(None) };
        let tables: &str = first.try_get("tables")?;
        let is_same = self.tables.get_or_init(|| tables.to_owned()) == tables;
        let is_ours = first.try_get::<_, Option<bool>>("is_ours")? == Some(true);
        if !is_ours || !is_same || !self.is_primary(connections) {
            return Ok(None);
        }
        let mut changes = Changes { everything: listed.len() as i64 > MAX_CHANGES, ..Changes::default() };
        for row in listed {
            changes.everything |= row.try_get::<_, bool>("everything")?;
            changes.keys.extend(row.try_get::<_, Option<i64>>("key_sequence")?);
            changes.projects.extend(row.try_get::<_, Option<String>>("project_id")?);
        }
        Ok(Some(Fresh { snapshot: first.try_get::<_, &str>("snapshot")?.into(), changes }))
    }

    /// Whether the server has not reported that it only reads, and no newer primary was seen.
    fn is_primary(&self, connections: &Connections) -> bool {
        !self.session.reads_only() && !connections.is_outdated(&self.session)
    }

    /// The keys of these secrets, and the projects with these ids. Both queries are sent when this is first polled.
    ///
    /// # Errors
    /// `Ok(None)` like [`Line::fresh`].
    pub async fn load(&self, secrets: &[SecretHash], ids: &[String], connections: &Connections) -> Result<Option<Rows>, Error> {
        let hashes: Vec<&[u8]> = secrets.iter().map(|secret| secret.as_bytes().as_slice()).collect();
        let keys = async { if hashes.is_empty() { Ok(Vec::new()) } else { self.client.query(&self.keys, &[&hashes]).await } };
        let projects = async { if ids.is_empty() { Ok(Vec::new()) } else { self.client.query(&self.projects, &[&ids]).await } };
        let (keys, projects) = futures_util::future::join(keys, projects).await;
        let mut rows = Rows::default();
        for row in &keys? {
            rows.keys.extend(found(row)?);
        }
        for row in &projects? {
            let project = projects::project(row)?;
            rows.projects.insert(project.id.clone(), Arc::new(project));
        }
        Ok(self.is_primary(connections).then_some(rows))
    }

    /// The next keys after a sequence, with their secrets, ordered by sequence; none if there is no later key.
    pub async fn keys_after(&self, after: i64) -> Result<Vec<(SecretHash, Found)>, Error> {
        let rows = self.client.query(&self.keys_after, &[&after]).await?;
        rows.iter().filter_map(|row| found(row).transpose()).collect()
    }
}

fn found(row: &Row) -> Result<Option<(SecretHash, Found)>, Error> {
    let hash = SecretHash::from_bytes(row.try_get("hash")?);
    let key: KeyRecord = keys::key(row)?;
    let found = Found { key, valid_until: maybe_date(row, "valid_until")? };
    Ok(hash.map(|hash| (hash, found)))
}
