//! The answer of a check, and the list that the rules fill before it is one.

use alloc::{string::String, vec, vec::Vec};

use serde::{Deserialize, Serialize};

use super::diagnostic::{BorrowedDiagnostic, Diagnostic, Edit, Level};
use crate::scope::json::encode::{Encode, Encoder};

/// The answer of a check. It carries everything that was found, not the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Whether there are no errors.
    pub valid: bool,
    /// What must change.
    pub errors: Vec<Diagnostic>,
    /// What is risky.
    pub warnings: Vec<Diagnostic>,
    /// What is good to know.
    pub hints: Vec<Diagnostic>,
}

impl Report {
    pub(in crate::scope) fn new(diagnostics: Diagnostics<'_>) -> Self {
        let mut report = Self { valid: true, errors: Vec::new(), warnings: Vec::new(), hints: Vec::new() };
        for diagnostic in diagnostics.into_owned() {
            match diagnostic.level {
                Level::Error => report.errors.push(diagnostic),
                Level::Warning => report.warnings.push(diagnostic),
                Level::Hint => report.hints.push(diagnostic),
            }
        }
        report.valid = report.errors.is_empty();
        report
    }

    /// All diagnostics, errors first.
    pub fn all(&self) -> impl Iterator<Item = &Diagnostic> {
        self.errors.iter().chain(&self.warnings).chain(&self.hints)
    }
}

/// In JSON: `valid`, `errors`, `warnings` and `hints`.
impl Encode for Report {
    fn write(&self, to: &mut Encoder) {
        write(to, self.valid, self.errors.iter(), self.warnings.iter(), self.hints.iter());
    }
}

fn write<'a, D: Encode + 'a>(
    to: &mut Encoder,
    valid: bool,
    errors: impl Iterator<Item = &'a D>,
    warnings: impl Iterator<Item = &'a D>,
    hints: impl Iterator<Item = &'a D>,
) {
    to.raw(if valid { "{\"valid\":true,\"errors\":" } else { "{\"valid\":false,\"errors\":" });
    to.list(errors);
    to.raw(",\"warnings\":");
    to.list(warnings);
    to.raw(",\"hints\":");
    to.list(hints);
    to.raw("}");
}

/// Makes the changes of a fix to the list that was checked. An index that is not there is passed over.
///
/// ```
/// use scopewise::scope::{Edit, apply_edits};
/// let edits = [Edit::Remove { index: 0 }, Edit::Replace { index: 1, with: "c.read".into() }];
/// assert_eq!(apply_edits(&["a.read".into(), "b.read".into()], &edits), ["c.read"]);
/// ```
pub fn apply_edits(scopes: &[String], edits: &[Edit]) -> Vec<String> {
    let mut entries: Vec<Option<String>> = scopes.iter().cloned().map(Some).collect();
    let mut added = Vec::new();
    for edit in edits {
        match edit {
            Edit::Remove { index } => {
                if let Some(entry) = entries.get_mut(*index) {
                    *entry = None;
                }
            }
            Edit::Replace { index, with } => {
                if let Some(entry) = entries.get_mut(*index) {
                    *entry = Some(with.clone());
                }
            }
            Edit::Add { scope } => added.push(scope.clone()),
        }
    }
    entries.into_iter().flatten().chain(added).collect()
}

/// Everything that was found, in the order of a report: by the place in the list, then as it was found. What has no place comes last.
pub(in crate::scope) struct Diagnostics<'a> {
    found: Vec<BorrowedDiagnostic<'a>>,
    order: Vec<usize>,
}

impl<'a> Diagnostics<'a> {
    /// About a list of so many entries.
    pub fn new(found: Vec<BorrowedDiagnostic<'a>>, entries: usize) -> Self {
        // What was found at a place is a chain from one diagnostic to the next.
        let mut firsts = vec![usize::MAX; entries + 1];
        let mut nexts = vec![usize::MAX; found.len()];
        for (number, diagnostic) in found.iter().enumerate().rev() {
            let place = diagnostic.index.unwrap_or(entries);
            if let (Some(first), Some(next)) = (firsts.get_mut(place), nexts.get_mut(number)) {
                *next = core::mem::replace(first, number);
            }
        }
        let mut order = Vec::with_capacity(found.len());
        for mut number in firsts {
            while let Some(next) = nexts.get(number) {
                order.push(number);
                number = *next;
            }
        }
        Self { found, order }
    }

    pub fn into_owned(self) -> impl Iterator<Item = Diagnostic> {
        let mut found: Vec<Option<BorrowedDiagnostic<'a>>> = self.found.into_iter().map(Some).collect();
        self.order.into_iter().filter_map(move |number| found.get_mut(number)?.take().map(BorrowedDiagnostic::into_owned))
    }

    fn of(&self, level: Level) -> impl Iterator<Item = &BorrowedDiagnostic<'a>> {
        self.order.iter().filter_map(|number| self.found.get(*number)).filter(move |diagnostic| diagnostic.level == level)
    }
}

/// As a [`Report`] is written.
impl Encode for Diagnostics<'_> {
    fn write(&self, to: &mut Encoder) {
        let is_valid = self.of(Level::Error).next().is_none();
        write(to, is_valid, self.of(Level::Error), self.of(Level::Warning), self.of(Level::Hint));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Code;

    #[test]
    fn diagnostics_follow_the_list_then_the_rules() {
        let diagnostic = |index: Option<usize>, help: &'static str| BorrowedDiagnostic {
            index,
            ..BorrowedDiagnostic::new(Code::NoScopes, Level::Hint, "", help)
        };
        let found = vec![
            diagnostic(None, "f"),
            diagnostic(Some(2), "d"),
            diagnostic(Some(0), "a"),
            diagnostic(Some(2), "e"),
            diagnostic(Some(1), "b"),
            diagnostic(Some(1), "c"),
            diagnostic(None, "g"),
        ];
        let helps: Vec<_> = Diagnostics::new(found, 3).into_owned().map(|diagnostic| diagnostic.help).collect();
        assert_eq!(helps, ["a", "b", "c", "d", "e", "f", "g"]);
    }
}
