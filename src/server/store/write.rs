//! The input of every change: the versions of the rows that the change depends on, and its audit entry.

use super::{NewAudit, UsedCode};

/// The version of a row that was read. If the row now has another version, decide again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Its position in the order of creation. A row that is created again with the same id has a different position.
    pub sequence: i64,
    /// Starts at 1, and each change adds 1. A recorded use does not count.
    pub number: i64,
}

/// The version of an account that was read, like [`Version`]. The id of an account is never reused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountVersion {
    /// Its id.
    pub id: String,
    /// Starts at 1, and each change adds 1. A session does not count.
    pub number: i64,
}

/// The rows that a change depends on.
/// INVARIANT: the change is written only if all of them still have these versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// The project, because of its policy and the keys that sign its ephemeral keys.
    pub project: Option<Version>,
    /// API keys: the one that changes, and the caller's key.
    pub keys: Vec<Version>,
    /// The dev key that changes.
    pub dev_key: Option<Version>,
    /// Accounts: the one that changes or signs in, and those that the decision depends on.
    pub accounts: Vec<AccountVersion>,
    /// The id of the caller's console session. It must still exist.
    pub session: Option<String>,
    /// A code of a second factor, which the change uses up. It must not be used yet.
    pub code: Option<UsedCode>,
    /// The number of accounts must be smaller than this.
    pub accounts_below: Option<usize>,
}

/// The basis of a change and its audit entry. Change and entry are written in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The rows that the change depends on.
    pub basis: Basis,
    /// Its audit entry.
    pub entry: NewAudit,
}

impl From<NewAudit> for Write {
    /// A change that depends on no row that could change.
    fn from(entry: NewAudit) -> Self {
        Self { basis: Basis::default(), entry }
    }
}
