//! The rules of the freshness reads: what is asked for, what an answer says of the cache, and which rows may be kept. It holds no
//! connection, so that a test can try every order of events (`model.rs`).
//!
//! Why a cached row that is used is never older than the request:
//! 1. A read that was sent after a request arrived takes its snapshot after that. A transaction whose commit was answered before the
//!    request arrived is visible in the snapshot.
//! 2. The read returns the entries of `changes` that its snapshot sees and the previous snapshot did not see, so each change of each
//!    transaction that committed between the two. The order of commits does not matter, and rolled back transactions leave no entries.
//! 3. The cache drops the changed rows before the request looks at it. So each row that is left is as new as the snapshot.
//! 4. A row is kept only if no read that was sent after its query was answered before it. So it is as new as the last answer, and the
//!    next read reports what changes later.

use std::sync::Arc;

/// The freshness reads of one connection, which answers them in their order.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash)]
pub(super) struct Rounds {
    /// The number of reads that were sent.
    sent: u64,
    /// The last read whose answer was applied, counted from 1.
    applied: u64,
    /// The snapshot of that read.
    seen: Option<Arc<str>>,
}

/// A freshness read that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Read {
    number: u64,
    /// The snapshot since which it asks for changes; `None` asks for a first snapshot.
    pub since: Option<Arc<str>>,
}

/// A query of rows that was sent, as the number of reads that were sent before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Load(u64);

/// What the cache must drop.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash)]
pub(super) struct Changes {
    pub everything: bool,
    /// The sequences of changed keys.
    pub keys: Vec<i64>,
    /// The ids of changed projects.
    pub projects: Vec<String>,
}

impl Rounds {
    /// Numbers a read. Send it before anything else.
    pub fn read(&mut self) -> Read {
        self.sent += 1;
        Read { number: self.sent, since: self.seen.clone() }
    }

    /// Numbers a query of rows. Send it before anything else.
    pub fn load(&self) -> Load {
        Load(self.sent)
    }

    /// Takes the answer of a read: its snapshot and the changes. Returns what the cache must drop before anyone looks at it.
    pub fn answered(&mut self, read: &Read, snapshot: Arc<str>, changes: Changes) -> Changes {
        // A later read has reported all of it.
        if read.number <= self.applied {
            return Changes::default();
        }
        (self.applied, self.seen) = (read.number, Some(snapshot));
        // Without a previous snapshot nobody knows what has changed since.
        let everything = changes.everything || read.since.is_none();
        Changes { everything, ..changes }
    }

    /// Whether the rows of a query may be kept.
    pub fn may_keep(&self, load: Load) -> bool {
        self.applied <= load.0
    }
}
