//! The account (contract §1.5).

pub(in crate::server::http) mod confirmed;
pub(in crate::server::http) mod create;
pub(in crate::server::http) mod get;
pub(in crate::server::http) mod update_name;
pub(in crate::server::http) mod update_password;
