//! `scopewise reach`: prints the operations that scopes allow, and how they lead to more access.

use std::{collections::BTreeMap, io, process::ExitCode};

use clap::Args;

use super::{
    CliError,
    input::Given,
    model::{CatalogFile, Edition, Form, Scopes, answer, is_clean},
    output::{Format, Output, Paint, counted},
    render,
};
use crate::scope::{self, EscalationPath, Query, Reach as Reached, ReachRequest};

/// List the operations that scopes allow, and how they can lead to more access
///
/// Exit code: 0, 1 if a scope or the edition is unknown, 2 for wrong usage.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise reach functions.write
  scopewise reach --file scopes.txt --format json")]
pub(super) struct Reach {
    #[command(flatten)]
    scopes: Scopes,
    #[command(flatten)]
    edition: Edition,
    #[command(flatten)]
    catalog: CatalogFile,
    #[command(flatten)]
    form: Form,
}

impl Reach {
    /// Prints operations and escalation paths.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let catalog = self.catalog.load()?;
        let given = self.scopes.read()?;
        let reach = scope::reach(catalog, &given.items, self.edition.id.as_deref());
        match self.form.format {
            Format::Json => answer(output, catalog, Query::Reach, &ReachRequest { scopes: given.items, edition: self.edition.id })?,
            Format::Text => print(output, &reach, &given)?,
        }
        output.finish()?;
        Ok(if is_clean(&reach.problems) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn print(output: &mut Output, reach: &Reached, given: &Given) -> io::Result<()> {
    render::findings(output, given, &reach.problems)?;
    climbs(output, &reach.climbs)?;
    operations(output, Paint::Strong, &reach.operations)?;
    if !reach.operations.is_empty() {
        output.line("")?;
    }
    let opened =
        format!("{} {} allowed", counted(reach.operations.len(), "operation"), if reach.operations.len() == 1 { "is" } else { "are" });
    match (reach.full_access, reach.climbs.len()) {
        (true, _) => {
            output.line(format!("{}: {opened}, and the key can gain access to all others", output.paint(Paint::Error, "full access")))
        }
        (false, 0) => output.line(format!("{opened}, with no way to more access")),
        (false, ways) => output.line(format!("{opened}, with {} to more access", counted(ways, "way"))),
    }
}

/// Prints escalation paths, with an empty line after each.
pub(super) fn climbs(output: &mut Output, ways: &[EscalationPath]) -> io::Result<()> {
    for way in ways {
        let head = format!("{} ({}): ", output.paint(Paint::Warning, &way.scope), way.reach.as_str());
        output.item(&head, 4, &way.reason)?;
        output.item("    ", 4, &way.path.join(" → "))?;
        output.line("")?;
    }
    Ok(())
}

/// Prints operations by namespace, one namespace per line.
pub(super) fn operations(output: &mut Output, paint: Paint, ids: &[String]) -> io::Result<()> {
    let mut namespaces: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for id in ids {
        let (namespace, method) = id.split_once('.').unwrap_or(("", id));
        namespaces.entry(namespace).or_default().push(method);
    }
    let width = namespaces.keys().map(|name| name.len()).max().unwrap_or(0);
    for (namespace, methods) in namespaces {
        let head = format!("{}{}  ", output.paint(paint, namespace), " ".repeat(width - namespace.len()));
        output.item(&head, width + 2, &methods.join(", "))?;
    }
    Ok(())
}
