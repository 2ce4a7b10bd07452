//! Prints what an import or a lint found: as text, JSON or SARIF.

use std::{fmt::Display, io};

use clap::ValueEnum;
use serde_json::{Value, json};

use crate::{
    cli::{
        output::{Output, Paint, counted},
        sarif::{SCHEMA, uri},
    },
    import::{Code, Finding, Place, Report, Rule, Severity},
};

/// So many findings of one kind are printed as text.
const SHOWN: usize = 10;

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// Readable text, with the first findings of each kind
    #[default]
    Text,
    /// JSON, with all findings
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// A kind of finding.
pub(super) struct Kind {
    pub code: &'static str,
    pub severity: Severity,
    pub summary: &'static str,
    pub help: &'static str,
}

/// A finding of a kind, by the number of the kind.
pub(super) struct Found<'a> {
    pub kind: usize,
    pub message: &'a str,
    pub place: &'a Place,
}

/// What is printed: all kinds, and the findings in their order.
pub(super) struct Findings<'a> {
    pub kinds: Vec<Kind>,
    pub found: Vec<Found<'a>>,
}

impl<'a> Findings<'a> {
    /// Those of an import.
    fn of_import(found: &'a [Finding]) -> Self {
        let severity = |code: Code| if code.is_warning() { Severity::Warning } else { Severity::Hint };
        let kind = |code: Code| Kind { code: code.as_str(), severity: severity(code), summary: code.summary(), help: code.help() };
        let number = |code: Code| Code::ALL.iter().position(|known| *known == code).unwrap_or_default();
        let found = found.iter().map(|it| Found { kind: number(it.code), message: &it.message, place: &it.place });
        Self { kinds: Code::ALL.into_iter().map(kind).collect(), found: found.collect() }
    }

    /// Those of a lint.
    pub fn of_lint(found: impl Iterator<Item = (Rule, &'a str, &'a Place)>) -> Self {
        let kind = |rule: Rule| Kind { code: rule.as_str(), severity: rule.severity(), summary: rule.summary(), help: rule.help() };
        let number = |rule: Rule| Rule::ALL.iter().position(|known| *known == rule).unwrap_or_default();
        let found = found.map(|(rule, message, place)| Found { kind: number(rule), message, place });
        Self { kinds: Rule::ALL.into_iter().map(kind).collect(), found: found.collect() }
    }

    /// Prints the first ones of each kind; `all` says how to see all of them.
    pub fn text(&self, output: &mut Output, all: impl Display) -> io::Result<()> {
        for (number, kind) in self.kinds.iter().enumerate() {
            let found: Vec<&Found<'_>> = self.found.iter().filter(|it| it.kind == number).collect();
            if found.is_empty() {
                continue;
            }
            let paint = match kind.severity {
                Severity::Error => Paint::Error,
                Severity::Warning => Paint::Warning,
                Severity::Hint => Paint::Hint,
            };
            let head = format!("{} ({}): ", output.paint(paint, kind.code), found.len());
            output.item(&head, 4, &format!("{}; {}", kind.summary, kind.help))?;
            for it in found.iter().take(SHOWN) {
                output.item("  ", 4, &format!("{} at {}", it.message, it.place))?;
            }
            if found.len() > SHOWN {
                output.line(format!("  … and {} more; {all} lists them all", found.len() - SHOWN))?;
            }
            output.line("")?;
        }
        Ok(())
    }

    /// All of them, as a list.
    pub fn json(&self) -> Vec<Value> {
        let found = self.found.iter().filter_map(|it| {
            let kind = self.kinds.get(it.kind)?;
            Some(json!({ "code": kind.code, "level": kind.severity, "message": it.message, "help": kind.help, "place": it.place }))
        });
        found.collect()
    }

    /// All of them, as a SARIF log.
    pub fn sarif(&self) -> Value {
        let rule = |kind: &Kind| json!({ "id": kind.code, "shortDescription": { "text": kind.summary }, "help": { "text": kind.help } });
        json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "scopewise",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": self.kinds.iter().map(rule).collect::<Vec<_>>(),
                } },
                "columnKind": "unicodeCodePoints",
                "results": self.found.iter().filter_map(|it| self.result(it)).collect::<Vec<_>>(),
            }],
        })
    }

    /// With the line, where the reader knows it, and always the place within the document.
    fn result(&self, it: &Found<'_>) -> Option<Value> {
        let kind = self.kinds.get(it.kind)?;
        let mut physical = json!({ "artifactLocation": { "uri": uri(&it.place.file) } });
        if it.place.line > 0
            && let Some(physical) = physical.as_object_mut()
        {
            physical.insert("region".to_owned(), json!({ "startLine": it.place.line }));
        }
        Some(json!({
            "ruleId": kind.code,
            "ruleIndex": it.kind,
            "level": match kind.severity { Severity::Error => "error", Severity::Warning => "warning", Severity::Hint => "note" },
            "message": { "text": format!("{}; {}", it.message, kind.help) },
            "locations": [{
                "physicalLocation": physical,
                "logicalLocations": [{ "fullyQualifiedName": it.place.pointer, "kind": "member" }],
            }],
        }))
    }
}

/// Prints the report of an import.
pub(super) fn print(output: &mut Output, report: &Report, form: Form) -> io::Result<()> {
    let findings = Findings::of_import(&report.findings);
    match form {
        Form::Text => text(output, report, &findings)?,
        Form::Json => output.json(&json!({ "summary": report.summary, "findings": findings.json() }))?,
        Form::Sarif => output.json(&findings.sarif())?,
    }
    output.finish()
}

fn text(output: &mut Output, report: &Report, findings: &Findings<'_>) -> io::Result<()> {
    findings.text(output, "--report json")?;
    let it = &report.summary;
    let sources: Vec<String> = it.read_from.iter().map(|it| format!("{} ({})", it.source, counted(it.operations, "operation"))).collect();
    if !sources.is_empty() {
        output.line(format!("scopes read from: {}", sources.join(", ")))?;
    }
    if it.read_as_any + it.read_as_all > 0 {
        let read = [(it.read_as_all, "all scopes of a list are needed for"), (it.read_as_any, "any one of a list is enough for")];
        let read: Vec<String> =
            read.iter().filter(|(count, _)| *count > 0).map(|(count, how)| format!("{how} {}", counted(*count, "operation"))).collect();
        let head = format!("{}: ", output.paint(Paint::Warning, "assumed"));
        let text = format!(
            "the document does not say what its lists of several scopes mean; {}. If any one is enough, use --several any; if all are needed, use \
             --several all",
            read.join(", and ")
        );
        output.item(&head, 4, &text)?;
    }
    let (operations, scopes, services) =
        (counted(it.operations, "operation"), counted(it.scopes, "scope"), counted(it.services, "service"));
    let kinds = [(it.with_scopes, "with scopes"), (it.public, "public"), (it.any_key, "for any key"), (it.closed, "closed")];
    let kinds: Vec<String> = kinds.iter().map(|(count, kind)| format!("{count} {kind}")).collect();
    output.line(format!("imported {operations} ({}), {scopes} in {services}", kinds.join(", ")))
}
