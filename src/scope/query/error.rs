//! Why a request is not answered.

use alloc::{borrow::ToOwned, string::String};

use crate::scope::json::{
    encode::{Encode, Encoder, to_json},
    wire::{object, words},
};

object! {
    /// Why a request was not answered. Never a verdict: what is wrong with scopes is part of an answer.
    #[derive(thiserror::Error)]
    #[error("{message}")]
    pub struct RequestError {
        /// What kind of error it is; stable.
        pub code "code": RequestErrorCode,
        /// What is wrong, in one lower-case sentence.
        pub message "message": String,
        /// What to do next, in one sentence.
        pub help "help": String,
    }
}

words! {
    /// What kind of error a [`RequestError`] is.
    pub enum RequestErrorCode {
        /// There is no such call.
        UnknownCall "unknown-call",
        /// The request is not JSON.
        MalformedRequest "malformed-request",
        /// The request is JSON of another form.
        InvalidRequest "invalid-request",
        /// The request, or a list in it, is too long.
        RequestTooLarge "request-too-large",
    }
}

impl RequestError {
    pub(in crate::scope) fn new(code: RequestErrorCode, message: String, help: String) -> Self {
        Self { code, message, help }
    }

    pub(in crate::scope) fn too_large(message: String) -> Self {
        Self::new(RequestErrorCode::RequestTooLarge, message, "split it into smaller requests".to_owned())
    }

    /// The error as JSON text: `{"error":{"code":…,"message":…,"help":…}}`.
    pub fn to_json(&self) -> String {
        struct Body<'a>(&'a RequestError);
        impl Encode for Body<'_> {
            fn write(&self, to: &mut Encoder) {
                to.raw("{\"error\":");
                self.0.write(to);
                to.raw("}");
            }
        }
        to_json(&Body(self))
    }
}
