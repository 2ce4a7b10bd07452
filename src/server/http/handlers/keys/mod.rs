//! Project keys (contract §1.1).

pub(in crate::server::http) mod create;
pub(in crate::server::http) mod delete;
pub(in crate::server::http) mod get;
pub(in crate::server::http) mod list;
pub(in crate::server::http) mod update;

use crate::server::{
    admin::KeyInput,
    http::{error::ApiError, params::Params},
};

/// What create and update have in common, read in the contract's order.
struct KeyParams<'a> {
    name: &'a str,
    scopes: Vec<String>,
    expire: Option<&'a str>,
}

impl<'a> KeyParams<'a> {
    fn read(params: &'a Params) -> Result<Self, ApiError> {
        Ok(Self { name: params.text("name")?, scopes: params.texts("scopes")?, expire: params.maybe_text("expire")? })
    }

    fn input(&self) -> KeyInput<'_> {
        KeyInput { name: self.name, scopes: &self.scopes, expire: self.expire }
    }
}
