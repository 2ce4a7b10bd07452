//! JSON (RFC 8259): text to values, values to requests and catalogs, answers to text.

pub(super) mod decode;
pub(super) mod encode;
mod errors;
pub(super) mod parse;
pub(super) mod wire;

pub use encode::to_json;
