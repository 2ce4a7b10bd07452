//! `scopewise copy`: moves everything from one database to another.

use std::process::ExitCode;

use clap::Args;

use super::{
    CliError,
    database::{Argument, runtime, tell_warnings},
    output::Output,
};
use crate::server::store::transfer;

/// Copy a database into an empty one: from SQLite to PostgreSQL, or back
///
/// The copy is all or nothing, and the source does not change. Stop the servers of the source first: changes made during the copy
/// are not copied.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise copy --from sqlite://data/scopewise.db --to postgres://scopewise@localhost/scopewise
  scopewise copy --from postgres://scopewise@localhost/scopewise --to sqlite://scopewise.db")]
pub(super) struct Copy {
    /// The database to read
    #[arg(long, env = "SCOPEWISE_COPY_FROM", hide_env_values = true, value_name = "URL")]
    from: Argument,
    /// The database to write; it must be new or empty
    #[arg(long, env = "SCOPEWISE_COPY_TO", hide_env_values = true, value_name = "URL")]
    to: Argument,
}

impl Copy {
    /// Copies and prints the counts.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        tell_warnings();
        let (from, to) = (self.from.url()?, self.to.url()?);
        let counts = runtime()?.block_on(transfer::copy(from, to))?;
        for (table, rows) in counts {
            output.line(format!("{table}: {rows}"))?;
        }
        output.line(format!("copied {from} to {to}"))?;
        output.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}
