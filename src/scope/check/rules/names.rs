//! Rules about the list as text: grammar, spelling, repetition.

use alloc::{borrow::ToOwned, format, vec::Vec};

use super::suggestion::{guess, of_resource};
use crate::scope::{
    Code, Edit, Level, ScopeNameError,
    check::{
        context::{Reading, View},
        diagnostic::Finding,
    },
    support::text::{counted, either, quoted},
};

pub(super) fn malformed_scope<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    for entry in view.entries.iter().filter(|entry| !entry.repeats) {
        let Reading::Malformed(error) = &entry.reading else { continue };
        let message = match error {
            ScopeNameError::Empty => "an empty text is not a scope".to_owned(),
            _ if entry.text.trim().is_empty() => "a text of spaces alone is not a scope".to_owned(),
            ScopeNameError::TooLong { length } => format!("{} has {length} characters, more than 128", quoted(entry.text)),
            ScopeNameError::BadCharacter { found: ' ' } => format!("{} contains a space, which no scope does", quoted(entry.text)),
            ScopeNameError::BadCharacter { found } => {
                format!("{} contains {}, which no scope does", quoted(entry.text), quoted(found.encode_utf8(&mut [0; 4])))
            }
        };
        let finding = match guess(view, entry) {
            Some(guess) => Finding::new(Code::MalformedScope, Level::Error, message, guess.help).with_fix(guess.fix.title, guess.fix.edits),
            None => {
                let example = view.catalog.scopes().first().map_or("rows.read", |scope| scope.id.as_str());
                let help = format!("write it as `resource.action`, such as `{example}`");
                let finding = Finding::new(Code::MalformedScope, Level::Error, message, help);
                // A text that holds a scope among others is not to be thrown away at a click.
                let holds_scope = entry.text.split(|c: char| c.is_whitespace()).any(|word| view.catalog.scope_position(word).is_some());
                if holds_scope { finding } else { finding.with_fix("remove it", view.remove(entry)) }
            }
        };
        findings.push(finding.at(entry.index, entry.text));
    }
}

/// An unknown scope that the key had before is kept: the server that granted it may be newer than the catalog, and an edit of
/// something else must not be stopped by it.
pub(super) fn unknown_scope<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    for entry in view.entries.iter().filter(|entry| !entry.repeats && matches!(entry.reading, Reading::Unknown)) {
        let message = format!("there is no scope {} in the {} catalog", quoted(entry.text), view.catalog.name);
        let finding = if view.had(entry) {
            let help = "the key has had it before, so that it is kept; remove it if nothing needs it";
            Finding::new(Code::UnknownScope, Level::Warning, message, help)
        } else if let Some(guess) = guess(view, entry) {
            Finding::new(Code::UnknownScope, Level::Error, format!("there is no scope {}", quoted(entry.text)), guess.help)
                .with_fix(guess.fix.title, guess.fix.edits)
        } else {
            let of_resource = of_resource(view, entry.text);
            let help = if of_resource.is_empty() {
                format!("choose one of the scopes of the {} catalog", view.catalog.name)
            } else {
                format!("say what it may do: {}", either(of_resource))
            };
            Finding::new(Code::UnknownScope, Level::Error, format!("there is no scope {}", quoted(entry.text)), help)
        };
        findings.push(finding.at(entry.index, entry.text));
    }
}

pub(super) fn duplicate_scope<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    for entry in view.entries.iter().filter(|entry| !entry.repeats) {
        let Some(first) = view.repetitions(entry).next() else { continue };
        let edits: Vec<_> = view.repetitions(entry).map(|index| Edit::Remove { index }).collect();
        let (times, title) = match edits.len() {
            1 => ("twice".to_owned(), "remove the repetition"),
            more => (counted(more + 1, "time", "times"), "remove the repetitions"),
        };
        let text = entry.text;
        let message = format!("{} stands {times}", quoted(text));
        let finding = Finding::new(Code::DuplicateScope, Level::Warning, message, "keep it once; a second mention grants nothing");
        findings.push(finding.with_fix(title, edits).at(first, text));
    }
}
