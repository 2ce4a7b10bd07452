//! The rows of the table of keys: fetched in blocks as they come into view.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::KeyDetails,
    console::{
        client::{self, ClientError},
        load::{begun, set_if_alive},
        session::{Session, use_session},
        state::{BLOCK_ROWS, ListView, rows_of_page},
    },
};

/// So many rows before and after those in the page are fetched.
const AHEAD: usize = 40;

/// The rows of one page.
#[derive(Clone, Copy)]
pub(super) struct KeyRows {
    project: StoredValue<String>,
    session: Session,
    /// Those of the last answer, also while others are on their way. `None` is not fetched yet.
    pub rows: RwSignal<Vec<Option<Arc<KeyDetails>>>>,
    /// How many keys match, and whether there are more than that; `None` before the first answer.
    pub total: RwSignal<Option<(usize, bool)>>,
    /// The edition in which the scopes of the keys are sensitive or not.
    pub edition: RwSignal<Option<String>>,
    pub error: RwSignal<Option<ClientError>>,
    pub busy: RwSignal<bool>,
    /// Counts the lists that were asked for: the answer of an earlier one is of no use.
    list: StoredValue<u32>,
    /// Whether the rows are of an earlier list.
    pub stale: RwSignal<bool>,
    asked: StoredValue<Vec<usize>>,
}

impl KeyRows {
    /// Nothing is fetched yet.
    pub fn new(project: String) -> Self {
        Self {
            project: StoredValue::new(project),
            session: use_session(),
            rows: RwSignal::new(Vec::new()),
            total: RwSignal::new(None),
            edition: RwSignal::new(None),
            error: RwSignal::new(None),
            busy: RwSignal::new(false),
            list: StoredValue::new(0),
            stale: RwSignal::new(true),
            asked: StoredValue::new(Vec::new()),
        }
    }

    /// Starts another list, at a row of its page.
    pub fn start(self, view: &ListView, row: usize) {
        self.list.update_value(|list| *list = list.wrapping_add(1));
        self.stale.set(true);
        self.asked.set_value(Vec::new());
        self.ask(view, row / BLOCK_ROWS);
    }

    /// Fetches what is missing of some rows and those around them, so that they are here before they come into view.
    pub fn want(self, view: &ListView, first: usize, last: usize) {
        if self.stale.get_untracked() {
            return;
        }
        let last = (last + AHEAD).min(self.rows.with_untracked(Vec::len));
        for block in first.saturating_sub(AHEAD) / BLOCK_ROWS..last.div_ceil(BLOCK_ROWS) {
            if !self.asked.with_value(|asked| asked.contains(&block)) {
                self.ask(view, block);
            }
        }
    }

    /// Shows another state of a key.
    pub fn replace(self, details: KeyDetails) {
        self.rows.update(|rows| {
            if let Some(row) = rows.iter_mut().flatten().find(|row| row.key.id == details.key.id) {
                *row = Arc::new(details);
            }
        });
    }

    fn ask(self, view: &ListView, block: usize) {
        let list = self.list.get_value();
        self.asked.update_value(|asked| asked.push(block));
        self.busy.set(true);
        self.error.set(None);
        let (project, query, page) = (self.project.get_value(), view.request(block * BLOCK_ROWS), view.page);
        let answer = begun(async move { client::search_keys(&project, &query).await });
        spawn_local(async move {
            let found = answer.await;
            // The page may be gone by now, or show another list.
            if self.list.try_get_value() != Some(list) {
                return;
            }
            match found {
                Ok(found) => {
                    if self.edition.with_untracked(|edition| *edition != found.edition) {
                        self.edition.set(found.edition);
                    }
                    let count = rows_of_page(found.total, page);
                    self.rows.update(|rows| {
                        if self.stale.get_untracked() {
                            rows.clear();
                        }
                        rows.resize(count, None);
                        for (row, key) in rows.iter_mut().skip(block * BLOCK_ROWS).zip(found.keys) {
                            *row = Some(Arc::new(key));
                        }
                    });
                    self.stale.set(false);
                    set_if_alive(self.total, Some((found.total, found.has_more)));
                }
                Err(problem) => {
                    if problem == ClientError::SignedOut {
                        self.session.end();
                    }
                    self.asked.update_value(|asked| asked.retain(|other| *other != block));
                    set_if_alive(self.error, Some(problem));
                }
            }
            set_if_alive(self.busy, false);
        });
    }
}
