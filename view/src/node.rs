//! Elements, all of one type.

use std::{borrow::Cow, marker::PhantomData};

use original::{
    ev::{EventDescriptor, Targeted},
    html::ElementType,
    prelude::{Mountable, Owner, Render, RenderEffect},
    tachys::renderer::{RemoveEventHandler, Rndr, types},
};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;

use crate::{
    any_view::{AnyView, Kind as ViewKind, State},
    into_view::IntoView,
    node_ref::{Handle, NodeRef},
    value::{IntoAttributeValue, Kind, Value},
};

type Handler = Box<dyn FnMut(JsValue)>;

/// An element that is not on the page yet. `E` is its kind, which only event targets and node references ask for.
pub struct Element<E> {
    node: Node,
    kind: PhantomData<fn() -> E>,
}

/// An element of any kind: a view that is known to be one.
pub struct Node(AnyView);

pub(crate) struct Inner {
    tag: &'static str,
    namespace: Option<&'static str>,
    parts: Vec<Part>,
    children: Vec<AnyView>,
}

/// What an element has besides its children.
pub(crate) enum Part {
    /// A value that stays.
    Set(Kind, &'static str, Value),
    /// A value that follows signals.
    Follow(Kind, &'static str, Follow),
    Listen(Cow<'static, str>, Owner, SendWrapper<Handler>),
    Refer(Handle),
}

pub(crate) type Follow = Box<dyn FnMut() -> Value + Send>;

impl Node {
    #[inline(never)]
    fn new(tag: &'static str, namespace: Option<&'static str>) -> Self {
        Self(AnyView::new(ViewKind::Element(Inner { tag, namespace, parts: Vec::new(), children: Vec::new() })))
    }

    #[inline(never)]
    pub(crate) fn push(&mut self, part: Part) {
        if let ViewKind::Element(inner) = &mut *self.0.0 {
            inner.parts.push(part);
        }
    }

    #[inline(never)]
    pub(crate) fn push_text(&mut self, kind: Kind, name: &'static str, text: &'static str) {
        self.push(Part::Set(kind, name, Value::Text(Cow::Borrowed(text))));
    }

    #[inline(never)]
    pub(crate) fn follow(&mut self, kind: Kind, name: &'static str, follow: Follow) {
        self.push(Part::Follow(kind, name, follow));
    }

    #[inline(never)]
    pub(crate) fn push_child(&mut self, child: AnyView) {
        if let ViewKind::Element(inner) = &mut *self.0.0 {
            inner.children.push(child);
        }
    }

    #[inline(never)]
    pub(crate) fn push_children(&mut self, children: Vec<AnyView>) {
        if let ViewKind::Element(inner) = &mut *self.0.0 {
            inner.children.extend(children);
        }
    }

    #[inline(never)]
    fn listen(&mut self, name: Cow<'static, str>, handler: Handler) {
        self.push(Part::Listen(name, Owner::current().unwrap_or_default(), SendWrapper::new(handler)));
    }
}

impl<E> Element<E> {
    #[inline(never)]
    pub(crate) fn new(tag: &'static str, namespace: Option<&'static str>) -> Self {
        Self { node: Node::new(tag, namespace), kind: PhantomData }
    }

    fn with(mut self, kind: Kind, name: &'static str, value: impl IntoAttributeValue) -> Self {
        value.add_to(&mut self.node, kind, name);
        self
    }

    /// Adds a child, or several.
    pub fn child(mut self, child: impl IntoView) -> Self {
        child.add_to(&mut self.node);
        self
    }

    /// Adds an attribute.
    pub fn attr(self, name: &'static str, value: impl IntoAttributeValue) -> Self {
        self.with(Kind::Attribute, name, value)
    }

    /// Sets a property of the JavaScript object.
    pub fn prop(self, name: &'static str, value: impl IntoAttributeValue) -> Self {
        self.with(Kind::Property, name, value)
    }

    /// Adds a listener.
    pub fn on<D>(mut self, event: D, mut handler: impl FnMut(D::EventType) + 'static) -> Self
    where
        D: EventDescriptor,
        D::EventType: From<JsValue>,
    {
        self.node.listen(event.name(), Box::new(move |event| handler(event.into())));
        self
    }

    /// Adds a listener that knows what kind of element it is on.
    pub fn on_target<D>(mut self, event: D, mut handler: impl FnMut(Targeted<D::EventType, E::Output>) + 'static) -> Self
    where
        D: EventDescriptor,
        D::EventType: From<JsValue>,
        E: ElementType,
    {
        self.node.listen(event.name(), Box::new(move |event| handler(D::EventType::from(event).into())));
        self
    }

    /// Lets a reference refer to the element.
    pub fn node_ref(mut self, reference: NodeRef<E>) -> Self
    where
        E: ElementType,
    {
        self.node.push(Part::Refer(reference.handle()));
        self
    }
}

/// A part of an element on the page.
struct Attached {
    of: Option<(Kind, &'static str)>,
    _kept: Kept,
}

/// What ends when it is dropped.
#[expect(dead_code, reason = "dropping it is its use")]
enum Kept {
    Nothing,
    Effect(RenderEffect<Value>),
    Listener(RemoveEventHandler<types::Element>),
}

/// Attaches a part to an element, which has just been made or has parts already.
fn attach(element: &types::Element, part: Part, is_new: bool) -> Attached {
    match part {
        Part::Set(kind, name, value) => {
            if !(is_new && value.is_absent() && kind != Kind::Property) {
                value.apply(element, kind, name);
            }
            Attached { of: Some((kind, name)), _kept: Kept::Nothing }
        }
        Part::Follow(kind, name, mut follow) => {
            let element = element.clone();
            let effect = RenderEffect::new(move |known: Option<Value>| {
                let value = follow();
                let is_set = match &known {
                    None => is_new && value.is_absent() && kind != Kind::Property,
                    // A person changes properties too.
                    Some(known) => *known == value && kind != Kind::Property,
                };
                if !is_set {
                    value.apply(&element, kind, name);
                }
                value
            });
            Attached { of: Some((kind, name)), _kept: Kept::Effect(effect) }
        }
        Part::Listen(name, owner, handler) => {
            let mut handler = handler.take();
            let listener = Rndr::add_event_listener(element, &name, Box::new(move |event| owner.with(|| handler(event))));
            Attached { of: None, _kept: Kept::Listener(listener) }
        }
        Part::Refer(handle) => {
            handle.set(Some(SendWrapper::new(element.clone())));
            Attached { of: None, _kept: Kept::Nothing }
        }
    }
}

/// What an element on the page has.
pub struct Parts {
    tag: &'static str,
    parts: Vec<Attached>,
    children: Vec<State>,
}

impl Inner {
    pub(crate) fn build(self) -> (types::Element, Parts) {
        let Self { tag, namespace, parts, children } = self;
        let element = Rndr::create_element(tag, namespace);
        let parts = parts.into_iter().map(|part| attach(&element, part, true)).collect();
        let mut children: Vec<_> = children.into_iter().map(Render::build).collect();
        for child in &mut children {
            child.mount(&element, None);
        }
        (element, Parts { tag, parts, children })
    }
}

/// Whether the element on the page can become the new one.
pub(crate) fn is_like(new: &Inner, old: &Parts) -> bool {
    new.tag == old.tag && new.children.len() == old.children.len()
}

/// Makes an element on the page like the new one.
pub(crate) fn update(element: &types::Element, new: Inner, old: &mut Parts) {
    let Inner { parts, children, .. } = new;
    let is_kept = |of| {
        parts.iter().any(|part| match part {
            Part::Set(kind, name, _) | Part::Follow(kind, name, _) => of == (*kind, *name),
            _ => false,
        })
    };
    for (kind, name) in old.parts.drain(..).filter_map(|part| part.of) {
        if !is_kept((kind, name)) {
            Value::Absent.apply(element, kind, name);
        }
    }
    old.parts = parts.into_iter().map(|part| attach(element, part, false)).collect();
    for (child, state) in children.into_iter().zip(&mut old.children) {
        child.rebuild(state);
    }
}

impl<E> IntoView for Element<E> {
    fn into_any(self) -> AnyView {
        self.node.0
    }
}

macro_rules! attributes {
    ($($method:ident $name:literal,)*) => {
        /// Attributes, by the names that `view!` has for them.
        #[expect(missing_docs, reason = "each is the attribute of its name")]
        impl<E> Element<E> {$(
            pub fn $method(self, value: impl IntoAttributeValue) -> Self {
                self.attr($name, value)
            }
        )*}
    };
}

attributes! {
    aria_activedescendant "aria-activedescendant", aria_autocomplete "aria-autocomplete", aria_busy "aria-busy", aria_controls "aria-controls",
    aria_current "aria-current", aria_describedby "aria-describedby", aria_disabled "aria-disabled", aria_expanded "aria-expanded",
    aria_haspopup "aria-haspopup", aria_hidden "aria-hidden", aria_invalid "aria-invalid", aria_keyshortcuts "aria-keyshortcuts",
    aria_label "aria-label", aria_labelledby "aria-labelledby", aria_live "aria-live", aria_modal "aria-modal", aria_pressed "aria-pressed",
    aria_rowcount "aria-rowcount", aria_rowindex "aria-rowindex", aria_selected "aria-selected", aria_sort "aria-sort",
    autocapitalize "autocapitalize", autocomplete "autocomplete", autofocus "autofocus", checked "checked", class "class", colspan "colspan",
    cols "cols", datetime "datetime", dir "dir", disabled "disabled", download "download", r#for "for", hidden "hidden", href "href", id "id",
    inputmode "inputmode", label "label", lang "lang", list "list", max "max", maxlength "maxlength", min "min", minlength "minlength",
    form "form", name "name", novalidate "novalidate", open "open", part "part", pattern "pattern", placeholder "placeholder", readonly "readonly",
    rel "rel", required "required", role "role", rows "rows", rowspan "rowspan", scope "scope", selected "selected", spellcheck "spellcheck",
    src "src", step "step", style "style", tabindex "tabindex", target "target", title "title", r#type "type", value "value", width "width",
}

macro_rules! elements {
    ($namespace:expr; $($tag:ident $kind:ident,)*) => {$(
        #[expect(missing_docs, reason = "it makes the element of its name")]
        pub fn $tag() -> $crate::node::Element<$kind> {
            $crate::node::Element::new(stringify!($tag), $namespace)
        }
    )*};
}
pub(crate) use elements;
