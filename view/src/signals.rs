//! Signals and memos, all of one type inside: what is generic only says which type a value has. Otherwise all of
//! `reactive_graph` is compiled again for each type that a signal holds.
//!
//! They have the names and methods of those of Leptos, as far as the program calls them. A value is not locked while it is read.

use std::{any::Any, marker::PhantomData, ops::DerefMut, sync::Arc};

use original::{
    prelude::{self, IsDisposed, Notify, ReadUntracked, ReadValue, Set, Track, Write},
    reactive::graph::untrack,
};

/// A value of any type.
pub(crate) type Held = Arc<dyn Any + Send + Sync>;

/// Makes a value.
type Make = Arc<dyn Fn() -> Held + Send + Sync>;

/// A value that can be compared with others of its type.
trait Same: Any + Send + Sync {
    fn same(&self, other: &dyn Any) -> bool;
}

impl<T: PartialEq + Send + Sync + 'static> Same for T {
    fn same(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<T>().is_some_and(|other| self == other)
    }
}

/// A value of a memo.
#[derive(Clone)]
struct Kept(Arc<dyn Same>);

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        let other: &dyn Any = &*other.0;
        self.0.same(other)
    }
}

type Cell = prelude::RwSignal<Held>;
type Computed = prelude::Memo<Kept>;

/// Where a value comes from.
#[derive(Clone, Copy)]
enum Source {
    Cell(Cell),
    Memo(Computed),
    Made(prelude::StoredValue<Make>),
}

/// What signals are inside. By reference, which is the least code where they are read.
trait Read {
    fn track(&self);

    fn try_held(&self) -> Option<Held>;

    #[inline(never)]
    fn held(&self) -> Held {
        match self.try_held() {
            Some(held) => held,
            None => disposed(),
        }
    }

    #[inline(never)]
    fn tracked(&self) -> Held {
        self.track();
        self.held()
    }
}

/// What a disposed signal does when its value is needed, as in Leptos.
#[cold]
#[inline(never)]
#[expect(clippy::panic, reason = "a fault of the program, not of its input")]
pub(crate) fn disposed() -> ! {
    panic!("a signal or a stored value was used after its owner was disposed, or while it changes")
}

impl Read for Cell {
    #[inline(never)]
    fn track(&self) {
        Track::track(self);
    }

    #[inline(never)]
    fn try_held(&self) -> Option<Held> {
        Some(self.try_read_untracked()?.clone())
    }
}

impl Read for Computed {
    #[inline(never)]
    fn track(&self) {
        Track::track(self);
    }

    #[inline(never)]
    fn try_held(&self) -> Option<Held> {
        Some(self.try_read_untracked()?.0.clone())
    }
}

impl Read for Source {
    #[inline(never)]
    fn track(&self) {
        match self {
            Self::Cell(cell) => Read::track(cell),
            Self::Memo(memo) => Read::track(memo),
            // What it reads is tracked when it is made.
            Self::Made(_) => drop(self.tracked()),
        }
    }

    #[inline(never)]
    fn try_held(&self) -> Option<Held> {
        match self {
            Self::Cell(cell) => cell.try_held(),
            Self::Memo(memo) => memo.try_held(),
            Self::Made(made) => {
                let make = made.try_read_value()?.clone();
                Some(untrack(|| make()))
            }
        }
    }

    #[inline(never)]
    fn tracked(&self) -> Held {
        match self {
            Self::Cell(cell) => cell.tracked(),
            Self::Memo(memo) => memo.tracked(),
            Self::Made(made) => match made.try_read_value().map(|make| make.clone()) {
                Some(make) => make(),
                None => disposed(),
            },
        }
    }
}

#[inline(never)]
fn cell(value: Held) -> Cell {
    Cell::new(value)
}

#[inline(never)]
fn made(make: Make) -> Source {
    Source::Made(prelude::StoredValue::new(make))
}

#[inline(never)]
fn set(cell: &Cell, value: Held) {
    Set::set(cell, value);
}

#[inline(never)]
fn write(cell: &Cell) -> Option<impl DerefMut<Target = Held>> {
    cell.try_write()
}

/// The value, of the type that it was given.
pub(crate) fn typed<T: 'static>(held: &Held) -> &T {
    match held.downcast_ref() {
        Some(value) => value,
        None => disposed(),
    }
}

