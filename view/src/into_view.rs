//! What can be a view, and how it becomes one of the one type.

use std::borrow::Cow;

use crate::{
    any_view::{AnyView, Kind},
    node::Node,
    signals::{Memo, RwSignal, Signal},
};

/// Something that can be shown.
pub trait IntoView: Sized {
    /// A view of it.
    fn into_any(self) -> AnyView;

    /// Adds it to the children of an element.
    fn add_to(self, node: &mut Node) {
        node.push_child(self.into_any());
    }
}

impl IntoView for AnyView {
    fn into_any(self) -> AnyView {
        self
    }
}

impl IntoView for () {
    fn into_any(self) -> AnyView {
        AnyView::nothing()
    }
}

impl IntoView for &'static str {
    fn into_any(self) -> AnyView {
        AnyView::text(Cow::Borrowed(self))
    }
}

impl IntoView for String {
    fn into_any(self) -> AnyView {
        AnyView::text(Cow::Owned(self))
    }
}

impl IntoView for Cow<'static, str> {
    fn into_any(self) -> AnyView {
        AnyView::text(self)
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl IntoView for $number {
            fn into_any(self) -> AnyView {
                self.to_string().into_any()
            }
        }
    )*};
}
numbers!(i32 u32 u64 usize);

impl<V: IntoView> IntoView for Option<V> {
    fn into_any(self) -> AnyView {
        match self {
            Some(view) => view.into_any(),
            None => AnyView::nothing(),
        }
    }
}

impl<V: IntoView> IntoView for Vec<V> {
    fn into_any(self) -> AnyView {
        AnyView::list(self.into_iter().map(V::into_any).collect())
    }
}

macro_rules! tuples {
    ($(($($view:ident)*))*) => {$(
        #[expect(non_snake_case, reason = "one list of names for types and values")]
        impl<$($view: IntoView),*> IntoView for ($($view,)*) {
            fn into_any(self) -> AnyView {
                let ($($view,)*) = self;
                AnyView::list(vec![$($view.into_any()),*])
            }

            fn add_to(self, node: &mut Node) {
                let ($($view,)*) = self;
                node.push_children(vec![$($view.into_any()),*]);
            }
        }
    )*};
}
// `view!` makes tuples where components are not erased, of at most sixteen children each.
tuples! {
    (A)
    (A B)
    (A B C)
    (A B C D)
    (A B C D E)
    (A B C D E F)
    (A B C D E F G)
    (A B C D E F G H)
    (A B C D E F G H I)
    (A B C D E F G H I J)
    (A B C D E F G H I J K)
    (A B C D E F G H I J K L)
    (A B C D E F G H I J K L M)
    (A B C D E F G H I J K L M N)
    (A B C D E F G H I J K L M N O)
    (A B C D E F G H I J K L M N O P)
}

impl<F, V> IntoView for F
where
    F: FnMut() -> V + Send + 'static,
    V: IntoView,
{
    fn into_any(mut self) -> AnyView {
        AnyView::follow(Box::new(move || self().into_any()))
    }
}

macro_rules! signals {
    ($($signal:ident)*) => {$(
        impl<V: IntoView + Clone + Send + Sync + 'static> IntoView for $signal<V> {
            fn into_any(self) -> AnyView {
                (move || self.get()).into_any()
            }
        }
    )*};
}
signals!(Memo RwSignal Signal);

/// What `view!` makes of an element or a component at its top.
pub struct View<V>(V);

impl<V: IntoView> View<V> {
    /// The view.
    pub fn new(view: V) -> Self {
        Self(view)
    }

    /// A place in the source, which only hot reloading asks for.
    pub fn with_view_marker(self, _: &'static str) -> Self {
        self
    }
}

impl<V: IntoView> IntoView for View<V> {
    fn into_any(self) -> AnyView {
        self.0.into_any()
    }
}

/// What `view!` calls for each block; there is nothing to convert.
pub trait IntoRender: Sized {
    /// The same.
    fn into_render(self) -> Self {
        self
    }
}

impl<V> IntoRender for V {}

/// What `view!` calls for each of several children, and `#[component]` for what a component returns.
pub trait IntoMaybeErased {
    /// A view of the one type.
    fn into_maybe_erased(self) -> AnyView;
}

impl<V: IntoView> IntoMaybeErased for V {
    fn into_maybe_erased(self) -> AnyView {
        self.into_any()
    }
}

/// Several children.
pub struct StaticVec(Vec<AnyView>);

impl From<Vec<AnyView>> for StaticVec {
    fn from(views: Vec<AnyView>) -> Self {
        Self(views)
    }
}

impl IntoView for StaticVec {
    fn into_any(self) -> AnyView {
        AnyView::list(self.0)
    }

    fn add_to(self, node: &mut Node) {
        node.push_children(self.0);
    }
}

/// Collects views into a list.
pub trait CollectView {
    /// The list.
    fn collect_view(self) -> Vec<AnyView>;
}

impl<I> CollectView for I
where
    I: IntoIterator<Item: IntoView>,
{
    fn collect_view(self) -> Vec<AnyView> {
        self.into_iter().map(IntoView::into_any).collect()
    }
}

/// HTML or SVG that never changes. `view!` makes it of elements in which nothing does.
pub struct Inert<const IS_SVG: bool>(&'static str);

impl<const IS_SVG: bool> Inert<IS_SVG> {
    /// Of this text.
    pub fn new(html: &'static str) -> Self {
        Self(html)
    }
}

impl<const IS_SVG: bool> IntoView for Inert<IS_SVG> {
    fn into_any(self) -> AnyView {
        AnyView::new(Kind::Inert(Cow::Borrowed(self.0), IS_SVG))
    }
}

/// The children of a component.
pub mod children {
    use super::{AnyView, IntoView};

    /// Children that are made once.
    pub type Children = Box<dyn FnOnce() -> AnyView + Send>;

    /// What `view!` makes of what is between the tags of a component.
    pub trait ToChildren<F> {
        /// The children.
        fn to_children(make: F) -> Self;
    }

    impl<F, V> ToChildren<F> for Children
    where
        F: FnOnce() -> V + Send + 'static,
        V: IntoView,
    {
        fn to_children(make: F) -> Self {
            Box::new(move || make().into_any())
        }
    }

    /// A block that is the only child of a component.
    pub struct ChildrenOptContainer<V>(pub V);

    impl<V: IntoView + Send + 'static> ToChildren<ChildrenOptContainer<V>> for Children {
        fn to_children(make: ChildrenOptContainer<V>) -> Self {
            Box::new(move || make.0.into_any())
        }
    }
}
