//! How a store uses its connections.

/// How connections to a database are used at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    /// How many there are.
    pub open: usize,
    /// How many of these are idle.
    pub idle: usize,
    /// How many requests wait for one.
    pub waiting: usize,
    /// How many there may be.
    pub max: usize,
}
