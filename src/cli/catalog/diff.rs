//! `scopewise catalog diff`: prints how two catalogs differ. The comparison is in [`crate::import::diff()`].

use std::{io, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};

use crate::{
    cli::{
        CliError,
        model::{CatalogFile, Form},
        output::{Format, Output, Paint, counted},
    },
    import::{self, Access, Change, Changed, Difference, Items, Who},
};

/// So many operations of one line are printed.
const SHOWN: usize = 10;

/// Compare two catalogs: what changes, and what keys lose and gain
///
/// Exit code: 0 if nothing of --fail-on is found, 1 if something is, 2 if a file cannot be used.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise catalog diff old.json new.json
  scopewise catalog diff --fail-on loss,widening old.json new.json
  scopewise catalog diff --format json old.json new.json")]
pub(super) struct Diff {
    /// The catalog as it was
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The catalog as it is to be
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// What makes the command fail; repeatable
    #[arg(long, env = "SCOPEWISE_DIFF_FAIL_ON", value_enum, value_delimiter = ',', default_value = "loss")]
    fail_on: Vec<FailOn>,
    #[command(flatten)]
    form: Form,
}

/// What makes the command fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Some keys lose access
    Loss,
    /// Some keys gain access to operations that were there before
    Widening,
    /// Anything differs
    Change,
    /// Nothing
    None,
}

impl Diff {
    /// Prints the difference.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let old = CatalogFile::at(Some(self.old)).load()?;
        let new = CatalogFile::at(Some(self.new)).load()?;
        let found = import::diff(old, new);
        match self.form.format {
            Format::Json => output.json(&found)?,
            Format::Text => print(output, &found)?,
        }
        output.finish()?;
        let fails = self.fail_on.iter().any(|reason| match reason {
            FailOn::Loss => !found.losses.is_empty(),
            FailOn::Widening => !found.gains.is_empty(),
            FailOn::Change => found.is_change(),
            FailOn::None => false,
        });
        Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

fn print(output: &mut Output, found: &Difference) -> io::Result<()> {
    access(output, "losses", Paint::Error, &found.losses, "can no longer call")?;
    access(output, "gains", Paint::Warning, &found.gains, "can also call")?;
    if !found.catalog.is_empty() {
        output.line(output.paint(Paint::Strong, "catalog"))?;
        changes(output, &found.catalog)?;
        output.line("")?;
    }
    items(output, "scopes", &found.scopes)?;
    items(output, "operations", &found.operations)?;
    let summary = |items: &Items, noun: &str| {
        format!("{noun}: {} added, {} removed, {} changed", items.added.len(), items.removed.len(), items.changed.len())
    };
    let (losses, gains) = (operations(&found.losses), operations(&found.gains));
    output.line(format!("{}; {}", summary(&found.scopes, "scopes"), summary(&found.operations, "operations")))?;
    output.line(format!("some keys lose {}, some gain {}", counted(losses, "operation"), counted(gains, "operation")))
}

/// How many operations these accesses are about.
fn operations(list: &[Access]) -> usize {
    let mut all: Vec<&String> = list.iter().flat_map(|access| &access.operations).filter(|id| *id != "*").collect();
    all.sort();
    all.dedup();
    all.len()
}

fn access(output: &mut Output, title: &str, paint: Paint, list: &[Access], verb: &str) -> io::Result<()> {
    if list.is_empty() {
        return Ok(());
    }
    output.line(output.paint(paint, title))?;
    for access in list {
        let who = match access.who {
            Who::NoKey => "requests without a key".to_owned(),
            Who::AnyKey => "every key".to_owned(),
            Who::Route => format!("requests to {}", access.scopes.join(" ")),
            Who::Key => format!("keys with {}", access.scopes.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(" and ")),
        };
        let verb = if access.who == Who::Route { "no longer reach" } else { verb };
        output.item("  ", 4, &format!("{who} {verb} {}", listed(&access.operations)))?;
    }
    output.line("")
}

fn listed(operations: &[String]) -> String {
    if operations == ["*"] {
        return "any operation".to_owned();
    }
    let shown: Vec<&str> = operations.iter().take(SHOWN).map(String::as_str).collect();
    let hidden = operations.len() - shown.len();
    if hidden > 0 { format!("{} and {hidden} more", shown.join(", ")) } else { shown.join(", ") }
}

fn items(output: &mut Output, title: &str, items: &Items) -> io::Result<()> {
    if items.added.is_empty() && items.removed.is_empty() && items.changed.is_empty() {
        return Ok(());
    }
    output.line(output.paint(Paint::Strong, title))?;
    for id in &items.added {
        output.line(format!("  + {id}"))?;
    }
    for id in &items.removed {
        output.line(format!("  - {id}"))?;
    }
    for Changed { id, changes: list } in &items.changed {
        output.line(format!("  ~ {id}"))?;
        changes(output, list)?;
    }
    output.line("")
}

fn changes(output: &mut Output, list: &[Change]) -> io::Result<()> {
    for change in list {
        output.item("    ", 6, &format!("{}: {} → {}", change.member, change.before, change.after))?;
    }
    Ok(())
}
