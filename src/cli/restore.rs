//! `scopewise restore`: replaces the database with a backup.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use super::{
    CliError,
    database::{Database, tell_warnings},
    output::Output,
};
use crate::server::{config::DatabaseUrl, store::sqlite::backup};

/// Replace the SQLite database with a backup, while no server uses it
///
/// The backup is checked first. Nothing changes if it is damaged, if its tables were changed by hand, or if a server is running.
/// A backup of an earlier version is upgraded.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise restore scopewise.backup
  scopewise restore scopewise.backup --force --database sqlite:///var/lib/scopewise/scopewise.db")]
pub(super) struct Restore {
    /// The backup file
    file: PathBuf,
    /// Replace an existing database; its data is lost
    #[arg(long, env = "SCOPEWISE_RESTORE_FORCE")]
    force: bool,
    #[command(flatten)]
    database: Database,
}

impl Restore {
    /// Restores the database and prints the result.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        tell_warnings();
        let url = self.database.url()?;
        let DatabaseUrl::Sqlite { path } = url else { return Err(CliError::SqliteOnly("restore")) };
        backup::restore(&self.file, path, self.force)?;
        output.line(format!("restored {url} from {}", self.file.display()))?;
        output.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}
