//! What the commands that open a database share: its URL, and a runtime to work on it.

use std::{convert::Infallible, fmt, str::FromStr, sync::Arc};

use clap::Args;

use super::CliError;
use crate::server::{
    clock::SystemClock,
    config::{Config, ConfigError, DatabaseUrl},
    random::OsRandom,
    store::{self, Store},
    telemetry::{self, LogFormat},
};

/// Where the data is; the same for every command.
#[derive(Args, Debug)]
pub(super) struct Database {
    /// The database URL: sqlite:// and the path of a file, which is created if missing, or postgres://user:password@host/database
    #[arg(long = "database", env = "SCOPEWISE_DATABASE", hide_env_values = true, value_name = "URL", default_value = Config::DEFAULT_DATABASE)]
    url: Argument,
}

/// A database URL as it was given. What is wrong with it is told by us: what clap says would repeat it, with its password.
#[derive(Clone)]
pub(super) struct Argument(Result<DatabaseUrl, ConfigError>);

impl Argument {
    /// The URL.
    pub fn url(&self) -> Result<&DatabaseUrl, CliError> {
        self.0.as_ref().map_err(|error| CliError::Config(error.clone()))
    }
}

impl FromStr for Argument {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.parse()))
    }
}

impl fmt::Debug for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What the functions of [`crate::server::service`] are handed.
pub(super) struct Tools {
    pub store: Arc<dyn Store>,
    pub clock: SystemClock,
    pub random: OsRandom,
}

impl Database {
    /// Where it is.
    pub fn url(&self) -> Result<&DatabaseUrl, CliError> {
        self.url.url()
    }

    /// Opens the database and runs one piece of work on it.
    pub fn work<T>(&self, work: impl AsyncFnOnce(Tools) -> Result<T, CliError>) -> Result<T, CliError> {
        tell_warnings();
        runtime()?.block_on(async {
            let store = store::open(self.url()?).await?;
            work(Tools { store, clock: SystemClock, random: OsRandom }).await
        })
    }
}

/// What runs work that waits.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(CliError::Runtime)
}

/// Lets what had to be mended of a database be told on standard error.
pub(super) fn tell_warnings() {
    telemetry::init("scopewise=warn", LogFormat::Text);
}
