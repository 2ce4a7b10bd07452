//! The set-up: the first account, made with the one-time token of the link that the server prints. Not in the contract.

pub(in crate::server::http) mod create;
pub(in crate::server::http) mod get;
