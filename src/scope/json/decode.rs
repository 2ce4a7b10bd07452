//! Takes what a request or a catalog must hold out of JSON, and reports every error with its place.

use alloc::{
    borrow::{Cow, ToOwned},
    string::String,
    vec::Vec,
};

pub(in crate::scope) use super::errors::{DecodeError, DecodeErrors};
use super::parse::Json;
use crate::scope::support::text::{self, fill, item};

/// Room for so many names, which few objects have more of.
const MEMBERS: usize = 12;

/// Where an object is, as text only where something does not fit.
enum Place {
    Named(String),
    Item(&'static str, usize),
}

impl Place {
    #[inline(never)]
    fn text(&self) -> String {
        match self {
            Self::Named(place) => place.clone(),
            Self::Item(list, index) => item(list, *index),
        }
    }
}

/// The members of an object that are still to be taken. What does not fit is an error, and read as if it were empty.
pub(in crate::scope) struct ObjectDecoder<'a, 'm> {
    place: Place,
    members: Vec<(Cow<'a, str>, Json<'a>)>,
    taken: Vec<&'static str>,
    errors: &'m mut DecodeErrors,
}

impl<'a, 'm> ObjectDecoder<'a, 'm> {
    pub fn new(json: Json<'a>, place: String, errors: &'m mut DecodeErrors) -> Self {
        Self::at(json, Place::Named(place), errors)
    }

    /// An item of a list that is a member of the whole.
    pub fn item(json: Json<'a>, list: &'static str, index: usize, errors: &'m mut DecodeErrors) -> Self {
        Self::at(json, Place::Item(list, index), errors)
    }

    #[inline(never)]
    fn at(json: Json<'a>, place: Place, errors: &'m mut DecodeErrors) -> Self {
        let members = match json {
            Json::Object(members) => members,
            other => {
                errors.add(place.text(), fill("must be an object, not {}", &[kind(&other)]));
                Vec::new()
            }
        };
        Self { place, members, taken: Vec::with_capacity(MEMBERS), errors }
    }

    /// Notes the members that were not taken.
    #[inline(never)]
    pub fn end(&mut self) {
        for (name, _) in &self.members {
            if self.errors.is_full() {
                break;
            }
            let message = if self.taken.contains(&name.as_ref()) {
                fill("{} appears twice", &[&text::quoted(name)])
            } else {
                let known: Vec<String> = self.taken.iter().map(|name| text::quoted(name)).collect();
                fill("unknown member {}; the members are {}", &[&text::quoted(name), &text::join(&known, ", ")])
            };
            self.errors.add(self.place.text(), message);
        }
    }

    /// `None` where something does not fit, or a list is too long.
    #[inline(never)]
    pub fn fits(&mut self) -> Option<()> {
        self.end();
        (self.errors.errors.is_empty() && self.errors.too_long.is_none()).then_some(())
    }

    /// The place of a member.
    #[inline(never)]
    pub fn place_of(&self, name: &str) -> String {
        let place = self.place.text();
        if place.is_empty() { name.to_owned() } else { fill("{}.{}", &[&place, name]) }
    }

    #[inline(never)]
    pub fn error(&mut self, place: String, message: String) {
        self.errors.add(place, message);
    }

    pub fn errors(&mut self) -> &mut DecodeErrors {
        self.errors
    }

