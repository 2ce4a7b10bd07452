//! What a key is: its id, its name, its secret's form, its status. Pure: no clock, no randomness, no I/O.

mod description;
mod edition;
mod id;
mod name;
mod policy;
mod secret;
mod status;

pub use description::{DescriptionError, KeyDescription, MAX_CHARACTERS as MAX_DESCRIPTION_CHARACTERS};
pub use edition::{EditionId, EditionIdError};
pub use id::{IdError, KeyId, PROJECT_ID_RULE, ProjectId};
pub use name::{KeyName, MAX_CHARACTERS as MAX_NAME_CHARACTERS, NameError};
pub use policy::{
    BrowserUse, ExpiryRefusal, Grantor, KeyCreation, MAX_EPHEMERAL_SECONDS, MAX_LIFETIME_SECONDS, MAX_OVERLAP_SECONDS,
    MIN_LIFETIME_SECONDS, Policy, UnknownWord,
};
pub use secret::{Secret, SecretError, SecretKind, hint};
pub use status::{EXPIRES_SOON_DAYS, KeyStatus};
