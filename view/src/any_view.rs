//! Views, all of one type.

use std::borrow::Cow;

use original::{
    prelude::{Mountable, Owner, Render, RenderEffect},
    tachys::{
        reactive_graph::RenderEffectState,
        renderer::{CastFrom, Rndr, types},
    },
};
use wasm_bindgen::JsCast;

use crate::{
    node::{Inner, Parts, is_like, update},
    rows::{self, Row, Rows},
};

/// A view of any kind. It is one pointer: that is less code wherever a view is given on.
pub struct AnyView(pub(crate) Box<Kind>);

pub(crate) enum Kind {
    Nothing,
    Text(Cow<'static, str>),
    /// Elements that never change, as HTML; whether they are SVG.
    Inert(Cow<'static, str>, bool),
    Element(Inner),
    List(Vec<AnyView>),
    /// Made again whenever a signal changes that it reads.
    Follow(Box<dyn FnMut() -> AnyView + Send>),
    /// Rows that stay while others come and go, and the owner of theirs.
    Rows(Vec<Row>, Owner),
}

/// A view on the page.
pub enum State {
    /// One node.
    One(types::Node, Shown),
    /// Several views, and the comment behind them.
    Many(Vec<State>, types::Placeholder),
    /// What is made again.
    Follow(RenderEffectState<State>),
    /// Rows.
    Rows(Rows),
}

/// What a node is.
pub enum Shown {
    /// A comment, in whose place a view can come.
    Nothing,
    /// A text.
    Text(Cow<'static, str>),
    /// Elements that never change.
    Inert(Cow<'static, str>),
    /// An element.
    Element(Parts),
}

impl AnyView {
    #[inline(never)]
    pub(crate) fn new(kind: Kind) -> Self {
        Self(Box::new(kind))
    }

    #[inline(never)]
    pub(crate) fn text(text: Cow<'static, str>) -> Self {
        Self::new(Kind::Text(text))
    }

    #[inline(never)]
    pub(crate) fn list(views: Vec<Self>) -> Self {
        Self::new(Kind::List(views))
    }

    #[inline(never)]
    pub(crate) fn nothing() -> Self {
        Self::new(Kind::Nothing)
    }

    #[inline(never)]
    pub(crate) fn follow(closure: Box<dyn FnMut() -> Self + Send>) -> Self {
        Self::new(Kind::Follow(closure))
    }
}

fn inert(html: Cow<'static, str>, is_svg: bool) -> State {
    let element = if is_svg { Rndr::create_svg_element_from_html(html.clone()) } else { Rndr::create_element_from_html(html.clone()) };
    State::One(element.into(), Shown::Inert(html))
}

fn follow(mut closure: Box<dyn FnMut() -> AnyView + Send>) -> State {
    let effect = RenderEffect::new(move |before: Option<State>| {
        let view = closure();
        match before {
            Some(mut state) => {
                view.rebuild(&mut state);
                state
            }
            None => view.build(),
        }
    });
    State::Follow(effect.into())
}

impl Render for AnyView {
    type State = State;

    fn build(self) -> State {
        match *self.0 {
            Kind::Nothing => State::One(Rndr::create_placeholder().into(), Shown::Nothing),
            Kind::Text(text) => State::One(Rndr::create_text_node(&text).into(), Shown::Text(text)),
            Kind::Inert(html, is_svg) => inert(html, is_svg),
            Kind::Element(element) => {
                let (element, parts) = element.build();
                State::One(element.into(), Shown::Element(parts))
            }
            Kind::List(views) => State::Many(views.into_iter().map(Self::build).collect(), Rndr::create_placeholder()),
            Kind::Follow(closure) => follow(closure),
            Kind::Rows(rows, owner) => State::Rows(rows::build(rows, &owner)),
        }
    }

    fn rebuild(self, state: &mut State) {
        match (*self.0, &mut *state) {
            (Kind::Nothing, State::One(_, Shown::Nothing)) => {}
            (Kind::Text(new), State::One(node, Shown::Text(text))) => {
                if new != *text {
                    Rndr::set_text(node.unchecked_ref(), &new);
                    *text = new;
                }
            }
            (Kind::Inert(new, _), State::One(_, Shown::Inert(html))) if new == *html => {}
            (Kind::Element(new), State::One(node, Shown::Element(parts))) if is_like(&new, parts) => {
                update(node.unchecked_ref(), new, parts);
            }
            (Kind::List(new), State::Many(states, marker)) => update_list(new, states, marker),
            (Kind::Rows(rows, owner), State::Rows(state)) => state.update(rows, &owner),
            (kind, state) => {
                let mut new = Self::new(kind).build();
                state.insert_before_this(&mut new);
                state.unmount();
                *state = new;
            }
        }
    }
}

fn update_list(new: Vec<AnyView>, states: &mut Vec<State>, marker: &types::Placeholder) {
    for mut state in states.drain(new.len().min(states.len())..) {
        state.unmount();
    }
    let mut new = new.into_iter();
    // In this order: the other one takes a view that it then has no state for.
    for (state, view) in states.iter_mut().zip(new.by_ref()) {
        view.rebuild(state);
    }
    for view in new {
        let mut state = view.build();
        insert_before(marker, &mut state);
        states.push(state);
    }
}

/// Inserts a view before a node, and returns whether the node is on the page.
pub(crate) fn insert_before(node: &types::Node, view: &mut dyn Mountable) -> bool {
    let parent = Rndr::get_parent(node).and_then(types::Element::cast_from);
    if let Some(parent) = &parent {
        view.mount(parent, Some(node));
    }
    parent.is_some()
}

impl Mountable for State {
    fn unmount(&mut self) {
        match self {
            Self::One(node, _) => Rndr::remove(node),
            Self::Many(states, marker) => {
                for state in states {
                    state.unmount();
                }
                Rndr::remove(marker);
            }
            Self::Follow(state) => state.unmount(),
            Self::Rows(state) => state.unmount(),
        }
    }

    fn mount(&mut self, parent: &types::Element, before: Option<&types::Node>) {
        match self {
            Self::One(node, _) => Rndr::insert_node(parent, node, before),
            Self::Many(states, marker) => {
                for state in states {
                    state.mount(parent, before);
                }
                Rndr::insert_node(parent, marker, before);
            }
            Self::Follow(state) => state.mount(parent, before),
            Self::Rows(state) => state.mount(parent, before),
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self {
            Self::One(node, _) => insert_before(node, child),
            Self::Many(states, marker) => match states.first() {
                Some(first) => first.insert_before_this(child),
                None => insert_before(marker, child),
            },
            Self::Follow(state) => state.insert_before_this(child),
            Self::Rows(state) => state.insert_before_this(child),
        }
    }

    /// The element, if it is one.
    fn elements(&self) -> Vec<types::Element> {
        match self {
            Self::One(node, Shown::Element(_)) => vec![node.clone().unchecked_into()],
            _ => Vec::new(),
        }
    }
}
