//! A value of a JSON or YAML document, with its members in the order of the text.

use std::fmt;

use serde::Serialize;

/// So deep, lists and objects may stand in each other.
pub(super) const MAX_DEPTH: usize = 120;

/// A place in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file, as it was given.
    pub file: String,
    /// A JSON pointer (RFC 6901); empty for the whole document.
    pub pointer: String,
    /// The line, from 1, where the reader knows it (YAML); otherwise 0.
    #[serde(skip_serializing_if = "is_zero")]
    pub line: usize,
}

fn is_zero(line: &usize) -> bool {
    *line == 0
}

impl Place {
    pub(super) fn of(file: &str, node: &Node) -> Self {
        Self { file: file.to_owned(), pointer: String::new(), line: node.line }
    }

    /// The place of a member, or of an item by its number.
    pub(super) fn member(&self, name: &str, node: &Node) -> Self {
        let name = name.replace('~', "~0").replace('/', "~1");
        Self { file: self.file.clone(), pointer: format!("{}/{name}", self.pointer), line: node.line }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.pointer.is_empty() { Ok(()) } else { write!(f, " {}", self.pointer) }
    }
}

/// Where an entry stands, and its members.
#[derive(Clone, Debug)]
pub(super) struct Places {
    pub own: Place,
    members: Vec<(String, Place)>,
}

impl Places {
    pub fn of(own: Place, entry: &Node) -> Self {
        let members = entry.members().iter().map(|(name, node)| (name.clone(), own.member(name, node))).collect();
        Self { own, members }
    }

    /// Where the member stands, if the entry has it.
    pub fn written(&self, name: &str) -> Option<&Place> {
        self.members.iter().find_map(|(member, place)| (member == name).then_some(place))
    }

    /// Where the member stands; the entry, where it does not have it.
    pub fn member(&self, name: &str) -> &Place {
        self.written(name).unwrap_or(&self.own)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    /// From 1; 0 if it is not known.
    pub line: usize,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    /// A member of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().find_map(|(key, node)| (key == name).then_some(node))
    }

    /// The members of an object; none for everything else.
    pub fn members(&self) -> &[(String, Self)] {
        match &self.value {
            Value::Map(members) => members,
            _ => &[],
        }
    }

    /// The items of a list; none for everything else.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text, or a number as it is written (`version: 1.0`).
    pub fn word(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(text) => Some(text),
            _ => None,
        }
    }

    pub fn flag(&self) -> Option<bool> {
        match self.value {
            Value::Bool(flag) => Some(flag),
            _ => None,
        }
    }

    /// The texts of a list, or one text.
    pub fn texts(&self) -> Vec<String> {
        match &self.value {
            Value::Text(text) => vec![text.clone()],
            Value::List(items) => items.iter().filter_map(|item| item.text().map(str::to_owned)).collect(),
            _ => Vec::new(),
        }
    }

    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "an object",
        }
    }

    pub fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }

    pub fn is_list(&self) -> bool {
        matches!(self.value, Value::List(_))
    }
}
