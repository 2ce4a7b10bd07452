//! The audit log, as JSON and as CSV. Not in the contract.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};

use crate::{
    api::{AuditEntry, AuditList, WireDate},
    server::{
        http::{
            error::{ApiError, json},
            extract::context::RequestContext,
            middleware::response_memory,
        },
        store::{AuditQuery, AuditRecord},
    },
};

/// How many entries a page without a limit holds.
const DEFAULT_LIMIT: i64 = 100;
/// The largest page.
const MAX_LIMIT: i64 = 5000;
/// Where a page of CSV, which has no other place for it, says how to get the next one.
const NEXT_CURSOR: HeaderName = HeaderName::from_static("x-next-cursor");

/// `project.listAudit`: what happened to the project and its keys.
pub(in crate::server::http) async fn project(context: RequestContext) -> Result<Response, ApiError> {
    let sequence = context.project()?.sequence;
    page(context, Some(sequence)).await
}

/// `console.listAudit`: what happened to accounts, to sessions, to the organization's keys, and to projects that are
/// gone.
pub(in crate::server::http) async fn server(context: RequestContext) -> Result<Response, ApiError> {
    context.session()?;
    page(context, None).await
}

async fn page(context: RequestContext, project: Option<i64>) -> Result<Response, ApiError> {
    let limit = context.params.maybe_integer("limit")?.unwrap_or(DEFAULT_LIMIT);
    let limit = u32::try_from(limit).ok().filter(|limit| (1..=MAX_LIMIT).contains(&i64::from(*limit)));
    let limit = limit.ok_or_else(|| ApiError::invalid("limit", format!("must be a whole number from 1 to {MAX_LIMIT}")))?;
    let before = context.params.maybe_integer("cursor")?;
    let wants_csv = match context.params.maybe_text("format")? {
        Some("csv") => true,
        Some("json") => false,
        Some(_) => return Err(ApiError::invalid("format", "must be `json` or `csv`")),
        None => context.client.accepts_csv,
    };
    let room = response_memory::reserve(&context.app, project, limit as usize).await?;
    // One more than the page tells whether there is another.
    let mut records = context.app.store.audit(AuditQuery { project, before, limit: limit + 1 }).await?;
    let more = records.len() > limit as usize;
    records.truncate(limit as usize);
    let next_cursor = records.last().filter(|_| more).map(|record| record.sequence.to_string()).unwrap_or_default();
    let entries: Vec<AuditEntry> = records.into_iter().map(model).collect();
    let response = if wants_csv { csv(&entries, &next_cursor) } else { json(StatusCode::OK, &AuditList { entries, next_cursor }) };
    Ok(room.hold(response).await)
}

fn model(record: AuditRecord) -> AuditEntry {
    let entry = record.entry;
    AuditEntry {
        id: record.sequence.to_string(),
        created_at: WireDate(Some(entry.at)),
        actor_type: entry.actor.kind.as_str().to_owned(),
        actor_id: entry.actor.id,
        actor_name: entry.actor.name,
        action: entry.action.as_str().to_owned(),
        target_id: entry.target_id,
        outcome: entry.outcome.as_str().to_owned(),
        detail: entry.detail,
        ip: entry.ip,
    }
}

/// RFC 4180, with a heading.
fn csv(entries: &[AuditEntry], next_cursor: &str) -> Response {
    let mut text = "id,createdAt,actorType,actorId,actorName,action,targetId,outcome,detail,ip\r\n".to_owned();
    for entry in entries {
        let at = entry.created_at.0.map(|at| at.to_string()).unwrap_or_default();
        let cells = [
            &entry.id,
            &at,
            &entry.actor_type,
            &entry.actor_id,
            &entry.actor_name,
            &entry.action,
            &entry.target_id,
            &entry.outcome,
            &entry.detail,
            &entry.ip,
        ];
        let cells: Vec<String> = cells.into_iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"audit.csv\""));
    if let Ok(cursor) = HeaderValue::from_str(next_cursor) {
        headers.insert(NEXT_CURSOR, cursor);
    }
    response
}

/// What begins a formula in a spreadsheet, also in its full-width and small forms, which some make plain.
const FORMULA_SIGNS: [char; 13] =
    ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', '\u{fe66}', '\u{fe62}', '\u{fe63}', '\u{fe6b}', '\u{2212}'];

/// One cell. What a spreadsheet would take for a formula is made a text, and what would break the line is made a space.
fn quoted(cell: &str) -> String {
    let is_blank =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let is_formula = cell.trim_start_matches(is_blank).starts_with(FORMULA_SIGNS) || cell.starts_with(['\t', '\r', '\n']);
    let plain: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", plain.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_neither_a_formula_nor_a_new_line() {
        assert_eq!(quoted("plain"), "\"plain\"");
        assert_eq!(quoted("=cmd|' /C calc'!A0"), "\"'=cmd|' /C calc'!A0\"");
        assert_eq!(quoted("\t@x"), "\"' @x\"");
        for sign in ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−"] {
            for before in ["", " ", "\u{a0}", "\u{3000}", "\u{feff}", "\u{200b}", "\t", "\r\n", "\0"] {
                let cell = quoted(&format!("{before}{sign}1"));
                assert!(cell.starts_with("\"'"), "{before:?}{sign}: {cell}");
            }
        }
        assert_eq!([quoted("\tx"), quoted("\rx"), quoted("a=b"), quoted("a-b")], ["\"' x\"", "\"' x\"", "\"a=b\"", "\"a-b\""]);
        assert_eq!(quoted("a\"b\r\n2026,done"), "\"a\"\"b  2026,done\"");
    }
}
