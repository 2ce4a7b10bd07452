//! Checks the head of a request before anything else: it names one host, which this server answers to, and gives the body one length.
//! Also notes whether the body was read to its end, since the rest of it would be taken for the next request.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    BoxError,
    body::Bytes,
    http::{HeaderMap, Version, header, request::Parts},
};
use hyper::body::{Body, Frame, SizeHint};

use crate::{
    api::{ErrorType, paths},
    server::{
        app::App,
        hosts,
        http::{error::ApiError, forward_auth::gateway},
    },
};

/// Refuses a head that two programs could read in two ways, and one for another host.
pub(in crate::server::http) fn check(app: &App, parts: &Parts) -> Result<(), ApiError> {
    check_length(&parts.headers)?;
    let path = parts.uri.path();
    // Health checks use the address of the process, and gateways any name that they know it by. Their answers depend on no host.
    let any_host = path == paths::LIVE || path == paths::READY || gateway::asked_path(path).is_some();
    let invalid = |message: &'static str| Err(ApiError::because(ErrorType::HostInvalid, message));
    let mut values = parts.headers.get_all(header::HOST).into_iter();
    let host = match (values.next(), values.next()) {
        (Some(host), None) => host.to_str().unwrap_or_default(),
        (Some(_), Some(_)) => return invalid("The request has more than one Host header."),
        // Only HTTP/1.0 knows requests without one.
        (None, _) if any_host && parts.version == Version::HTTP_10 => return Ok(()),
        (None, _) => return invalid("The request has no Host header."),
    };
    let Some((name, port)) = hosts::split(host) else { return invalid("The Host header is no host with or without a port.") };
    if parts.uri.authority().is_some_and(|authority| !authority.as_str().eq_ignore_ascii_case(host)) {
        return invalid("The request line and the Host header name different hosts.");
    }
    if any_host || app.answers_to(name, port) {
        return Ok(());
    }
    let own = app.public_url.as_ref().map(|url| url.authority().to_owned()).unwrap_or_default();
    let message = format!(
        "This server answers to {own}, not to the host of this request. Use that address, let the proxy in front hand on the Host header, \
         or name the other host with --accept-host."
    );
    Err(ApiError::because(ErrorType::HostUnknown, message))
}

/// Where both headers give the length of a body, hyper reads it by `Transfer-Encoding`, hides the other one, and closes the connection
/// afterwards (RFC 9112 §6.1).
fn check_length(headers: &HeaderMap) -> Result<(), ApiError> {
    let mut encodings = headers.get_all(header::TRANSFER_ENCODING).into_iter();
    let Some(encoding) = encodings.next() else { return Ok(()) };
    let is_chunked = encoding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked") && encodings.next().is_none();
    if !is_chunked {
        return Err(ApiError::new(ErrorType::TransferEncoding));
    }
    if headers.contains_key(header::CONTENT_LENGTH) {
        let message = "The request states the length of its body twice: with Content-Length and with Transfer-Encoding. Send one of them.";
        return Err(ApiError::because(ErrorType::LengthUnclear, message));
    }
    Ok(())
}

/// Whether a body was read to its end.
#[derive(Clone, Default)]
pub(in crate::server::http) struct End(Arc<AtomicBool>);

impl End {
    /// Whether the body that was [watched](Watched) has been read to its end.
    pub(in crate::server::http) fn is_reached(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A body whose beginning may have been read already.
pub(in crate::server::http) struct Peeked<B> {
    first: Option<Result<Frame<Bytes>, BoxError>>,
    rest: B,
}

impl<B: Body<Data = Bytes, Error: Into<BoxError>> + Unpin> Peeked<B> {
    pub(in crate::server::http) fn new(body: B) -> Self {
        Self { first: None, rest: body }
    }

    /// The whole body, if it has arrived in one piece. Waits for nothing. What was read is still there for the next reader.
    pub(in crate::server::http) async fn whole(&mut self) -> Option<Bytes> {
        if self.first.is_none() && !self.rest.is_end_stream() {
            self.first = poll_fn(|context| match Pin::new(&mut self.rest).poll_frame(context) {
                Poll::Ready(frame) => Poll::Ready(frame.map(|frame| frame.map_err(Into::into))),
                Poll::Pending => Poll::Ready(None),
            })
            .await;
        }
        match &self.first {
            Some(Ok(frame)) if self.rest.is_end_stream() => frame.data_ref().cloned(),
            _ => None,
        }
    }
}

impl<B: Body<Data = Bytes, Error: Into<BoxError>> + Unpin> Body for Peeked<B> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(first)),
            None => Pin::new(&mut self.rest).poll_frame(context).map_err(Into::into),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, mut hint) = (self.rest.size_hint(), SizeHint::new());
        let read = self.first.as_ref().and_then(|first| first.as_ref().ok()?.data_ref()).map_or(0, Bytes::len) as u64;
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper.saturating_add(read));
        }
        hint.set_lower(rest.lower().saturating_add(read));
        hint
    }
}

/// A body that notes its end.
pub(in crate::server::http) struct Watched<B> {
    body: B,
    end: End,
}

impl<B> Watched<B> {
    pub(in crate::server::http) fn new(body: B, end: &End) -> Self {
        Self { body, end: end.clone() }
    }
}

impl<B: Body + Unpin> Body for Watched<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if matches!(frame, Poll::Ready(None)) || self.body.is_end_stream() {
            self.end.0.store(true, Ordering::Release);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
