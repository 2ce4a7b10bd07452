//! Closures of children: whatever they make, it becomes an `AnyView`.

use leptos::{
    prelude::{AnyView, Render, RenderHtml},
    tachys::{reactive_graph::RenderEffectState, view::any_view::AnyViewState},
};

use crate::{erased::erased, in_browser::in_browser};

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

in_browser!([F: FnMut() -> V + Send + 'static, V: RenderHtml + 'static] Reactive<F> as Dynamic, self => {
    let mut closure = self.0;
    Box::new(move || erased(closure()))
});
