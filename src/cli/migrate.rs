//! `scopewise migrate`: prints the scopes of a key for another edition.

use std::{io, process::ExitCode};

use clap::Args;

use super::{
    CliError,
    input::Given,
    model::{CatalogFile, Form, Scopes, Target, answer, is_clean},
    output::{Format, Output, Paint, counted},
    reach::operations,
    render,
};
use crate::scope::{self, Action, Catalog, MigrateRequest, Migration, Query};

/// Convert the scopes of a key to another edition without losing access
///
/// Without --edition, the newest edition is used.
/// Exit code: 0, 1 if a scope or the edition is unknown, 2 for wrong usage.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise migrate execution.read documents.read
  scopewise migrate --edition server-1.9 --file scopes.txt --format json")]
pub(super) struct Migrate {
    #[command(flatten)]
    scopes: Scopes,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    catalog: CatalogFile,
    #[command(flatten)]
    form: Form,
}

impl Migrate {
    /// Prints the steps and the scopes after them.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let catalog = self.catalog.load()?;
        let given = self.scopes.read()?;
        let request = MigrateRequest { scopes: given.items.clone(), edition: self.target.edition.id, tier: self.target.tier };
        let migration = scope::migrate(catalog, &request);
        match self.form.format {
            Format::Json => answer(output, catalog, Query::Migrate, &request)?,
            Format::Text => print(output, catalog, &migration, &given)?,
        }
        output.finish()?;
        Ok(if is_clean(&migration.problems) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn print(output: &mut Output, catalog: &Catalog, migration: &Migration, given: &Given) -> io::Result<()> {
    render::findings(output, given, &migration.problems)?;
    let names: Vec<String> = migration.steps.iter().map(|step| render::safe(&step.scope)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    for (step, name) in migration.steps.iter().zip(&names) {
        let word = step.action.as_str();
        let paint = match step.action {
            Action::Replaced | Action::Removed => Paint::Good,
            Action::Joined | Action::Kept => Paint::Warning,
        };
        let padding = " ".repeat(width.saturating_sub(name.chars().count()));
        let head = format!("{}{}  {name}{padding}  ", output.paint(paint, word), " ".repeat(8 - word.len()));
        let heir = step.successor.as_deref().or(step.predecessor.as_deref()).map(|heir| format!("{heir}: ")).unwrap_or_default();
        output.item(&head, width + 12, &format!("{heir}{}", step.reason))?;
    }
    if !migration.steps.is_empty() {
        output.line("")?;
    }
    for scope in &migration.scopes {
        output.line(output.paint(Paint::Strong, &render::safe(scope)) + &render::name_of(catalog, scope))?;
    }
    if !migration.gained.is_empty() {
        output.line(format!("\ngains {}:", counted(migration.gained.len(), "operation")))?;
        operations(output, Paint::Good, &migration.gained)?;
    }
    let edition = migration.edition.as_deref().and_then(|id| catalog.edition(id)).map_or("no edition", |(_, edition)| &edition.name);
    let rest = if migration.complete { "every scope is current" } else { "not every scope is current" };
    output.line(format!("\n{} for {edition}: {rest}", counted(migration.scopes.len(), "scope")))
}
