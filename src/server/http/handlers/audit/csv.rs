//! The audit log as CSV.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

use crate::api::{AuditEntry, csv_cell};

/// Where a page of CSV, which has no other place for it, says how to get the next one.
const NEXT_CURSOR: HeaderName = HeaderName::from_static("x-next-cursor");

/// RFC 4180, with a heading.
pub(super) fn csv(entries: &[AuditEntry], next_cursor: &str) -> Response {
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
        let cells: Vec<String> = cells.into_iter().map(|cell| csv_cell(cell)).collect();
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