pub(crate) fn typed_mut<T: 'static>(held: &mut Held) -> &mut T {
    match Arc::get_mut(held).and_then(|held| held.downcast_mut()) {
        Some(value) => value,
        None => disposed(),
    }
}

macro_rules! sources {
    ($($(#[$about:meta])* $name:ident of $inner:ty;)*) => {$(
        $(#[$about])*
        pub struct $name<T>($inner, PhantomData<fn(T) -> T>);

        impl<T> Copy for $name<T> {}

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T: 'static> $name<T> {
            fn of(inner: $inner) -> Self {
                Self(inner, PhantomData)
            }

            /// Runs the closure with the value. What runs now runs again when the value changes.
            pub fn with<U>(&self, read: impl FnOnce(&T) -> U) -> U {
                read(typed(&self.0.tracked()))
            }

            /// Runs the closure with the value.
            pub fn with_untracked<U>(&self, read: impl FnOnce(&T) -> U) -> U {
                read(typed(&self.0.held()))
            }

            /// What runs now runs again when the value changes.
            pub fn track(&self) {
                Read::track(&self.0);
            }

            /// The value. What runs now runs again when it changes.
            pub fn get(&self) -> T
            where
                T: Clone,
            {
                self.with(T::clone)
            }

            /// The value.
            pub fn get_untracked(&self) -> T
            where
                T: Clone,
            {
                self.with_untracked(T::clone)
            }

            /// The value, as long as its owner exists.
            pub fn try_get_untracked(&self) -> Option<T>
            where
                T: Clone,
            {
                self.0.try_held().map(|held| typed::<T>(&held).clone())
            }
        }
    )*};
}

sources! {
    /// A value that changes.
    RwSignal of Cell;
    /// A value that is computed of others, when one of them has changed. If the result is equal, nothing that follows runs again.
    Memo of Computed;
    /// A value that is read, wherever it comes from.
    Signal of Source;
}

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal with this value.
    pub fn new(value: T) -> Self {
        Self::of(cell(Arc::new(value)))
    }

    /// Sets the value, and runs again what follows from it.
    pub fn set(&self, value: T) {
        set(&self.0, Arc::new(value));
    }

    /// Changes the value, and runs again what follows from it.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        self.try_update(change);
    }

    /// Changes the value, as long as its owner exists, and runs again what follows from it.
    pub fn try_update<U>(&self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        let mut held = write(&self.0)?;
        Some(change(typed_mut(&mut held)))
    }

    /// Runs again what follows from the value.
    pub fn notify(&self) {
        self.0.notify();
    }

    /// Changes the value, and nothing more.
    pub fn update_untracked(&self, change: impl FnOnce(&mut T)) {
        if let Some(mut held) = self.0.try_write_untracked() {
            change(typed_mut(&mut held));
        }
    }

    /// Whether its owner has ended.
    pub fn is_disposed(&self) -> bool {
        self.0.is_disposed()
    }
}

impl<T: Default + Send + Sync + 'static> Default for RwSignal<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: PartialEq + Send + Sync + 'static> Memo<T> {
    /// A memo. The closure gets the value before.
    pub fn new(compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        Self::of(memo_of(Box::new(move |before| {
            let before: Option<&dyn Any> = before.map(|before| &*before.0 as &dyn Any);
            Kept(Arc::new(compute(before.and_then(|before| before.downcast_ref()))))
        })))
    }

    pub(crate) fn of_closure(compute: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self::of(memo_of(Box::new(move |_| Kept(Arc::new(compute())))))
    }
}

type Compute = Box<dyn Fn(Option<&Kept>) -> Kept + Send + Sync>;

#[inline(never)]
fn memo_of(compute: Compute) -> Computed {
    Computed::new(compute)
}

impl<T: Send + Sync + 'static> Signal<T> {
    /// What the closure returns, each time that it is read.
    pub fn derive(make: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self::of(made(Arc::new(move || Arc::new(make()))))
    }

    /// A value that never changes.
    pub fn stored(value: T) -> Self {
        Self::of(Source::Cell(cell(Arc::new(value))))
    }
}

impl<T: Default + Send + Sync + 'static> Default for Signal<T> {
    fn default() -> Self {
        Self::stored(T::default())
    }
}

impl<T: 'static> From<RwSignal<T>> for Signal<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self::of(Source::Cell(signal.0))
    }
}

impl<T: 'static> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self::of(Source::Memo(memo.0))
    }
}

impl<T: Send + Sync + 'static> From<T> for Signal<T> {
    fn from(value: T) -> Self {
        Self::stored(value)
    }
}

