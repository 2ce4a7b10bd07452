//! Finds the name that somebody probably meant.

use alloc::{borrow::ToOwned, format, string::String, vec, vec::Vec};

use super::{Catalog, Scope};

/// Longer texts are compared with nothing.
const MAX_COMPARED: usize = 64;

/// Words that people use for a scope of another name.
const SYNONYMS: &[(&str, &str)] = &[("messaging", "messages"), ("storage", "files"), ("auth", "users"), ("database", "databases")];
/// Actions that people use for `read` and `write`.
const ACTIONS: &[(&str, &str)] = &[
    ("get", "read"),
    ("list", "read"),
    ("view", "read"),
    ("create", "write"),
    ("update", "write"),
    ("delete", "write"),
    ("edit", "write"),
    ("manage", "write"),
];

/// The scope that is most like `text` among those that fit, or its successor where that opens the same; `None` when nothing is near.
pub(super) fn nearest_scope<'a>(catalog: &'a Catalog, text: &str, fits: &dyn Fn(&Scope) -> bool) -> Option<&'a str> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_COMPARED {
        return None;
    }
    let text: String = text.chars().map(|c| if matches!(c, ':' | '/' | ' ' | '-') { '.' } else { c.to_ascii_lowercase() }).collect();
    let wanted = respelled(&text);
    let length = wanted.chars().count();
    // A fifth of the letters may differ, one at the least.
    let limit = (length / 5).clamp(1, 4);
    let near = |scope: &&Scope| scope.id.as_str().len().abs_diff(length) <= limit && fits(scope);
    let compared = catalog.scopes().iter().filter(near);
    let compared = compared.map(|scope| (distance(&wanted, &scope.id.as_str().to_ascii_lowercase()), scope.deprecated, scope.id.as_str()));
    let (.., name) = compared.filter(|(distance, ..)| *distance <= limit).min()?;
    let position = catalog.scope_position(name)?;
    let successor = catalog.scope_at(position)?.successor.as_ref().and_then(|successor| catalog.scope_position(successor.as_str()));
    let as_good =
        |successor: &u16| catalog.opens_beyond(position, *successor).next().is_none() && catalog.scope_at(*successor).is_some_and(fits);
    Some(successor.filter(as_good).map_or(name, |successor| catalog.scope_name(successor)))
}

/// The word of a few that somebody probably meant: the same but for case and separators, or with a third of its letters at the most
/// written wrong. `None` when nothing is near.
///
/// ```
/// use scopewise::scope::nearest_word;
/// assert_eq!(nearest_word("overlap_seconds", &["enabled", "overlapSeconds"]), Some("overlapSeconds"));
/// assert_eq!(nearest_word("colour", &["enabled", "overlapSeconds"]), None);
/// ```
pub fn nearest_word<'a>(text: &str, known: &[&'a str]) -> Option<&'a str> {
    if text.len() > MAX_COMPARED {
        return None;
    }
    let plain = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let wanted = plain(text);
    let compared = known.iter().map(|word| (distance(&wanted, &plain(word)), *word));
    compared.filter(|(distance, word)| *distance <= word.len() / 3).min().map(|(_, word)| word)
}

fn respelled(text: &str) -> String {
    let lookup = |table: &[(&str, &'static str)], word: &str| table.iter().find(|(from, _)| *from == word).map(|(_, to)| *to);
    match text.rsplit_once('.') {
        None => text.to_owned(),
        Some((resource, action)) => {
            let resource = lookup(SYNONYMS, resource).unwrap_or(resource);
            let action = lookup(ACTIONS, action).unwrap_or(action);
            format!("{resource}.{action}")
        }
    }
}

/// Damerau-Levenshtein distance with adjacent swaps (optimal string alignment).
pub(super) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&above, j) + usize::from(x != y)).min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = core::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits_and_swaps() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "ab", 2),
            ("rows", "rows", 0),
            ("rows", "row", 1),
            ("rwos", "rows", 1),
            ("user", "users", 1),
            ("abc", "xyz", 3),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn the_nearest_scope_is_found() {
        let nearest = |text| nearest_scope(Catalog::appwrite(), text, &|scope| !scope.tiers.contains(&crate::scope::Tier::Implicit));
        for (text, expected) in [
            ("messaging.write", "messages.write"),
            ("user.read", "users.read"),
            ("users:read", "users.read"),
            ("users.raed", "users.read"),
            ("Users.Read", "users.read"),
            ("rows.create", "rows.write"),
            ("devkeys.read", "devKeys.read"),
            ("executon.read", "executions.read"),
            ("storage.read", "files.read"),
            // `tables.read` would not open what `collections.read` opens.
            ("collection.read", "collections.read"),
        ] {
            assert_eq!(nearest(text), Some(expected), "{text}");
        }
        for text in ["", "xyz", "completely.different", "🦀", "users", "users.*"] {
            assert_eq!(nearest(text), None, "{text}");
        }
        assert_eq!(nearest_scope(Catalog::appwrite(), "devkeys.read", &|scope| scope.tiers.contains(&crate::scope::Tier::Project)), None);
    }
}
