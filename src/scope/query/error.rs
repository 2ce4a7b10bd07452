//! Why a request is not answered.

use alloc::{borrow::ToOwned, string::String};

use serde::Serialize;

use crate::scope::json::encode::{Encode, Encoder, members, to_json, words};

/// Why a request was not answered. Never a verdict: what is wrong with scopes is part of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct RequestError {
    /// What kind of error it is; stable.
    pub code: RequestErrorCode,
    /// What is wrong, in one lower-case sentence.
    pub message: String,
    /// The way out, in one sentence.
    pub help: String,
}

/// What kind of error a [`RequestError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestErrorCode {
    /// There is no such call.
    UnknownCall,
    /// The request is not JSON.
    MalformedRequest,
    /// The request is JSON of another form.
    InvalidRequest,
    /// The request, or a list in it, is too long.
    RequestTooLarge,
}

impl RequestErrorCode {
    /// Every code.
    pub const ALL: &[Self] = &[Self::UnknownCall, Self::MalformedRequest, Self::InvalidRequest, Self::RequestTooLarge];

    /// The code as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnknownCall => "unknown-call",
            Self::MalformedRequest => "malformed-request",
            Self::InvalidRequest => "invalid-request",
            Self::RequestTooLarge => "request-too-large",
        }
    }
}

words!(RequestErrorCode);
members!(RequestError: "code": code, "message": message, "help": help);

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
