//! Where views and memos lose their types.

use leptos::prelude::{AnyView, IntoAny, IntoView, Memo, RenderHtml};

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
        self.into_iter().map(|view| erased(view)).collect()
    }
}

/// A memo: what the closure returns, until a signal that it reads changes. As [`Memo::new`], but compiled once for each type of value.
pub fn memo<T>(closure: impl Fn() -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    boxed(Box::new(closure))
}

#[inline(never)]
fn boxed<T>(closure: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| closure())
}
