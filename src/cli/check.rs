//! `scopewise check`: prints the report of the model. Decides nothing itself.

use std::process::ExitCode;

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{
    CliError,
    output::{Format, Output, Paint, counted},
};
use crate::{
    scope::{self, Catalog, CheckRequest, Context, DateTime, Diagnostic, Expiry, Level, Report, Tier},
    server::clock::{Clock, SystemClock},
};

/// Check a list of scopes, and say what is wrong, risky or missing
///
/// Exits with 0 when the list is valid, with 1 when it is not, and with 2 when the command was used wrongly.
/// Warnings and hints never make a list invalid.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise check users.read rows.read
  scopewise check --runs-in ci --expire 2030-01-01 functions.write
  scopewise check --operation tablesDB.listRows --format json rows.read")]
pub(super) struct Check {
    /// The scopes to check, such as rows.read
    #[arg(required = true, value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Where the code runs that will hold the key
    #[arg(long, env = "SCOPEWISE_RUNS_IN", value_name = "CONTEXT", value_parser = context())]
    runs_in: Option<Context>,
    /// An operation that the code will call, such as tablesDB.listRows; repeat it for more
    #[arg(long = "operation", env = "SCOPEWISE_OPERATIONS", value_name = "OPERATION", value_delimiter = ',')]
    operations: Vec<String>,
    /// When the key expires: an ISO 8601 date and time, or never
    #[arg(long, env = "SCOPEWISE_EXPIRE", value_name = "never|DATE")]
    expire: Option<String>,
    /// The edition of the product that the key is for, such as server-1.9
    #[arg(long, env = "SCOPEWISE_EDITION", value_name = "EDITION")]
    edition: Option<String>,
    /// What kind of key it is
    #[arg(long, env = "SCOPEWISE_TIER", value_name = "TIER", default_value = "project", value_parser = tier())]
    tier: Tier,
    /// How to answer
    #[arg(long, env = "SCOPEWISE_FORMAT", value_enum, default_value_t)]
    format: Format,
}

fn context() -> impl TypedValueParser<Value = Context> {
    PossibleValuesParser::new(Context::ALL.iter().map(|context| context.as_str()))
        .map(|text| Context::ALL.iter().copied().find(|context| context.as_str() == text).unwrap_or(Context::Server))
}

fn tier() -> impl TypedValueParser<Value = Tier> {
    const TIERS: [Tier; 3] = [Tier::Project, Tier::Organization, Tier::Account];
    PossibleValuesParser::new(TIERS.map(Tier::as_str)).map(|text| TIERS.into_iter().find(|tier| tier.as_str() == text).unwrap_or_default())
}

/// What `--expire` says.
pub(super) fn expiry(text: Option<&str>) -> Expiry {
    match text {
        None | Some("") => Expiry::Unstated,
        Some("never") => Expiry::Never,
        Some(date) => Expiry::At(date.to_owned()),
    }
}

