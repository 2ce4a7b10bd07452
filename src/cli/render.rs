//! Prints findings like a compiler: the message, the list with the scope underlined, and the help.

use std::io;

use super::{
    input::Given,
    output::{Output, Paint},
};
use crate::scope::{Catalog, Diagnostic, Level};

/// The widest excerpt of a list, in characters.
const EXCERPT_WIDTH: usize = 76;
/// A scope is truncated in an excerpt after this many characters.
const SCOPE_WIDTH: usize = 60;

/// The word and the colour of a level.
pub(super) fn level(level: Level) -> (&'static str, Paint) {
    let paint = match level {
        Level::Error => Paint::Error,
        Level::Warning => Paint::Warning,
        Level::Hint => Paint::Hint,
    };
    (level.as_str(), paint)
}

/// The name of a scope in brackets, to print after its id; nothing for a scope without one.
pub(super) fn name_of(catalog: &Catalog, id: &str) -> String {
    let name = catalog.scope(id).and_then(|scope| scope.name.as_deref());
    name.map(|name| format!(" ({})", safe(name))).unwrap_or_default()
}

/// Prints findings, with an empty line after each.
pub(super) fn findings<'a>(output: &mut Output, given: &Given, findings: impl IntoIterator<Item = &'a Diagnostic>) -> io::Result<()> {
    for finding in findings {
        print(output, given, finding)?;
        output.line("")?;
    }
    Ok(())
}

fn print(output: &mut Output, given: &Given, finding: &Diagnostic) -> io::Result<()> {
    let (word, paint) = level(finding.level);
    let head = output.paint(paint, &format!("{word}[{}]", finding.code.as_str()));
    let indent = word.len() + finding.code.as_str().len() + 4;
    output.item(&format!("{head}: "), indent, &finding.message)?;
    let place = finding.index.and_then(|index| given.place(index));
    let number = place.map(|(_, place)| place.line.to_string()).unwrap_or_default();
    let margin = " ".repeat(number.len());
    let bar = output.paint(Paint::Dim, "|");
    if let Some((file, place)) = place {
        output.line(format!("{margin}{} {}:{}:{}", output.paint(Paint::Dim, "-->"), safe(file), place.line, place.column))?;
    }
    if let Some((before, scope, after)) = finding.index.and_then(|index| excerpt(given, index)) {
        let marks = output.paint(paint, &"^".repeat(scope.chars().count()));
        let scope = output.paint(Paint::Strong, &scope);
        output.line(format!("{} {bar} {before}{scope}{after}", output.paint(Paint::Dim, &number)))?;
        output.line(format!("{margin} {bar} {}{marks}", " ".repeat(before.chars().count())))?;
    }
    let equals = output.paint(Paint::Dim, "=");
    let notes = [("reach", finding.path.join(" → ")), ("help", finding.help.clone())];
    for (name, text) in notes.into_iter().filter(|(_, text)| !text.is_empty()) {
        output.item(&format!("{margin} {equals} {name}: "), margin.len() + name.len() + 5, &text)?;
    }
    Ok(())
}

/// The scope, and as much of the list around it as fits on a line. For a file, only its own line.
fn excerpt(given: &Given, index: usize) -> Option<(String, String, String)> {
    let scope = safe(given.items.get(index)?);
    if given.file.is_some() {
        return Some((String::new(), scope, String::new()));
    }
    let (mut before, mut after) = (String::new(), String::new());
    let mut room = EXCERPT_WIDTH.saturating_sub(scope.chars().count());
    let mut left = given.items.iter().take(index).rev().map(|item| safe(item)).peekable();
    let mut right = given.items.iter().skip(index + 1).map(|item| safe(item)).peekable();
    let mut take = |item: Option<&String>| {
        let left = item.and_then(|item| room.checked_sub(item.chars().count() + 1));
        room = left.unwrap_or(room);
        left.is_some()
    };
    loop {
        let (mut took, fits_left) = (false, take(left.peek()));
        if fits_left && let Some(item) = left.next() {
            before = format!("{item} {before}");
            took = true;
        }
        if take(right.peek())
            && let Some(item) = right.next()
        {
            after = format!("{after} {item}");
            took = true;
        }
        if !took {
            break;
        }
    }
    if left.peek().is_some() {
        before = format!("… {before}");
    }
    if right.peek().is_some() {
        after.push_str(" …");
    }
    Some((before, scope, after))
}

/// A text that is safe to print: control and direction characters are escaped, and long texts are truncated.
pub(super) fn safe(text: &str) -> String {
    let mut shown = String::new();
    for (count, c) in text.chars().enumerate() {
        if count >= SCOPE_WIDTH {
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
