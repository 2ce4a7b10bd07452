//! What stands around every change: what it was judged by, and what the audit log says of it.

use super::NewAudit;

/// A row as it was read: where its version is another one now, what was judged by it must be judged again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Its place in the order of creation. A row that was made again under the same id has another one.
    pub sequence: i64,
    /// From 1, and one more with each change that somebody decided. Not with a use that was noted.
    pub number: i64,
}

/// An account as it was read. As [`Version`]; an account has no place in an order, and its id is never given again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountVersion {
    /// Its id.
    pub id: String,
    /// From 1, and one more with each change. Not with a session.
    pub number: i64,
}

/// The rows that a change was judged by. It is made only where all of them are as they were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// The project, for its policy and the keys that sign its ephemeral keys.
    pub project: Option<Version>,
    /// API keys: the one that is changed, and the one that acts.
    pub keys: Vec<Version>,
    /// The dev key that is changed.
    pub dev_key: Option<Version>,
    /// Accounts: the one that is changed or signs in, and those without which it would not be.
    pub accounts: Vec<AccountVersion>,
    /// The id of the console session that acts: it must not have been ended.
    pub session: Option<String>,
}

/// A change's basis and its audit entry. Change and entry are one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// What it was judged by.
    pub basis: Basis,
    /// What is written down of it.
    pub entry: NewAudit,
}

impl From<NewAudit> for Write {
    /// A change that was judged by nothing that could change.
    fn from(entry: NewAudit) -> Self {
        Self { basis: Basis::default(), entry }
    }
}
