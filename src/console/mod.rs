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
mod pages;
pub mod route;
mod router;
mod session;
mod shortcuts;
pub mod state;
mod storage;
mod tabs;
mod theme;
mod toast;

use crate::scope::Catalog;

/// Shows the console in the page that loaded it, instead of what the page shows while it waits. `built_in` is the catalog of a server that
/// names no other.
pub fn start(built_in: &'static Catalog) {
    app::start(built_in);
}
