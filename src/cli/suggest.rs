//! `scopewise suggest`: prints the best scopes for some operations.

use std::{io, path::PathBuf, process::ExitCode};

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{
    CliError,
    input::Given,
    model::{CatalogFile, Form, Target, answer, is_clean},
    output::{Format, Output, Paint, counted},
    render,
};
use crate::scope::{self, Catalog, Prefer, Query, SuggestRequest, Suggestion};

/// Suggest the least privileged scopes for the operations your code calls
///
/// Exit code: 0 if every operation is covered, 1 if one is not, 2 for wrong usage.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise suggest tablesDB.listRows users.get
  scopewise suggest --scope rows.read --file operations.txt
  scopewise suggest 'GET /v1/users'")]
pub(super) struct Suggest {
    /// The operations: SDK methods such as users.list, or HTTP methods and paths in quotes; - reads them from standard input, one per line
    #[arg(required_unless_present = "file", value_name = "OPERATION")]
    operations: Vec<String>,
    /// A file with one operation per line; # starts a comment, - is standard input
    #[arg(long, env = "SCOPEWISE_FILE", value_name = "FILE", conflicts_with = "operations")]
    file: Option<PathBuf>,
    /// A scope that the key already has; repeatable
    #[arg(long = "scope", env = "SCOPEWISE_SCOPES", value_name = "SCOPE", value_delimiter = ',')]
    scopes: Vec<String>,
    /// What to prefer: `narrow` scopes, which open little else, or `few` scopes
    #[arg(long, env = "SCOPEWISE_PREFER", value_name = "WHAT", value_parser = prefer())]
    prefer: Option<Prefer>,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    catalog: CatalogFile,
    #[command(flatten)]
    form: Form,
}

/// A parser for what to prefer.
fn prefer() -> impl TypedValueParser<Value = Prefer> {
    let all = [Prefer::Narrow, Prefer::Few];
    PossibleValuesParser::new(all.map(Prefer::as_str)).map(move |text| all.into_iter().find(|it| it.as_str() == text).unwrap_or_default())
}

impl Suggest {
    /// Prints the suggestion.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let catalog = self.catalog.load()?;
        let operations = Given::read(self.operations, self.file)?.items;
        let (edition, tier) = (self.target.edition.id, self.target.tier);
        let request = SuggestRequest { operations, scopes: self.scopes, edition, tier, prefer: self.prefer };
        let suggestion = scope::suggest(catalog, &request);
        match self.form.format {
            Format::Json => answer(output, catalog, Query::Suggest, &request)?,
            Format::Text => print(output, catalog, &suggestion, &Given::arguments(request.scopes))?,
        }
        output.finish()?;
        Ok(if is_clean(&suggestion.problems) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// One scope per line with its operations, so that the first column can be copied.
fn print(output: &mut Output, catalog: &Catalog, suggestion: &Suggestion, held: &Given) -> io::Result<()> {
    render::findings(output, held, &suggestion.problems)?;
    let label = |scope: &str| format!("{scope}{}", render::name_of(catalog, scope));
    let width = suggestion.scopes.iter().map(|scope| label(scope).chars().count()).max().unwrap_or(0);
    for scope in &suggestion.scopes {
        let opened: Vec<String> = suggestion
            .operations
            .iter()
            .filter(|opened| opened.scopes.contains(scope))
            .map(|opened| render::safe(&opened.operation))
            .collect();
        let (name, shown) = (render::name_of(catalog, scope), label(scope).chars().count());
        let head = format!("{}{name}{}  ", output.paint(Paint::Strong, scope), " ".repeat(width.saturating_sub(shown)));
        output.item(&head, width + 2, &opened.join(", "))?;
    }
    if !suggestion.scopes.is_empty() {
        output.line("")?;
    }
    let verb = if suggestion.operations.len() == 1 { "is" } else { "are" };
    let fewest = if suggestion.minimal { "" } else { "; a better set may exist" };
    let operations = counted(suggestion.operations.len(), "operation");
    output.line(format!("grant {}: {operations} {verb} then allowed{fewest}", counted(suggestion.scopes.len(), "scope")))
}
