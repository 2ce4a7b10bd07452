//! Owns what the rules find, while it is made and put in order. What is given away is a [`Diagnostic`] with texts of its own.

use alloc::{borrow::Cow, vec, vec::Vec};

use super::{
    Code, Diagnostic, Edit, Fix, Level,
    write::{Writer, Written},
};

/// A finding while it is made: most of its texts stand in the catalog, in the request or in the program, and are not copied.
pub(super) type Finding<'a> = Diagnostic<Cow<'a, str>>;

impl<'a> Finding<'a> {
    pub(super) fn new(code: Code, level: Level, message: impl Into<Cow<'a, str>>, help: impl Into<Cow<'a, str>>) -> Self {
        Self::with_texts(code, level, message.into(), help.into())
    }

    #[inline(never)]
    fn with_texts(code: Code, level: Level, message: Cow<'a, str>, help: Cow<'a, str>) -> Self {
        Self { code, level, message, help, scope: None, index: None, operation: None, path: Vec::new(), fix: None }
    }

    #[inline(never)]
    pub(super) fn at(mut self, index: usize, scope: &'a str) -> Self {
        self.index = Some(index);
        self.scope = Some(Cow::Borrowed(scope));
        self
    }

    pub(super) fn with_fix(mut self, title: impl Into<Cow<'a, str>>, edits: Vec<Edit<Cow<'a, str>>>) -> Self {
        self.fix = Some(Fix { title: title.into(), edits });
        self
    }

    pub(super) fn into_owned(self) -> Diagnostic {
        let edit = |edit: Edit<Cow<'_, str>>| match edit {
            Edit::Remove { index } => Edit::Remove { index },
            Edit::Replace { index, with } => Edit::Replace { index, with: with.into_owned() },
            Edit::Add { scope } => Edit::Add { scope: scope.into_owned() },
        };
        Diagnostic {
            code: self.code,
            level: self.level,
            message: self.message.into_owned(),
            help: self.help.into_owned(),
            scope: self.scope.map(Cow::into_owned),
            index: self.index,
            operation: self.operation.map(Cow::into_owned),
            path: self.path.into_iter().map(Cow::into_owned).collect(),
            fix: self.fix.map(|fix| Fix { title: fix.title.into_owned(), edits: fix.edits.into_iter().map(edit).collect() }),
        }
    }
}

/// Everything that was found, in the order of a report: by the place in the list, then as it was found. What has no place comes last.
pub(super) struct Findings<'a> {
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

/// As a [`Report`](super::Report) is written.
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
