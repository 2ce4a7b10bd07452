//! `scopewise serve`: starts the server, and stops it in good order on Ctrl-C and SIGTERM.

use std::{io, net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};
use tokio::signal::unix::{SignalKind, signal};

use super::{CliError, database::Database, model::CatalogFile};
use crate::server::{
    self,
    config::{Config, PublicUrl},
    hosts::Host,
    proxies::Network,
    telemetry::{self, LogFormat},
};

/// Serve the Keys API over HTTP, and the console
///
/// At the first start it prints a link, which works once, to make the first account.
/// Ctrl-C and SIGTERM stop it: requests that run are answered first.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise serve
  scopewise serve --listen 0.0.0.0:8420 --public-url https://keys.example.com
  scopewise serve --database sqlite:///var/lib/scopewise/scopewise.db --log-format json")]
pub(super) struct Serve {
    /// The address and port to listen on; port 0 takes any free one
    #[arg(long, env = "SCOPEWISE_LISTEN", value_name = "ADDRESS:PORT", default_value = Config::DEFAULT_LISTEN)]
    listen: SocketAddr,
    #[command(flatten)]
    database: Database,
    /// The address that people and SDKs use, where a proxy stands in front, such as https://keys.example.com
    #[arg(long, env = "SCOPEWISE_PUBLIC_URL", value_name = "URL")]
    public_url: Option<PublicUrl>,
    /// The file of the key that ephemeral keys are signed from; it is made when it is missing, by default beside the database
    #[arg(long, env = "SCOPEWISE_ROOT_KEY_FILE", value_name = "PATH")]
    root_key_file: Option<PathBuf>,
    #[command(flatten)]
    catalog: CatalogFile,
    /// A proxy or gateway whose X-Forwarded-… headers are believed, as an address or a range; may be repeated
    #[arg(long, env = "SCOPEWISE_TRUSTED_PROXIES", value_name = "CIDR", value_delimiter = ',')]
    trusted_proxy: Vec<Network>,
    /// A host that is answered beside that of --public-url, such as the name by which services inside of a network ask; may be repeated
    #[arg(long, env = "SCOPEWISE_ACCEPT_HOSTS", value_name = "HOST", value_delimiter = ',')]
    accept_host: Vec<Host>,
    /// How much memory may hold keys of a SQLite database, in MiB; 256 are room for a million keys, and 0 holds none
    #[arg(long, env = "SCOPEWISE_KEY_MEMORY", value_name = "MIB", default_value_t = Config::DEFAULT_KEY_MEMORY_MIB)]
    key_memory: usize,
    /// Where to serve numbers for operators (GET /metrics, for Prometheus); whoever reaches it may read them
    #[arg(long, env = "SCOPEWISE_METRICS_LISTEN", value_name = "ADDRESS:PORT")]
    metrics_listen: Option<SocketAddr>,
    /// How many connections there may be at a time; one network has an eighth of them, trusted proxies as many as there are
    #[arg(long, env = "SCOPEWISE_MAX_CONNECTIONS", value_name = "NUMBER", default_value_t = Config::DEFAULT_MAX_CONNECTIONS)]
    max_connections: usize,
    /// How many seconds requests may still take when the server was told to stop
    #[arg(long, env = "SCOPEWISE_SHUTDOWN_SECONDS", value_name = "SECONDS", default_value_t = Config::DEFAULT_SHUTDOWN_SECONDS)]
    shutdown_seconds: u64,
    /// What to log on standard error: error, warn, info, debug, or off
    #[arg(long, env = "SCOPEWISE_LOG", value_name = "LEVEL", default_value = "info")]
    log: String,
    /// How to log
    #[arg(long, env = "SCOPEWISE_LOG_FORMAT", value_enum, default_value_t)]
    log_format: Lines,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Lines {
    /// For people
    #[default]
    Text,
    /// For programs: one JSON object a line
    Json,
}

impl Serve {
    /// Serves until the process is told to stop.
    pub fn run(self) -> Result<ExitCode, CliError> {
        telemetry::init(
            &self.log,
            match self.log_format {
                Lines::Text => LogFormat::Text,
                Lines::Json => LogFormat::Json,
            },
        );
        let catalog = self.catalog.load()?;
        let config = Config {
            listen: self.listen,
            database: self.database.url()?.clone(),
            public_url: self.public_url,
            trusted_proxies: self.trusted_proxy,
            accept_hosts: self.accept_host,
            catalog,
            root_key_file: self.root_key_file,
            key_memory_mib: self.key_memory,
            metrics_listen: self.metrics_listen,
            max_connections: self.max_connections,
            shutdown_seconds: self.shutdown_seconds,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CliError::Runtime)?;
        runtime.block_on(async {
            let shutdown = shutdown().map_err(CliError::Runtime)?;
            server::run(config, shutdown).await?;
            Ok(ExitCode::SUCCESS)
        })
    }
}

/// Ends at the first Ctrl-C or SIGTERM. Listens from the call on, so that none is missed while the server starts.
fn shutdown() -> io::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
