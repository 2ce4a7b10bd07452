//! Lists whose rows stay while others come and go.

use std::{
    hash::{Hash, Hasher},
    mem,
};

use original::{
    prelude::{Mountable, Owner, Render, component},
    tachys::renderer::{Rndr, types},
};

use crate::{
    any_view::{AnyView, Kind, State, insert_before},
    into_view::IntoView,
};

/// A row that is not made yet.
pub(crate) struct Row {
    key: Key,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

/// What a key gives a hasher, byte by byte: equal for equal keys of one type, and for no others.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Key(Vec<u8>);

impl Hasher for Key {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

/// As `For` of Leptos, with rows of one type.
#[component(transparent)]
pub fn For<IF, I, T, EF, N, KF, K>(
    /// The items.
    each: IF,
    /// What an item is known by.
    key: KF,
    /// The view of an item.
    children: EF,
) -> AnyView
where
    IF: Fn() -> I + Send + 'static,
    I: IntoIterator<Item = T> + Send + 'static,
    EF: Fn(T) -> N + Send + Clone + 'static,
    N: IntoView,
    KF: Fn(&T) -> K + Send + Clone + 'static,
    K: Eq + Hash + 'static,
    T: Send + 'static,
{
    rows(Box::new(move || {
        let row = |item: T| {
            let mut bytes = Key::default();
            key(&item).hash(&mut bytes);
            let children = children.clone();
            Row { key: bytes, view: Box::new(move || children(item).into_any()) }
        };
        each().into_iter().map(row).collect()
    }))
}

fn rows(each: Box<dyn Fn() -> Vec<Row> + Send>) -> AnyView {
    let parent = Owner::current().unwrap_or_default();
    AnyView::follow(Box::new(move || AnyView::new(Kind::Rows(each(), parent.clone()))))
}

/// A row on the page. As in Leptos, each has an owner, which outlives an update of the list; it ends after what it owns.
struct Shown {
    key: Key,
    state: State,
    _owner: Owner,
}

/// Rows on the page, and the comment behind them.
pub struct Rows {
    rows: Vec<Shown>,
    marker: types::Placeholder,
}

fn build_row(row: Row, parent: &Owner) -> Shown {
    let owner = parent.with(Owner::new);
    let state = owner.with(|| (row.view)().build());
    Shown { key: row.key, state, _owner: owner }
}

pub(crate) fn build(rows: Vec<Row>, parent: &Owner) -> Rows {
    Rows { rows: rows.into_iter().map(|row| build_row(row, parent)).collect(), marker: Rndr::create_placeholder() }
}

impl Rows {
    /// Shows the new rows. A row that is there already stays as it is, and moves only if it was before one that now comes before it.
    pub(crate) fn update(&mut self, rows: Vec<Row>, parent: &Owner) {
        let mut old: Vec<_> = mem::take(&mut self.rows).into_iter().map(Some).collect();
        let places = kept(&old, &rows);
        let there: Vec<_> = places.into_iter().map(|at| at.and_then(|at| Some((at, old.get_mut(at)?.take()?)))).collect();
        for mut gone in old.into_iter().flatten() {
            gone.state.unmount();
        }
        let mut last = 0;
        let mut new = Vec::with_capacity(rows.len());
        for (row, there) in rows.into_iter().zip(there) {
            new.push(match there {
                Some((at, shown)) => {
                    let is_placed = at >= last;
                    last = last.max(at);
                    (shown, is_placed)
                }
                None => (build_row(row, parent), false),
            });
        }
        for (mut row, is_placed) in new.into_iter().rev() {
            if !is_placed {
                match self.rows.last() {
                    Some(next) => next.state.insert_before_this(&mut row.state),
                    None => insert_before(&self.marker, &mut row.state),
                };
            }
            self.rows.push(row);
        }
        self.rows.reverse();
    }

    pub(crate) fn unmount(&mut self) {
        for row in &mut self.rows {
            row.state.unmount();
        }
        Rndr::remove(&self.marker);
    }

    pub(crate) fn mount(&mut self, parent: &types::Element, before: Option<&types::Node>) {
        for row in &mut self.rows {
            row.state.mount(parent, before);
        }
        Rndr::insert_node(parent, &self.marker, before);
    }

    pub(crate) fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self.rows.first() {
            Some(first) => first.state.insert_before_this(child),
            None => insert_before(&self.marker, child),
        }
    }
}

/// Where each of the new rows is among the old ones.
fn kept(old: &[Option<Shown>], new: &[Row]) -> Vec<Option<usize>> {
    let mut known: Vec<_> = old.iter().enumerate().filter_map(|(at, shown)| Some((&shown.as_ref()?.key, at))).collect();
    known.sort_unstable();
    let place =
        |row: &Row| known.get(known.partition_point(|(key, _)| **key < row.key)).filter(|(key, _)| **key == row.key).map(|(_, at)| *at);
    new.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(of: impl Hash) -> Key {
        let mut key = Key::default();
        of.hash(&mut key);
        key
    }

    #[test]
    fn keys_are_equal_only_where_what_they_stand_for_is() {
        assert!(key((1, "ab", vec![2_usize])) == key((1, "ab", vec![2_usize])));
        assert!(key(("a", "bc")) != key(("ab", "c")));
        assert!(key((vec![1_u8], vec![2_u8, 3])) != key((vec![1_u8, 2], vec![3_u8])));
        assert!(key(None::<String>) != key(Some(String::new())));
    }
}
