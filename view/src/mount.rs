//! Views on the page.

use original::{
    mount::{UnmountHandle, mount_to_renderer},
    prelude::{Effect, component, document, on_cleanup},
    tachys::{dom::body, renderer::types},
};
use send_wrapper::SendWrapper;

use crate::{
    any_view::{AnyView, State},
    into_view::{IntoView, children::Children},
};

/// Shows a view at the end of an element. It is removed when the handle is dropped.
pub fn mount_to<V: IntoView>(parent: &types::Element, view: impl FnOnce() -> V + 'static) -> UnmountHandle<State> {
    mount(parent, Box::new(move || view().into_any()))
}

/// Shows a view in the body of the page, as long as the page is open.
pub fn mount_to_body<V: IntoView>(view: impl FnOnce() -> V + 'static) {
    mount_to(&body(), view).forget();
}

#[inline(never)]
fn mount(parent: &types::Element, view: Box<dyn FnOnce() -> AnyView>) -> UnmountHandle<State> {
    mount_to_renderer(parent, view)
}

/// Shows its children elsewhere on the page, in an element of its own. As that of Leptos.
#[component(transparent)]
pub fn Portal(
    /// Where that element is added.
    mount: types::Element,
    /// What is shown.
    children: Children,
) -> AnyView {
    let mut children = Some(children);
    Effect::new(move |_| {
        let (Some(children), Ok(container)) = (children.take(), document().create_element("div")) else { return };
        drop(mount.append_child(&container));
        let handle = SendWrapper::new((mount_to(&container, children), container));
        on_cleanup(move || {
            let (handle, container) = handle.take();
            drop(handle);
            container.remove();
        });
    });
    AnyView::nothing()
}
