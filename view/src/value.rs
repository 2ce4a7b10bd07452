//! The values of attributes and properties.

use std::borrow::Cow;

use original::tachys::renderer::{Rndr, types::Element};
use wasm_bindgen::JsValue;

use crate::{
    node::{Node, Part},
    signals::{Memo, RwSignal, Signal},
};

/// A value of an attribute or a property.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// The attribute is not there.
    Absent,
    /// An attribute without text that is there or not.
    Flag(bool),
    /// A text.
    Text(Cow<'static, str>),
}

/// What a [`Value`] is set as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An attribute.
    Attribute,
    /// A property of the JavaScript object.
    Property,
    /// One class of several.
    Class,
    /// One property of the style.
    Style,
}

impl Value {
    /// Whether an element that has just been made is already like this.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent | Self::Flag(false))
    }

    pub(crate) fn apply(&self, element: &Element, kind: Kind, name: &str) {
        let text = match self {
            Self::Text(text) => Some(&**text),
            Self::Flag(true) => Some(""),
            Self::Flag(false) | Self::Absent => None,
        };
        match (kind, text) {
            (Kind::Attribute, Some(text)) => Rndr::set_attribute(element, name, text),
            (Kind::Attribute, None) => Rndr::remove_attribute(element, name),
            (Kind::Property, _) => {
                let value = match self {
                    Self::Text(text) => JsValue::from_str(text),
                    Self::Flag(flag) => JsValue::from_bool(*flag),
                    Self::Absent => JsValue::UNDEFINED,
                };
                Rndr::set_property_or_value(element, name, &value);
            }
            (Kind::Class, Some(_)) => Rndr::add_class(&Rndr::class_list(element), name),
            (Kind::Class, None) => Rndr::remove_class(&Rndr::class_list(element), name),
            (Kind::Style, Some(text)) => Rndr::set_css_property(&Rndr::style(element), name, text),
            (Kind::Style, None) => Rndr::remove_css_property(&Rndr::style(element), name),
        }
    }
}

/// What an attribute can be set to: a value, or a closure or signal that makes one.
pub trait IntoAttributeValue: Sized {
    /// What `view!` calls for each expression; there is nothing to convert.
    fn into_attribute_value(self) -> Self {
        self
    }

    /// The value now.
    fn value(self) -> Value;

    /// Adds it to an element.
    fn add_to(self, node: &mut Node, kind: Kind, name: &'static str) {
        node.push(Part::Set(kind, name, self.value()));
    }
}

impl IntoAttributeValue for &'static str {
    fn value(self) -> Value {
        Value::Text(Cow::Borrowed(self))
    }

    fn add_to(self, node: &mut Node, kind: Kind, name: &'static str) {
        node.push_text(kind, name, self);
    }
}

impl IntoAttributeValue for String {
    fn value(self) -> Value {
        Value::Text(Cow::Owned(self))
    }
}

impl IntoAttributeValue for bool {
    fn value(self) -> Value {
        Value::Flag(self)
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl IntoAttributeValue for $number {
            fn value(self) -> Value {
                Value::Text(Cow::Owned(self.to_string()))
            }
        }
    )*};
}
numbers!(i32 u32 u64 usize);

impl<V: IntoAttributeValue> IntoAttributeValue for Option<V> {
    fn value(self) -> Value {
        self.map_or(Value::Absent, V::value)
    }
}

/// One class, or one property of the style.
impl<V: IntoAttributeValue> IntoAttributeValue for (&'static str, V) {
    fn value(self) -> Value {
        self.1.value()
    }

    fn add_to(self, node: &mut Node, _: Kind, name: &'static str) {
        self.1.add_to(node, if name == "class" { Kind::Class } else { Kind::Style }, self.0);
    }
}

impl<F, V> IntoAttributeValue for F
where
    F: FnMut() -> V + Send + 'static,
    V: IntoAttributeValue,
{
    fn value(mut self) -> Value {
        self().value()
    }

    fn add_to(mut self, node: &mut Node, kind: Kind, name: &'static str) {
        node.follow(kind, name, Box::new(move || self().value()));
    }
}

macro_rules! signals {
    ($($signal:ident)*) => {$(
        impl<V> IntoAttributeValue for $signal<V>
        where
            V: IntoAttributeValue + Clone + Send + Sync + 'static,
        {
            fn value(self) -> Value {
                self.get().value()
            }

            fn add_to(self, node: &mut Node, kind: Kind, name: &'static str) {
                (move || self.get()).add_to(node, kind, name);
            }
        }
    )*};
}
signals!(Memo RwSignal Signal);
