//! Lists whose rows stay while others come and go.

use std::hash::{Hash, Hasher};

use original::{
    prelude::{Owner, component},
    tachys::{
        reactive_graph::OwnedView,
        view::keyed::{Keyed, KeyedState, keyed},
    },
};

use crate::{
    any_view::{AnyView, Kind},
    into_view::IntoView,
};

/// A row that is not made yet.
pub(crate) struct Row {
    key: Key,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

/// What a key gives a hasher, byte by byte: equal for equal keys of one type, and for no others.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Key(Vec<u8>);

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

type Shown = OwnedView<AnyView>;
type Build = Box<dyn Fn(usize, Row) -> (fn(usize), Shown)>;

/// Rows on the page.
pub type RowsState = KeyedState<Key, fn(usize), Shown>;

/// As in Leptos: each row has an owner, which outlives an update of the list.
pub(crate) fn keyed_rows(rows: Vec<Row>, parent: Owner) -> Keyed<Row, Vec<Row>, Key, fn(&Row) -> Key, Build, fn(usize), Shown> {
    let build: Build = Box::new(move |_, row| {
        let owner = parent.with(Owner::new);
        let view = owner.with(row.view);
        (drop, OwnedView::new_with_owner(view, owner))
    });
    let key: fn(&Row) -> Key = |row| row.key.clone();
    keyed(rows, key, build)
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
