//! What a request says: who sends it, about which project, with which parameters.

pub(super) mod api_key;
pub(super) mod arguments;
pub(super) mod authorize;
pub(super) mod body;
pub(super) mod client;
pub(super) mod context;
pub(super) mod dev_key;
pub(super) mod field_types;
mod fields;
pub(super) mod handler;
mod key_mistake;
pub(super) mod list_query;
pub(super) mod params;
pub(super) mod response_format;
pub(super) mod services;
