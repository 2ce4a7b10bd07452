//! Where views and memos lose their types.

use leptos::prelude::{self, AnyView, EffectFunction, IntoAny, IntoView, RenderHtml};

use crate::signals::Memo;

/// A view of any type. That of an element is made in one place, whatever element it is.
pub fn erased(view: impl RenderHtml) -> AnyView {
    into_any(view.into_owned())
}

#[inline(never)]
fn into_any<V: RenderHtml>(view: V) -> AnyView {
    view.into_any()
}

/// What `view!` calls for each of several children, and `#[component]` for what a component returns.
pub trait IntoMaybeErased {
    /// The same without its type.
    fn into_maybe_erased(self) -> AnyView;
}

impl<V: RenderHtml> IntoMaybeErased for V {
    fn into_maybe_erased(self) -> AnyView {
        erased(self)
    }
}

/// Collects views into a list of views without types.
pub trait CollectView {
    /// The list.
    fn collect_view(self) -> Vec<AnyView>;
}

impl<I> CollectView for I
where
    I: IntoIterator<Item: IntoView>,
{
    fn collect_view(self) -> Vec<AnyView> {
        self.into_iter().map(erased).collect()
    }
}

/// A memo: what the closure returns, until a signal that it reads changes. As [`Memo::new`], for a closure that does not ask for the value
/// before.
pub fn memo<T: PartialEq + Send + Sync + 'static>(closure: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    Memo::of_closure(closure)
}

/// Runs the closure once the page shows what it is about, and again whenever a signal that it reads changes. As `Effect::new`, but compiled
/// once for each type of value that it keeps.
pub fn effect<T: 'static, M>(mut closure: impl EffectFunction<T, M> + 'static) {
    boxed_effect(Box::new(move |before| closure.run(before)));
}

#[inline(never)]
fn boxed_effect<T: 'static>(closure: Box<dyn FnMut(Option<T>) -> T>) {
    prelude::Effect::new(closure);
}
