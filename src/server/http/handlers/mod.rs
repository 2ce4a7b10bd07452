//! One handler a file, with the struct of its parameters. What the handlers of a thing share is in the `mod.rs` of its folder.

pub(super) mod account;
pub(super) mod accounts;
pub(super) mod audit;
pub(super) mod dev_keys;
pub(super) mod health;
pub(super) mod keys;
pub(super) mod model;
pub(super) mod policy;
pub(super) mod projects;
pub(super) mod scopes;
pub(super) mod second_factor;
pub(super) mod sessions;
pub(super) mod setup;
pub(super) mod verify;
pub(super) mod widget;