    /// A member as it is; `None` where it is absent.
    #[inline(never)]
    pub fn take(&mut self, name: &'static str) -> Option<Json<'a>> {
        self.taken.push(name);
        let found = self.members.iter().position(|(member, _)| member == name)?;
        Some(self.members.remove(found).1)
    }

    #[inline(never)]
    fn required(&mut self, name: &'static str) -> Json<'a> {
        let taken = self.take(name);
        taken.unwrap_or_else(|| {
            self.error(self.place_of(name), "is missing".to_owned());
            Json::Null
        })
    }

    #[inline(never)]
    fn wrong(&mut self, name: &str, wanted: &str, found: &Json<'_>) {
        // A missing member is already reported.
        let place = self.place_of(name);
        if !self.errors.ends_with(&place) {
            self.error(place, fill("must be {}, not {}", &[wanted, kind(found)]));
        }
    }

    #[inline(never)]
    pub fn text(&mut self, name: &'static str) -> String {
        match self.required(name) {
            Json::Text(text) => text.into_owned(),
            other => {
                self.wrong(name, "a text", &other);
                String::new()
            }
        }
    }

    /// `None` where it is absent or `null`.
    #[inline(never)]
    pub fn optional_text(&mut self, name: &'static str) -> Option<Cow<'a, str>> {
        match self.take(name)? {
            Json::Text(text) => Some(text),
            Json::Null => None,
            other => {
                self.wrong(name, "a text", &other);
                None
            }
        }
    }

    #[inline(never)]
    pub fn list(&mut self, name: &'static str) -> Vec<Json<'a>> {
        match self.required(name) {
            Json::List(list) => list,
            other => {
                self.wrong(name, "a list", &other);
                Vec::new()
            }
        }
    }

    #[inline(never)]
    pub fn texts(&mut self, name: &'static str) -> Vec<Cow<'a, str>> {
        let list = self.list(name);
        self.all_texts(name, list)
    }

    /// `None` where it is absent or `null`.
    #[inline(never)]
    pub fn optional_texts(&mut self, name: &'static str) -> Option<Vec<Cow<'a, str>>> {
        match self.take(name)? {
            Json::List(list) => Some(self.all_texts(name, list)),
            Json::Null => None,
            other => {
                self.wrong(name, "a list", &other);
                None
            }
        }
    }

    /// The texts of a member that can be a list among other things; `None` where it is no list.
    #[inline(never)]
    pub fn texts_of(&mut self, name: &str, wanted: &str, json: Json<'a>) -> Option<Vec<Cow<'a, str>>> {
        match json {
            Json::List(list) => Some(self.all_texts(name, list)),
            other => {
                self.wrong(name, wanted, &other);
                None
            }
        }
    }

    #[inline(never)]
    fn all_texts(&mut self, name: &str, list: Vec<Json<'a>>) -> Vec<Cow<'a, str>> {
        if list.len() > self.errors.longest && self.errors.too_long.is_none() {
            self.errors.too_long = Some(list.len());
        }
        let mut texts = Vec::with_capacity(list.len());
        for (index, json) in list.into_iter().enumerate() {
            match json {
                Json::Text(text) => texts.push(text),
                _ if self.errors.is_full() => break,
                other => self.wrong(&item(name, index), "a text", &other),
            }
        }
        texts
    }

    /// `None` where it is absent or `null`.
    #[inline(never)]
    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        match self.take(name)? {
            Json::Bool(flag) => Some(flag),
            Json::Null => None,
            other => {
                self.wrong(name, "`true` or `false`", &other);
                None
            }
        }
    }

    /// A whole number, 0 where it does not fit.
    pub fn number(&mut self, name: &'static str) -> usize {
        match self.required(name) {
            Json::Number(digits) => text::number(digits).unwrap_or_else(|| {
                self.error(self.place_of(name), "must be a whole number, not negative".to_owned());
                0
            }),
            other => {
                self.wrong(name, "a number", &other);
                0
            }
        }
    }

    /// One word of a few, as its place among them; `None` where it is absent or `null`.
    #[inline(never)]
    pub fn word(&mut self, name: &'static str, words: &[&str]) -> Option<usize> {
        let text = self.optional_text(name)?;
        let found = words.iter().position(|word| *word == text);
        if found.is_none() {
            let place = self.place_of(name);
            self.error(place, not_a_word(&text, words));
        }
        found
    }
}

/// A request, read member by member.
pub(in crate::scope) trait Request<'a>: Sized {
    fn decode(from: &mut ObjectDecoder<'a, '_>) -> Self;
}

/// A value that a member of a request can have.
pub(in crate::scope) trait Decode<'a>: Sized {
    /// A member that must be there.
    fn required(from: &mut ObjectDecoder<'a, '_>, name: &'static str) -> Self {
        Self::optional(from, name)
    }

    /// A member that can be absent or `null`.
    fn optional(from: &mut ObjectDecoder<'a, '_>, name: &'static str) -> Self;
}

/// A text as a request keeps it: that of the JSON, or its own.
pub(in crate::scope) trait Text<'a>: Sized + Default {
    fn of(text: Cow<'a, str>) -> Self;

    fn all(texts: Vec<Cow<'a, str>>) -> Vec<Self>;
}

impl<'a> Text<'a> for Cow<'a, str> {
    fn of(text: Cow<'a, str>) -> Self {
        text
    }

    fn all(texts: Vec<Cow<'a, str>>) -> Vec<Self> {
        texts
    }
}

impl<'a> Text<'a> for String {
    fn of(text: Cow<'a, str>) -> Self {
        text.into_owned()
    }

    fn all(texts: Vec<Cow<'a, str>>) -> Vec<Self> {
        owned(texts)
    }
}

impl<'a, S: Text<'a>> Decode<'a> for S {
    fn required(from: &mut ObjectDecoder<'a, '_>, name: &'static str) -> Self {
        Self::of(Cow::Owned(from.text(name)))
    }

    fn optional(from: &mut ObjectDecoder<'a, '_>, name: &'static str) -> Self {
        from.optional_text(name).map(Self::of).unwrap_or_default()
    }
}

impl<'a, S: Text<'a>> Decode<'a> for Option<S> {
    fn optional(from: &mut ObjectDecoder<'a, '_>, name: &'static str) -> Self {
        from.optional_text(name).map(S::of)
    }
}

impl<'a, S: Text<'a>> Decode<'a> for Vec<S> {
    fn required(from: &mut ObjectDecoder<'a, '_>, name: &'static str) -> Self {
        S::all(from.texts(name))
    }

    fn optional(from: &mut ObjectDecoder<'a, '_>, name: &'static str) -> Self {
        from.optional_texts(name).map(S::all).unwrap_or_default()
    }
}

impl<'a, S: Text<'a>> Decode<'a> for Option<Vec<S>> {
    fn optional(from: &mut ObjectDecoder<'a, '_>, name: &'static str) -> Self {
        from.optional_texts(name).map(S::all)
    }
}

impl<'a> Decode<'a> for Option<bool> {
    fn optional(from: &mut ObjectDecoder<'a, '_>, name: &'static str) -> Self {
        from.flag(name)
    }
}

/// Texts that are to stay when the JSON is gone.
pub(in crate::scope) fn owned(texts: Vec<Cow<'_, str>>) -> Vec<String> {
    texts.into_iter().map(Cow::into_owned).collect()
}

/// What to say of a text that is none of the words.
pub(in crate::scope) fn not_a_word(text: &str, words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| text::quoted(word)).collect();
    fill("must be one of {}, not {}", &[&text::join(&words, ", "), &text::quoted(text)])
}

fn kind(json: &Json<'_>) -> &'static str {
    match json {
        Json::Null => "`null`",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::Text(_) => "a text",
        Json::List(_) => "a list",
        Json::Object(_) => "an object",
    }
}
