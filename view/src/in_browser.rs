//! What Leptos asks of every view, and only a server that renders pages needs.

/// Implements that for views that are rendered in the browser alone. Behind `as` is the type of what stays of
/// a view, and behind `=>`, how that is made.
macro_rules! in_browser {
    ([$($generics:tt)*] $view:ty as $owned:ty, $self:ident => $into:expr) => {
        impl<$($generics)*> leptos::prelude::AddAnyAttr for $view {
            type Output<A: leptos::attr::Attribute> = Self;

            fn add_any_attr<A: leptos::attr::Attribute>(self, _: A) -> Self::Output<A> {
                self
            }
        }

        impl<$($generics)*> leptos::prelude::RenderHtml for $view {
            type AsyncOutput = Self;
            type Owned = $owned;

            const MIN_LENGTH: usize = 0;

            fn dry_resolve(&mut self) {}

            async fn resolve(self) -> Self {
                self
            }

            fn to_html_with_buf(
                self,
                _: &mut String,
                _: &mut leptos::tachys::view::Position,
                _: bool,
                _: bool,
                _: Vec<leptos::attr::any_attribute::AnyAttribute>,
            ) {
            }

            fn hydrate<const FROM_SERVER: bool>(
                self,
                _: &leptos::tachys::hydration::Cursor,
                _: &leptos::tachys::view::PositionState,
            ) -> Self::State {
                leptos::prelude::Render::build(self)
            }

            fn into_owned($self) -> $owned {
                $into
            }
        }
    };
}
pub(crate) use in_browser;
