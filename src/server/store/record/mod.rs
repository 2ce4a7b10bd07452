//! The records of the store. They are plain data: a `New…` is already validated.

mod account;
mod dev_key;
mod key;
mod name;
mod project;
mod second_factor;

pub use account::{AccountChange, AccountRecord, FirstAccess, Invitation, NewAccount, NewSession, SessionRecord};
pub use dev_key::{DevKeyChange, DevKeyRecord, NewDevKey};
pub use key::{KeyChange, KeyRecord, KeyRotation, KeyUse, NewKey, OperationCount};
pub(super) use name::replaced_name;
pub(super) use project::ORGANIZATION_ID;
pub use project::{EndedKey, MAX_ENDED_EPHEMERAL, NewProject, ProjectRecord};
pub use second_factor::{FactorCode, FactorRecord, NewFactor, UsedCode};
