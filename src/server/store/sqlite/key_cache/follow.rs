//! How the cache follows the changes of the file.

use super::{changes::Changes, wal_index::State};
use crate::server::store::key_cache::Cache;

/// Keys and projects as of the change `applied`.
///
/// INVARIANT: an entry is never older than the change `applied`. The cache is as new as the file only while the file is in `state`.
#[derive(Default)]
pub(super) struct Following {
    pub kept: Cache,
    /// The number of the last change that the cache applied.
    applied: i64,
    /// While the file is in this state, the cache is as new as the file.
    state: Option<State>,
}

impl Following {
    /// Whether the cache is as new as a file in this state.
    pub fn is_as_new_as(&self, state: Option<&State>) -> bool {
        state.is_some() && self.state.as_ref() == state
    }

    pub fn applied(&self) -> i64 {
        self.applied
    }

    /// Drops changed entries. `state` is a state of the file from before `changes` were read. Returns whether records that were read
    /// together with them may be cached.
    pub fn follow(&mut self, changes: &Changes, state: Option<State>) -> bool {
        if changes.everything {
            if self.applied != changes.from {
                return false;
            }
            self.kept.clear();
        } else if self.applied > changes.to {
            return false;
        }
        for sequence in &changes.keys {
            self.kept.forget(*sequence);
        }
        for project in &changes.projects {
            self.kept.forget_project(project);
        }
        self.applied = changes.to;
        self.state = state;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_was_read_before_an_applied_change_is_not_cached() {
        let mut kept = Following::default();
        let state = Some([1; 48]);
        assert!(kept.follow(&Changes { from: 0, to: 7, ..Changes::default() }, state));
        assert!(kept.is_as_new_as(state.as_ref()) && !kept.is_as_new_as(Some(&[2; 48])) && !kept.is_as_new_as(None));
        assert!(!kept.follow(&Changes { from: 0, to: 6, ..Changes::default() }, Some([0; 48])));
        assert!(!kept.follow(&Changes { from: 6, to: 9, everything: true, ..Changes::default() }, Some([0; 48])));
        assert!(kept.is_as_new_as(state.as_ref()));
        // A file that replaced another one may have a lower count.
        assert!(kept.follow(&Changes { from: 7, to: 2, everything: true, ..Changes::default() }, Some([3; 48])));
        assert_eq!(kept.applied(), 2);
    }
}
