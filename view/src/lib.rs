//! Leptos, with one type for all elements. The rest of the program depends on this package under the name `leptos`, and its views are
//! written as for any other Leptos program.
//!
//! `view!` makes a type of each element, each attribute, each closure and each list, and Rust compiles building, rebuilding, mounting and
//! freeing again for each of them. Here every element is a [`Node`](node::Node), every attribute a [`Value`](value::Value) or a boxed
//! closure that makes one, every closure of children makes an `AnyView`, and every list has rows of one type. So all of this is compiled
//! once.
//!
//! What `view!` refers to by name is replaced in [`tachys`] and [`prelude`]; everything else is that of Leptos. It renders in the browser
//! only, and attributes that are given to a component are not passed on to its elements.

pub mod closure;
pub mod erased;
mod in_browser;
pub mod node;
pub mod rows;
pub mod signals;
pub mod value;

pub use leptos::*;

pub use crate::closure::dynamic as __as_shared_reactive_fn;

/// What views are written with.
pub mod prelude {
    pub use leptos::prelude::*;

    pub use crate::{
        closure::dynamic,
        erased::{CollectView, IntoMaybeErased, effect, memo},
        rows::For,
        signals::{LocalValue, Memo, RwSignal, Signal, StoredValue},
        value::IntoAttributeValue,
    };
}

/// The renderer.
pub mod tachys {
    pub use leptos::tachys::*;

    /// HTML.
    pub mod html {
        pub use leptos::tachys::html::*;

        /// The elements of HTML. Those that are not listed here are those of Leptos.
        pub mod element {
            pub use leptos::tachys::html::element::*;

            crate::node::elements! {
                None;
                a A, b B, bdi Bdi, button Button, caption Caption, code Code, col Col, colgroup Colgroup, dd Dd, details Details, dialog Dialog,
                div Div, dl Dl, dt Dt, em Em, fieldset Fieldset, footer Footer, form Form, h1 H1, h2 H2, h3 H3, h4 H4, header Header, hr Hr,
                i I, input Input, kbd Kbd, label Label, legend Legend, li Li, main Main, mark Mark, nav Nav, ol Ol, option Option_, p P,
                pre Pre, section Section, select Select, small Small, span Span, strong Strong, summary Summary, table Table, tbody Tbody,
                td Td, textarea Textarea, th Th, thead Thead, time Time, tr Tr, ul Ul,
            }
        }
    }

    /// The elements of SVG.
    pub mod svg {
        pub use leptos::tachys::svg::*;

        crate::node::elements! {
            Some("http://www.w3.org/2000/svg");
            circle Circle, g G, line Line, path Path, rect Rect, svg Svg,
        }
    }
}
