//! Prints the report of an import: as text, JSON or SARIF.

use std::io;

use clap::ValueEnum;
use serde_json::{Value, json};

use crate::{
    cli::{
        output::{Output, Paint, counted},
        sarif::{SCHEMA, uri},
    },
    import::{Code, Finding, Report},
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

/// Prints a report.
pub(super) fn print(output: &mut Output, report: &Report, form: Form) -> io::Result<()> {
    match form {
        Form::Text => text(output, report)?,
        Form::Json => output.json(&as_json(report))?,
        Form::Sarif => output.json(&as_sarif(report))?,
    }
    output.finish()
}

fn text(output: &mut Output, report: &Report) -> io::Result<()> {
    for code in Code::ALL {
        let found: Vec<&Finding> = report.findings.iter().filter(|finding| finding.code == code).collect();
        if found.is_empty() {
            continue;
        }
        let paint = if code.is_warning() { Paint::Warning } else { Paint::Hint };
        let head = format!("{} ({}): ", output.paint(paint, code.as_str()), found.len());
        output.beside(&head, 4, &format!("{}; {}", code.summary(), code.help()))?;
        for finding in found.iter().take(SHOWN) {
            output.beside("  ", 4, &format!("{} at {}", finding.message, finding.place))?;
        }
        if found.len() > SHOWN {
            output.line(format!("  … and {} more; --report json lists them all", found.len() - SHOWN))?;
        }
        output.line("")?;
    }
    let it = &report.summary;
    let sources: Vec<String> = it.read_from.iter().map(|it| format!("{} ({})", it.source, counted(it.operations, "operation"))).collect();
    if !sources.is_empty() {
        output.line(format!("scopes read from: {}", sources.join(", ")))?;
    }
    if it.read_as_any + it.read_as_all > 0 {
        let (any, all) = (counted(it.read_as_any, "operation"), counted(it.read_as_all, "operation"));
        output.line(format!("lists of several scopes, assumed: any is enough for {any}, all are needed for {all}"))?;
    }
    let (operations, scopes, services) =
        (counted(it.operations, "operation"), counted(it.scopes, "scope"), counted(it.services, "service"));
    let kinds = [(it.with_scopes, "with scopes"), (it.public, "public"), (it.any_key, "for any key"), (it.closed, "closed")];
    let kinds: Vec<String> = kinds.iter().map(|(count, kind)| format!("{count} {kind}")).collect();
    output.line(format!("imported {operations} ({}), {scopes} in {services}", kinds.join(", ")))
}

fn as_json(report: &Report) -> Value {
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|it| {
            let level = if it.code.is_warning() { "warning" } else { "hint" };
            json!({ "code": it.code, "level": level, "message": it.message, "help": it.code.help(), "place": it.place })
        })
        .collect();
    json!({ "summary": report.summary, "findings": findings })
}

fn as_sarif(report: &Report) -> Value {
    let rules: Vec<Value> = Code::ALL
        .iter()
        .map(|code| json!({ "id": code.as_str(), "shortDescription": { "text": code.summary() }, "help": { "text": code.help() } }))
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "scopewise", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": report.findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

/// The line, where the reader knows it, and always the JSON pointer.
fn result(finding: &Finding) -> Value {
    let place = &finding.place;
    let mut physical = json!({ "artifactLocation": { "uri": uri(&place.file) } });
    if place.line > 0
        && let Some(physical) = physical.as_object_mut()
    {
        physical.insert("region".to_owned(), json!({ "startLine": place.line }));
    }
    json!({
        "ruleId": finding.code.as_str(),
        "ruleIndex": Code::ALL.iter().position(|code| *code == finding.code),
        "level": if finding.code.is_warning() { "warning" } else { "note" },
        "message": { "text": format!("{}; {}", finding.message, finding.code.help()) },
        "locations": [{
            "physicalLocation": physical,
            "logicalLocations": [{ "fullyQualifiedName": place.pointer, "kind": "member" }],
        }],
    })
}
