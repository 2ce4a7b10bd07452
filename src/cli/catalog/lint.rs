//! `scopewise catalog lint`: prints what is wrong or doubtful in a catalog. The rules are in [`crate::import::lint()`].

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use serde_json::json;

use super::findings::{Findings, Form};
use crate::{
    cli::{
        CliError,
        model::CatalogFile,
        output::{Output, counted},
    },
    import::{self, Place, Rule, Severity},
    scope::CatalogError,
};

/// Find what is wrong or doubtful in a catalog
///
/// Exit code: 0 if there is no error (with --strict: and no warning), 1 if there is, 2 if the file cannot be read.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise catalog lint ours.json
  scopewise catalog lint --strict ours.json
  scopewise catalog lint --format sarif ours.json > lint.sarif")]
pub(super) struct Lint {
    /// The catalog [default: the built-in one]
    #[arg(value_name = "FILE", env = "SCOPEWISE_CATALOG")]
    file: Option<PathBuf>,
    /// Fail on warnings, too
    #[arg(long, env = "SCOPEWISE_LINT_STRICT")]
    strict: bool,
    /// The output format
    #[arg(long, env = "SCOPEWISE_LINT_FORMAT", value_enum, default_value_t)]
    format: Form,
}

impl Lint {
    /// Prints the findings.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let file = self.file.as_ref().map_or_else(|| "the built-in catalog".to_owned(), |file| file.display().to_string());
        let found: Vec<(Rule, String, Place)> = match CatalogFile::at(self.file).load() {
            Ok(catalog) => {
                let remarks = import::lint(catalog).into_iter();
                remarks.map(|it| (it.code, it.message, Place { file: file.clone(), pointer: it.place, line: 0 })).collect()
            }
            Err(CliError::Catalog { errors, .. }) => errors.into_iter().map(|error| fault(&file, error)).collect(),
            Err(error) => return Err(error),
        };
        let findings = Findings::of_lint(found.iter().map(|(rule, message, place)| (*rule, message.as_str(), place)));
        let count = |severity: Severity| found.iter().filter(|(rule, _, _)| rule.severity() == severity).count();
        let [errors, warnings, hints] = [Severity::Error, Severity::Warning, Severity::Hint].map(count);
        match self.format {
            Form::Text => {
                findings.text(output, "--format json")?;
                let [errors, warnings, hints] =
                    [(errors, "error"), (warnings, "warning"), (hints, "hint")].map(|(n, noun)| counted(n, noun));
                output.line(format!("{file}: {errors}, {warnings}, {hints}"))?;
            }
            Form::Json => {
                let summary = json!({ "errors": errors, "warnings": warnings, "hints": hints });
                output.json(&json!({ "summary": summary, "findings": findings.json() }))?;
            }
            Form::Sarif => output.json(&findings.sarif())?,
        }
        output.finish()?;
        Ok(if errors > 0 || self.strict && warnings > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

/// An error of a catalog that does not load. Text that is not JSON has a line.
fn fault(file: &str, error: CatalogError) -> (Rule, String, Place) {
    let line = error.place.strip_prefix("line ").and_then(|rest| rest.split(',').next()?.parse().ok());
    let pointer = if line.is_some() { String::new() } else { error.place };
    (Rule::Invalid, error.message, Place { file: file.to_owned(), pointer, line: line.unwrap_or(0) })
}
