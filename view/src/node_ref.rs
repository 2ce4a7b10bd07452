//! References to elements on the page.

use std::marker::PhantomData;

use original::{html::ElementType, tachys::renderer::types};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;

use crate::signals::RwSignal;

pub(crate) type Handle = RwSignal<Option<SendWrapper<types::Element>>>;

/// A reference to an element of this kind, once it is made. As that of Leptos.
pub struct NodeRef<E>(Handle, PhantomData<fn() -> E>);

impl<E> Copy for NodeRef<E> {}

impl<E> Clone for NodeRef<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Default for NodeRef<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> NodeRef<E> {
    /// A reference that no element has yet.
    pub fn new() -> Self {
        Self(RwSignal::new(None), PhantomData)
    }

    pub(crate) fn handle(self) -> Handle {
        self.0
    }
}

impl<E: ElementType<Output: JsCast>> NodeRef<E> {
    /// The element. What runs now runs again when there is one.
    pub fn get(self) -> Option<E::Output> {
        self.0.get().map(typed)
    }

    /// The element.
    pub fn get_untracked(self) -> Option<E::Output> {
        self.0.get_untracked().map(typed)
    }

    /// The element, as long as the owner of the reference exists.
    pub fn try_get_untracked(self) -> Option<Option<E::Output>> {
        self.0.try_get_untracked().map(|element| element.map(typed))
    }
}

fn typed<T: JsCast>(element: SendWrapper<types::Element>) -> T {
    element.take().unchecked_into()
}
