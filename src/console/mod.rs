//! The console: a single-page application for people.
//!
//! A [page](self) loads and holds its data, a component only shows it, and [`state`] is plain, tested logic. Only [`route`] has paths, only
//! `client` sends requests, only `clock` reads the time.

mod app;
mod catalog;
mod client;
mod clipboard;
mod clock;
mod components;
mod density;
mod digest;
mod download;
mod load;
mod pace;
mod pages;
mod part;
pub mod route;
mod router;
mod session;
mod shortcuts;
pub mod state;
mod storage;
mod tabs;
mod theme;
mod toast;

pub use part::{FetchPart, Later, PartError};

use crate::scope::Catalog;

/// Shows the console in the page that loaded it, instead of what the page shows while it waits. `fetch` fetches what [`later`] returns.
pub fn start(fetch: FetchPart) {
    app::start(fetch);
}

/// What is not in the first download. `built_in` is the catalog of a server that names no other.
pub fn later(built_in: &'static Catalog) -> Later {
    Later { built_in, read_catalog: client::read_catalog, page: pages::later, bulk: pages::bulk_bar }
}
