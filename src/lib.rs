//! Scopewise: scoped API keys, and what a set of scopes allows, risks and lacks.
//!
//! The layers, each of which imports only what stands below it:
//!
//! ```text
//!   bin/scopewise      bin/console
//!        │                  │
//!   ┌────┴─────┐       ┌────┴────┐   ┌─────────┐   ┌────┐
//!   │ cli      │       │ console │   │ element │   │ js │
//!   │ import   │       └──┬───┬──┘   └────┬────┘   └─┬──┘
//!   │ server   │          │   │           │          │
//!   └────┬─────┘          │   │  picker ──┤          │
//!        │                │   └────┬──────┘          │
//!   ┌────┴────────────────┴──┐     │                 │
//!   │ api   paths, wire types│     │                 │
//!   ├────────────────────────┤     │                 │
//!   │ key   what a key is    │     │                 │
//!   ├────────────────────────┴─────┴─────────────────┴──┐
//!   │ scope   catalog, check, queries: pure             │
//!   └───────────────────────────────────────────────────┘
//! ```
//!
//! `scope`, `key` and `api` hold no clock, no randomness and no I/O. A Cargo feature is an artefact:
//! `server` (the binary), `console` (what Trunk builds), `element` (the scope picker), `js` (the npm package).

#![cfg_attr(all(feature = "js", target_arch = "wasm32"), no_std)]

extern crate alloc;

pub mod api;
pub mod key;
pub mod regions;
pub mod scope;

#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub mod cli;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub mod import;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub mod server;

#[cfg(feature = "console")]
pub mod console;
#[cfg(feature = "element")]
pub mod element;
#[cfg(feature = "js")]
pub mod js;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub mod no_std;
#[cfg(feature = "picker")]
pub mod picker;
