//! The audit log in SQLite. Triggers of the schema keep entries from being changed or removed.

use rusqlite::{Connection, Row, params};

use super::{Actor, ActorKind, AuditQuery, AuditRecord, NewAudit, Outcome, date};

fn entry(row: &Row<'_>) -> rusqlite::Result<AuditRecord> {
    let (kind, action, outcome): (String, String, String) = (row.get("actor_type")?, row.get("action")?, row.get("outcome")?);
    let Ok(action) = action.parse();
    Ok(AuditRecord {
        sequence: row.get("sequence")?,
        entry: NewAudit {
            at: date(row, "at")?,
            project_id: row.get("project_id")?,
            actor: Actor { kind: ActorKind::of(&kind), id: row.get("actor_id")?, name: row.get("actor_name")? },
            action,
            target_id: row.get("target_id")?,
            outcome: if outcome == Outcome::Done.as_str() { Outcome::Done } else { Outcome::Refused },
            detail: row.get("detail")?,
            ip: row.get("ip")?,
        },
    })
}

pub(super) fn append(connection: &Connection, new: &NewAudit) -> rusqlite::Result<()> {
    let sql = "INSERT INTO audit (at, project_id, actor_type, actor_id, actor_name, action, target_id, outcome, detail, ip) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let values = params![
        new.at.unix_milliseconds(),
        new.project_id,
        new.actor.kind.as_str(),
        new.actor.id,
        new.actor.name,
        new.action.as_str(),
        new.target_id,
        new.outcome.as_str(),
        new.detail,
        new.ip,
    ];
    connection.prepare_cached(sql)?.execute(values).map(drop)
}

pub(super) fn page(connection: &Connection, query: &AuditQuery) -> rusqlite::Result<Vec<AuditRecord>> {
    let before = query.before.unwrap_or(i64::MAX);
    connection
        .prepare_cached("SELECT * FROM audit WHERE project_id IS ?1 AND sequence < ?2 ORDER BY sequence DESC LIMIT ?3")?
        .query_map(params![query.project_id, before, query.limit], entry)?
        .collect()
}
