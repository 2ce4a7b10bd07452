//! `scopewise key import`: imports keys of another server with their secrets.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use serde_json::{Value, json};

use super::{
    CliError,
    database::Database,
    input::{STDIN, read_file},
    model::{CatalogFile, Form},
    output::{Format, Output, Paint, counted},
};
use crate::{
    scope::{Code, Diagnostic},
    server::{
        clock::{Clock, SystemClock},
        service::import::{self, ValidatedKey},
    },
};

/// Import keys from another project (all or nothing)
///
/// The file is a JSON list, a listKeys response, or one JSON object per line. Each key has id, name, scopes (of any edition), expire
/// (null means never), and secret or secretSha256. The secrets keep working; the server stores only their hashes.
/// The output lists deprecated and sensitive scopes.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise key import --project shop keys.json
  scopewise key import --project shop --dry-run keys.jsonl
  some-export | scopewise key import --project shop -")]
pub(super) struct Import {
    /// The project ID
    #[arg(long, env = "SCOPEWISE_PROJECT_ID", value_name = "ID")]
    project: String,
    /// The file to import; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Check the file and show the result without importing
    #[arg(long, env = "SCOPEWISE_DRY_RUN")]
    dry_run: bool,
    #[command(flatten)]
    catalog: CatalogFile,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    database: Database,
}

impl Import {
    /// Reads, checks and imports the keys.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let catalog = self.catalog.load()?;
        let text = if self.file.as_os_str() == STDIN { std::io::read_to_string(std::io::stdin())? } else { read_file(&self.file)? };
        let prepared = import::prepare(catalog, &self.project, &text, SystemClock.now()).map_err(import::ImportError::Faults)?;
        if !self.dry_run {
            self.database.work(async |tools| Ok(import::import(&*tools.store, &tools.clock, &self.project, &prepared).await?))?;
        }
        match self.form.format {
            Format::Json => output.json(&as_json(&prepared, self.dry_run))?,
            Format::Text => print(output, &prepared, &self.project, self.dry_run)?,
        }
        output.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

fn as_json(prepared: &[ValidatedKey], dry_run: bool) -> Value {
    let key = |prepared: &ValidatedKey| json!({ "id": prepared.key.id.as_str(), "name": prepared.key.name.as_str(), "hint": prepared.key.hint, "report": prepared.report });
    json!({ "imported": if dry_run { 0 } else { prepared.len() }, "keys": prepared.iter().map(key).collect::<Vec<_>>() })
}

/// One paragraph per key with warnings, then the counts.
fn print(output: &mut Output, prepared: &[ValidatedKey], project: &str, dry_run: bool) -> std::io::Result<()> {
    for prepared in prepared.iter().filter(|prepared| !prepared.report.warnings.is_empty()) {
        output.line(format!("{} ({})", output.paint(Paint::Strong, prepared.key.id.as_str()), prepared.key.name))?;
        for finding in &prepared.report.warnings {
            let head = format!("  {}: ", output.paint(Paint::Warning, finding.code.as_str()));
            output.item(&head, 4, &format!("{}; {}", finding.message, finding.help))?;
        }
        output.line("")?;
    }
    let verb = if dry_run { "would import" } else { "imported" };
    let with = |code: Code| prepared.iter().filter(|key| key.report.all().any(|finding: &Diagnostic| finding.code == code)).count();
    let mut line = format!("{verb} {} into {project}", counted(prepared.len(), "key"));
    let never = prepared.iter().filter(|prepared| prepared.key.expire.is_none()).count();
    let kinds = [
        (with(Code::DeprecatedScope), "with deprecated scopes"),
        (with(Code::SensitiveScope), "with sensitive scopes"),
        (with(Code::UnknownScope), "with unknown scopes"),
        (with(Code::ExpiryInPast), "expired"),
        (never, "without an expiry"),
    ];
    let parts: Vec<String> = kinds.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if !parts.is_empty() {
        line = format!("{line}: {}", parts.join(", "));
    }
    output.line(line)
}
