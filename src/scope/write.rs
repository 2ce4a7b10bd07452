//! Writes answers as compact JSON, byte for byte as `serde_json` does: no spaces, members in the order of the struct.
//!
//! Why not `serde_json` here: it can write numbers with a fraction, and the tables for that alone weigh ten kilobytes in the
//! checker's download. A test compares the two.

use alloc::string::String;
use core::fmt;

use serde::{
    Serialize, Serializer,
    ser::{Impossible, SerializeSeq, SerializeStruct},
};

use super::json::plain;

/// Something that no answer holds: a fraction, a map, bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a part of an answer")]
pub(super) struct Unwritable;

impl serde::ser::Error for Unwritable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// The value as JSON text.
pub(super) fn written(value: &impl Serialize) -> Result<String, Unwritable> {
    let mut writer = Writer(String::new());
    value.serialize(&mut writer)?;
    Ok(writer.0)
}

struct Writer(String);

impl Writer {
    #[inline(never)]
    fn text(&mut self, text: &str) {
        self.0.push('"');
        let (mut start, mut at) = (0, 0);
        loop {
            at += plain(text.as_bytes().get(at..).unwrap_or_default());
            self.0.push_str(text.get(start..at).unwrap_or_default());
            let Some(byte) = text.as_bytes().get(at).copied() else { break };
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
                let digit = |digit: u8| char::from_digit(u32::from(digit), 16).unwrap_or('0');
                self.0.push(digit(byte >> 4));
                self.0.push(digit(byte & 15));
            }
            at += 1;
            start = at;
        }
        self.0.push('"');
    }

    /// A comma, except behind the opening bracket.
    fn comma(&mut self, open: u8) {
        if self.0.as_bytes().last() != Some(&open) {
            self.0.push(',');
        }
    }

    /// The name of a member of a struct, in which nothing is to be escaped.
    #[inline(never)]
    fn member(&mut self, name: &'static str) {
        self.comma(b'{');
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }

    #[inline(never)]
    fn number(&mut self, number: u64) {
        if number > 9 {
            self.number(number / 10);
        }
        self.0.extend(u32::try_from(number % 10).ok().and_then(|digit| char::from_digit(digit, 10)));
    }
}

type Written = Result<(), Unwritable>;

macro_rules! unwritable {
    ($($method:ident $type:ty),+ $(,)?) => {
        $(fn $method(self, _: $type) -> Written { Err(Unwritable) })+
    };
}

impl<'w> Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = &'w mut Writer;
    type SerializeTuple = Impossible<(), Unwritable>;
    type SerializeTupleStruct = Impossible<(), Unwritable>;
    type SerializeTupleVariant = Impossible<(), Unwritable>;
    type SerializeMap = Impossible<(), Unwritable>;
    type SerializeStruct = &'w mut Writer;
    type SerializeStructVariant = Impossible<(), Unwritable>;

    unwritable!(
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_u8 u8, serialize_u16 u16, serialize_u32 u32,
        serialize_f32 f32, serialize_f64 f64, serialize_char char, serialize_bytes &[u8], serialize_unit_struct &'static str,
    );

    fn serialize_bool(self, value: bool) -> Written {
        self.0.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_u64(self, value: u64) -> Written {
        self.number(value);
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Written {
        self.text(value);
        Ok(())
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.0.push_str("null");
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &'static str, _: u32, _: &'static str, _: &T) -> Written {
        Err(Unwritable)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Unwritable> {
        self.0.push('[');
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Unwritable> {
        self.0.push('{');
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        Err(Unwritable)
    }
}

impl SerializeSeq for &mut Writer {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.comma(b'[');
        value.serialize(&mut **self)
    }

    fn end(self) -> Written {
        self.0.push(']');
        Ok(())
    }
}

impl SerializeStruct for &mut Writer {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Written {
        self.member(name);
        value.serialize(&mut **self)
    }

    fn end(self) -> Written {
        self.0.push('}');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::{Catalog, CheckRequest, check};

    #[test]
    fn writes_what_serde_json_writes() {
        let catalog = Catalog::appwrite();
        assert_eq!(written(catalog).unwrap(), serde_json::to_string(catalog).unwrap());
        let hostile: String = (0..0x300).filter_map(char::from_u32).chain(['😀', '\u{2028}', '\u{10ffff}']).collect();
        let scopes = vec![hostile, String::new(), "keys.write".into(), "users:read".into(), "[{".into(), "]}".into()];
        let report = check(catalog, &CheckRequest { scopes: scopes.clone(), ..CheckRequest::default() });
        assert_eq!(written(&report).unwrap(), serde_json::to_string(&report).unwrap());
        assert_eq!(written(&scopes).unwrap(), serde_json::to_string(&scopes).unwrap());
        for number in [0_u64, 9, 10, 1_234_567_890, u64::MAX] {
            assert_eq!(written(&number).unwrap(), number.to_string());
        }
    }

    #[test]
    fn what_no_answer_holds_is_refused() {
        assert_eq!(written(&1.5_f64), Err(Unwritable));
        assert_eq!(written(&(1, 2)), Err(Unwritable));
    }
}
