//! Cancels a query that takes too long or whose client is gone.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rusqlite::Connection;

use super::pool::Pool;
use crate::server::store::StoreError;

/// The number of steps, some hundred microseconds of work, after which SQLite calls the check.
const STEPS: i32 = 10_000;

/// Sets the flag when it is dropped.
struct GivenUp(Arc<AtomicBool>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Like [`Pool::run`], for work that writes nothing. It is cancelled after `limit`, or when the future is dropped.
pub(super) async fn run<T, F>(pool: &Pool, limit: Duration, work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
{
    let is_given_up = Arc::new(AtomicBool::new(false));
    let _given_up = GivenUp(is_given_up.clone());
    let done = pool.run(move |connection| {
        connection.progress_handler(STEPS, Some(move || is_given_up.load(Ordering::Relaxed)))?;
        let done = work(connection);
        connection.progress_handler(STEPS, None::<fn() -> bool>)?;
        done
    });
    match tokio::time::timeout(limit, done).await {
        Ok(done) => done,
        Err(_) => Err(StoreError::Unavailable("reading took too long".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDLESS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

    /// There is only one connection: work that does not end makes all later work wait, until that fails.
    fn pool() -> Pool {
        Pool::new(vec![Connection::open_in_memory().unwrap()], None)
    }

    fn endless(connection: &mut Connection) -> rusqlite::Result<i64> {
        connection.query_row(ENDLESS, [], |row| row.get(0))
    }

    fn quick(connection: &mut Connection) -> rusqlite::Result<i64> {
        connection.query_row("SELECT 7", [], |row| row.get(0))
    }

    #[tokio::test]
    async fn endless_work_is_cancelled_and_the_connection_stays_usable() {
        let pool = pool();
        let error = run(&pool, Duration::from_millis(20), endless).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
        assert_eq!(run(&pool, Duration::from_secs(60), quick).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn work_of_a_disconnected_client_is_cancelled() {
        let pool = pool();
        let (begun, begins) = tokio::sync::oneshot::channel();
        let left = run(&pool, Duration::from_secs(3600), move |connection| {
            let _ = begun.send(());
            endless(connection)
        });
        tokio::select! {
            _ = left => unreachable!("it has no end"),
            _ = begins => {}
        }
        assert_eq!(run(&pool, Duration::from_secs(60), quick).await.unwrap(), 7);
    }
}
