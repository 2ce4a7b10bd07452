//! Tests on the host: one binary, one module a room.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

#[path = "../../src/scope/support/dice.rs"]
mod dice;

mod bless;
mod facts;
mod imports;
mod own_catalog_moves;
mod own_catalogs;
mod rules;
mod rust_version;
mod schema;
mod suggest;
mod vectors;
mod wall;

#[cfg(feature = "server")]
mod catalog_export;
#[cfg(feature = "server")]
mod catalog_import;
#[cfg(feature = "server")]
mod catalog_import_refused;
#[cfg(feature = "server")]
mod cli;
#[cfg(feature = "server")]
mod cli_admin;
#[cfg(feature = "server")]
mod cli_catalog;
#[cfg(feature = "server")]
mod cli_copies;
#[cfg(feature = "server")]
mod cli_import;
#[cfg(feature = "server")]
mod cli_make;
#[cfg(feature = "server")]
mod cli_model;
#[cfg(feature = "server")]
mod cli_serve;
#[cfg(feature = "server")]
mod docs;
#[cfg(feature = "server")]
mod entry_points;
#[cfg(feature = "server")]
mod faults;
#[cfg(feature = "server")]
mod gateway_import;
#[cfg(feature = "server")]
mod gateways;
#[cfg(feature = "server")]
mod http;
#[cfg(feature = "server")]
mod patience;
#[cfg(feature = "server")]
mod place;
#[cfg(feature = "server")]
mod port;
#[cfg(feature = "server")]
mod postgres;
#[cfg(feature = "server")]
mod program;
#[cfg(feature = "server")]
mod scripts;
#[cfg(feature = "server")]
mod store;
