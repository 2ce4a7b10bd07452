//! Writes answers as compact JSON, byte for byte as `serde_json` does: no spaces, members in the order of the struct.
//!
//! Why not `serde_json` here: it can write numbers with a fraction, and the tables for that alone weigh ten kilobytes in the
//! checker's download; and what `serde` derives can fail after each member, which takes time and room. A test compares the two.

use alloc::{borrow::Cow, string::String, vec::Vec};

use super::parse::plain;
use crate::scope::support::text::push_digits;

/// What answers are made of.
pub trait Encode {
    /// Writes the value at the end of the text.
    fn write(&self, to: &mut Encoder);
}

/// What an optional member can be: one that says nothing is left out.
pub trait Blank {
    /// Whether it says nothing.
    fn is_blank(&self) -> bool;
}

/// The value as JSON text.
pub fn to_json(value: &(impl Encode + ?Sized)) -> String {
    // Most answers are longer.
    let mut writer = Encoder(String::with_capacity(1024));
    value.write(&mut writer);
    writer.0
}

/// JSON text, while it is written.
pub struct Encoder(String);

impl Encoder {
    /// Brackets, commas and names.
    pub(in crate::scope) fn raw(&mut self, text: &'static str) {
        self.0.push_str(text);
    }

    #[inline(never)]
    pub(in crate::scope) fn text(&mut self, text: &str) {
        self.raw("\"");
        let mut rest = text;
        while let Some((plain, special)) = rest.split_at_checked(plain(rest.as_bytes())) {
            self.0.push_str(plain);
            let Some(byte) = special.bytes().next() else { break };
            let escaped = match byte {
                b'"' => "\\\"",
                b'\\' => "\\\\",
                8 => "\\b",
                9 => "\\t",
                10 => "\\n",
                12 => "\\f",
                13 => "\\r",
                _ => "\\u00",
            };
            self.0.push_str(escaped);
            if escaped.len() == 4 {
                push_digits(&mut self.0, usize::from(byte >> 4), 16);
                push_digits(&mut self.0, usize::from(byte & 15), 16);
            }
            rest = special.get(1..).unwrap_or_default();
        }
        self.raw("\"");
    }

    pub(in crate::scope) fn list<T: Encode>(&mut self, items: impl IntoIterator<Item = T>) {
        self.raw("[");
        for (number, item) in items.into_iter().enumerate() {
            if number > 0 {
                self.raw(",");
            }
            item.write(self);
        }
        self.raw("]");
    }
}

/// Says how a struct is written: its members, in their order, each with its name. `?` instead of the colon leaves a member out where
/// it says nothing.
macro_rules! members {
    ($type:ty $(where $text:ident)?: $first:literal: $member:ident, $($rest:tt)+) => {
        impl $(<$text: $crate::scope::json::encode::Encode>)? $crate::scope::json::encode::Encode for $type {
            fn write(&self, to: &mut $crate::scope::json::encode::Encoder) {
                to.raw(concat!("{\"", $first, "\":"));
                $crate::scope::json::encode::Encode::write(&self.$member, to);
                $crate::scope::json::encode::members!(@ self to $($rest)+);
                to.raw("}");
            }
        }
    };
    (@ $self:ident $to:ident) => {};
    (@ $self:ident $to:ident $name:literal: $member:ident $(, $($rest:tt)*)?) => {
        $to.raw(concat!(",\"", $name, "\":"));
        $crate::scope::json::encode::Encode::write(&$self.$member, $to);
        $crate::scope::json::encode::members!(@ $self $to $($($rest)*)?);
    };
    (@ $self:ident $to:ident $name:literal? $member:ident $(, $($rest:tt)*)?) => {
        if !$crate::scope::json::encode::Blank::is_blank(&$self.$member) {
            $to.raw(concat!(",\"", $name, "\":"));
            $crate::scope::json::encode::Encode::write(&$self.$member, $to);
        }
        $crate::scope::json::encode::members!(@ $self $to $($($rest)*)?);
    };
}
pub(in crate::scope) use members;

