//! `scopewise backup`: writes the database to a file while it is in use.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use super::{CliError, database::Database, output::Output};
use crate::server::{config::DatabaseUrl, store::sqlite::backup};

/// Back up the SQLite database to a file while the server runs
///
/// The backup does not contain the root key file. Store a copy of that file in a different place.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise backup /var/backups/scopewise-$(date +%F).db
  scopewise backup scopewise.backup --database sqlite:///var/lib/scopewise/scopewise.db")]
pub(super) struct Backup {
    /// The file to write; it must not exist yet
    file: PathBuf,
    #[command(flatten)]
    database: Database,
}

impl Backup {
    /// Writes the file and prints its name.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let DatabaseUrl::Sqlite { path } = self.database.url()? else { return Err(CliError::SqliteOnly("backup")) };
        backup::backup(path, &self.file)?;
        output.line(format!("wrote {}", self.file.display()))?;
        output.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}
