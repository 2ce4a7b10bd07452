//! A decision is made again when something that it was based on has changed before it was written.

/// How often a decision is made at most.
pub(in crate::server) const MAX_ATTEMPTS: usize = 20;

/// Makes an attempt until its error is not the stale one, at most [`MAX_ATTEMPTS`] times. A macro, since the future of an async closure
/// cannot be sent to another thread.
macro_rules! again {
    ($stale:pat => $attempt:expr) => {{
        let mut retries = 1..$crate::server::service::retry::MAX_ATTEMPTS;
        loop {
            match $attempt {
                Err($stale) if retries.next().is_some() => {}
                answer => break answer,
            }
        }
    }};
}
pub(super) use again;
