//! Rules about the list as text: grammar, spelling, repetition.

use alloc::{borrow::ToOwned, vec::Vec};

use super::{
    apart::apart,
    suggestion::{self, of_resource, suggestion},
};
use crate::scope::{
    Code, Edit, Level, ScopeNameError,
    check::{
        context::{Context, Entry, Resolved},
        diagnostic::BorrowedDiagnostic,
    },
    support::{
        gather::Gather,
        text::{counted, cut_last, digits, either, fill, quoted, trimmed, words},
    },
};

pub(super) fn malformed_scope<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    for entry in context.entries.iter().filter(|entry| !entry.repeats) {
        let Resolved::Malformed(error) = &entry.resolved else { continue };
        apart(&mut || diagnostics.push(malformed(context, entry, error)));
    }
}

fn malformed<'a>(context: &Context<'a>, entry: &Entry<'a>, error: &ScopeNameError) -> BorrowedDiagnostic<'a> {
    let message = match error {
        ScopeNameError::Empty => "an empty text is not a scope".to_owned(),
        _ if trimmed(entry.text, char::is_whitespace).is_empty() => "spaces alone are not a scope".to_owned(),
        ScopeNameError::TooLong { length } => fill("{} has {} characters, more than 128", &[&quoted(entry.text), &digits(*length)]),
        ScopeNameError::BadCharacter { found: ' ' } => fill("{} contains a space, which no scope does", &[&quoted(entry.text)]),
        ScopeNameError::BadCharacter { found } => {
            fill("{} contains {}, which no scope does", &[&quoted(entry.text), &quoted(found.encode_utf8(&mut [0; 4]))])
        }
    };
    let diagnostic = match suggestion(context, entry) {
        Some(suggestion) => BorrowedDiagnostic::new(Code::MalformedScope, Level::Error, message, suggestion.help)
            .with_fix(suggestion.fix.title, suggestion.fix.edits),
        None => {
            let example = context.catalog.scopes().first().map_or("rows.read", |scope| scope.id.as_str());
            let help = fill("write it as `resource.action`, such as `{}`", &[example]);
            let diagnostic = BorrowedDiagnostic::new(Code::MalformedScope, Level::Error, message, help);
            // A text that holds a scope among others is not to be thrown away at a click.
            let holds_scope = words(entry.text, char::is_whitespace).into_iter().any(|word| context.catalog.scope_position(word).is_some());
            if holds_scope { diagnostic } else { diagnostic.with_fix("remove it", context.remove(entry)) }
        }
    };
    diagnostic.at(entry.index, entry.text)
}

/// An unknown scope that the key had before is kept: the server that granted it may be newer than the catalog, and an edit of
/// something else must not be stopped by it.
pub(super) fn unknown_scope<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    for entry in context.entries.iter().filter(|entry| !entry.repeats && matches!(entry.resolved, Resolved::Unknown)) {
        apart(&mut || diagnostics.push(unknown(context, entry)));
    }
}

fn unknown<'a>(context: &Context<'a>, entry: &Entry<'a>) -> BorrowedDiagnostic<'a> {
    let message = fill("there is no scope {} in the {} catalog", &[&quoted(entry.text), &context.catalog.name]);
    let diagnostic = if context.had(entry) {
        let help = "the key already had it, so it is kept; remove it if nothing needs it";
        BorrowedDiagnostic::new(Code::UnknownScope, Level::Warning, message, help)
    } else if let Some(suggestion) = suggestion(context, entry) {
        BorrowedDiagnostic::new(Code::UnknownScope, Level::Error, fill("there is no scope {}", &[&quoted(entry.text)]), suggestion.help)
            .with_fix(suggestion.fix.title, suggestion.fix.edits)
    } else {
        let mut of_resource = of_resource(context, entry.text);
        if of_resource.is_empty()
            && !entry.text.ends_with('.')
            && let Some((resource, _)) = cut_last(entry.text, b'.')
        {
            of_resource = suggestion::of_resource(context, resource);
        }
        let help = if of_resource.is_empty() {
            fill("choose one of the scopes of the {} catalog", &[&context.catalog.name])
        } else {
            fill("choose an action: {}", &[&either(of_resource)])
        };
        BorrowedDiagnostic::new(Code::UnknownScope, Level::Error, fill("there is no scope {}", &[&quoted(entry.text)]), help)
    };
    diagnostic.at(entry.index, entry.text)
}

pub(super) fn duplicate_scope<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    for entry in context.entries.iter().filter(|entry| !entry.repeats) {
        let Some(first) = context.repetitions(entry).next() else { continue };
        let edits: Vec<_> = context.repetitions(entry).map(|index| Edit::Remove { index }).gathered();
        let (times, title) = match edits.len() {
            1 => ("twice".to_owned(), "remove the duplicate"),
            more => (counted(more + 1, "time"), "remove the duplicates"),
        };
        let text = entry.text;
        let message = fill("{} is listed {}", &[&quoted(text), &times]);
        let diagnostic = BorrowedDiagnostic::new(Code::DuplicateScope, Level::Warning, message, "list it once; a duplicate grants nothing");
        diagnostics.push(diagnostic.with_fix(title, edits).at(first, text));
    }
}
