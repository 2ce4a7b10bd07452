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

/// The database; the same for every command.
#[derive(Args, Debug)]
pub(super) struct Database {
    /// The database URL: sqlite:// and the path of a file, which is created if missing, or postgres://user:password@host/database
    #[arg(long = "database", env = "SCOPEWISE_DATABASE", hide_env_values = true, value_name = "URL", default_value = Config::DEFAULT_DATABASE)]
    url: Argument,
}

/// A database URL as it was given. We report its errors ourselves, because clap would print the URL with its password.
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

/// The arguments of the functions in [`crate::server::service`].
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

    /// Opens the database and runs `work` on it.
    pub fn work<T>(&self, work: impl AsyncFnOnce(Tools) -> Result<T, CliError>) -> Result<T, CliError> {
        tell_warnings();
        runtime()?.block_on(async {
            let store = store::open(self.url()?).await?;
            work(Tools { store, clock: SystemClock, random: OsRandom }).await
        })
    }
}

/// A runtime for async work.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(CliError::Runtime)
}

/// Prints warnings, such as repairs of a database, to standard error.
pub(super) fn tell_warnings() {
    telemetry::init("scopewise=warn", LogFormat::Text);
}
