//! `scopewise compare`: prints what changes between two sets of scopes.

use std::{io, process::ExitCode};

use clap::Args;

use super::{
    CliError,
    input::Given,
    model::{CatalogFile, Edition, Form, Scopes, answer, is_clean},
    output::{Format, Output, Paint, counted},
    reach::{climbs, operations},
    render,
};
use crate::scope::{self, Catalog, CompareRequest, Comparison, Query};

/// Show what a key gains and loses when its scopes change
///
/// Exit code: 0, 1 if a scope or the edition is unknown, 2 for wrong usage.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise compare --previous documents.read rows.read
  scopewise compare --previous rows.read,tables.read --file scopes.txt")]
pub(super) struct Compare {
    #[command(flatten)]
    scopes: Scopes,
    /// A scope that the key had before; repeatable
    #[arg(long = "previous", env = "SCOPEWISE_PREVIOUS", value_name = "SCOPE", value_delimiter = ',')]
    previous: Vec<String>,
    #[command(flatten)]
    edition: Edition,
    #[command(flatten)]
    catalog: CatalogFile,
    #[command(flatten)]
    form: Form,
}

impl Compare {
    /// Prints the difference.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let catalog = self.catalog.load()?;
        let given = self.scopes.read()?;
        let change = scope::compare(catalog, &self.previous, &given.items, self.edition.id.as_deref());
        match self.form.format {
            Format::Json => answer(
                output,
                catalog,
                Query::Compare,
                &CompareRequest { before: self.previous, after: given.items, edition: self.edition.id },
            )?,
            Format::Text => print(output, catalog, &change, &given)?,
        }
        output.finish()?;
        Ok(if is_clean(&change.problems) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn print(output: &mut Output, catalog: &Catalog, change: &Comparison, given: &Given) -> io::Result<()> {
    render::findings(output, given, &change.problems)?;
    for (sign, paint, scopes) in
        [("-", Paint::Error, &change.revoked), (" ", Paint::Dim, &change.kept), ("+", Paint::Good, &change.granted)]
    {
        for scope in scopes {
            output.line(output.paint(paint, &format!("{sign} {}", render::safe(scope))) + &render::name_of(catalog, scope))?;
        }
    }
    for (title, paint, ids) in [("loses", Paint::Error, &change.lost), ("gains", Paint::Good, &change.gained)] {
        if !ids.is_empty() {
            output.line(format!("\n{title} {}:", counted(ids.len(), "operation")))?;
            operations(output, paint, ids)?;
        }
    }
    if !change.climbed.is_empty() {
        output.line("\nnew ways to more access:")?;
        climbs(output, &change.climbed)?;
    } else {
        output.line("")?;
    }
    let verdict = if change.becomes_full_access { format!("{}: ", output.paint(Paint::Error, "full access now")) } else { String::new() };
    let (granted, revoked, kept) = (change.granted.len(), change.revoked.len(), change.kept.len());
    output.line(format!("{verdict}{} granted, {revoked} revoked, {kept} kept", counted(granted, "scope")))
}
