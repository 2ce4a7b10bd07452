//! The audit logs of projects and of the server.

use gloo_net::http::Method;

use super::{Answer, NO_BODY, read, send};
use crate::api::{self, paths};

/// A page of the entries of an audit log that a filter finds, newest first; an empty cursor starts at the newest entry.
pub(in crate::console) async fn page(project: Option<&str>, filter: &str, limit: u32, cursor: &str) -> Answer<api::AuditList> {
    let continued = if cursor.is_empty() { String::new() } else { paths::fill("&cursor={cursor}", cursor) };
    let path = format!("{}?limit={limit}{}{continued}", path_of(project), also(filter));
    read(send(Method::GET, &path, project, NO_BODY).await)
}

/// The log of a project, or of the server.
fn path_of(project: Option<&str>) -> &'static str {
    project.map_or(paths::CONSOLE_AUDIT, |_| paths::PROJECT_AUDIT)
}

/// The rest of a query.
fn also(filter: &str) -> String {
    if filter.is_empty() { String::new() } else { format!("&{filter}") }
}

/// The same, of one key.
pub(in crate::console) async fn of_key(project: &str, key: &str, limit: u32, cursor: &str) -> Answer<api::AuditList> {
    let continued = if cursor.is_empty() { String::new() } else { paths::fill("&cursor={cursor}", cursor) };
    let of_key = paths::fill("targetId={key}", key);
    read(send(Method::GET, &format!("{}?{of_key}&limit={limit}{continued}", paths::PROJECT_AUDIT), Some(project), NO_BODY).await)
}

/// The newest entries that a filter finds as the text of a file; the format is `csv` or `json`.
pub(in crate::console) async fn file(project: Option<&str>, filter: &str, limit: u32, format: &str) -> Answer<String> {
    let path = format!("{}?limit={limit}&format={format}{}", path_of(project), also(filter));
    send(Method::GET, &path, project, NO_BODY).await.map(|answer| answer.text)
}
