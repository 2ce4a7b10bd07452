//! Owns connections: accepts them, serves them, and ends them in good order.

use std::{convert::Infallible, time::Duration};

use axum::extract::ConnectInfo;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::net::TcpListener;

use super::http::Interface;

/// How long the head of a request may take to arrive; slower clients are cut off, so that they cannot hold connections for ever.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// The longest head of a request, in bytes; a longer one is answered with 431. It waits in memory before anybody knows whose it is.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// How long to wait when the machine has no more file handles.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Serves until `shutdown`; then takes no new connections, and gives requests that run `grace` to end.
pub(super) async fn serve(listener: TcpListener, interface: Interface, shutdown: impl Future<Output = ()>, grace: Duration) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT).max_buf_size(MAX_HEAD_BYTES);
    let graceful = GracefulShutdown::new();
    tokio::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let (stream, peer) = match accepted {
            Ok(connection) => connection,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let interface = interface.clone();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            let interface = interface.clone();
            request.extensions_mut().insert(ConnectInfo(peer));
            async move { Ok::<_, Infallible>(interface.answer(request).await) }
        });
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A client that goes away in the middle is no event.
            let _ = connection.await;
        });
    }
    drop(listener);
    if tokio::time::timeout(grace, graceful.shutdown()).await.is_err() {
        tracing::warn!(seconds = grace.as_secs(), "some requests did not end in time and were cut off");
    }
}
