//! What comes with every change: the versions of the rows that it was decided on, and its audit entry.

use super::NewAudit;

/// The version of a row that was read. If the row has another version now, decide again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Its position in the order of creation. A row that is created again with the same id has another one.
    pub sequence: i64,
    /// 1, and one more with each change. A noted use does not count.
    pub number: i64,
}

/// The version of an account that was read, as [`Version`]. The id of an account is never used again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountVersion {
    /// Its id.
    pub id: String,
    /// 1, and one more with each change. A session does not count.
    pub number: i64,
}

/// The rows that a change was decided on. It is written only if all of them still have these versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// The project, for its policy and the keys that sign its ephemeral keys.
    pub project: Option<Version>,
    /// API keys: the one that changes, and the one that acts.
    pub keys: Vec<Version>,
    /// The dev key that changes.
    pub dev_key: Option<Version>,
    /// Accounts: the one that changes or signs in, and those that the decision depends on.
    pub accounts: Vec<AccountVersion>,
    /// The id of the console session that acts. It must still exist.
    pub session: Option<String>,
}

/// A change's basis and its audit entry. Change and entry are one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// What it was decided on.
    pub basis: Basis,
    /// Its audit entry.
    pub entry: NewAudit,
}

impl From<NewAudit> for Write {
    /// A change that was decided on nothing that could change.
    fn from(entry: NewAudit) -> Self {
        Self { basis: Basis::default(), entry }
    }
}
