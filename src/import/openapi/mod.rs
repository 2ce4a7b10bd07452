//! OpenAPI 3 and Swagger 2.

mod document;
mod extensions;
mod schemes;
mod security;
mod texts;

pub(super) use document::read;
