//! Reads parameters into the struct that a handler takes. The struct's fields are read in their order, whatever order the client sent
//! them in, so that the order of fields is the order of complaints. The leniency of the contract (§1.1) is here: `null` is the same as
//! absent, numbers and booleans may be texts, and a form has lost the `+` of a date.

use std::{borrow::Cow, fmt, slice};

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, Error, IntoDeserializer, MapAccess, Visitor,
        value::{CowStrDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::Value;

use super::params::Params;
use crate::{
    api::ErrorType,
    server::{http::error::ApiError, query::with_plus},
};

/// The name by which a type says that it is a date: see [`DateText`](super::field_types::DateText).
pub(super) const DATE: &str = "DateText";
/// The name by which a type says that `null` is not the same as absent: see [`Change`](super::field_types::Change).
pub(super) const CHANGE: &str = "Change";

/// Reads all fields of a struct.
///
/// # Errors
/// [`ApiError`] about the first field, in the order of the struct, that is missing or not valid.
pub(super) fn read<'de, T: Deserialize<'de>>(params: &'de Params) -> Result<T, ApiError> {
    T::deserialize(params).map_err(|error| ApiError::because(ErrorType::ArgumentInvalid, error.to_string()))
}

/// The names of a struct's fields, as they are on the wire and in their order.
pub(super) fn names<T: for<'de> Deserialize<'de>>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    let _ = T::deserialize(Names(&mut names));
    names
}

/// Why a field cannot be read.
#[derive(Debug)]
pub(in crate::server) enum FieldError {
    /// What the type of a field says; read after "it". The name of the field is added.
    Problem(String),
    /// The whole message.
    Whole(String),
}

impl FieldError {
    fn invalid(name: &str, problem: impl fmt::Display) -> Self {
        Self::Whole(ApiError::invalid(name, problem).message().to_owned())
    }

    fn missing(name: &str) -> Self {
        Self::Whole(ApiError::missing(name).message().to_owned())
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Problem(text) | Self::Whole(text)) = self;
        formatter.write_str(text)
    }
}

impl std::error::Error for FieldError {}

impl Error for FieldError {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self::Problem(problem.to_string())
    }
}

impl<'de> Deserializer<'de> for &'de Params {
    type Error = FieldError;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, FieldError> {
        Err(Error::custom("parameters are read into a struct with named fields"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        visitor.visit_map(Fields { params: self, names: fields.iter(), name: "" })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map enum identifier ignored_any
    }
}

/// Hands a struct all of its fields, also those that are absent.
struct Fields<'de> {
    params: &'de Params,
    names: slice::Iter<'static, &'static str>,
    name: &'static str,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = FieldError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, FieldError> {
        let Some(name) = self.names.next() else { return Ok(None) };
        self.name = name;
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, FieldError> {
        let field = Field { name: self.name, value: self.params.get(self.name), is_form: self.params.is_form() };
        seed.deserialize(field).map_err(|error| match error {
            FieldError::Problem(problem) => FieldError::invalid(self.name, problem),
            whole @ FieldError::Whole(_) => whole,
        })
    }
}

/// One field; `value` is `None` where it is absent.
struct Field<'de> {
    name: &'static str,
    value: Option<&'de Value>,
    is_form: bool,
}

impl<'de> Field<'de> {
    /// The value of a field that must be there.
    fn value(&self) -> Result<&'de Value, FieldError> {
        self.value.filter(|value| !value.is_null()).ok_or_else(|| FieldError::missing(self.name))
    }

    fn text(&self) -> Result<&'de str, FieldError> {
        self.value()?.as_str().ok_or_else(|| FieldError::invalid(self.name, "must be a text"))
    }
}

