//! `scopewise catalog`: prints which services and scopes there are. With JSON, the whole catalog, operations and editions included.
//! Each of its subcommands is one file of this folder.

mod diff;
mod export;
mod findings;
mod import;
mod lint;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{
    CliError,
    model::{CatalogFile, Form, answer},
    output::{Format, Output, Paint, counted},
};
use crate::scope::{self, CatalogRequest, Query, Scope, Tier};

/// List all scopes by service, or make, check, compare and export catalogs
///
/// With --format json, the output includes the operations and editions of the catalog.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  scopewise catalog
  scopewise catalog --format json
  scopewise catalog --catalog ours.json
  scopewise catalog import openapi.yaml -o ours.json
  scopewise catalog lint ours.json
  scopewise catalog diff old.json ours.json
  scopewise catalog export --format markdown ours.json")]
pub(super) struct Catalog {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    catalog: CatalogFile,
    #[command(flatten)]
    form: Form,
}

/// What else can be done with catalogs.
#[derive(Debug, Subcommand)]
enum Command {
    Import(import::Import),
    Lint(lint::Lint),
    Diff(diff::Diff),
    Export(export::Export),
}

impl Catalog {
    /// Prints the catalog, or runs the subcommand.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        match self.command {
            Some(Command::Import(import)) => import.run(output),
            Some(Command::Lint(lint)) => lint.run(output),
            Some(Command::Diff(diff)) => diff.run(output),
            Some(Command::Export(export)) => export.run(output),
            None => self.list(output),
        }
    }

    /// Prints the catalog. With JSON, the whole of it in the form that `--catalog` reads.
    fn list(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let catalog = self.catalog.load()?;
        match self.form.format {
            Format::Json => answer(output, catalog, Query::Catalog, &CatalogRequest::default())?,
            Format::Text => print(output, catalog)?,
        }
        output.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

fn print(output: &mut Output, catalog: &scope::Catalog) -> std::io::Result<()> {
    let width = catalog.scopes().iter().map(|scope| scope.id.as_str().len()).max().unwrap_or(0);
    for service in &catalog.services {
        let scopes: Vec<&Scope> = catalog.scopes().iter().filter(|scope| scope.service == service.id).collect();
        if scopes.is_empty() {
            continue;
        }
        output.line(output.paint(Paint::Strong, &service.name))?;
        for scope in scopes {
            let head = format!("  {:width$}  ", scope.id.as_str());
            output.item(&head, width + 4, &format!("{}{}", about(scope), marks(catalog, scope)))?;
        }
        output.line("")?;
    }
    let (scopes, operations) = (counted(catalog.scopes().len(), "scope"), counted(catalog.operations().len(), "operation"));
    output.line(format!("{} {}: {scopes}, {operations}", catalog.name, catalog.version))
}

/// The name of a scope, where it has one, and its description.
fn about(scope: &Scope) -> String {
    match &scope.name {
        Some(name) if scope.description.is_empty() => name.clone(),
        Some(name) => format!("{name}: {}", scope.description),
        None => scope.description.clone(),
    }
}

/// The special properties of a scope, in brackets.
fn marks(catalog: &scope::Catalog, scope: &Scope) -> String {
    let mut marks = Vec::new();
    if !scope.tiers.contains(&Tier::Project) {
        let tiers: Vec<&str> = scope.tiers.iter().map(|tier| tier.as_str()).collect();
        marks.push(if scope.tiers.contains(&Tier::Implicit) {
            "granted by the server".to_owned()
        } else {
            format!("{} keys only", tiers.join(" and "))
        });
    }
    if !scope.includes.is_empty() {
        let included: Vec<&str> = catalog.included(scope.id.as_str()).map(|scope| scope.id.as_str()).collect();
        marks.push(format!("includes {}", included.join(", ")));
    }
    if let Some((_, sensitive)) = catalog.sensitivity_of(scope.id.as_str(), None) {
        let only = sensitive.editions.join(", ");
        marks.push(if only.is_empty() { "sensitive".to_owned() } else { format!("sensitive in {only}") });
    }
    match &scope.successor {
        Some(successor) => marks.push(format!("deprecated, use {successor}")),
        None if scope.deprecated => marks.push("deprecated".to_owned()),
        None => {}
    }
    if marks.is_empty() { String::new() } else { format!(" ({})", marks.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sets_a_scope_apart_is_printed() {
        let catalog = scope::Catalog::appwrite();
        let marks = |name: &str| marks(catalog, catalog.scope(name).unwrap());
        assert_eq!(marks("users.read"), "");
        assert_eq!(marks("keys.write"), " (sensitive)");
        assert_eq!(marks("attributes.read"), " (deprecated, use columns.read)");
    }
}
