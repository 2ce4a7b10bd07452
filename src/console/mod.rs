//! The console: a single-page application for people.
//!
//! A [page](self) owns its data, a component only shows, [`state`] is plain and tested. [`route`] has every path,
//! `client` alone fetches, `clock` alone reads the time.

mod app;
mod client;
mod clipboard;
mod clock;
mod components;
mod download;
mod load;
mod pages;
pub mod route;
mod router;
mod session;
pub mod state;
mod theme;

/// Shows the console in the page that it was loaded by, in the place of whatever is shown there.
pub fn start() {
    app::start();
}