impl Check {
    /// Prints the report; the exit code tells whether it is valid.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let format = self.format;
        let request = self.request(SystemClock.now());
        let report = scope::check(Catalog::appwrite(), &request);
        match format {
            Format::Json => output.json(&report)?,
            Format::Text => print(output, &report, request.scopes.len())?,
        }
        output.finish()?;
        Ok(if report.valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn request(self, now: DateTime) -> CheckRequest {
        CheckRequest {
            scopes: self.scopes,
            runs_in: self.runs_in,
            expire: expiry(self.expire.as_deref()),
            now: Some(now),
            operations: (!self.operations.is_empty()).then_some(self.operations),
            edition: self.edition,
            tier: self.tier,
            ..CheckRequest::default()
        }
    }
}

/// Prints a report for people: level, scope and message side by side, the way out below, the verdict last.
pub(super) fn print(output: &mut Output, report: &Report, scopes: usize) -> std::io::Result<()> {
    let names: Vec<String> = report.all().map(subject).collect();
    let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let indent = LEVEL_WIDTH + 2 + if widest > 0 { widest + 2 } else { 0 };
    for (finding, name) in report.all().zip(&names) {
        let (word, paint) = match finding.level {
            Level::Error => ("error", Paint::Error),
            Level::Warning => ("warning", Paint::Warning),
            Level::Hint => ("hint", Paint::Hint),
        };
        let padding = " ".repeat((indent - LEVEL_WIDTH - 2).saturating_sub(name.chars().count()));
        let head = format!(
            "{}{}  {}{padding}",
            output.paint(paint, word),
            " ".repeat(LEVEL_WIDTH - word.len()),
            output.paint(Paint::Strong, name)
        );
        output.beside(&head, indent, &format!("{} ({})", finding.message, finding.code.as_str()))?;
        let margin = " ".repeat(indent);
        if !finding.path.is_empty() {
            output.beside(&margin, indent, &format!("how far it reaches: {}", finding.path.join(" → ")))?;
        }
        output.beside(&margin, indent, &format!("help: {}", finding.help))?;
    }
    if report.all().next().is_some() {
        output.line("")?;
    }
    let verdict = if report.valid { output.paint(Paint::Good, "valid") } else { output.paint(Paint::Error, "not valid") };
    let counts = [(report.errors.len(), "error"), (report.warnings.len(), "warning"), (report.hints.len(), "hint")];
    let mut parts = vec![counted(scopes, "scope")];
    parts.extend(counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(count, noun)));
    output.line(format!("{verdict}: {}", parts.join(", ")))
}

/// The widest word for a level.
const LEVEL_WIDTH: usize = "warning".len();
/// Longer scopes are cut in the table; the message names them too.
const SCOPE_WIDTH: usize = 40;

/// The scope (or operation) that a finding is about, safe to print: whatever could move the cursor is escaped.
fn subject(finding: &Diagnostic) -> String {
    let text = finding.scope.as_deref().or(finding.operation.as_deref()).unwrap_or_default();
    let mut shown = String::new();
    for c in text.chars() {
        if shown.chars().count() >= SCOPE_WIDTH {
            shown.push('…');
            break;
        }
        if c.is_ascii_graphic() || c == ' ' || c.is_alphanumeric() {
            shown.push(c);
        } else {
            shown.extend(c.escape_unicode());
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use std::{
        io::{self, Write},
        sync::{Arc, Mutex},
    };

    use super::*;

    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn printed(scopes: &[&str], colour: bool, width: Option<usize>) -> String {
        let request = CheckRequest { scopes: scopes.iter().map(ToString::to_string).collect(), ..CheckRequest::default() };
        let sink = Captured::default();
        print(&mut Output::new(Box::new(sink.clone()), colour, width), &scope::check(Catalog::appwrite(), &request), scopes.len()).unwrap();
        String::from_utf8(sink.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn messages_stand_in_one_column_and_name_the_scope() {
        let text = printed(&["user.read", "attributes.read"], false, None);
        let expected = "\
error    user.read        there is no scope `user.read` (unknown-scope)
                          help: did you mean `users.read`?
warning  attributes.read  `attributes.read` is deprecated (deprecated-scope)
                          help: grant `columns.read` in its place

not valid: 2 scopes, 1 error, 1 warning
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_terminal_gets_wrapped_lines() {
        let text = printed(&["keys.write"], false, Some(60));
        assert!(text.lines().count() > 4 && text.lines().all(|line| line.chars().count() <= 60), "{text}");
    }

    #[test]
    fn colour_is_only_where_it_is_wanted() {
        assert!(printed(&["user.read"], true, None).contains("\x1b[1;31merror\x1b[0m"));
        assert!(!printed(&["user.read"], false, None).contains('\x1b'));
    }

    #[test]
    fn a_hostile_scope_cannot_move_the_cursor() {
        let text = printed(&["\x1b[2J\u{202e}rows.read"], false, None);
        assert!(!text.contains('\x1b') && !text.contains('\u{202e}'), "{text:?}");
    }
}