impl From<&str> for Signal<String> {
    fn from(text: &str) -> Self {
        Self::stored(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use crate::stored::StoredValue;
    use original::prelude::Owner;

    use super::*;

    fn owned<T>(test: impl FnOnce() -> T) -> T {
        Owner::new().with(test)
    }

    #[test]
    fn a_signal_has_the_value_that_it_was_given_last() {
        owned(|| {
            let signal = RwSignal::new(vec![1]);
            signal.update(|list| list.push(2));
            assert_eq!(signal.get(), [1, 2]);
            assert_eq!(signal.try_update(|list| list.pop()), Some(Some(2)));
            signal.set(vec![3]);
            assert_eq!(signal.with_untracked(Vec::len), 1);
            let read: Signal<Vec<i32>> = signal.into();
            assert_eq!(read.get_untracked(), [3]);
        });
    }

    #[test]
    fn a_memo_follows_what_it_reads_and_is_computed_again_only_after_a_change() {
        owned(|| {
            let (signal, runs) = (RwSignal::new(1), StoredValue::new(0));
            let half = Memo::of_closure(move || signal.get() / 2);
            let text = Memo::of_closure(move || {
                runs.update_value(|runs| *runs += 1);
                format!("half: {}", half.get())
            });
            assert_eq!(text.get(), "half: 0");
            signal.set(4);
            assert_eq!((text.get(), text.get(), runs.get_value()), ("half: 2".to_owned(), "half: 2".to_owned(), 2));
            signal.set(5);
            assert_eq!((text.get(), runs.get_value()), ("half: 2".to_owned(), 2));
        });
    }

    #[test]
    fn a_memo_gets_its_value_before() {
        owned(|| {
            let signal = RwSignal::new(1);
            let largest = Memo::new(move |before: Option<&i32>| signal.get().max(before.copied().unwrap_or(0)));
            let seen = [5, 2, 7].map(|value| {
                signal.set(value);
                largest.get()
            });
            assert_eq!(seen, [5, 5, 7]);
        });
    }

    #[test]
    fn a_derived_signal_is_made_each_time_and_its_reader_follows_it() {
        owned(|| {
            let signal = RwSignal::new(1);
            let double = Signal::derive(move || signal.get() * 2);
            let text = Memo::of_closure(move || double.get().to_string());
            assert_eq!((double.get_untracked(), text.get()), (2, "2".to_owned()));
            signal.set(3);
            assert_eq!((double.with(|value| *value), text.get()), (6, "6".to_owned()));
        });
    }

    #[test]
    fn what_is_only_read_does_not_follow() {
        owned(|| {
            let (signal, tracked) = (RwSignal::new(1), RwSignal::new(1));
            let derived = Signal::derive(move || signal.get());
            let sum = Memo::of_closure(move || signal.get_untracked() + derived.get_untracked() + tracked.get());
            assert_eq!(sum.get(), 3);
            signal.set(2);
            assert_eq!(sum.get(), 3);
            tracked.update_untracked(|value| *value = 2);
            assert_eq!(sum.get(), 3);
            tracked.notify();
            assert_eq!(sum.get(), 6);
        });
    }

    #[test]
    fn a_value_can_be_written_while_an_older_one_is_read() {
        owned(|| {
            let signal = RwSignal::new(1);
            let seen = signal.with(|before| {
                signal.set(2);
                (*before, signal.get_untracked())
            });
            assert_eq!(seen, (1, 2));
        });
    }

    #[test]
    fn nothing_is_left_when_the_owner_has_ended() {
        let owner = Owner::new();
        let (signal, stored) = owner.with(|| (RwSignal::new("a".to_owned()), StoredValue::new("b".to_owned())));
        assert!(!signal.is_disposed() && !stored.is_disposed());
        assert_eq!((signal.try_get_untracked().as_deref(), stored.try_get_value().as_deref()), (Some("a"), Some("b")));
        owner.cleanup();
        drop(owner);
        assert!(signal.is_disposed() && stored.is_disposed());
        assert_eq!((signal.try_get_untracked(), stored.try_get_value()), (None, None));
        assert_eq!((signal.try_update(String::clear), stored.try_update_value(String::clear)), (None, None));
        // Also of a signal that is set after its page is gone, nobody hears.
        signal.set("c".to_owned());
        assert_eq!(signal.try_get_untracked(), None);
    }
}
