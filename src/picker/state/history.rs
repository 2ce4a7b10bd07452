//! What was chosen before, for undo and redo.

use std::collections::VecDeque;

/// So many steps can be undone.
const MAX_STEPS: usize = 100;

/// The selections before and after the current one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    past: VecDeque<Vec<String>>,
    future: Vec<Vec<String>>,
}

impl History {
    /// A person has changed the selection; this is what it was before.
    pub fn record(&mut self, before: Vec<String>) {
        self.future.clear();
        self.past.push_back(before);
        if self.past.len() > MAX_STEPS {
            self.past.pop_front();
        }
    }

    /// The selection before the last change.
    pub fn undo(&mut self, now: Vec<String>) -> Option<Vec<String>> {
        let before = self.past.pop_back()?;
        self.future.push(now);
        Some(before)
    }

    /// The selection that was undone last.
    pub fn redo(&mut self, now: Vec<String>) -> Option<Vec<String>> {
        let after = self.future.pop()?;
        self.past.push_back(now);
        Some(after)
    }

    /// Whether something can be undone.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether something can be redone.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &str) -> Vec<String> {
        names.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn changes_are_undone_and_redone_in_order() {
        let mut history = History::default();
        assert!(!history.can_undo() && !history.can_redo());
        history.record(list(""));
        history.record(list("a"));
        assert_eq!(history.undo(list("a b")), Some(list("a")));
        assert_eq!(history.undo(list("a")), Some(list("")));
        assert_eq!(history.undo(list("")), None);
        assert_eq!(history.redo(list("")), Some(list("a")));
        assert_eq!(history.redo(list("a")), Some(list("a b")));
        assert_eq!(history.redo(list("a b")), None);
    }

    #[test]
    fn a_new_change_ends_what_can_be_redone() {
        let mut history = History::default();
        history.record(list(""));
        assert_eq!(history.undo(list("a")), Some(list("")));
        history.record(list(""));
        assert!(!history.can_redo() && history.can_undo());
    }

    #[test]
    fn steps_are_bounded() {
        let mut history = History::default();
        (0..1000).for_each(|step| history.record(list(&step.to_string())));
        assert_eq!(history.past.len(), MAX_STEPS);
        assert_eq!(history.undo(list("now")), Some(list("999")));
    }
}
