//! How the numbers are written: the Prometheus text format 0.0.4.

use std::{
    fmt::{Display, Write},
    fs,
    path::Path,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use super::{BUCKETS, CLASSES, METHODS, Metrics, process};
use crate::{
    api::ErrorType,
    server::{app::App, lost_names::LostNames, store::PoolUse},
};

/// A page that is written line by line.
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // A `String` takes everything.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    /// Labels are written as they are: none of their values holds a quote, a backslash or a new line.
    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.0.push_str(name);
        for (index, (label, text)) in labels.iter().enumerate() {
            let _ = write!(self.0, "{}{label}=\"{text}\"", if index == 0 { '{' } else { ',' });
        }
        let _ = writeln!(self.0, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }

    fn number(&mut self, name: &str, kind: &str, help: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.head(name, kind, help);
            self.line(name, &[], value);
        }
    }
}

fn read(count: &AtomicU64) -> u64 {
    count.load(Relaxed)
}

/// Everything, as it is now. Empty while nothing is counted.
pub(super) async fn all(app: &App) -> String {
    let mut page = Page(String::new());
    let Some(metrics) = app.metrics() else { return page.0 };
    page.head("scopewise_build_info", "gauge", "What runs; always 1.");
    page.line("scopewise_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    requests(&mut page, metrics);
    page.head("scopewise_errors_total", "counter", "Answers with an error, by its type (the member `type` of the body).");
    for (kind, count) in ErrorType::ALL.iter().zip(&metrics.refusals) {
        // Only what has happened: there are many types.
        if read(count) > 0 {
            page.line("scopewise_errors_total", &[("type", kind.as_str())], read(count));
        }
    }
    let help = "API keys that were sent and that nobody knows: deleted, made up, or of another project.";
    page.number("scopewise_unknown_keys_total", "counter", help, Some(read(&metrics.unknown_keys)));
    let help = "Refusals that the audit log does not have, since they came faster than they were written; it says so itself.";
    page.number("scopewise_audit_dropped_total", "counter", help, Some(app.refusals.dropped()));
    let (scopes, editions) = app.lost_names().map(LostNames::counts).unzip();
    let help = "Scopes that stored keys have and the catalog does not have, at the start.";
    page.number("scopewise_catalog_missing_scopes", "gauge", help, scopes);
    let help = "Editions that policies name and the catalog does not have, at the start.";
    page.number("scopewise_catalog_missing_editions", "gauge", help, editions);

    let answers = app.is_ready().await;
    page.number("scopewise_database_up", "gauge", "Whether the database can be read and written.", Some(u8::from(answers)));
    let bytes = metrics.file.as_deref().map(file_bytes);
    page.number("scopewise_database_file_bytes", "gauge", "Size of the SQLite file with its log.", bytes);
    if let Some(pool) = app.store.pool_use() {
        connections(&mut page, pool);
    }

    let started = metrics.started_at.unix_milliseconds();
    let started = format!("{}.{:03}", started / 1000, started % 1000);
    page.number("process_start_time_seconds", "gauge", "When the process started, in seconds since 1970.", Some(started));
    page.number("process_resident_memory_bytes", "gauge", "Memory that is held.", process::resident_bytes());
    page.number("process_open_fds", "gauge", "Files and connections that are open.", process::open_files());
    page.0
}

fn requests(page: &mut Page, metrics: &Metrics) {
    let name = "scopewise_http_requests_total";
    page.head(name, "counter", "Requests that were answered, by route, method and class of the status.");
    for route in &metrics.routes {
        for (method, classes) in METHODS.iter().zip(&route.requests) {
            for (class, count) in CLASSES.iter().zip(classes) {
                // Only what has happened: most of them never do.
                if read(count) > 0 {
                    page.line(name, &[("route", route.path), ("method", method), ("status", class)], read(count));
                }
            }
        }
    }
    let name = "scopewise_http_request_duration_seconds";
    page.head(name, "histogram", "From the head of the request to the head of the answer, by route.");
    let (bucket, sum, total) = (format!("{name}_bucket"), format!("{name}_sum"), format!("{name}_count"));
    for route in &metrics.routes {
        let counts: Vec<u64> = route.durations.iter().map(read).collect();
        let all: u64 = counts.iter().sum();
        if all == 0 {
            continue;
        }
        let mut until = 0;
        for ((_, end), count) in BUCKETS.iter().zip(&counts) {
            until += count;
            page.line(&bucket, &[("route", route.path), ("le", end)], until);
        }
        page.line(&bucket, &[("route", route.path), ("le", "+Inf")], all);
        let nanoseconds = read(&route.nanoseconds);
        page.line(&sum, &[("route", route.path)], format!("{}.{:09}", nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000));
        page.line(&total, &[("route", route.path)], all);
    }
}

fn connections(page: &mut Page, pool: PoolUse) {
    let name = "scopewise_database_connections";
    page.head(name, "gauge", "Connections to PostgreSQL, by what they do.");
    page.line(name, &[("state", "busy")], pool.open.saturating_sub(pool.idle));
    page.line(name, &[("state", "idle")], pool.idle);
    page.number("scopewise_database_connections_max", "gauge", "How many connections there may be.", Some(pool.max));
    page.number("scopewise_database_waiting", "gauge", "Requests that wait for a connection.", Some(pool.waiting));
}

fn file_bytes(path: &Path) -> u64 {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    [path, Path::new(&log)].into_iter().filter_map(|path| fs::metadata(path).ok()).map(|file| file.len()).sum()
}
