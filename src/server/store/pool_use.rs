//! The use of a store's connections.

/// The state of a connection pool at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    /// The number of connections.
    pub open: usize,
    /// The number of idle connections.
    pub idle: usize,
    /// The number of requests that wait for a connection.
    pub waiting: usize,
    /// The maximum number of connections.
    pub max: usize,
}
