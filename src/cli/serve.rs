//! `scopewise serve`: starts the server and stops it gracefully on Ctrl-C and SIGTERM.

use std::{io, net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};
use tokio::{
    runtime::{Builder, Runtime},
    signal::unix::{SignalKind, signal},
};

use super::{CliError, database::Database, model::CatalogFile};
use crate::server::{
    self,
    config::{Config, PublicUrl},
    hosts::Host,
    proxies::Network,
    telemetry::{self, LogFormat},
};

/// Start the server: the Keys API and the console
///
/// On first start, it prints a one-time link to create the first account.
/// Ctrl-C or SIGTERM stops the server after it has answered the requests in progress.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise serve
  scopewise serve --listen 0.0.0.0:8420 --public-url https://keys.example.com
  scopewise serve --database sqlite:///var/lib/scopewise/scopewise.db --log-format json")]
pub(super) struct Serve {
    /// The address and port to listen on; port 0 picks a free port
    #[arg(long, env = "SCOPEWISE_LISTEN", value_name = "ADDRESS:PORT", default_value = Config::DEFAULT_LISTEN)]
    listen: SocketAddr,
    #[command(flatten)]
    database: Database,
    /// The URL that people and SDKs use if the server is behind a proxy, such as https://keys.example.com
    #[arg(long, env = "SCOPEWISE_PUBLIC_URL", value_name = "URL")]
    public_url: Option<PublicUrl>,
    /// The file with the root key that signs ephemeral keys; created if missing [default: next to the database]
    #[arg(long, env = "SCOPEWISE_ROOT_KEY_FILE", value_name = "PATH")]
    root_key_file: Option<PathBuf>,
    #[command(flatten)]
    catalog: CatalogFile,
    /// A proxy or gateway whose X-Forwarded-… headers are trusted, as an address or a range; repeatable
    #[arg(long, env = "SCOPEWISE_TRUSTED_PROXIES", value_name = "CIDR", value_delimiter = ',')]
    trusted_proxy: Vec<Network>,
    /// A host name to accept in addition to that of --public-url, such as an internal name of the server; repeatable
    #[arg(long, env = "SCOPEWISE_ACCEPT_HOSTS", value_name = "HOST", value_delimiter = ',')]
    accept_host: Vec<Host>,
    /// The memory for cached keys, in MiB; 256 hold a million keys, 0 turns the cache off
    #[arg(long, env = "SCOPEWISE_KEY_MEMORY", value_name = "MIB", default_value_t = Config::DEFAULT_KEY_MEMORY_MIB)]
    key_memory: usize,
    /// The address for Prometheus metrics (GET /metrics); it has no authentication, so keep it on a private network
    #[arg(long, env = "SCOPEWISE_METRICS_LISTEN", value_name = "ADDRESS:PORT")]
    metrics_listen: Option<SocketAddr>,
    /// The most connections at a time; one network can use an eighth of them, trusted proxies all of them
    #[arg(long, env = "SCOPEWISE_MAX_CONNECTIONS", value_name = "NUMBER", default_value_t = Config::DEFAULT_MAX_CONNECTIONS)]
    max_connections: usize,
    /// The threads that answer requests, 1 to 1024 [default: one for each core]
    ///
    /// Where a gateway shares few cores with the server, fewer threads can answer more quickly.
    #[arg(long, env = "SCOPEWISE_THREADS", value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// How many seconds requests in progress may take after the server is asked to stop
    #[arg(long, env = "SCOPEWISE_SHUTDOWN_SECONDS", value_name = "SECONDS", default_value_t = Config::DEFAULT_SHUTDOWN_SECONDS)]
    shutdown_seconds: u64,
    /// The log level on standard error: error, warn, info, debug, or off
    #[arg(long, env = "SCOPEWISE_LOG", value_name = "LEVEL", default_value = "info")]
    log: String,
    /// The log format
    #[arg(long, env = "SCOPEWISE_LOG_FORMAT", value_enum, default_value_t)]
    log_format: Lines,
}

/// The log format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Lines {
    /// Readable text
    #[default]
    Text,
    /// One JSON object per line
    Json,
}

impl Serve {
    /// Serves until the process receives a signal to stop.
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
        let runtime = runtime(self.threads).map_err(CliError::Runtime)?;
        runtime.block_on(async {
            let shutdown = shutdown().map_err(CliError::Runtime)?;
            server::run(config, shutdown).await?;
            Ok(ExitCode::SUCCESS)
        })
    }
}

/// What runs the server, with so many threads for requests.
fn runtime(threads: Option<u16>) -> io::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    if let Some(threads) = threads {
        builder.worker_threads(usize::from(threads));
    }
    builder.enable_all().build()
}

/// Completes at the first Ctrl-C or SIGTERM. It listens from the call on, so that no signal is missed while the server starts.
fn shutdown() -> io::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        serve: Serve,
    }

    #[test]
    fn requests_get_as_many_threads_as_wanted_and_one_for_each_core_without_a_wish() {
        let workers = |arguments: &[&str]| {
            let line = Line::try_parse_from([&["serve"], arguments].concat()).map_err(|error| error.to_string())?;
            Ok::<_, String>(runtime(line.serve.threads).unwrap().metrics().num_workers())
        };
        assert_eq!(workers(&["--threads", "1"]), Ok(1));
        assert_eq!(workers(&["--threads", "5"]), Ok(5));
        let cores = std::thread::available_parallelism().unwrap().get();
        assert_eq!(workers(&[]), Ok(cores));
        for number in ["0", "1025", "many"] {
            let error = workers(&["--threads", number]).unwrap_err();
            assert!(error.contains("--threads") && error.contains(number), "{error}");
        }
    }
}
