//! Reads scopes from what a person pastes: a list, JSON, YAML, an `.env` file, or code with the SDKs' enum.

use super::{export::member, letters::is_letter_or_digit, selection::from_text};
use crate::scope::Catalog;

/// More is cut.
const MAX_BYTES: usize = 256 * 1024;
/// More are left out; no key has so many.
const MAX_NAMES: usize = 1000;

/// What a text was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Names with something between them.
    List,
    /// A JSON document.
    Json,
    /// A YAML document.
    Yaml,
    /// Lines with `NAME=value`.
    Env,
}

/// The scopes of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// What it was read as.
    pub format: Format,
    /// The names, each once, in their order. Those of the SDKs' enum are the scopes that they mean.
    pub names: Vec<String>,
}

/// Reads a text. Of a document, only what is said to be scopes counts, or else what the catalog knows: addresses and secrets next to it are no scopes.
pub fn read(catalog: &Catalog, text: &str) -> Pasted {
    let end = (0..=MAX_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    let text = text.get(..end).unwrap_or_default().trim();
    let (format, entries) = if let Some(entries) = json(text) {
        (Format::Json, entries)
    } else if let Some(entries) = env(text) {
        (Format::Env, entries)
    } else if let Some(entries) = yaml(text) {
        (Format::Yaml, entries)
    } else {
        (Format::List, vec![Entry { is_scopes: true, text: without_comments(text) }])
    };
    let meant = |name: String| meant(catalog, name);
    // The marks of a list are no names.
    let is_name = |name: &String| name.contains(is_letter_or_digit);
    let names = |entry: &Entry| from_text(&entry.text).into_iter().filter(is_name).map(meant).collect::<Vec<_>>();
    let said: Vec<&Entry> = entries.iter().filter(|entry| entry.is_scopes).collect();
    let found: Vec<String> = if said.is_empty() {
        entries.iter().flat_map(names).filter(|name| catalog.scope(name).is_some()).collect()
    } else {
        said.into_iter().flat_map(names).collect()
    };
    let mut names: Vec<String> = Vec::new();
    for name in found {
        if names.len() < MAX_NAMES && !names.contains(&name) {
            names.push(name);
        }
    }
    Pasted { format, names }
}

/// A value of a document.
struct Entry {
    /// Whether its name says that it holds scopes.
    is_scopes: bool,
    text: String,
}

fn says_scopes(name: &str) -> bool {
    name.to_ascii_lowercase().contains("scope")
}

/// The scope that a member of the SDKs' enum means (`ProjectKeyScopes.RowsRead`, `Scopes::ROWS_READ`); other names stay as they are.
fn meant(catalog: &Catalog, name: String) -> String {
    let last = name.rsplit(['.', ':', '>']).next().unwrap_or_default();
    if catalog.scope(&name).is_some() || !last.starts_with(|c: char| c.is_ascii_uppercase()) {
        return name;
    }
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let wanted = plain(last);
    let mut fitting = catalog.scopes().iter().filter(|scope| plain(&member(scope.id.as_str())) == wanted);
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => only.id.as_str().to_owned(),
        _ => name,
    }
}

fn without_comments(text: &str) -> String {
    let line = |line: &str| {
        let line = line.split_once("//").map_or(line, |(code, _)| code);
        if line.trim_start().starts_with('#') { String::new() } else { line.to_owned() }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The texts of a JSON document with the names that they belong to. It is not checked for being one.
fn json(text: &str) -> Option<Vec<Entry>> {
    // Code has such brackets as well; a document has only texts, numbers and words of JSON between its marks.
    let is_list = text.starts_with('[');
    if !(is_list || text.starts_with('{')) || !text.ends_with([']', '}']) {
        return None;
    }
    let mut entries = Vec::new();
    // Whether the name of each open object or list says scopes.
    let mut open: Vec<bool> = Vec::new();
    let mut name: Option<String> = None;
    let mut letters = text.char_indices();
    while let Some((at, c)) = letters.next() {
        match c {
            '"' => {
                let mut value = String::new();
                loop {
                    match letters.next()?.1 {
                        '"' => break,
                        '\\' => value.push(letters.next()?.1),
                        other => value.push(other),
                    }
                }
                let rest = letters.as_str().trim_start();
                if rest.starts_with(':') {
                    name = Some(value);
                } else {
                    let is_scopes = name.take().map_or_else(|| open.last().copied().unwrap_or(false), |name| says_scopes(&name));
                    entries.push(Entry { is_scopes, text: value });
                }
            }
            '[' => {
                // A list without a name is one of scopes where it is the whole document.
                let is_scopes = name.take().map_or_else(|| at == 0 || open.last().copied().unwrap_or(false), |name| says_scopes(&name));
                open.push(is_scopes);
            }
            '{' => {
                name = None;
                open.push(false);
            }
            ']' | '}' => drop(open.pop()),
            ',' => name = None,
            ':' | '-' | '+' | '.' | '0'..='9' | 'a'..='z' | 'E' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
    }
    (!entries.is_empty()).then_some(entries)
}

/// The values of an `.env` file: every line is `NAME=value`, a comment or empty, or goes on in quotes.
fn env(text: &str) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=')?;
        let name = name.trim();
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_name || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let mut value = value.trim().to_owned();
        if let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            while !value.get(1..).unwrap_or_default().contains(quote) {
                let Some(next) = lines.next() else { break };
                value.push('\n');
                value.push_str(next);
            }
            value = value.get(1..).unwrap_or_default().split(quote).next().unwrap_or_default().to_owned();
        } else if let Some((before, _)) = value.split_once(" #") {
            value = before.to_owned();
        }
        entries.push(Entry { is_scopes: says_scopes(name), text: value });
    }
    (!entries.is_empty()).then_some(entries)
}

