//! Accepts, serves and closes connections.

mod connections;
mod head_timer;
mod write_timeout;

use std::{convert::Infallible, future::poll_fn, net::SocketAddr, pin::pin, sync::Arc, task::Poll, time::Duration};

use axum::response::Response;
use futures_util::FutureExt;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpSocket, TcpStream},
};
use tokio_util::task::TaskTracker;

use self::{
    connections::{Connection, Connections, Taken, Told},
    head_timer::HeadTimer,
    write_timeout::WriteTimeout,
};
use super::{
    app::App,
    http::{Interface, crowded},
};

/// How long the head of a request may take to arrive, and how long a connection is kept for the next one; slower clients are cut off, so
/// that they cannot hold connections.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// The longest head of a request, in bytes; a longer one is answered with 431. It is in memory before its sender is known.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// How much of an unread answer the system buffers, in bytes; it doubles this for its own needs. Its default would be megabytes.
const SEND_BUFFER_BYTES: u32 = 64 * 1024;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;
/// How long to wait when the machine has no more file handles.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
/// How many connections that found no slot are waited for, so that they read why.
const FAREWELLS: usize = 64;
/// How long each of them is.
const FAREWELL: Duration = Duration::from_secs(1);

/// Listens there.
///
/// # Errors
/// What the operating system says.
pub(super) fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    // Connections have it from the socket that accepts them.
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `shutdown`; then takes no new connections, and gives requests that run `grace` to end.
pub(super) async fn serve(
    listener: TcpListener,
    app: &Arc<App>,
    max_connections: usize,
    shutdown: impl Future<Output = ()>,
    grace: Duration,
) {
    let interface = Interface::new(app);
    let connections = Connections::new(connections::possible(max_connections), app.clock.clone());
    let mut builder = http1::Builder::new();
    builder.header_read_timeout(HEADER_TIMEOUT).max_buf_size(MAX_HEAD_BYTES);
    let running = TaskTracker::new();
    let farewells = Arc::new(tokio::sync::Semaphore::new(FAREWELLS));
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
        let is_trusted = app.trusted_proxies().trust(peer.ip());
        let Some(taken) = connections.take(peer.ip(), is_trusted) else {
            let permit = farewells.clone().try_acquire_owned();
            let app = app.clone();
            tokio::spawn(async move {
                let _permit = permit;
                if _permit.is_ok() {
                    farewell(stream, &app).await;
                }
            });
            continue;
        };
        running.spawn(run(interface.clone(), builder.clone(), stream, peer, taken));
    }
    drop(listener);
    connections.finish();
    running.close();
    if tokio::time::timeout(grace, running.wait()).await.is_err() {
        tracing::warn!(seconds = grace.as_secs(), "some requests did not end in time and were cut off");
    }
}

/// Runs a connection until it ends or loses its slot.
async fn run(interface: Interface, mut builder: http1::Builder, stream: TcpStream, peer: SocketAddr, taken: Taken) {
    let connection = taken.connection();
    let service = service_fn(|request| answer(&interface, request, peer, connection));
    let stream = TokioIo::new(WriteTimeout::new(stream, connection.clone()));
    let mut served = pin!(builder.timer(HeadTimer::default()).serve_connection(stream, service));
    let mut finishes = false;
    poll_fn(|context| {
        match connection.told(context) {
            Told::GiveUp => return Poll::Ready(()),
            Told::Finish if !finishes => {
                finishes = true;
                served.as_mut().graceful_shutdown();
            }
            Told::Finish | Told::GoOn => {}
        }
        // A client that goes away in the middle is no event.
        served.as_mut().poll(context).map(drop)
    })
    .await;
}

// No `async fn`; see [`Interface::answer`].
fn answer(
    interface: &Interface,
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
    connection: &Arc<Connection>,
) -> impl Future<Output = Result<hyper::Response<connections::Body>, Infallible>> {
    let busy = connection.begin();
    let answered = interface.answer(request, Some(peer.ip()));
    answered.map(|response: Response| Ok(response.map(|body| connections::Body::new(body, busy))))
}

/// Answers that there is no slot.
async fn farewell(mut stream: TcpStream, app: &App) {
    // It fits into the empty buffer of a new connection.
    let _ = stream.try_write(crowded(app).as_bytes());
    // What arrives is thrown away: with anything unread, the system would take the answer back.
    let mut unread = [0; 1024];
    let read = async { while stream.read(&mut unread).await.is_ok_and(|bytes| bytes > 0) {} };
    let _ = tokio::time::timeout(FAREWELL, read).await;
}
