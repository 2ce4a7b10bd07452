//! Ping and health (contract §1.4).

pub(in crate::server::http) mod database;
pub(in crate::server::http) mod ping;
pub(in crate::server::http) mod server;
pub(in crate::server::http) mod time;
pub(in crate::server::http) mod version;

use serde_json::{Value, json as object};

fn passing(name: &str) -> Value {
    object!({ "name": name, "ping": 0, "status": "pass" })
}
