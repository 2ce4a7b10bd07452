//! The audit log in SQLite. Triggers of the schema prevent changes and deletions of entries.

use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::{Actor, ActorKind, AuditQuery, AuditRecord, NewAudit, Outcome, ProjectRef, date};

fn entry(row: &Row<'_>) -> rusqlite::Result<AuditRecord> {
    let (kind, action, outcome): (String, String, String) = (row.get("actor_type")?, row.get("action")?, row.get("outcome")?);
    let Ok(action) = action.parse();
    let (project_id, sequence): (Option<String>, Option<i64>) = (row.get("project_id")?, row.get("project_sequence")?);
    Ok(AuditRecord {
        sequence: row.get("sequence")?,
        entry: NewAudit {
            at: date(row, "at")?,
            project: project_id.map(|id| ProjectRef { sequence: sequence.unwrap_or_default(), id }),
            actor: Actor { kind: ActorKind::of(&kind), id: row.get("actor_id")?, name: row.get("actor_name")? },
            action,
            target_id: row.get("target_id")?,
            outcome: if outcome == Outcome::Success.as_str() { Outcome::Success } else { Outcome::Denied },
            detail: row.get("detail")?,
            ip: row.get("ip")?,
        },
    })
}

pub(super) fn append(connection: &Connection, new: &NewAudit) -> rusqlite::Result<()> {
    let sql = "INSERT INTO audit (at, project_id, actor_type, actor_id, actor_name, action, target_id, outcome, detail, ip, project_sequence) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    let values = params![
        new.at.unix_milliseconds(),
        new.project.as_ref().map(|project| project.id.as_str()),
        new.actor.kind.as_str(),
        new.actor.id,
        new.actor.name,
        new.action.as_str(),
        new.target_id,
        new.outcome.as_str(),
        new.detail,
        new.ip,
        new.project.as_ref().map(|project| project.sequence),
    ];
    connection.prepare_cached(sql)?.execute(values).map(drop)
}

pub(super) fn append_all(connection: &mut Connection, entries: &[NewAudit]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for entry in entries {
        append(&transaction, entry)?;
    }
    transaction.commit()
}

pub(super) fn page(connection: &Connection, query: &AuditQuery) -> rusqlite::Result<Vec<AuditRecord>> {
    let before = query.before.unwrap_or(i64::MAX);
    // Each condition has its own index.
    let of = match (query.project.is_some(), query.target.is_some()) {
        (true, false) => "project_sequence = ?1 AND ?4 IS NULL",
        (false, false) => "project_id IS NULL AND ?1 IS NULL AND ?4 IS NULL",
        (true, true) => "project_sequence = ?1 AND target_id = ?4",
        (false, true) => "project_id IS NULL AND project_sequence IS NULL AND ?1 IS NULL AND target_id = ?4",
    };
    connection
        .prepare_cached(&format!("SELECT * FROM audit WHERE {of} AND sequence < ?2 ORDER BY sequence DESC LIMIT ?3"))?
        .query_map(params![query.project, before, query.limit, query.target], entry)?
        .collect()
}
