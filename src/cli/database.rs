//! What `admin`, `project`, `key` and `serve` share: the database, and a runtime to work on it.

use std::sync::Arc;

use clap::Args;

use super::CliError;
use crate::server::{
    clock::{Clock, SystemClock},
    config::{Config, DatabaseUrl},
    random::OsRandom,
    store::{self, Action, Actor, ActorKind, NewAudit, Outcome, Store},
};

/// Where the data is; the same for every command.
#[derive(Args, Debug)]
pub(super) struct Database {
    /// Where the data is: sqlite:// and the path of a file, which is made when it is missing
    #[arg(long = "database", env = "SCOPEWISE_DATABASE", value_name = "URL", default_value = Config::DEFAULT_DATABASE)]
    pub url: DatabaseUrl,
}

/// What the functions of [`crate::server::admin`] are handed.
pub(super) struct Tools {
    pub store: Arc<dyn Store>,
    pub clock: SystemClock,
    pub random: OsRandom,
}

impl Tools {
    /// Writes down in the audit log what was done.
    pub async fn note(&self, project: Option<&str>, action: Action, target: &str, detail: String) -> Result<(), CliError> {
        let entry = NewAudit {
            at: self.clock.now(),
            project_id: project.map(str::to_owned),
            actor: Actor::only(ActorKind::CommandLine),
            action,
            target_id: target.to_owned(),
            outcome: Outcome::Done,
            detail,
            ip: String::new(),
        };
        Ok(self.store.append_audit(entry).await?)
    }
}

impl Database {
    /// Opens the database and runs one piece of work on it.
    pub fn work<T>(&self, work: impl AsyncFnOnce(Tools) -> Result<T, CliError>) -> Result<T, CliError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(CliError::Runtime)?;
        runtime.block_on(async {
            let store = store::open(&self.url)?;
            work(Tools { store, clock: SystemClock, random: OsRandom }).await
        })
    }
}
