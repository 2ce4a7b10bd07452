//! A handler is an async function of a few extractors. Its signature says what it needs of a request. The extractors are read in their
//! order, so that the first one that is refused is the answer.

use std::borrow::Cow;

use axum::response::Response;
use schemars::{Schema, SchemaGenerator};

use super::context::RequestContext;
use crate::server::http::{error::ApiError, routes::Answer};

/// An argument of a handler.
pub(in crate::server::http) trait Extract: Sized {
    /// What the argument reads of the parameters, where it reads any.
    const REQUEST: Option<RequestType> = None;

    /// Takes it from a request.
    ///
    /// # Errors
    /// [`ApiError`] where the request does not have it.
    fn extract(request: &RequestContext) -> Result<Self, ApiError>;
}

/// An argument that a request may lack.
impl<T: Extract> Extract for Option<T> {
    fn extract(request: &RequestContext) -> Result<Self, ApiError> {
        Ok(T::extract(request).ok())
    }
}

/// What is known of a struct of parameters without a request.
#[derive(Clone, Copy)]
pub(in crate::server) struct RequestType {
    /// The names of all parameters.
    pub names: fn() -> &'static [&'static str],
    /// The name of the schema.
    pub title: fn() -> Cow<'static, str>,
    /// The schema.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

/// An async function of up to six extractors.
pub(in crate::server::http) trait Handler<Arguments> {
    /// Calls it.
    fn call(self, request: RequestContext) -> Answer;

    /// The struct of parameters among its arguments.
    fn request(&self) -> Option<RequestType>;
}

macro_rules! handler {
    ($($argument:ident),*) => {
        impl<F, R, $($argument),*> Handler<($($argument,)*)> for F
        where
            F: FnOnce($($argument),*) -> R + Send + 'static,
            R: Future<Output = Result<Response, ApiError>> + Send + 'static,
            $($argument: Extract + Send + 'static),*
        {
            fn call(self, request: RequestContext) -> Answer {
                Box::pin(async move {
                    let answer = self($($argument::extract(&request)?),*);
                    drop(request);
                    answer.await
                })
            }

            fn request(&self) -> Option<RequestType> {
                let types: &[Option<RequestType>] = &[$($argument::REQUEST),*];
                types.iter().copied().flatten().next()
            }
        }
    };
}

handler!();
handler!(A);
handler!(A, B);
handler!(A, B, C);
handler!(A, B, C, D);
handler!(A, B, C, D, E);
handler!(A, B, C, D, E, G);
