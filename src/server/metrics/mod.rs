//! Metrics for operators, in the Prometheus text format 0.0.4. Counting takes no lock and no memory: the table of all numbers is made at
//! the start. No label has a value that a client can choose, and none holds a part of a key.
//!
//! They are served on a separate address, which is off by default: they are not public.

mod process;
mod text;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use axum::{
    Router,
    http::{Method, header},
    routing::get,
};
use tokio::net::TcpListener;

use super::{app::App, http::ROUTES};
use crate::{
    api::{ErrorType, paths},
    scope::DateTime,
};

/// Methods that are counted apart; every other one is `other`.
const METHODS: [&str; 8] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "other"];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// The route of everything that is in no table: the console, and what does not exist.
const ELSEWHERE: &str = "other";
/// Upper ends of the buckets, in microseconds, with their names in seconds. A look-up takes some tens of microseconds, a write with its
/// sync milliseconds, a password hash hundreds of them.
const BUCKETS: [(u64, &str); 12] = [
    (50, "0.00005"),
    (100, "0.0001"),
    (250, "0.00025"),
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (50_000, "0.05"),
    (250_000, "0.25"),
    (1_000_000, "1"),
    (5_000_000, "5"),
];

/// The numbers of one route.
struct RouteCounts {
    path: &'static str,
    /// By method and class of the status.
    requests: [[AtomicU64; CLASSES.len()]; METHODS.len()],
    /// By bucket; the last one is for what took longer.
    durations: [AtomicU64; BUCKETS.len() + 1],
    nanoseconds: AtomicU64,
}

impl RouteCounts {
    fn new(path: &'static str) -> Self {
        Self { path, requests: Default::default(), durations: Default::default(), nanoseconds: AtomicU64::new(0) }
    }
}

/// Everything that is counted since the start.
pub(super) struct Metrics {
    started_at: DateTime,
    /// The SQLite file, where there is one.
    file: Option<PathBuf>,
    routes: Vec<RouteCounts>,
    by_path: HashMap<&'static str, usize>,
    /// In the order of [`ErrorType::ALL`].
    refusals: Vec<AtomicU64>,
    unknown_keys: AtomicU64,
}

impl Metrics {
    pub(super) fn new(started_at: DateTime, file: Option<PathBuf>) -> Self {
        let mut all: Vec<&'static str> = vec![ELSEWHERE, paths::keys::FORWARD_AUTH, paths::keys::EPHEMERAL];
        all.extend(ROUTES.iter().flat_map(|route| route.paths));
        let (mut routes, mut by_path) = (Vec::new(), HashMap::new());
        for path in all {
            by_path.entry(path).or_insert_with(|| {
                routes.push(RouteCounts::new(path));
                routes.len() - 1
            });
        }
        let refusals = ErrorType::ALL.iter().map(|_| AtomicU64::new(0)).collect();
        Self { started_at, file, routes, by_path, refusals, unknown_keys: AtomicU64::new(0) }
    }

    /// Counts an answer. `path` is the pattern of the route; any other text is counted as elsewhere.
    pub(super) fn answered(&self, method: &Method, path: &str, status: u16, took: Duration, refused: Option<ErrorType>) {
        let place = self.by_path.get(path).copied().unwrap_or(0);
        if let Some(route) = self.routes.get(place) {
            let method = METHODS.iter().position(|known| *known == method.as_str()).unwrap_or(METHODS.len() - 1);
            let class = usize::from(status / 100).saturating_sub(1).min(CLASSES.len() - 1);
            if let Some(count) = route.requests.get(method).and_then(|classes| classes.get(class)) {
                count.fetch_add(1, Relaxed);
            }
            let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            let bucket = BUCKETS.iter().position(|(end, _)| microseconds <= *end).unwrap_or(BUCKETS.len());
            if let Some(count) = route.durations.get(bucket) {
                count.fetch_add(1, Relaxed);
            }
            route.nanoseconds.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Relaxed);
        }
        if let Some(count) = refused.and_then(|kind| self.refusals.get(ErrorType::ALL.iter().position(|known| *known == kind)?)) {
            count.fetch_add(1, Relaxed);
        }
    }

    /// Counts an API key that nobody knows.
    pub(super) fn unknown_key(&self) {
        self.unknown_keys.fetch_add(1, Relaxed);
    }
}

/// Answers `GET /metrics` until it is dropped.
pub(super) async fn serve(listener: TcpListener, app: Arc<App>) {
    let answer = async move || ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text::all(&app).await);
    if let Err(error) = axum::serve(listener, Router::new().route("/metrics", get(answer))).await {
        tracing::error!(%error, "metrics are served no more");
    }
}
