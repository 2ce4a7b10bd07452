//! The rows of a table of keys: those that are in the page, and those that wait to be used again.

use std::sync::Arc;

use js_sys::Array;
use web_sys::Element;

use super::{
    key_row::{Row, Shown},
    text_width::TextWidths,
};
use crate::api::KeyDetails;

/// So many rows that are not in view are filled in one frame.
const PER_FRAME: usize = 6;

/// The rows that are in the page, and some that wait to be used again.
#[derive(Default)]
pub(super) struct RowPool {
    first: usize,
    rows: Vec<Row>,
    unused: Vec<Row>,
    texts: Option<TextWidths>,
}

impl RowPool {
    /// Shows these keys, of which the first is number `first` of the page, before an element of the table. `None` is on its way. Returns whether
    /// all rows show their key; those that are not in view take turns.
    pub fn show(&mut self, shown: &Shown<'_>, first: usize, keys: &[Option<Arc<KeyDetails>>], end: &Element) -> bool {
        let last = first + keys.len();
        let (old_first, old_last) = (self.first, self.first + self.rows.len());
        // What both show stays where it is, so that it keeps the focus.
        let (from, to) = (first.clamp(old_first, old_last), last.clamp(old_first, old_last).max(first.clamp(old_first, old_last)));
        self.unused.extend(self.rows.drain(to - old_first..));
        self.unused.extend(self.rows.drain(..from - old_first));
        let next = self.rows.first().map_or_else(|| end.clone(), |row| row.element.clone());
        let (before, after) = if self.rows.is_empty() { (keys.len(), 0) } else { (from - first, last - to) };
        let above: Vec<Row> = (0..before).filter_map(|_| self.unused.pop().or_else(Row::new)).collect();
        insert(&above, &next);
        let below: Vec<Row> = (0..after).filter_map(|_| self.unused.pop().or_else(Row::new)).collect();
        insert(&below, end);
        self.rows.splice(0..0, above);
        self.rows.extend(below);
        self.first = first;
        for row in &self.unused {
            row.element.remove();
        }
        let mut left = PER_FRAME;
        let mut is_done = true;
        for (number, (row, key)) in (first..).zip(self.rows.iter_mut().zip(keys)) {
            let is_in_view = (shown.in_view.0..shown.in_view.1).contains(&number);
            if is_in_view || left > 0 {
                left =
                    left.saturating_sub(usize::from(row.fill(shown, &mut self.texts, shown.offset + number, key.as_ref()) && !is_in_view));
            } else {
                is_done = false;
            }
        }
        is_done
    }

    /// Makes rows while the keys are on their way.
    pub fn prepare(&mut self, count: usize) {
        let missing = count.saturating_sub(self.rows.len() + self.unused.len());
        self.unused.extend((0..missing).map_while(|_| Row::new()));
    }

    /// Measures texts from now on: the column of the services has a width.
    pub fn measure_texts(&mut self) {
        self.texts = TextWidths::new();
    }

    /// The row that this element is in.
    pub fn row_of(&self, element: &Element) -> Option<&Row> {
        let element = element.closest("tr").ok().flatten()?;
        self.rows.iter().find(|row| row.element == element)
    }

    /// The row that shows this key, as it is.
    pub fn row(&self, key: &Arc<KeyDetails>) -> Option<&Row> {
        self.rows.iter().find(|row| row.shows(key))
    }

    /// Ticks the boxes of the keys that are selected.
    pub fn tick(&self, is_selected: impl Fn(&str) -> bool) {
        for row in &self.rows {
            row.tick(&is_selected);
        }
    }

    /// Says of each menu whether it is open.
    pub fn mark_menu(&self, open: Option<&Arc<KeyDetails>>) {
        for row in &self.rows {
            row.mark_menu(open.is_some_and(|key| row.shows(key)));
        }
    }
}

/// Inserts rows before an element, all at once.
fn insert(rows: &[Row], before: &Element) {
    if !rows.is_empty() {
        drop(before.before_with_node(&rows.iter().map(|row| &row.element).collect::<Array>()));
    }
}
