//! Closures of children: whatever they make, it becomes an `AnyView`.

use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    prelude::{AddAnyAttr, AnyView, Render, RenderHtml},
    tachys::{
        hydration::Cursor,
        reactive_graph::RenderEffectState,
        view::{Position, PositionState, any_view::AnyViewState},
    },
};

use crate::erased::erased;

/// A closure that makes views, whatever it is.
pub type Dynamic = Box<dyn FnMut() -> AnyView + Send>;

/// A closure in a view: of children, or of an attribute.
#[derive(Clone, Copy)]
pub struct Reactive<F>(pub F);

/// A closure that makes a view again whenever a signal that it reads changes. `view!` calls this for each closure that is written in a view;
/// a closure that is made elsewhere is given to it by hand.
pub fn dynamic<F>(closure: F) -> Reactive<F> {
    Reactive(closure)
}

impl<F, V> Render for Reactive<F>
where
    F: FnMut() -> V + Send + 'static,
    V: RenderHtml + 'static,
{
    type State = RenderEffectState<AnyViewState>;

    fn build(self) -> Self::State {
        self.into_owned().build()
    }

    fn rebuild(self, state: &mut Self::State) {
        self.into_owned().rebuild(state);
    }
}

impl<F, V> AddAnyAttr for Reactive<F>
where
    F: FnMut() -> V + Send + 'static,
    V: RenderHtml + 'static,
{
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, _: A) -> Self::Output<A> {
        self
    }
}

impl<F, V> RenderHtml for Reactive<F>
where
    F: FnMut() -> V + Send + 'static,
    V: RenderHtml + 'static,
{
    type AsyncOutput = Self;
    type Owned = Dynamic;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Self::State {
        self.build()
    }

    fn into_owned(self) -> Dynamic {
        let mut closure = self.0;
        Box::new(move || erased(closure()))
    }
}
