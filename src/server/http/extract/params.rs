//! What parameters are (contract §1): members of a body of JSON, or pairs of a form or a query string.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::{
    api::ErrorType,
    scope::{DateTime, nearest_word, quoted},
    server::{http::error::ApiError, query::with_plus},
};

/// The parameters of a request; `null` is the same as absent.
#[derive(Clone, Debug, Default)]
pub(in crate::server) struct Params {
    members: Map<String, Value>,
    /// Whether they were written as in a form, where a bare `+` is a space.
    is_form: bool,
}

impl Params {
    /// The members of an object.
    pub(in crate::server) fn from_members(members: Map<String, Value>) -> Self {
        Self { members, is_form: false }
    }

    /// Reads a form or a query string; `a[]=1`, `a[0]=1` and so on make a list.
    pub(in crate::server) fn from_form(form: &[u8]) -> Self {
        let mut map = Map::new();
        for (name, value) in form_urlencoded::parse(form) {
            let value = Value::String(value.into_owned());
            match name.split_once('[') {
                Some((name, rest)) if rest.ends_with(']') => match map.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
                    Value::Array(list) => list.push(value),
                    other => *other = Value::Array(vec![value]),
                },
                _ => {
                    map.insert(name.into_owned(), value);
                }
            }
        }
        Self { members: map, is_form: true }
    }

    /// Every parameter, as it came.
    pub(in crate::server) fn into_map(self) -> Map<String, Value> {
        self.members
    }

    /// Refuses a parameter that the route does not know, so that a misspelt one does not do something else than was meant.
    pub(in crate::server) fn refuse_unknown(&self, known: &[&str]) -> Result<(), ApiError> {
        let Some(unknown) = self.members.keys().find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
        let way_out = match (nearest_word(unknown, known), known) {
            (Some(near), _) => format!("did you mean `{near}`? Send it by that name."),
            (None, []) => "this route takes none.".to_owned(),
            (None, _) => format!("this route takes {}.", known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
        };
        let message = format!("There is no parameter {} here: {way_out}", quoted(unknown));
        Err(ApiError::because(ErrorType::ArgumentInvalid, message))
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// A text that may be absent.
    pub(in crate::server) fn maybe_text(&self, name: &str) -> Result<Option<&str>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(ApiError::invalid(name, "must be a text")),
        }
    }

    /// A text that must be there.
    pub(in crate::server) fn text(&self, name: &str) -> Result<&str, ApiError> {
        self.maybe_text(name)?.ok_or_else(|| ApiError::missing(name))
    }

    /// A date that may be absent, as text, with the `+` that a form has lost. The empty text is what the server itself writes for
    /// "never" (contract §0.6). Every date is read by this or by [`Params::date`], not as a plain text.
    pub(in crate::server) fn maybe_date(&self, name: &str) -> Result<Option<Cow<'_, str>>, ApiError> {
        Ok(self.maybe_text(name)?.map(|text| if self.is_form { with_plus(text) } else { Cow::Borrowed(text) }))
    }

    /// A date that must be there.
    pub(in crate::server) fn date(&self, name: &str) -> Result<DateTime, ApiError> {
        let text = self.maybe_date(name)?.ok_or_else(|| ApiError::missing(name))?;
        text.parse().map_err(|error| ApiError::invalid(name, format!("is {error}")))
    }

    /// A list of texts that may be absent.
    pub(in crate::server) fn maybe_texts(&self, name: &str) -> Result<Option<Vec<String>>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let texts = value.as_array().and_then(|list| list.iter().map(|entry| entry.as_str().map(str::to_owned)).collect());
        texts.map(Some).ok_or_else(|| ApiError::invalid(name, "must be a list of texts"))
    }

    /// A list of texts that must be there; it may be empty.
    pub(in crate::server) fn texts(&self, name: &str) -> Result<Vec<String>, ApiError> {
        self.maybe_texts(name)?.ok_or_else(|| ApiError::missing(name))
    }

    /// Whether a parameter is there, and `null`.
    pub(in crate::server) fn is_null(&self, name: &str) -> bool {
        self.members.get(name).is_some_and(Value::is_null)
    }

    /// A whole number that may be absent, as a number or as a text of digits (contract §1.1).
    pub(in crate::server) fn maybe_integer(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = match value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        number.map(Some).ok_or_else(|| ApiError::invalid(name, "must be a whole number"))
    }

    /// A whole number that must be there.
    pub(in crate::server) fn integer(&self, name: &str) -> Result<i64, ApiError> {
        self.maybe_integer(name)?.ok_or_else(|| ApiError::missing(name))
    }

    /// A yes or no that must be there.
    pub(in crate::server) fn required_flag(&self, name: &str) -> Result<bool, ApiError> {
        if self.get(name).is_none() {
            return Err(ApiError::missing(name));
        }
        self.flag(name, false)
    }

    /// A yes or no, in any of the contract's spellings (§1.1), that may be absent.
    pub(in crate::server) fn flag(&self, name: &str, default: bool) -> Result<bool, ApiError> {
        match self.get(name) {
            None => Ok(default),
            Some(Value::Bool(flag)) => Ok(*flag),
            // An SDK for Python writes `True`.
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") || text == "1" => Ok(true),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") || text == "0" => Ok(false),
            Some(Value::Number(number)) if number.as_u64() == Some(1) => Ok(true),
            Some(Value::Number(number)) if number.as_u64() == Some(0) => Ok(false),
            Some(_) => Err(ApiError::invalid(name, "must be true or false")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_parameter_is_refused_with_the_nearest_known_one() {
        let params = |form: &str| Params::from_form(form.as_bytes());
        let known = ["overlapSeconds", "enabled"];
        assert!(params("").refuse_unknown(&known).is_ok() && params("enabled=1&overlapSeconds=0").refuse_unknown(&known).is_ok());
        let told = |form, known: &[&str]| params(form).refuse_unknown(known).unwrap_err().message().to_owned();
        assert_eq!(
            told("enabled=1&overlap_second=0", &known),
            "There is no parameter `overlap_second` here: did you mean `overlapSeconds`? Send it by that name."
        );
        assert_eq!(told("force=1", &known), "There is no parameter `force` here: this route takes `overlapSeconds`, `enabled`.");
        assert_eq!(told("force=1", &[]), "There is no parameter `force` here: this route takes none.");
        // What was sent is cut, and cannot change the line that it stands in.
        let hostile = format!("%0a%e2%80%ae{}=1", "x".repeat(10_000));
        assert!(told(&hostile, &known).starts_with("There is no parameter `\\u{a}\\u{202e}xxx") && told(&hostile, &known).len() < 300);
    }
}
