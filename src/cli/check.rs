//! `scopewise check`: prints the report of the model. Decides nothing itself.

use std::{io, process::ExitCode};

use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{
    CliError, github,
    input::Given,
    model::{CatalogFile, Scopes, Target, answer},
    output::{Output, Paint, counted},
    render, sarif,
};
use crate::{
    scope::{self, CheckRequest, DateTime, Enforcement, Expiry, Query, Report, Runtime},
    server::clock::{Clock, SystemClock},
};

/// Check a list of scopes for errors and risks
///
/// Exit code: 0 if the list is valid, 1 if it is not, 2 for wrong usage.
/// Warnings and hints do not make a list invalid.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise check users.read rows.read
  scopewise check --runs-in ci --expire 2030-01-01 functions.write
  scopewise check --operation tablesDB.listRows --format json rows.read
  scopewise check --file scopes.txt --format github")]
pub(super) struct Check {
    #[command(flatten)]
    scopes: Scopes,
    /// Where the code that uses the key runs
    #[arg(long, env = "SCOPEWISE_RUNS_IN", value_name = "CONTEXT", value_parser = context())]
    runs_in: Option<Runtime>,
    /// An operation that your code calls, such as tablesDB.listRows; repeatable
    #[arg(long = "operation", env = "SCOPEWISE_OPERATIONS", value_name = "OPERATION", value_delimiter = ',')]
    operations: Vec<String>,
    /// When the key expires: a date and time such as 2030-12-31T23:59:59Z, or never
    #[arg(long, env = "SCOPEWISE_EXPIRE", value_name = "never|DATE", value_parser = stated_expiry)]
    expire: Option<String>,
    /// The time to check the expiry against [default: the current time]
    #[arg(long, env = "SCOPEWISE_NOW", value_name = "DATE")]
    now: Option<DateTime>,
    /// A scope of the key or person that creates the key; repeatable
    #[arg(long = "grantor", env = "SCOPEWISE_GRANTOR", value_name = "SCOPE", value_delimiter = ',')]
    grantor: Option<Vec<String>>,
    /// How to treat a scope that the grantor does not have: as a warning (report) or an error (reject)
    #[arg(long, env = "SCOPEWISE_BEYOND_GRANTOR", value_name = "report|reject", default_value = "report", value_parser = enforcement())]
    beyond_grantor: Enforcement,
    /// How to treat a scope that the edition does not have: as a warning (report) or an error (reject)
    #[arg(long, env = "SCOPEWISE_BEYOND_EDITION", value_name = "report|reject", default_value = "reject", value_parser = enforcement())]
    beyond_edition: Enforcement,
    /// A scope that the key had before the update; repeatable
    #[arg(long = "previous", env = "SCOPEWISE_PREVIOUS", value_name = "SCOPE", value_delimiter = ',')]
    previous: Option<Vec<String>>,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    catalog: CatalogFile,
    /// The output format
    #[arg(long, env = "SCOPEWISE_FORMAT", value_enum, default_value_t)]
    format: CheckFormat,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    /// Readable text
    #[default]
    Text,
    /// JSON
    Json,
    /// Annotations for GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

fn context() -> impl TypedValueParser<Value = Runtime> {
    PossibleValuesParser::new(Runtime::ALL.iter().map(|context| context.as_str()))
        .map(|text| Runtime::ALL.iter().copied().find(|context| context.as_str() == text).unwrap_or(Runtime::Server))
}

fn enforcement() -> impl TypedValueParser<Value = Enforcement> {
    PossibleValuesParser::new(["report", "reject"]).map(|text| if text == "reject" { Enforcement::Deny } else { Enforcement::Warn })
}

/// An expiry that is not empty: an empty one comes from an unset variable and does not mean "never".
pub(super) fn stated_expiry(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("the value is empty; use never, or an ISO 8601 date and time such as 2030-01-01".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// The value of `--expire`.
pub(super) fn expiry(text: Option<&str>) -> Expiry {
    match text {
        None => Expiry::Unstated,
        Some("never") => Expiry::Never,
        Some(date) => Expiry::At(date.to_owned()),
    }
}

impl Check {
    /// Prints the report; the exit code says whether it is valid.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let catalog = self.catalog.load()?;
        let given = self.scopes.read()?;
        let request = CheckRequest {
            scopes: given.items.clone(),
            runs_in: self.runs_in,
            expire: expiry(self.expire.as_deref()),
            now: Some(self.now.unwrap_or_else(|| SystemClock.now())),
            operations: (!self.operations.is_empty()).then_some(self.operations),
            grantor: self.grantor,
            beyond_grantor: self.beyond_grantor,
            previous: self.previous,
            edition: self.target.edition.id,
            beyond_edition: Some(self.beyond_edition),
            tier: self.target.tier,
        };
        let report = scope::check(catalog, &request);
        match self.format {
            CheckFormat::Json => answer(output, catalog, Query::Check, &request)?,
            CheckFormat::Text => print(output, &report, &given)?,
            CheckFormat::Github => github::print(output, &report, &given)?,
            CheckFormat::Sarif => output.json(&sarif::log(&report, &given))?,
        }
        output.finish()?;
        Ok(if report.valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Prints a report for people: the findings, errors first, and the verdict last.
pub(super) fn print(output: &mut Output, report: &Report, given: &Given) -> io::Result<()> {
    render::findings(output, given, report.all())?;
    let verdict = if report.valid { output.paint(Paint::Good, "valid") } else { output.paint(Paint::Error, "not valid") };
    output.line(format!("{verdict}: {}", summary(report, given)))
}

/// The counts: "2 scopes, 1 error".
pub(super) fn summary(report: &Report, given: &Given) -> String {
    let counts = [(report.errors.len(), "error"), (report.warnings.len(), "warning"), (report.hints.len(), "hint")];
    let mut parts = vec![counted(given.items.len(), "scope")];
    parts.extend(counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(count, noun)));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::{super::output::Captured, *};
    use crate::scope::Catalog;

    fn printed(scopes: &[&str], colour: bool, width: Option<usize>) -> String {
        let given = Given::arguments(scopes.iter().map(ToString::to_string).collect());
        let request = CheckRequest { scopes: given.items.clone(), ..CheckRequest::default() };
        let sink = Captured::default();
        print(&mut Output::new(Box::new(sink.clone()), colour, width), &scope::check(Catalog::appwrite(), &request), &given).unwrap();
        sink.text()
    }

    #[test]
    fn the_scope_is_underlined_in_its_list() {
        let expected = "\
error[unknown-scope]: there is no scope `user.read`
 | rows.read user.read attributes.read
 |           ^^^^^^^^^
 = help: did you mean `users.read`?

warning[deprecated-scope]: `attributes.read` is deprecated
 | rows.read user.read attributes.read
 |                     ^^^^^^^^^^^^^^^
 = help: grant `columns.read` instead

not valid: 3 scopes, 1 error, 1 warning
";
        assert_eq!(printed(&["rows.read", "user.read", "attributes.read"], false, None), expected);
    }

    #[test]
    fn of_a_long_list_the_neighbors_are_shown() {
        let scopes: Vec<String> = (0..100).map(|index| format!("scope{index}.read")).collect();
        let text = printed(&scopes.iter().map(String::as_str).collect::<Vec<_>>(), false, None);
        let (list, marks) =
            text.lines().zip(text.lines().skip(1)).find(|(list, _)| list.contains("scope49.read scope50.read scope51.read")).unwrap();
        assert!(list.starts_with(" | … ") && list.ends_with(" …") && list.chars().count() < 90, "{list}");
        assert_eq!(list.chars().zip(marks.chars()).filter(|(_, mark)| *mark == '^').map(|(c, _)| c).collect::<String>().len(), 12);
    }

    #[test]
    fn a_terminal_gets_wrapped_lines() {
        let text = printed(&["keys.write"], false, Some(60));
        assert!(text.lines().count() > 6 && text.lines().all(|line| line.chars().count() <= 60), "{text}");
    }

    #[test]
    fn colour_is_only_where_it_is_wanted() {
        assert!(printed(&["user.read"], true, None).contains("\x1b[1;31merror[unknown-scope]\x1b[0m"));
        assert!(!printed(&["user.read"], false, None).contains('\x1b'));
    }

    #[test]
    fn a_hostile_scope_cannot_move_the_cursor() {
        let text = printed(&["\x1b[2J\u{202e}rows.read"], false, None);
        assert!(!text.contains('\x1b') && !text.contains('\u{202e}'), "{text:?}");
    }
}
