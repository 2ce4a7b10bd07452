//! The answer of a check, and the list that the rules fill before it is one.

use alloc::{string::String, vec, vec::Vec};

use serde::{Deserialize, Serialize};

use super::diagnostic::{Diagnostic, Edit, Finding, Level};
use crate::scope::json::encode::{Writer, Written};

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
    pub(in crate::scope) fn new(findings: Findings<'_>) -> Self {
        let mut report = Self { valid: true, errors: Vec::new(), warnings: Vec::new(), hints: Vec::new() };
        for finding in findings.into_owned() {
            match finding.level {
                Level::Error => report.errors.push(finding),
                Level::Warning => report.warnings.push(finding),
                Level::Hint => report.hints.push(finding),
            }
        }
        report.valid = report.errors.is_empty();
        report
    }

    /// All findings, errors first.
    pub fn all(&self) -> impl Iterator<Item = &Diagnostic> {
        self.errors.iter().chain(&self.warnings).chain(&self.hints)
    }
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
pub(in crate::scope) struct Findings<'a> {
    found: Vec<Finding<'a>>,
    order: Vec<usize>,
}

impl<'a> Findings<'a> {
    /// About a list of so many entries.
    pub fn new(found: Vec<Finding<'a>>, entries: usize) -> Self {
        // What was found at a place is a chain from one finding to the next.
        let mut firsts = vec![usize::MAX; entries + 1];
        let mut nexts = vec![usize::MAX; found.len()];
        for (number, finding) in found.iter().enumerate().rev() {
            let place = finding.index.unwrap_or(entries);
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
        let mut found: Vec<Option<Finding<'a>>> = self.found.into_iter().map(Some).collect();
        self.order.into_iter().filter_map(move |number| found.get_mut(number)?.take().map(Finding::into_owned))
    }

    fn of(&self, level: Level) -> impl Iterator<Item = &Finding<'a>> {
        self.order.iter().filter_map(|number| self.found.get(*number)).filter(move |finding| finding.level == level)
    }
}

/// As a [`Report`] is written.
impl Written for Findings<'_> {
    fn write(&self, to: &mut Writer) {
        let is_valid = self.of(Level::Error).next().is_none();
        to.raw(if is_valid { "{\"valid\":true,\"errors\":" } else { "{\"valid\":false,\"errors\":" });
        to.list(self.of(Level::Error));
        to.raw(",\"warnings\":");
        to.list(self.of(Level::Warning));
        to.raw(",\"hints\":");
        to.list(self.of(Level::Hint));
        to.raw("}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Code;

    #[test]
    fn findings_stand_in_the_order_of_the_list_then_of_the_rules() {
        let finding = |index: Option<usize>, help: &'static str| Finding { index, ..Finding::new(Code::NoScopes, Level::Hint, "", help) };
        let found = vec![
            finding(None, "f"),
            finding(Some(2), "d"),
            finding(Some(0), "a"),
            finding(Some(2), "e"),
            finding(Some(1), "b"),
            finding(Some(1), "c"),
            finding(None, "g"),
        ];
        let told: Vec<_> = Findings::new(found, 3).into_owned().map(|finding| finding.help).collect();
        assert_eq!(told, ["a", "b", "c", "d", "e", "f", "g"]);
    }
}
