//! Reads YAML 1.2, with the line of each value.
//!
//! The events are those of `saphyr-parser`; the tree is built here, because an alias copies what it names: the copies of a whole
//! document are bounded.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use super::{
    error::ImportError,
    json::repeated,
    node::{MAX_DEPTH, Node, Place, Value},
};

/// So much, in bytes and values, all aliases of a document may copy.
const MAX_COPIED: usize = 64 << 20;

/// Reads a document.
pub(super) fn parse(file: &str, text: &str) -> Result<Node, ImportError> {
    let mut builder = Builder { file, open: Vec::new(), anchors: HashMap::new(), copied: 0, root: None };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| not_yaml(file, &error))?;
        builder.take(event, span.start.line())?;
    }
    builder.root.ok_or_else(|| ImportError::file(file, "the file is empty"))
}

fn not_yaml(file: &str, error: &ScanError) -> ImportError {
    let place = Place { file: file.to_owned(), pointer: String::new(), line: error.marker().line() };
    ImportError { place, message: format!("the file is neither JSON nor valid YAML: {}", error.info()) }
}

/// A list or object whose end has not come.
struct Open {
    line: usize,
    anchor: usize,
    weight: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    /// The members, and the name whose value comes next.
    Map(Vec<(String, Node)>, Option<String>),
}

struct Builder<'a> {
    file: &'a str,
    open: Vec<Open>,
    /// What aliases copy, and its size.
    anchors: HashMap<usize, (Node, usize)>,
    copied: usize,
    root: Option<Node>,
}

impl Builder<'_> {
    fn error(&self, line: usize, message: impl Into<String>) -> ImportError {
        ImportError { place: Place { file: self.file.to_owned(), pointer: String::new(), line }, message: message.into() }
    }

    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), ImportError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let weight = 32 + text.len();
                let is_plain = style == ScalarStyle::Plain && tag.is_none();
                let node = Node { line, value: if is_plain { plain(&text) } else { Value::Text(text.into_owned()) } };
                self.done(node, anchor, weight)
            }
            Event::SequenceStart(anchor, _) => self.begin(line, anchor, Content::List(Vec::new())),
            Event::MappingStart(anchor, _) => self.begin(line, anchor, Content::Map(Vec::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => self.end(open),
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                let Some((node, weight)) = self.anchors.get(&anchor) else {
                    return Err(self.error(line, "this alias names something that contains it, or that is not there"));
                };
                self.copied = self.copied.saturating_add(*weight);
                if self.copied > MAX_COPIED {
                    return Err(self.error(line, "the aliases of this file copy too much; write the values out"));
                }
                let (node, weight) = (node.clone(), *weight);
                self.done(node, 0, weight)
            }
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(self.error(line, "the file has several documents; give one file per document"))
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, line: usize, anchor: usize, content: Content) -> Result<(), ImportError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.error(line, format!("the file is nested more than {MAX_DEPTH} levels deep")));
        }
        self.open.push(Open { line, anchor, weight: 32, content });
        Ok(())
    }

    fn end(&mut self, open: Open) -> Result<(), ImportError> {
        let value = match open.content {
            Content::List(items) => Value::List(items),
            Content::Map(members, _) => {
                let members = merged(members);
                if let Some(name) = repeated(&members) {
                    return Err(self.error(open.line, format!("the member `{name}` appears twice in one object")));
                }
                Value::Map(members)
            }
        };
        self.done(Node { line: open.line, value }, open.anchor, open.weight)
    }

    /// A whole value: a member's name or value, an item, or the document.
    fn done(&mut self, node: Node, anchor: usize, weight: usize) -> Result<(), ImportError> {
        if anchor > 0 {
            self.copied = self.copied.saturating_add(weight);
            if self.copied > MAX_COPIED {
                return Err(self.error(node.line, "the aliases of this file copy too much; write the values out"));
            }
            self.anchors.insert(anchor, (node.clone(), weight));
        }
        let file = self.file;
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.weight = open.weight.saturating_add(weight);
        match &mut open.content {
            Content::List(items) => items.push(node),
            Content::Map(members, name) => match name.take() {
                Some(name) => members.push((name, node)),
                None => match key(node) {
                    Ok(key) => *name = Some(key),
                    Err(line) => {
                        let place = Place { file: file.to_owned(), pointer: String::new(), line };
                        return Err(ImportError { place, message: "the name of a member must be a text".to_owned() });
                    }
                },
            },
        }
        Ok(())
    }
}

