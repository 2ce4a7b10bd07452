//! The audit log as CSV.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

use crate::api::AuditEntry;

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
