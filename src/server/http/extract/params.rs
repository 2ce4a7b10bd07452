//! What parameters are (contract §1): members of a body of JSON, or pairs of a form or a query string.

use serde_json::{Map, Value};

use crate::{
    api::ErrorType,
    scope::{nearest_word, quoted},
    server::http::error::ApiError,
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
    pub(in crate::server) fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// Refuses a parameter that the route does not know, so that a misspelt one does not do something else than was meant.
    pub(in crate::server) fn refuse_unknown(&self, known: &[&str]) -> Result<(), ApiError> {
        let Some(unknown) = self.members.keys().find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
        let help = match (nearest_word(unknown, known), known) {
            (Some(near), _) => format!("did you mean `{near}`? Send it by that name."),
            (None, []) => "this route takes none.".to_owned(),
            (None, _) => format!("this route takes {}.", known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
        };
        let message = format!("There is no parameter {} here: {help}", quoted(unknown));
        Err(ApiError::because(ErrorType::ArgumentInvalid, message))
    }

    /// A parameter as it came, `null` included.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// Whether a bare `+` was a space.
    pub(super) fn is_form(&self) -> bool {
        self.is_form
    }

    /// These parameters with another value for one of them.
    pub(in crate::server::http) fn with(&self, name: &str, value: Value) -> Self {
        let mut params = self.clone();
        params.members.insert(name.to_owned(), value);
        params
    }

    /// Whether a parameter is absent or `null`.
    pub(in crate::server::http) fn is_absent(&self, name: &str) -> bool {
        self.get(name).is_none_or(Value::is_null)
    }

    /// Whether a parameter is there, and `null`.
    pub(in crate::server::http) fn is_null(&self, name: &str) -> bool {
        self.get(name).is_some_and(Value::is_null)
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
        let refusal = |form, known: &[&str]| params(form).refuse_unknown(known).unwrap_err().message().to_owned();
        assert_eq!(
            refusal("enabled=1&overlap_second=0", &known),
            "There is no parameter `overlap_second` here: did you mean `overlapSeconds`? Send it by that name."
        );
        assert_eq!(refusal("force=1", &known), "There is no parameter `force` here: this route takes `overlapSeconds`, `enabled`.");
        assert_eq!(refusal("force=1", &[]), "There is no parameter `force` here: this route takes none.");
        // A long name is cut, and control characters are escaped.
        let hostile = format!("%0a%e2%80%ae{}=1", "x".repeat(10_000));
        assert!(
            refusal(&hostile, &known).starts_with("There is no parameter `\\u{a}\\u{202e}xxx") && refusal(&hostile, &known).len() < 300
        );
    }
}
