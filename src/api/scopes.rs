//! Models of the scope catalogs (contract §1.3).

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

/// One scope (contract §1.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleScope {
    /// Its name.
    #[serde(rename = "$id")]
    pub id: String,
    /// What it opens, in one line.
    pub description: String,
    /// The name of its service.
    pub category: String,
    /// Still accepted, but not to be granted any more.
    pub deprecated: bool,
}

/// The scopes that a key can hold (contract §1.3 model `consoleKeyScopeList`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleScopeList {
    /// How many.
    pub total: usize,
    /// In catalog order.
    pub scopes: Vec<ConsoleScope>,
}
