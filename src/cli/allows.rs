//! `scopewise allows`: prints whether scopes open an operation.

use std::{io, process::ExitCode};

use clap::Args;

use super::{
    CliError,
    input::Given,
    model::{CatalogFile, Edition, Form, Scopes, answer},
    output::{Format, Output, Paint},
    render,
};
use crate::scope::{self, AllowsRequest, Query, Verdict};

/// Show whether scopes allow an operation, and what is missing
///
/// Exit code: 0 if they do, 1 if they do not, 2 for wrong usage.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise allows --operation tablesDB.listRows rows.read
  scopewise allows --operation 'GET /v1/users' --file scopes.txt")]
pub(super) struct Allows {
    #[command(flatten)]
    scopes: Scopes,
    /// The operation: an SDK method such as tablesDB.listRows, or an HTTP method and path in quotes
    #[arg(long, env = "SCOPEWISE_OPERATION", value_name = "OPERATION")]
    operation: String,
    #[command(flatten)]
    edition: Edition,
    #[command(flatten)]
    catalog: CatalogFile,
    #[command(flatten)]
    form: Form,
}

impl Allows {
    /// Prints the verdict; the exit code is the same.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let catalog = self.catalog.load()?;
        let given = self.scopes.read()?;
        let verdict = scope::allows(catalog, &given.items, &self.operation, self.edition.id.as_deref());
        match self.form.format {
            Format::Json => answer(
                output,
                catalog,
                Query::Allows,
                &AllowsRequest { scopes: given.items, operation: self.operation, edition: self.edition.id },
            )?,
            Format::Text => print(output, &verdict, &given)?,
        }
        output.finish()?;
        Ok(if verdict.allowed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn print(output: &mut Output, verdict: &Verdict, given: &Given) -> io::Result<()> {
    // The problem of an unknown operation is the verdict itself.
    render::findings(output, given, verdict.problems.iter().filter(|problem| problem.operation.is_none()))?;
    let (word, paint) = if verdict.allowed { ("yes", Paint::Good) } else { ("no", Paint::Error) };
    output.item(&format!("{}: ", output.paint(paint, word)), word.len() + 2, &verdict.message)?;
    if !verdict.help.is_empty() {
        output.item("    help: ", 10, &verdict.help)?;
    }
    Ok(())
}
