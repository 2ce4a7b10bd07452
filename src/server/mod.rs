//! The server: the Keys API over HTTP with the console inside, on an embedded database or on PostgreSQL.
//!
//! ```text
//!   run ─ serve ─ http (routes, extract, handlers) ─┬─ service ─ store ─ sqlite, postgres
//!                      │                            └─ models
//!                      └─ auth, limits, recorder        config, clock, random, metrics, telemetry
//! ```

mod app;
mod assets;
mod auth;
pub mod clock;
pub mod config;
mod encoding;
mod entity_tag;
mod file_permissions;
pub mod hosts;
pub mod http;
mod limits;
mod lost_names;
mod metrics;
pub mod models;
pub mod proxies;
pub mod query;
pub mod random;
mod readiness;
mod recorder;
mod root_key;
mod serve;
pub mod service;
pub mod store;
pub mod telemetry;
mod writes;

use std::{
    io::{self, Write},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use tokio::{net::TcpListener, task::JoinHandle};

pub use app::{App, SetupError};
pub use auth::{PasswordError, RootKey, SecretHash, SessionToken};
pub use root_key::RootKeyError;
pub use service::caller::{Caller, Done};

use self::{
    clock::SystemClock,
    config::{Config, DatabaseUrl},
    proxies::TrustedProxies,
    random::OsRandom,
    store::StoreError,
};

/// Why the server did not start, in one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no root key to sign ephemeral keys from.
    #[error(transparent)]
    RootKey(#[from] RootKeyError),
    /// Another program listens there.
    #[error("{address} is in use by another program; stop it, or choose another address with {option}, such as 127.0.0.1:8421")]
    PortInUse {
        /// Where it was to listen.
        address: SocketAddr,
        /// The option that names it.
        option: &'static str,
    },
    /// The address is not one of this machine, or the port is not open to this user.
    #[error("cannot listen on {address}: {reason}; choose another address with {option}, such as 127.0.0.1:8420")]
    Address {
        /// Where it was to listen.
        address: SocketAddr,
        /// The option that names it.
        option: &'static str,
        /// What the operating system says.
        reason: String,
    },
    /// There is no set-up link.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// There is no randomness, or passwords cannot be hashed.
    #[error("this machine cannot hash passwords: {0}")]
    Password(#[from] PasswordError),
}

/// Opens the store, says where it listens (and, while there is no account, the one-time set-up link), and serves until `shutdown`.
///
/// # Errors
/// [`StartError`]: nothing was served.
pub async fn run(config: Config, shutdown: impl Future<Output = ()>) -> Result<(), StartError> {
    let store = store::open(&config.database).await?;
    let listener = listen(config.listen, "--listen")?;
    let address = listener.local_addr().unwrap_or(config.listen);
    let root_key = root_key::load(&config, &OsRandom)?;
    let (clock, random, catalog) = (Arc::new(SystemClock), Arc::new(OsRandom), config.catalog);
    let app = App::with_root_key(store, clock, random, config.public_url.clone(), catalog, root_key)?;
    app.trust_proxies(TrustedProxies::new(config.trusted_proxies.clone()));
    app.accept_hosts(config.accept_hosts.clone());
    let metrics = match config.metrics_listen {
        Some(address) => Some(count(&app, &config, listen(address, "--metrics-listen")?)),
        None => None,
    };
    announce(&app, &config, address).await?;
    // In the background: it reads every key.
    let compared = tokio::spawn({
        let app = app.clone();
        async move { lost_names::report(&app).await }
    });
    app.store.read_ahead(config.key_memory_mib.saturating_mul(1024 * 1024));
    serve::serve(listener, &app, config.max_connections, shutdown, Duration::from_secs(config.shutdown_seconds)).await;
    compared.abort();
    if let Some(metrics) = metrics {
        metrics.abort();
    }
    app.wind_down(Duration::from_secs(config.shutdown_seconds)).await;
    tracing::info!("stopped");
    Ok(())
}

fn listen(address: SocketAddr, option: &'static str) -> Result<TcpListener, StartError> {
    serve::listen(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => StartError::PortInUse { address, option },
        _ => StartError::Address { address, option, reason: error.to_string() },
    })
}

/// Starts the metrics and serves them.
fn count(app: &Arc<App>, config: &Config, listener: TcpListener) -> JoinHandle<()> {
    let file = match &config.database {
        DatabaseUrl::Sqlite { path } => Some(path.clone()),
        DatabaseUrl::Postgres(_) => None,
    };
    app.count(metrics::Metrics::new(app.clock.now(), file));
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, "metrics are served at /metrics");
    }
    tokio::spawn(metrics::serve(listener, app.clone()))
}

/// Prints where to go. The token stands behind `#`, so that no browser sends it and no log keeps it.
async fn announce(app: &App, config: &Config, address: SocketAddr) -> Result<(), StartError> {
    let base = config.public_url.as_ref().map_or_else(|| format!("http://{}", reachable(address)), ToString::to_string);
    // A closed output must not stop the server.
    let mut out = io::stdout();
    let _ = writeln!(out, "Scopewise is listening on {base} (SDK endpoint: {base}/v1)");
    if !app.store.has_account().await? {
        let token = app.new_setup_token().await?;
        let _ = writeln!(out, "Make the first account here (this link works once): {base}/setup#{}", token.expose());
    }
    Ok(())
}

/// An address that listens everywhere is reached as `127.0.0.1`.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], address.port())) } else { address }
}
