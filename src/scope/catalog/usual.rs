//! The usual spelling of an operation. `build.rs` leaves it out of the table of the built-in catalog, and the table's reader adds it again.
//! It is compression only: the table stores an operation in full if its spelling is unusual.

use alloc::{borrow::ToOwned, string::String};

/// What an SDK usually calls a route by its path between slashes: `listRows` for `GET /v1/tablesdb/:databaseId/tables/:tableId/rows`.
pub(super) fn usual_name(method: &str, segments: &[&str]) -> String {
    // The first two segments, behind a slash, are the version and the service.
    let segments = segments.iter().copied().skip(3);
    let (mut before, mut last, mut follows_word, mut is_item) = ("", "", false, false);
    for segment in segments {
        is_item = segment.starts_with(':');
        if is_item {
            follows_word = false;
        } else {
            (before, last) = (if follows_word { last } else { "" }, segment);
            follows_word = true;
        }
    }
    let is_many = last.ends_with('s') && !last.ends_with("us");
    let mut name = match method {
        "GET" if !is_item && before.is_empty() && (last.is_empty() || is_many) => "list",
        "GET" => "get",
        "POST" => "create",
        "DELETE" => "delete",
        _ => "update",
    }
    .to_owned();
    let is_one = before.is_empty() && (is_item || method == "POST");
    push(&mut name, last, is_one, true);
    push(&mut name, before, true, true);
    name
}

/// What a parameter behind a segment is usually called: `rowId` behind `rows`.
pub(super) fn usual_parameter(before: &str) -> String {
    let mut name = ":".to_owned();
    push(&mut name, before, true, false);
    name + "Id"
}

/// What a scope usually lets its holder do, where a route of this method needs it.
pub(super) fn usual_action(method: &str) -> &'static str {
    if method == "GET" { "read" } else { "write" }
}

/// Adds the words of a segment, each with a capital letter, or each but the first; of several things the name of one.
fn push(name: &mut String, segment: &str, is_one: bool, mut begins: bool) {
    let mut ending = "";
    let stem = match segment.strip_suffix('s') {
        Some(stem) if is_one && !matches!(stem.as_bytes(), [.., b'u' | b's']) => match stem.strip_suffix("ie") {
            Some(stem) => {
                ending = "y";
                stem
            }
            None if stem.ends_with("che") || stem.ends_with("xe") => stem.get(..stem.len() - 1).unwrap_or_default(),
            None => stem,
        },
        _ => segment,
    };
    for letter in stem.chars() {
        match letter {
            '-' | '_' => begins = true,
            letter => {
                name.push(if begins { letter.to_ascii_uppercase() } else { letter });
                begins = false;
            }
        }
    }
    name.push_str(ending);
}
