//! The audit log in PostgreSQL. A trigger of the schema prevents changes and deletions of entries.

use deadpool_postgres::{GenericClient, Object};
use tokio_postgres::{Error, Row, types::ToSql};

use super::{
    Actor, ActorKind, AuditQuery, AuditRecord, NewAudit, Outcome, ProjectRef, Write,
    column::typed,
    connect::{execute, row, rows},
    date,
    write::{self, Changes, Value},
};
use crate::server::store::audit_page::{AuditDialect, AuditPage, Cursor};

fn entry(row: &Row) -> Result<AuditRecord, Error> {
    let (kind, action, outcome): (&str, &str, &str) = (row.try_get("actor_type")?, row.try_get("action")?, row.try_get("outcome")?);
    let Ok(action) = action.parse();
    let (project_id, sequence): (Option<String>, Option<i64>) = (row.try_get("project_id")?, row.try_get("project_sequence")?);
    Ok(AuditRecord {
        sequence: row.try_get("sequence")?,
        entry: NewAudit {
            at: date(row, "at")?,
            project: project_id.map(|id| ProjectRef { sequence: sequence.unwrap_or_default(), id }),
            actor: Actor { kind: ActorKind::of(kind), id: row.try_get("actor_id")?, name: row.try_get("actor_name")? },
            action,
            target_id: row.try_get("target_id")?,
            outcome: if outcome == Outcome::Success.as_str() { Outcome::Success } else { Outcome::Denied },
            detail: row.try_get("detail")?,
            ip: row.try_get("ip")?,
        },
    })
}

/// Replaces characters that PostgreSQL cannot store with the replacement character. The content of a request must never lose an entry.
pub(super) fn plain(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// The columns of an entry.
pub(super) const COLUMNS: &str =
    "at, project_id, actor_type, actor_id, actor_name, action, target_id, outcome, detail, ip, project_sequence";
/// How many they are.
pub(super) const COLUMNS_COUNT: usize = 11;

/// The values of an entry in the order of [`COLUMNS`], as the database can store them.
pub(super) fn values(new: NewAudit) -> [Value; COLUMNS_COUNT] {
    let (project_id, project_sequence) = new.project.map(|project| (plain(&project.id), project.sequence)).unzip();
    [
        Box::new(new.at.unix_milliseconds()),
        Box::new(project_id),
        Box::new(new.actor.kind.as_str()),
        Box::new(plain(&new.actor.id)),
        Box::new(plain(&new.actor.name)),
        Box::new(new.action.as_str().to_owned()),
        Box::new(plain(&new.target_id)),
        Box::new(new.outcome.as_str()),
        Box::new(plain(&new.detail)),
        Box::new(plain(&new.ip)),
        Box::new(project_sequence),
    ]
}

/// Runs inside a transaction.
pub(super) async fn append(client: &impl GenericClient, new: &NewAudit) -> Result<(), Error> {
    let sql = format!("INSERT INTO audit ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    let values = values(new.clone());
    let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| &**value as &(dyn ToSql + Sync)).collect();
    execute(client, &sql, &values).await.map(drop)
}

pub(super) async fn record(client: &mut Object, write: &Write) -> Result<Option<()>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Other).await? else { return Ok(None) };
    write::end(transaction, &write.entry, Some(())).await
}

pub(super) async fn append_all(client: &mut Object, entries: &[NewAudit]) -> Result<(), Error> {
    let transaction = client.transaction().await?;
    for entry in entries {
        append(&transaction, entry).await?;
    }
    transaction.commit().await
}

const DIALECT: AuditDialect = AuditDialect { mark: |number| format!("${number}"), index: |_| String::new() };

pub(super) async fn page(client: &Object, query: &AuditQuery) -> Result<Vec<AuditRecord>, Error> {
    let cursor = match query.before {
        Some(sequence) => {
            let found = row(client, "SELECT at FROM audit WHERE sequence = $1", &[&sequence]).await?;
            Some(Cursor { at: found.map(|row| row.try_get(0)).transpose()?, sequence })
        }
        None => None,
    };
    let storable = AuditQuery { target: query.target.as_deref().map(plain), actor: query.actor.as_deref().map(plain), ..query.clone() };
    let AuditPage { sql, values } = AuditPage::new(&storable, cursor, DIALECT);
    let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| typed(value).0).collect();
    rows(client, &sql, &values).await?.iter().map(entry).collect()
}
