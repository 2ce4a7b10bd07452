//! A decision is made again when something that it was based on has changed before it was written.

/// How often a decision is made at most.
pub(in crate::server) const MAX_ATTEMPTS: usize = 20;

/// Calls `attempt` until its error is not a stale one, at most [`MAX_ATTEMPTS`] times.
pub(super) async fn retry_while<T, E>(is_stale: impl Fn(&E) -> bool, mut attempt: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
    let mut retries = 1..MAX_ATTEMPTS;
    loop {
        match attempt().await {
            Err(error) if is_stale(&error) && retries.next().is_some() => {}
            answer => return answer,
        }
    }
}
