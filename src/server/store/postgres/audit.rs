//! The audit log in PostgreSQL. A trigger of the schema keeps entries from being changed or removed.

use deadpool_postgres::Object;
use tokio_postgres::{Error, Row};

use super::{
    Actor, ActorKind, AuditQuery, AuditRecord, NewAudit, Outcome,
    connect::{execute, rows},
    date,
};

fn entry(row: &Row) -> Result<AuditRecord, Error> {
    let (kind, action, outcome): (&str, &str, &str) = (row.try_get("actor_type")?, row.try_get("action")?, row.try_get("outcome")?);
    let Ok(action) = action.parse();
    Ok(AuditRecord {
        sequence: row.try_get("sequence")?,
        entry: NewAudit {
            at: date(row, "at")?,
            project_id: row.try_get("project_id")?,
            actor: Actor { kind: ActorKind::of(kind), id: row.try_get("actor_id")?, name: row.try_get("actor_name")? },
            action,
            target_id: row.try_get("target_id")?,
            outcome: if outcome == Outcome::Done.as_str() { Outcome::Done } else { Outcome::Refused },
            detail: row.try_get("detail")?,
            ip: row.try_get("ip")?,
        },
    })
}

/// What PostgreSQL cannot hold is shown as what it is: not a character. An entry must never be lost for what somebody sent.
fn plain(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

pub(super) async fn append(client: &Object, new: &NewAudit) -> Result<(), Error> {
    let sql = "INSERT INTO audit (at, project_id, actor_type, actor_id, actor_name, action, target_id, outcome, detail, ip) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 10] = [
        &new.at.unix_milliseconds(),
        &new.project_id.as_deref().map(plain),
        &new.actor.kind.as_str(),
        &plain(&new.actor.id),
        &plain(&new.actor.name),
        &new.action.as_str(),
        &plain(&new.target_id),
        &new.outcome.as_str(),
        &plain(&new.detail),
        &plain(&new.ip),
    ];
    execute(client, sql, &values).await.map(drop)
}

pub(super) async fn page(client: &Object, query: &AuditQuery) -> Result<Vec<AuditRecord>, Error> {
    let sql = "SELECT * FROM audit WHERE project_id IS NOT DISTINCT FROM $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3";
    // An index serves `=` and `IS NULL`, but not the one comparison that is both.
    let sql = match query.project_id {
        Some(_) => sql.replace("IS NOT DISTINCT FROM $1", "= $1"),
        None => sql.replace("IS NOT DISTINCT FROM $1", "IS NULL AND $1::text IS NULL"),
    };
    let (before, limit) = (query.before.unwrap_or(i64::MAX), i64::from(query.limit));
    rows(client, &sql, &[&query.project_id, &before, &limit]).await?.iter().map(entry).collect()
}