/// The values of a YAML document: items below a name, lists in brackets, and blocks. `None` where no line has a name.
fn yaml(text: &str) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    // The names that lead to a line, with how far each is indented.
    let mut names: Vec<(usize, bool)> = Vec::new();
    let mut has_name = false;
    for line in text.lines() {
        let line = line.split_once(" #").map_or(line, |(value, _)| value);
        let mut rest = line.trim();
        if rest.is_empty() || rest.starts_with('#') || rest == "---" {
            continue;
        }
        let mut indent = line.len() - line.trim_start().len();
        let mut is_item = false;
        while let Some(item) = rest.strip_prefix("- ") {
            is_item = true;
            indent += rest.len() - item.trim_start().len();
            rest = item.trim_start();
        }
        // An item can stand as far left as the name that it belongs to.
        let at_name = if is_item { indent.saturating_sub(1) } else { indent };
        names.retain(|(other, _)| *other < at_name);
        let below = names.last().is_some_and(|(_, is_scopes)| *is_scopes);
        let named = rest
            .split_once(':')
            .filter(|(name, value)| !name.contains(['.', ' ', '[', '{', '"']) && (value.is_empty() || value.starts_with(' ')));
        match named {
            Some((name, value)) => {
                has_name = true;
                names.push((indent, says_scopes(name)));
                let value = value.trim().trim_start_matches(['|', '>', '-']);
                if !value.is_empty() {
                    entries.push(Entry { is_scopes: says_scopes(name), text: value.to_owned() });
                }
            }
            None => entries.push(Entry { is_scopes: below, text: rest.to_owned() }),
        }
    }
    has_name.then_some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(text: &str, format: Format, names: &[&str]) {
        let pasted = read(Catalog::appwrite(), text);
        assert_eq!((pasted.format, pasted.names.iter().map(String::as_str).collect::<Vec<_>>()), (format, names.to_vec()), "{text}");
    }

    #[test]
    fn lists_are_read_with_anything_between() {
        expect("rows.read, rows.write\nusers.read", Format::List, &["rows.read", "rows.write", "users.read"]);
        expect("- rows.read\n- rows.write", Format::List, &["rows.read", "rows.write"]);
        expect("x.future y", Format::List, &["x.future", "y"]);
        expect("", Format::List, &[]);
    }

    #[test]
    fn an_env_file_is_read_for_its_scopes() {
        let text =
            "# key of the worker\nAPPWRITE_ENDPOINT=https://cloud.example/v1\nexport APPWRITE_SCOPES=\"rows.read,rows.write\"\nSECRET=abc";
        expect(text, Format::Env, &["rows.read", "rows.write"]);
        expect("SCOPES=rows.read x.future # all", Format::Env, &["rows.read", "x.future"]);
        expect("SCOPES='rows.read\nrows.write'\nA=b", Format::Env, &["rows.read", "rows.write"]);
        // No name says it: what the catalog knows.
        expect("ENDPOINT=https://cloud.example\nGRANTS=rows.read;future.read", Format::Env, &["rows.read"]);
    }

    #[test]
    fn yaml_is_read_for_its_scopes() {
        let text = "name: worker\nendpoint: https://cloud.example\nkeys:\n  - name: first\n    scopes:\n      - rows.read # to list\n      - 'rows.write'\n    expire: never\n";
        expect(text, Format::Yaml, &["rows.read", "rows.write"]);
        expect("scopes: [rows.read, x.future]", Format::Yaml, &["rows.read", "x.future"]);
        expect("scopes:\n- rows.read\n- users.read\nother:\n- teams.read", Format::Yaml, &["rows.read", "users.read"]);
        expect("scopes: |\n  rows.read\n  rows.write\n", Format::Yaml, &["rows.read", "rows.write"]);
        expect("needs:\n  - rows.read\n  - https://cloud.example", Format::Yaml, &["rows.read"]);
    }

    #[test]
    fn json_is_read_for_its_scopes() {
        expect(r#"["rows.read", "x.future"]"#, Format::Json, &["rows.read", "x.future"]);
        expect(r#"{"name": "worker", "scopes": ["rows.read", "x.future"], "secret": "abc"}"#, Format::Json, &["rows.read", "x.future"]);
        expect(r#"{"keys": [{"scopes": ["rows.read"]}, {"scopes": ["users.read"]}]}"#, Format::Json, &["rows.read", "users.read"]);
        expect(r#"{"name": "a", "grants": ["rows.read", "b"]}"#, Format::Json, &["rows.read"]);
        expect(r#"{"scope": "rows.read rows.write"}"#, Format::Json, &["rows.read", "rows.write"]);
        expect(r#"{"scopes": {"a": ["x"], "b": true}, "n": -1.5e3, "t": "q\"", "s": ["rows.read"]}"#, Format::Json, &["rows.read"]);
    }

    #[test]
    fn members_of_the_sdks_enum_are_the_scopes_that_they_mean() {
        expect("[ProjectKeyScopes.RowsRead, ProjectKeyScopes.ProjectPoliciesRead]", Format::List, &["rows.read", "project.policies.read"]);
        expect("Scopes::ROWS_READ, Scopes::Oauth2Introspect", Format::List, &["rows.read", "oauth2.introspect"]);
        expect("ProjectKeyScopes.Unheard", Format::List, &["ProjectKeyScopes.Unheard"]);
    }

    #[test]
    fn a_huge_text_is_cut() {
        assert!(read(Catalog::appwrite(), &"ä.read ".repeat(200_000)).names.len() <= MAX_NAMES);
        assert!(read(Catalog::appwrite(), &"[".repeat(400_000)).names.len() <= MAX_NAMES);
    }
}
