//! Stored values, of one type inside, as [signals](crate::signals) are.

use std::{marker::PhantomData, ops::DerefMut, sync::Arc};

use original::prelude::{self, IsDisposed, ReadValue, SetValue, WriteValue};

use crate::signals::{Held, disposed, typed, typed_mut};

/// A value that is kept as long as the owner, and that nothing follows.
pub struct StoredValue<T>(prelude::StoredValue<Held>, PhantomData<fn(T) -> T>);

impl<T> Copy for StoredValue<T> {}

impl<T> Clone for StoredValue<T> {
    fn clone(&self) -> Self {
        *self
    }
}

#[inline(never)]
fn stored(value: Held) -> prelude::StoredValue<Held> {
    prelude::StoredValue::new(value)
}

#[inline(never)]
fn try_stored(of: prelude::StoredValue<Held>) -> Option<Held> {
    of.try_read_value().map(|held| held.clone())
}

#[inline(never)]
fn set_stored(of: prelude::StoredValue<Held>, value: Held) {
    of.set_value(value);
}

#[inline(never)]
fn write_stored(of: &prelude::StoredValue<Held>) -> Option<impl DerefMut<Target = Held>> {
    of.try_write_value()
}

impl<T: Send + Sync + 'static> StoredValue<T> {
    /// Keeps a value.
    pub fn new(value: T) -> Self {
        Self(stored(Arc::new(value)), PhantomData)
    }

    /// Runs the closure with the value.
    pub fn with_value<U>(&self, read: impl FnOnce(&T) -> U) -> U {
        match try_stored(self.0) {
            Some(held) => read(typed(&held)),
            None => disposed(),
        }
    }

    /// The value.
    pub fn get_value(&self) -> T
    where
        T: Clone,
    {
        self.with_value(T::clone)
    }

    /// The value, as long as its owner exists.
    pub fn try_get_value(&self) -> Option<T>
    where
        T: Clone,
    {
        try_stored(self.0).map(|held| typed::<T>(&held).clone())
    }

    /// Replaces the value.
    pub fn set_value(&self, value: T) {
        set_stored(self.0, Arc::new(value));
    }

    /// Changes the value.
    pub fn update_value(&self, change: impl FnOnce(&mut T)) {
        self.try_update_value(change);
    }

    /// Changes the value, as long as its owner exists.
    pub fn try_update_value<U>(&self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        let mut held = write_stored(&self.0)?;
        Some(change(typed_mut(&mut held)))
    }

    /// Whether its owner has ended.
    pub fn is_disposed(&self) -> bool {
        self.0.is_disposed()
    }
}

/// A kept value of a type that must stay in its thread.
pub type LocalValue<T> = prelude::StoredValue<T, prelude::LocalStorage>;
