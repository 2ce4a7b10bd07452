//! Scopes in the descriptions of operations.

use crate::import::{
    draft::{List, Meaning},
    node::Node,
};

/// The patterns that are tried without being asked for.
const KNOWN: [&str; 6] = ["requires: `{}`", "OAuth Scope: `{}`", "scope: `{}`", "scopes: `{}`", "permission: `{}`", "permissions: `{}`"];
/// The longest name that is looked for.
const MAX_NAME: usize = 128;

/// The known pattern that most descriptions have; a tenth of all operations must have it.
pub(super) fn recognize<'a>(operations: impl Iterator<Item = &'a Node> + Clone) -> Option<&'static str> {
    let all = operations.clone().count();
    let count = |pattern: &&'static str| operations.clone().filter(|operation| find(operation, pattern).is_some()).count();
    let best = KNOWN.iter().map(|pattern| (count(pattern), *pattern)).rev().max_by_key(|(count, _)| *count)?;
    (best.0 >= 2 && best.0 * 10 >= all).then_some(best.1)
}

/// The scopes that a description names.
pub(super) fn find(operation: &Node, pattern: &str) -> Option<List> {
    let (before, after) = pattern.split_once("{}")?;
    ["description", "summary"].iter().find_map(|member| search(operation.get(member)?.text()?, before, after))
}

/// The text between `before` and `after`, wherever it stands. A name that follows with a comma, `and` or `or` counts, too.
fn search(text: &str, before: &str, after: &str) -> Option<List> {
    let (mut names, mut meaning) = (Vec::new(), Meaning::Unstated);
    let mut rest = text;
    while let Some((_, tail)) = split(rest, before) {
        rest = tail;
        // What introduces another name of the list: the end of the pattern's first part, such as a backtick.
        let quote = before.chars().last().filter(|c| !c.is_alphanumeric() && !c.is_whitespace());
        while let Some((name, tail)) = taken(rest, after) {
            names.push(name.to_owned());
            rest = tail;
            let Some(quote) = quote else { break };
            let Some((joint, next)) = rest.split_once(quote) else { break };
            match joint.trim().trim_start_matches(',').trim() {
                "or" => meaning = Meaning::Any,
                "and" | "&" if meaning == Meaning::Unstated => meaning = Meaning::All,
                "" if joint.trim() == "," => {}
                _ => break,
            }
            rest = next;
        }
    }
    (!names.is_empty()).then_some(List { names, meaning })
}

/// A name up to `after`.
fn taken<'a>(text: &'a str, after: &str) -> Option<(&'a str, &'a str)> {
    let (name, tail) = if after.is_empty() {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        text.split_at_checked(end)?
    } else {
        text.split_once(after)?
    };
    let name = name.trim();
    (!name.is_empty() && name.len() <= MAX_NAME && !name.contains(['\n', '\r'])).then_some((name, tail))
}

/// At the first occurrence, whatever the case of its ASCII letters.
fn split<'a>(text: &'a str, at: &str) -> Option<(&'a str, &'a str)> {
    let position = text.as_bytes().windows(at.len().max(1)).position(|window| window.eq_ignore_ascii_case(at.as_bytes()))?;
    Some((text.get(..position)?, text.get(position + at.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, pattern: &str) -> Option<(Vec<String>, Meaning)> {
        let (before, after) = pattern.split_once("{}").unwrap();
        search(text, before, after).map(|list| (list.names, list.meaning))
    }

    #[test]
    fn names_stand_where_the_pattern_has_its_gap() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let pattern = "requires: `{}`";
        assert_eq!(found("Lists.\n\nRequires: `a.read`\n", pattern), Some((names(&["a.read"]), Meaning::Unstated)));
        assert_eq!(found("requires: `a.read`, `b.read` or `c`. See `d`", pattern), Some((names(&["a.read", "b.read", "c"]), Meaning::Any)));
        assert_eq!(found("requires: `a` and `b`", pattern), Some((names(&["a", "b"]), Meaning::All)));
        assert_eq!(found("requires: `a\nb`", pattern), None);
        assert_eq!(found("needs scope a:read to work", "scope {}"), Some((names(&["a:read"]), Meaning::Unstated)));
        assert_eq!(found("nothing", pattern), None);
    }
}
