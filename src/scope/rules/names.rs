//! Rules about the list as text: grammar, spelling, length, repetition.

use crate::scope::{
    Code, Diagnostic, Edit, Level, ScopeNameError,
    check::{Reading, View},
    nearest::nearest_scope,
};

/// Longer texts are cut in messages, so that a hostile list cannot blow up the report.
const SHOWN_CHARACTERS: usize = 64;

/// A text in backticks, with control and other invisible characters escaped, and cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(SHOWN_CHARACTERS) + 2);
    shown.push('`');
    for (count, c) in text.chars().enumerate() {
        if count == SHOWN_CHARACTERS {
            shown.push('…');
            break;
        }
        if c.is_ascii_graphic() || c == ' ' || c.is_alphanumeric() {
            shown.push(c);
        } else {
            shown.extend(c.escape_unicode());
        }
    }
    shown.push('`');
    shown
}

pub(super) fn malformed_scope(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for entry in &view.entries {
        let Reading::Malformed(error) = &entry.reading else { continue };
        let message = match error {
            ScopeNameError::Empty => "an entry of the list is empty".to_owned(),
            ScopeNameError::TooLong { length } => format!("{} has {length} characters, more than 128", quoted(entry.text)),
            ScopeNameError::BadCharacter { found } => {
                format!("{} contains {}, which no scope name does", quoted(entry.text), quoted(&found.to_string()))
            }
        };
        let finding = match nearest_scope(view.catalog, entry.text) {
            Some(near) => Diagnostic::new(Code::MalformedScope, Level::Error, message, format!("did you mean `{near}`?"))
                .with_fix(format!("replace by `{near}`"), vec![Edit::Replace { index: entry.index, with: near.to_owned() }]),
            None => Diagnostic::new(Code::MalformedScope, Level::Error, message, "write it as `resource.action`, such as `rows.read`")
                .with_fix("remove it", vec![Edit::Remove { index: entry.index }]),
        };
        findings.push(finding.at(entry.index, entry.text));
    }
}

pub(super) fn unknown_scope(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for entry in &view.entries {
        if !matches!(entry.reading, Reading::Unknown) {
            continue;
        }
        let message = format!("there is no scope {}", quoted(entry.text));
        let finding = match nearest_scope(view.catalog, entry.text) {
            Some(near) => Diagnostic::new(Code::UnknownScope, Level::Error, message, format!("did you mean `{near}`?"))
                .with_fix(format!("replace by `{near}`"), vec![Edit::Replace { index: entry.index, with: near.to_owned() }]),
            None => Diagnostic::new(
                Code::UnknownScope,
                Level::Error,
                message,
                format!("choose one of the scopes of the {} catalog", view.catalog.name),
            ),
        };
        findings.push(finding.at(entry.index, entry.text));
    }
}

pub(super) fn too_many_scopes(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let (count, limit) = (view.entries.len(), view.catalog.max_scopes);
    if count > limit {
        let message = format!("{count} scopes are more than the {limit} that a key can have");
        findings.push(Diagnostic::new(Code::TooManyScopes, Level::Error, message, "remove scopes, or split the work between two keys"));
    }
}

pub(super) fn duplicate_scope(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for entry in &view.entries {
        if entry.repeats.is_some() && !matches!(entry.reading, Reading::Malformed(_)) {
            let message = format!("{} stands more than once", quoted(entry.text));
            let finding = Diagnostic::new(Code::DuplicateScope, Level::Warning, message, "keep it once; a second mention grants nothing")
                .with_fix("remove the repetition", vec![Edit::Remove { index: entry.index }]);
            findings.push(finding.at(entry.index, entry.text));
        }
    }
}