impl Encode for String {
    fn write(&self, to: &mut Encoder) {
        to.text(self);
    }
}

impl Encode for str {
    fn write(&self, to: &mut Encoder) {
        to.text(self);
    }
}

impl Encode for Cow<'_, str> {
    fn write(&self, to: &mut Encoder) {
        to.text(self);
    }
}

impl Encode for bool {
    fn write(&self, to: &mut Encoder) {
        to.raw(if *self { "true" } else { "false" });
    }
}

impl Blank for bool {
    fn is_blank(&self) -> bool {
        !self
    }
}

impl Encode for usize {
    fn write(&self, to: &mut Encoder) {
        push_digits(&mut to.0, *self, 10);
    }
}

impl<T: Encode> Encode for Option<T> {
    fn write(&self, to: &mut Encoder) {
        match self {
            Some(value) => value.write(to),
            None => to.raw("null"),
        }
    }
}

impl<T> Blank for Option<T> {
    fn is_blank(&self) -> bool {
        self.is_none()
    }
}

impl<T: Encode> Encode for [T] {
    fn write(&self, to: &mut Encoder) {
        to.list(self);
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn write(&self, to: &mut Encoder) {
        to.list(self);
    }
}

impl<T> Blank for Vec<T> {
    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Blank> Blank for &T {
    fn is_blank(&self) -> bool {
        (*self).is_blank()
    }
}

impl<T: Encode + ?Sized> Encode for &T {
    fn write(&self, to: &mut Encoder) {
        (*self).write(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::{
        Catalog, CheckRequest, MigrateRequest, Query, SuggestRequest, allows, answer,
        check::{self, request::CheckInput},
        compare, migrate, reach, suggest,
    };

    /// Both ways to write a value give the same bytes.
    fn assert_same(value: &(impl Encode + serde::Serialize + ?Sized)) {
        assert_eq!(to_json(value), serde_json::to_string(value).unwrap());
    }

    #[test]
    fn writes_what_serde_json_writes() {
        let catalog = Catalog::appwrite();
        assert_eq!(answer(catalog, Query::Catalog, "").unwrap(), serde_json::to_string(catalog).unwrap());
        let hostile: String = (0..0x300).filter_map(char::from_u32).chain(['😀', '\u{2028}', '\u{10ffff}']).collect();
        let operations: Vec<String> = [hostile.as_str(), "users.get", "users.lst", "account.get"].map(Into::into).into();
        let scopes: Vec<String> =
            [hostile.as_str(), "", "keys.write", "users:read", "[{", "]}", "collections.read", "users.read,rows.read"]
                .map(Into::into)
                .into();
        assert_same(&scopes);
        let request = CheckRequest { scopes: scopes.clone(), operations: Some(operations.clone()), ..CheckRequest::default() };
        let asked = CheckInput::from(&request);
        assert_eq!(to_json(&check::judge(catalog, &asked)), serde_json::to_string(&check::check(catalog, &request)).unwrap());
        assert_same(&allows(catalog, &scopes, "users.get", None));
        assert_same(&suggest(catalog, &SuggestRequest { operations, scopes: scopes.clone(), ..SuggestRequest::default() }));
        assert_same(&reach(catalog, &scopes, None));
        assert_same(&compare(catalog, &["rows.write"], &scopes, None));
        for edition in [None, Some("docs-2023".into()), Some("never".into())] {
            assert_same(&migrate(catalog, &MigrateRequest { scopes: scopes.clone(), edition, ..MigrateRequest::default() }));
        }
        assert_same(&answer(catalog, Query::Check, &hostile).unwrap_err());
        for number in [0_usize, 9, 10, 1_234_567_890, usize::MAX] {
            assert_eq!(to_json(&number), number.to_string());
        }
    }

    #[test]
    fn every_length_of_text_is_searched_to_its_end() {
        for length in 0..40 {
            for place in 0..length {
                for special in ["\"", "\\", "\u{1f}", "\u{7f}", "é"] {
                    let text = format!("{}{special}{}", "x".repeat(place), "y".repeat(length - place));
                    assert_same(text.as_str());
                }
            }
        }
    }
}
