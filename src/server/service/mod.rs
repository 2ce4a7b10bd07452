//! Decides and writes: HTTP handlers and the command line call the same functions, and nothing else changes accounts, projects or keys.
//! (Uses, exposures and refusals are only recorded, by [`recorder`](super::recorder).)

pub mod accounts;
pub(super) mod caller;
mod change_text;
pub(super) mod dev_keys;
mod ephemeral;
mod error;
mod ids;
pub mod import;
pub(super) mod keys;
pub(super) mod projects;
mod retry;
pub(super) mod widget;

pub(super) use self::{accounts::check_password, retry::MAX_ATTEMPTS};
pub use self::{
    accounts::{MAX_EMAIL_BYTES, MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS, create_account},
    error::ServiceError,
    ids::UNIQUE,
    keys::{KeyInput, create_key},
    projects::create_project,
};
