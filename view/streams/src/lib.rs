//! Stands in for the package `wasm-streams`, which Leptos brings along for functions of servers. No program here has such functions, but what
//! that package exports to JavaScript no linker leaves out. This has the names that are compiled, and only streams without anything in them.

use futures_util::stream::{Empty, Stream, empty};
use wasm_bindgen::JsValue;

/// A stream that ends at once.
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// Of a stream of JavaScript.
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// Of a stream of Rust, from which nothing is taken.
    pub fn from_stream(_: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        Self(web_sys::ReadableStream::new().unwrap_or_else(|error| error.into()))
    }

    /// For JavaScript.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// For Rust.
    pub fn into_stream(self) -> Empty<Result<JsValue, JsValue>> {
        empty()
    }
}
