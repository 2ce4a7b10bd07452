//! Leptos, with one type for all elements. The rest of the program depends on this package under the name `leptos`, and its views are
//! written as for any other Leptos program.
//!
//! `view!` makes a type of each element, each attribute, each closure and each list, and Rust compiles building, rebuilding, mounting and
//! freeing again for each of them; and a signal for each type of its value. Here every view is an [`AnyView`](any_view::AnyView), every
//! attribute a [`Value`](value::Value) or a boxed closure that makes one, and every signal, memo and stored value has one type inside. So
//! all of this is compiled once.
//!
//! What `view!` and its authors refer to by name is replaced in [`tachys`] and [`prelude`]; everything else is that of Leptos. It renders
//! in the browser only, and attributes that are given to a component are not passed on to its elements.

// For the macros of Leptos, which refer to it by this name.
extern crate self as leptos;

pub mod any_view;
pub mod closure;
pub mod erased;
pub mod into_view;
pub mod mount;
pub mod node;
pub mod node_ref;
pub mod rows;
pub mod signals;
pub mod stored;
pub mod value;

pub use original::*;

pub use crate::{closure::dynamic as __as_shared_reactive_fn, into_view::children, mount::Portal};

/// What views are written with.
pub mod prelude {
    pub use original::prelude::*;

    pub use crate::{
        any_view::AnyView,
        closure::dynamic,
        erased::{effect, memo},
        into_view::{CollectView, IntoMaybeErased, IntoRender, IntoView, IntoView as IntoAny, View, children::Children},
        mount::{mount_to, mount_to_body},
        node_ref::NodeRef,
        rows::For,
        signals::{Memo, RwSignal, Signal},
        stored::{LocalValue, StoredValue},
        value::IntoAttributeValue,
    };
}

/// The renderer.
pub mod tachys {
    pub use original::tachys::*;

    /// What views are.
    pub mod view {
        pub use original::tachys::view::*;

        /// Several views.
        pub mod iterators {
            pub use crate::into_view::StaticVec;
        }
    }

    /// HTML.
    pub mod html {
        pub use original::tachys::html::*;

        /// HTML that never changes.
        pub type InertElement = crate::into_view::Inert<false>;

        /// The elements of HTML. Those that are not listed here are those of Leptos.
        pub mod element {
            pub use original::tachys::html::element::*;

            crate::node::elements! {
                None;
                a A, b B, bdi Bdi, button Button, caption Caption, code Code, col Col, colgroup Colgroup, datalist Datalist, dd Dd, details Details, dialog Dialog,
                div Div, dl Dl, dt Dt, em Em, fieldset Fieldset, footer Footer, form Form, h1 H1, h2 H2, h3 H3, h4 H4, header Header, hr Hr,
                i I, input Input, kbd Kbd, label Label, legend Legend, li Li, main Main, mark Mark, nav Nav, ol Ol, optgroup Optgroup, option Option_, p P,
                pre Pre, section Section, select Select, small Small, span Span, strong Strong, summary Summary, table Table, tbody Tbody,
                td Td, textarea Textarea, th Th, thead Thead, time Time, tr Tr, ul Ul,
            }
        }
    }

    /// The elements of SVG.
    pub mod svg {
        pub use original::tachys::svg::*;

        /// SVG that never changes.
        pub type InertElement = crate::into_view::Inert<true>;

        crate::node::elements! {
            Some("http://www.w3.org/2000/svg");
            circle Circle, g G, line Line, path Path, rect Rect, svg Svg,
        }
    }
}
