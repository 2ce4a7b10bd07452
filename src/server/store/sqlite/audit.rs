//! The audit log in SQLite. Triggers of the schema prevent changes and deletions of entries.

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params, params_from_iter};

use super::{Actor, ActorKind, AuditQuery, AuditRecord, NewAudit, Outcome, ProjectRef, date};
use crate::server::store::audit_page::{AuditDialect, AuditPage, Cursor};

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

/// Without statistics, SQLite cannot tell which index finds the fewest entries.
const DIALECT: AuditDialect = AuditDialect { mark: |number| format!("?{number}"), index: |index| format!("INDEXED BY {index}") };

pub(super) fn page(connection: &Connection, query: &AuditQuery) -> rusqlite::Result<Vec<AuditRecord>> {
    let find = |sequence: i64| {
        let found = connection.prepare_cached("SELECT at FROM audit WHERE sequence = ?1")?.query_row([sequence], |row| row.get(0));
        Ok::<_, rusqlite::Error>(Cursor { at: found.optional()?, sequence })
    };
    let cursor = query.before.map(find).transpose()?;
    let AuditPage { sql, values } = AuditPage::new(query, cursor, DIALECT);
    connection.prepare(&sql)?.query_map(params_from_iter(&values), entry)?.collect()
}
