//! What a key is: its id, its name, its secret's form, its status. Pure: no clock, no randomness, no I/O.

mod id;
mod name;
mod secret;
mod status;

pub use id::{IdError, KeyId, PROJECT_ID_RULE, ProjectId};
pub use name::{KeyName, MAX_CHARACTERS as MAX_NAME_CHARACTERS, NameError};
pub use secret::{Secret, SecretError, SecretKind, hint};
pub use status::{EXPIRES_SOON_DAYS, Status};