impl<'de> Deserializer<'de> for Field<'de> {
    type Error = FieldError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_borrowed_str(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        if self.value().is_ok() { visitor.visit_some(self) } else { visitor.visit_none() }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        let flag = match self.value()? {
            Value::Bool(flag) => Some(*flag),
            // An SDK for Python writes `True`.
            Value::String(text) if text.eq_ignore_ascii_case("true") || text == "1" => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") || text == "0" => Some(false),
            Value::Number(number) => number.as_u64().filter(|number| *number <= 1).map(|number| number == 1),
            _ => None,
        };
        visitor.visit_bool(flag.ok_or_else(|| FieldError::invalid(self.name, "must be true or false"))?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        let number = match self.value()? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        visitor.visit_i64(number.ok_or_else(|| FieldError::invalid(self.name, "must be a whole number"))?)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        let texts: Option<Vec<&str>> = self.value()?.as_array().and_then(|list| list.iter().map(Value::as_str).collect());
        let texts = texts.ok_or_else(|| FieldError::invalid(self.name, "must be a list of texts"))?;
        visitor.visit_seq(SeqDeserializer::new(texts.into_iter()))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, FieldError> {
        match (name, self.value) {
            (CHANGE, None) => visitor.visit_none(),
            (CHANGE, Some(Value::Null)) => visitor.visit_unit(),
            (CHANGE, Some(_)) => visitor.visit_some(self),
            (DATE, _) => {
                let text = self.text()?;
                let text = if self.is_form { with_plus(text) } else { Cow::Borrowed(text) };
                visitor.visit_newtype_struct(CowStrDeserializer::new(text))
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct enum
        identifier
    }
}

/// Notes the names of a struct's fields, and reads nothing.
struct Names<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = FieldError;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, FieldError> {
        Err(Error::custom("there is nothing to read"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::field_types::{Change, DateText, Later},
        *,
    };

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Example {
        first_text: String,
        flag: Option<bool>,
        count: i64,
        texts: Option<Vec<String>>,
        date: Option<DateText>,
        change: Change<i64>,
        later: Later<Option<String>>,
    }

    fn of(value: Value) -> Result<Example, String> {
        let Value::Object(members) = value else { panic!("an example is an object") };
        read(&Params::from_members(members)).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn the_first_complaint_is_about_the_first_field_of_the_struct() {
        let message = |value| of(value).unwrap_err();
        let missing = "The parameter `firstText` is missing. Send it in the body, as JSON.";
        assert_eq!(message(json!({ "count": "x", "texts": 1 })), missing);
        assert_eq!(message(json!({ "firstText": null, "flag": 7 })), missing);
        assert_eq!(message(json!({ "count": "x", "firstText": 1 })), "The parameter `firstText` is not valid: it must be a text.");
        assert_eq!(
            message(json!({ "count": "x", "firstText": "", "flag": 2 })),
            "The parameter `flag` is not valid: it must be true or false."
        );
        assert_eq!(message(json!({ "firstText": "", "count": 1.5 })), "The parameter `count` is not valid: it must be a whole number.");
        assert_eq!(
            message(json!({ "firstText": "", "count": 1, "texts": ["a", 1] })),
            "The parameter `texts` is not valid: it must be a list of texts."
        );
    }

    #[test]
    fn null_is_absent_and_numbers_and_flags_may_be_texts() {
        for (sent, flag) in [(json!("True"), true), (json!("0"), false), (json!(1), true), (json!(false), false)] {
            assert_eq!(of(json!({ "firstText": "", "count": "-7", "flag": sent })).unwrap().flag, Some(flag));
        }
        let read = of(json!({ "firstText": "a", "count": "-7", "flag": null, "texts": null, "date": null })).unwrap();
        assert_eq!((read.first_text.as_str(), read.count, read.flag, read.texts), ("a", -7, None, None));
        assert!(read.date.is_none() && matches!(read.change, Change::Keep) && matches!(read.later.get(), Ok(None)));
    }

    #[test]
    fn a_change_tells_null_from_absent_and_a_later_field_complains_when_it_is_asked() {
        let read = |change| of(json!({ "firstText": "a", "count": 1, "change": change, "later": 5 }));
        assert!(matches!(read(json!(null)).unwrap().change, Change::Clear) && matches!(read(json!("3")).unwrap().change, Change::Set(3)));
        assert_eq!(read(json!([])).unwrap_err(), "The parameter `change` is not valid: it must be a whole number.");
        assert_eq!(read(json!(1)).unwrap().later.get().unwrap_err().message(), "The parameter `later` is not valid: it must be a text.");
    }

    #[test]
    fn a_form_gets_the_plus_of_its_date_back() {
        let params = Params::from_form(b"firstText=a+b&count=1&date=2026-08-21T12:00:00.000+00:00");
        let read: Example = read(&params).unwrap();
        assert_eq!((read.first_text.as_str(), read.date.unwrap().as_str()), ("a b", "2026-08-21T12:00:00.000+00:00"));
    }

    #[test]
    fn the_names_of_fields_are_those_on_the_wire() {
        assert_eq!(names::<Example>(), ["firstText", "flag", "count", "texts", "date", "change", "later"]);
    }
}
