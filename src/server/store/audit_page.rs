//! Translates an [`AuditQuery`] to SQL for both databases: the newest entries first, and those of one millisecond by their sequence.

use super::{AuditQuery, Outcome, listing::Value};

/// The entry that a page comes after: its time, if the log has it, and its sequence.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    pub at: Option<i64>,
    pub sequence: i64,
}

/// A statement with the values to bind.
pub(super) struct AuditPage {
    pub sql: String,
    pub values: Vec<Value>,
}

/// How the databases write what differs.
#[derive(Clone, Copy)]
pub(super) struct AuditDialect {
    /// The placeholder of the bound value with this number, from 1.
    pub mark: fn(usize) -> String,
    /// Names the index to read, after the table; empty where the database chooses well by itself.
    pub index: fn(&str) -> String,
}

const ORDER: &str = "ORDER BY at DESC, sequence DESC";

impl AuditPage {
    /// Reads as few entries as possible: each branch follows one index from the newest entry on, and ends at the limit. What the index
    /// does not decide is checked entry by entry.
    pub fn new(query: &AuditQuery, cursor: Option<Cursor>, dialect: AuditDialect) -> Self {
        let mut values = Vec::new();
        let mut bind = |value: Value| {
            values.push(value);
            (dialect.mark)(values.len())
        };
        let text = |text: &str| Value::Text(text.to_owned());
        let mut all = vec![match query.project {
            Some(sequence) => format!("project_sequence = {}", bind(Value::Integer(sequence))),
            None => "project_sequence IS NULL AND project_id IS NULL".to_owned(),
        }];
        match query.outcome {
            // Written out, so that the partial index is found.
            Some(Outcome::Denied) => all.push("outcome = 'refused'".to_owned()),
            Some(outcome) => all.push(format!("outcome = {}", bind(text(outcome.as_str())))),
            None => {}
        }
        for (comparison, at) in [(">=", query.from), ("<", query.until)] {
            if let Some(at) = at {
                all.push(format!("at {comparison} {}", bind(Value::Integer(at.unix_milliseconds()))));
            }
        }
        if let Some(Cursor { at, sequence }) = cursor {
            let sequence = bind(Value::Integer(sequence));
            all.push(match at {
                Some(at) => format!("(at, sequence) < ({}, {sequence})", bind(Value::Integer(at))),
                None => format!("sequence < {sequence}"),
            });
        }
        let target = query.target.as_deref().map(|target| format!("target_id = {}", bind(text(target))));
        let actor = query.actor.as_deref().map(|actor| bind(text(actor)));
        let actions: Vec<String> = query.actions.iter().map(|action| bind(text(action.as_str()))).collect();
        let one_of_actions = (!actions.is_empty()).then(|| format!("action IN ({})", actions.join(", ")));
        // The index of each branch, and what the branch asks for.
        let branches: Vec<(&str, Vec<String>)> = match (target, actor) {
            (Some(target), actor) => {
                let by = actor.map(|actor| format!("(actor_id = {actor} OR actor_name = {actor})"));
                vec![("audit_by_target", [Some(target), by, one_of_actions].into_iter().flatten().collect())]
            }
            (None, Some(actor)) => [("audit_by_actor", "actor_id"), ("audit_by_actor_name", "actor_name")]
                .into_iter()
                .map(|(index, column)| {
                    let by = Some(format!("{column} = {actor}"));
                    (index, [by, one_of_actions.clone()].into_iter().flatten().collect())
                })
                .collect(),
            (None, None) if !actions.is_empty() => {
                actions.iter().map(|action| ("audit_by_action", vec![format!("action = {action}")])).collect()
            }
            (None, None) if query.outcome == Some(Outcome::Denied) => vec![("audit_of_refusals", Vec::new())],
            (None, None) => vec![("audit_by_time", Vec::new())],
        };
        let limit = bind(Value::Integer(query.limit.into()));
        let branch = |what: &str, (index, own): &(&str, Vec<String>)| {
            let conditions = all.iter().chain(own).map(String::as_str).collect::<Vec<_>>().join(" AND ");
            format!("SELECT {what} FROM audit {} WHERE {conditions} {ORDER} LIMIT {limit}", (dialect.index)(index))
        };
        let sql = match branches.as_slice() {
            [only] => branch("*", only),
            several => {
                let parts: Vec<String> =
                    several.iter().map(|one| format!("SELECT sequence FROM ({}) AS branch", branch("sequence", one))).collect();
                format!("SELECT * FROM audit WHERE sequence IN ({}) {ORDER} LIMIT {limit}", parts.join(" UNION "))
            }
        };
        Self { sql, values }
    }
}