/// A member's name (`200` and `on` are names, too), or the line of what cannot be one.
fn key(node: Node) -> Result<String, usize> {
    match node.value {
        Value::Text(text) | Value::Number(text) => Ok(text),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Null => Ok("null".to_owned()),
        Value::List(_) | Value::Map(_) => Err(node.line),
    }
}

/// With the members of `<<` that are not there yet.
fn merged(members: Vec<(String, Node)>) -> Vec<(String, Node)> {
    if !members.iter().any(|(name, node)| name == "<<" && (node.is_map() || node.is_list())) {
        return members;
    }
    let (merges, mut own): (Vec<_>, Vec<_>) = members.into_iter().partition(|(name, _)| name == "<<");
    for (_, node) in &merges {
        for source in std::iter::once(node).chain(node.items()) {
            for (name, node) in source.members() {
                if !own.iter().any(|(known, _)| known == name) {
                    own.push((name.clone(), node.clone()));
                }
            }
        }
    }
    own
}

/// A scalar without quotes (YAML 1.2, core schema).
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => {
            let is_number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) && text.parse::<f64>().is_ok();
            if is_number { Value::Number(text.to_owned()) } else { Value::Text(text.to_owned()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Node {
        parse("x.yaml", text).unwrap()
    }

    fn refused(text: &str) -> String {
        parse("x.yaml", text).unwrap_err().to_string()
    }

    #[test]
    fn values_have_their_kinds_and_lines() {
        let node = read("a: 1.0\nb: [x, 'true', true, ~]\n200:\n  c: |-\n    one\n    two\n");
        assert_eq!(node.get("a").and_then(Node::word), Some("1.0"));
        let kinds: Vec<_> = node.get("b").unwrap().items().iter().map(Node::kind).collect();
        assert_eq!(kinds, ["a text", "a text", "true or false", "null"]);
        let c = node.get("200").unwrap().get("c").unwrap();
        assert_eq!((c.text(), c.line), (Some("one\ntwo"), 5));
    }

    #[test]
    fn anchors_aliases_and_merge_keys_are_read() {
        let node = read("base: &b {x: 1, y: 2}\none: *b\ntwo:\n  <<: *b\n  y: 3\n");
        assert_eq!(node.get("one"), node.get("base"));
        let two = node.get("two").unwrap();
        assert_eq!([two.get("x"), two.get("y")].map(|it| it.and_then(Node::word)), [Some("1"), Some("3")]);
    }

    #[test]
    fn hostile_documents_are_refused_with_their_line() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let inner = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
        }
        let refusal = refused(&bomb);
        assert!(refusal.starts_with("x.yaml:") && refusal.contains("copy too much"), "{refusal}");
        assert!(refused("a: &a [*a]").contains("contains it"));
        assert!(refused(&format!("{}x", "- ".repeat(1000))).contains("nested more than"));
        assert!(!refused(&"[".repeat(100_000)).is_empty());
        assert_eq!(refused("a: 1\nb: 2\na: 3\n"), "x.yaml:1: the member `a` appears twice in one object");
        assert!(refused("a: 1\n---\nb: 2\n").contains("several documents"));
        assert!(refused("a: [1\nb: 2").contains("neither JSON nor valid YAML"));
        assert_eq!(refused(""), "x.yaml: the file is empty");
        assert!(refused("? [a]\n: 1\n").contains("name of a member must be a text"));
    }
}
