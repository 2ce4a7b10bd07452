//! `scopewise batch`: answers many requests of the scope model in one run.

use std::{
    io::{self, BufRead},
    process::ExitCode,
};

use clap::Args;

use super::{CliError, model::CatalogFile, output::Output};
use crate::scope::{Query, answer};

/// Answer many requests in one run: one request per line, one line of JSON per answer
///
/// Each line of standard input is a call (check, allows, suggest, reach, compare, migrate or catalog), a tab, and the request as JSON.
/// The answers are byte for byte those of the HTTP API and the npm package. Nothing is added to a request, not even the current time.
/// Exit code: 1 if a request could not be answered; its line says why.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise batch < requests.txt > answers.txt
  printf 'check\\t{\"scopes\":[\"rows.read\"]}\\n' | scopewise batch")]
pub(super) struct Batch {
    /// Requests end with a NUL byte instead of a line break, so that a request can span several lines
    #[arg(short = '0', long, env = "SCOPEWISE_NULL")]
    null: bool,
    #[command(flatten)]
    catalog: CatalogFile,
}

impl Batch {
    /// Answers until the input ends.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let catalog = self.catalog.load()?;
        let mut all_answered = true;
        for line in io::stdin().lock().split(if self.null { 0 } else { b'\n' }) {
            let line = String::from_utf8_lossy(&line?).into_owned();
            if line.trim().is_empty() {
                continue;
            }
            let (call, request) = line.split_once('\t').unwrap_or((line.trim_end(), ""));
            match call.parse::<Query>().and_then(|call| answer(catalog, call, request)) {
                Ok(text) => output.line(text)?,
                Err(error) => {
                    all_answered = false;
                    output.line(error.to_json())?;
                }
            }
        }
        output.finish()?;
        Ok(if all_answered { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
