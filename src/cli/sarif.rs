//! A report as SARIF 2.1.0 (OASIS), which code scanning and editors read.

use serde_json::{Map, Value, json};

use super::input::{Given, Place};
use crate::{
    api::paths::percent_encode,
    scope::{Code, Diagnostic, Edit, Level, Report},
};

pub(super) const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The log of one run.
pub(super) fn log(report: &Report, given: &Given) -> Value {
    let rules: Vec<Value> =
        Code::ALL.iter().map(|code| json!({ "id": code.as_str(), "shortDescription": { "text": code.summary() } })).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "scopewise", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": report.all().map(|finding| result(finding, given)).collect::<Vec<_>>(),
        }],
    })
}

fn result(finding: &Diagnostic, given: &Given) -> Value {
    let level = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Hint => "note",
    };
    let mut result = Map::new();
    result.insert("ruleId".into(), finding.code.as_str().into());
    result.insert("ruleIndex".into(), Code::ALL.iter().position(|code| *code == finding.code).into());
    result.insert("level".into(), level.into());
    result.insert("message".into(), json!({ "text": format!("{}; {}", finding.message, finding.help) }));
    if let Some(location) = location(finding, given) {
        result.insert("locations".into(), json!([location]));
    }
    if let Some(fix) = fix(finding, given) {
        result.insert("fixes".into(), json!([fix]));
    }
    result.into()
}

/// The line in the file, or else the name of the scope.
fn location(finding: &Diagnostic, given: &Given) -> Option<Value> {
    let index = finding.index?;
    let item = given.items.get(index)?;
    Some(match given.place(index) {
        Some((file, place)) => json!({ "physicalLocation": { "artifactLocation": { "uri": uri(file) }, "region": region(place, item) } }),
        None => json!({ "logicalLocations": [{ "name": item, "index": index, "kind": "member" }] }),
    })
}

/// The fix for the file; nothing without a file.
fn fix(finding: &Diagnostic, given: &Given) -> Option<Value> {
    let fix = finding.fix.as_ref()?;
    let (file, _) = given.file.as_ref()?;
    let mut replacements = Vec::new();
    for edit in &fix.edits {
        let (index, text) = match edit {
            Edit::Remove { index } => (*index, None),
            Edit::Replace { index, with } => (*index, Some(with)),
            // Only a person can say where in the file it belongs.
            Edit::Add { .. } => return None,
        };
        let (_, place) = given.place(index)?;
        let mut replacement = Map::new();
        replacement.insert("deletedRegion".into(), region(place, given.items.get(index)?));
        if let Some(text) = text {
            replacement.insert("insertedContent".into(), json!({ "text": text }));
        }
        replacements.push(Value::from(replacement));
    }
    let change = json!({ "artifactLocation": { "uri": uri(file) }, "replacements": replacements });
    Some(json!({ "description": { "text": fix.title }, "artifactChanges": [change] }))
}

fn region(place: Place, item: &str) -> Value {
    json!({ "startLine": place.line, "startColumn": place.column, "endColumn": place.column + item.chars().count() })
}

/// A path as a relative or absolute URI reference (RFC 3986).
pub(super) fn uri(path: &str) -> String {
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    format!("{scheme}{}", percent_encode(path.trim_start_matches("./"), "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("./ci/my scopes.txt"), "ci/my%20scopes.txt");
        assert_eq!(uri("/tmp/ä"), "file:///tmp/%C3%A4");
    }
}
