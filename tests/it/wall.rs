//! The wall between the rooms of src, held by reading the source as text: imports go downwards only, pure rooms are pure,
//! `cfg` is in lib.rs only, files stay small.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A room, and the rooms that it may import. Nothing imports `bin`.
const ROOMS: &[(&str, &[&str])] = &[
    ("scope", &[]),
    ("key", &["scope"]),
    ("api", &["key", "scope"]),
    ("server", &["api", "key", "scope"]),
    ("import", &["scope"]),
    ("cli", &["import", "server", "api", "key", "scope"]),
    ("picker", &["scope"]),
    ("element", &["picker", "api", "scope"]),
    ("console", &["picker", "api", "key", "scope"]),
    ("regions", &["scope"]),
    ("js", &["regions", "api", "key", "scope"]),
    ("no_std", &["regions"]),
    ("bin", &["cli", "server", "console", "api", "key", "scope"]),
];
const PURE: &[&str] = &["scope", "key", "api", "import"];
/// Names that bring a clock, randomness, I/O or an environment.
const IMPURE: &[&str] = &[
    "core::time",
    "std::time",
    "std::fs",
    "std::io",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant",
    "now_utc",
    "now_local",
    "rand",
    "getrandom",
    "tokio",
    "rusqlite",
    "js_sys",
    "web_sys",
    "gloo_net",
    "println!",
    "eprintln!",
    "dbg!",
];
/// A crate, and the only place that may name it.
const ONLY_IN: &[(&str, &str)] = &[("gloo_net", "console/client"), ("rusqlite", "server/store"), ("clap", "cli"), ("axum", "server")];
/// The one artefact without the standard library.
const NO_STD: &str = "#![cfg_attr(all(feature = , target_arch = ), no_std)]";
const MAX_LINES: usize = 400;
/// Where each program starts with the built-in catalog, unless it is given another one; everything else takes the catalog as an argument.
const CHOOSES_CATALOG: &[&str] = &["server/app.rs", "server/config.rs", "cli/model.rs", "bin/console.rs", "element/mod.rs", "js/mod.rs"];
/// How it is chosen.
const CHOICES: &[&str] = &["::appwrite()", "::built_in()"];

/// Everything that breaks the wall in one file. `path` is relative to src, with `/`.
fn breaches(path: &str, text: &str) -> Vec<String> {
    let code = without_comments_and_literals(text);
    let mut found = Vec::new();
    let room = path.split(['/', '.']).next().unwrap_or_default();
    if path == "lib.rs" {
        let lines: Vec<&str> = code.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        for pair in lines.windows(2).filter(|pair| pair[0].contains("cfg")) {
            if !pair[0].starts_with(NO_STD) && (!pair[0].starts_with("#[cfg(") || !pair[1].starts_with("pub mod ")) {
                found.push(format!("`{}` gates something else than a `pub mod` line", pair[0]));
            }
        }
        let known =
            |line: &str| ["pub mod ", "#[cfg(", NO_STD].iter().any(|begin| line.starts_with(begin)) || line == "extern crate alloc;";
        if let Some(line) = lines.iter().find(|line| !known(line)) {
            found.push(format!("lib.rs has logic: `{line}`"));
        }
        return found;
    }
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("`{room}` is not a room: add it to this test, and to docs/architecture.md")];
    };
    for target in imported_rooms(path, &code) {
        if target != room && !allowed.contains(&target.as_str()) {
            found.push(format!("`{room}` imports `{target}`"));
        }
    }
    for rest in occurrences(&code, "cfg").chain(occurrences(&code, "cfg_attr")) {
        let argument = rest.trim_start_matches(['!', '(', ' ']);
        // Console and element are one file or two.
        let is_split = ["bin/console.rs", "element/later.rs"].contains(&path)
            && (argument.starts_with("split)") || argument.starts_with("not(split)"));
        if rest.starts_with(['!', '(']) && !argument.starts_with("test)") && !argument.starts_with("test,") && !is_split {
            found.push(format!("`cfg` outside of lib.rs: `cfg{}`", rest.lines().next().unwrap_or_default()));
        }
    }
    for way_around in ["#[path", "#![path"] {
        if code.contains(way_around) {
            found.push(format!("`{way_around}` goes around the wall"));
        }
    }
    if PURE.contains(&room) {
        found.extend(IMPURE.iter().filter(|name| occurrences(&code, name).next().is_some()).map(|name| format!("`{name}` is not pure")));
    }
    for (name, place) in ONLY_IN {
        if !path.starts_with(place) && occurrences(&code, name).next().is_some() {
            found.push(format!("`{name}` is for `{place}` only"));
        }
    }
    if path.starts_with("server/http/handlers/") && occurrences(&code, "RequestContext").next().is_some() {
        found.push("a handler takes extractors, not the whole request".to_owned());
    }
    let before_tests = code.split("#[cfg(test)]").next().unwrap_or_default();
    if room != "scope" && !CHOOSES_CATALOG.contains(&path) && CHOICES.iter().any(|choice| before_tests.contains(choice)) {
        found.push(format!("`{room}` chooses a catalog: take the one that the program was started with"));
    }
    let lines = text.lines().take_while(|line| line.trim() != "#[cfg(test)]").count();
    if lines > MAX_LINES {
        found.push(format!("{lines} lines before the tests are more than {MAX_LINES}"));
    }
    found
}

/// What follows each occurrence of a word, where it is a whole word.
fn occurrences<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).filter_map(move |(at, _)| {
        let rest = &code[at + word.len()..];
        let whole = !code[..at].ends_with(part_of_word) && (!word.ends_with(part_of_word) || !rest.starts_with(part_of_word));
        whole.then_some(rest)
    })
}

/// The rooms that paths of this file lead to: behind `crate::` (`scopewise::` in a bin), and behind as many `super::` as lead to the crate's root.
fn imported_rooms(path: &str, code: &str) -> Vec<String> {
    let mut rooms: Vec<String> = occurrences(code, "crate")
        .chain(occurrences(code, "scopewise"))
        .filter_map(|rest| rest.strip_prefix("::"))
        .flat_map(first_segments)
        .collect();
    let module = path.trim_end_matches(".rs").trim_end_matches("/mod");
    let to_root = "super::".repeat(module.split('/').count());
    rooms.extend(occurrences(code, &to_root).flat_map(first_segments).filter(|name| ROOMS.iter().any(|(room, _)| room == name)));
    rooms
}

/// The names that a path goes on with: one, or those of a group `{a, b::c}`.
fn first_segments(rest: &str) -> Vec<String> {
    let name = |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = rest.trim_start().strip_prefix('{') else { return vec![name(rest)] };
    let (mut depth, mut names, mut begin) = (0, Vec::new(), 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(name(&group[begin..at]));
                begin = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The code alone: comments are left out, and literals of text are empty.
pub fn without_comments_and_literals(text: &str) -> String {
    let (mut code, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(c) = rest.chars().next() {
        let raw_hashes = rest.strip_prefix('r').map(|behind| behind.len() - behind.trim_start_matches('#').len());
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(hashes) =
            raw_hashes.filter(|hashes| rest[1 + hashes..].starts_with('"') && !code.ends_with(char::is_alphanumeric))
        {
            let end = format!("\"{}", "#".repeat(hashes));
            let begin = hashes + 2;
            rest[begin..].find(&end).map_or(rest.len(), |at| begin + at + end.len())
        } else if c == '"' {
            quoted(rest, '"')
        } else if c == '\'' && (rest[1..].starts_with('\\') || rest.chars().nth(2) == Some('\'')) {
            // Otherwise it is a lifetime.
            quoted(rest, '\'')
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        rest = &rest[skipped..];
    }
    code
}

/// The length of a literal in quotes.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a block comment; they nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

pub fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn the_wall_holds() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let files = sources(&src);
    for file in &files {
        let path = file.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        found.extend(breaches(&path, &fs::read_to_string(file).unwrap()).into_iter().map(|breach| format!("src/{path}: {breach}")));
    }
    assert!(files.len() > 30, "only {} files were read", files.len());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Code that chooses a catalog.
const CHOICE: &str = "fn f() { Catalog::appwrite(); }";

#[test]
fn every_breach_is_found() {
    for (path, text, expected) in [
        ("scope/check.rs", "use crate::key::KeyId;", "`scope` imports `key`"),
        ("scope/mod.rs", "use super::api;", "`scope` imports `api`"),
        ("scope/rules/names.rs", "use super::super::super::server::Config;", "`scope` imports `server`"),
        ("key/id.rs", "fn f() -> crate::api::Key { loop {} }", "`key` imports `api`"),
        ("picker/mod.rs", "use crate::{scope::{Catalog, api}, key};", "`picker` imports `key`"),
        ("picker/mod.rs", "use crate::{\n    api::Key,\n};", "`picker` imports `api`"),
        ("element/mod.rs", "use crate::key::KeyId;", "`element` imports `key`"),
        ("console/pages/keys.rs", "use crate::server::store;", "`console` imports `server`"),
        ("server/mod.rs", "use crate::cli;", "`server` imports `cli`"),
        ("js/mod.rs", "use crate::picker;", "`js` imports `picker`"),
        ("cli/mod.rs", "use crate::bin::f;", "`cli` imports `bin`"),
        ("bin/console.rs", "use scopewise::picker::ScopePicker;", "`bin` imports `picker`"),
        ("cli/mod.rs", "macro_rules! m { () => { $crate::console::f() } }", "`cli` imports `console`"),
        ("extra/mod.rs", "", "`extra` is not a room: add it to this test, and to docs/architecture.md"),
        ("server/mod.rs", "#[cfg(unix)]\nfn f() {}", "`cfg` outside of lib.rs: `cfg(unix)]`"),
        (
            "bin/console.rs",
            "#[cfg_attr(debug_assertions, allow(dead_code))]",
            "`cfg` outside of lib.rs: `cfg(debug_assertions, allow(dead_code))]`",
        ),
        ("js/mod.rs", "let a = cfg!(debug_assertions);", "`cfg` outside of lib.rs: `cfg!(debug_assertions);`"),
        ("lib.rs", "#[cfg(unix)]\nuse std::io;", "`#[cfg(unix)]` gates something else than a `pub mod` line"),
        ("lib.rs", "pub fn f() {}", "lib.rs has logic: `pub fn f() {}`"),
        ("lib.rs", "#![cfg_attr(unix, allow(dead_code))]", "lib.rs has logic: `#![cfg_attr(unix, allow(dead_code))]`"),
        ("key/id.rs", "use std::time::Duration;", "`std::time` is not pure"),
        ("scope/date.rs", "let now = OffsetDateTime::now_utc();", "`now_utc` is not pure"),
        ("api/mod.rs", "fn f() { println!(\"\") }", "`println!` is not pure"),
        ("console/pages/keys.rs", "use gloo_net::http::Request;", "`gloo_net` is for `console/client` only"),
        ("server/http/keys.rs", "fn f(error: rusqlite::Error) {}", "`rusqlite` is for `server/store` only"),
        ("server/mod.rs", "#[path = \"../cli/mod.rs\"]\nmod other;", "`#[path` goes around the wall"),
        (
            "server/http/handlers/keys/get.rs",
            "use crate::server::http::extract::context::RequestContext;",
            "a handler takes extractors, not the whole request",
        ),
        ("server/keys.rs", CHOICE, "`server` chooses a catalog: take the one that the program was started with"),
        ("console/pages/keys.rs", CHOICE, "`console` chooses a catalog: take the one that the program was started with"),
        ("picker/inputs.rs", CHOICE, "`picker` chooses a catalog: take the one that the program was started with"),
        ("cli/check.rs", CHOICE, "`cli` chooses a catalog: take the one that the program was started with"),
        ("key/policy.rs", CHOICE, "`key` chooses a catalog: take the one that the program was started with"),
        ("api/mod.rs", CHOICE, "`api` chooses a catalog: take the one that the program was started with"),
        ("js/open.rs", CHOICE, "`js` chooses a catalog: take the one that the program was started with"),
        ("bin/scopewise.rs", CHOICE, "`bin` chooses a catalog: take the one that the program was started with"),
        ("server/mod.rs", &"\n".repeat(401), "401 lines before the tests are more than 400"),
    ] {
        let found = breaches(path, text);
        assert!(found.iter().any(|breach| breach == expected), "{path}: {text}: {found:?}");
    }
}

#[test]
fn every_place_that_may_choose_a_catalog_does() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for place in CHOOSES_CATALOG {
        let text = fs::read_to_string(src.join(place)).unwrap();
        assert!(CHOICES.iter().any(|choice| text.contains(choice)), "{place} chooses none: take it off the list");
    }
}

#[test]
fn what_is_allowed_is_no_breach() {
    for (path, text) in [
        ("scope/check.rs", "use super::{Catalog, key};\nuse crate::scope::{api, Report};"),
        ("scope/check.rs", "// use crate::key;\n/* crate::api /* nested */ crate::api */ const A: &str = \"crate::key \\\" std::fs\";"),
        (
            "scope/check.rs",
            "const A: &str = r#\"crate::key \" std::fs\"#; const B: [char; 3] = ['\"', '\\'', 'x']; fn f<'a>(a: &'a str) {}",
        ),
        ("scope/check.rs", "#[cfg(test)]\nmod tests { use super::*; }"),
        ("bin/console.rs", "#[cfg(split)]\nfn a() {}\n#[cfg(not(split))]\nfn a() {}"),
        ("element/later.rs", "#[cfg(split)]\nfn a() {}\n#[cfg(not(split))]\nfn a() {}"),
        ("scope/check.rs", "#[cfg_attr(test, derive(Debug))] struct Instance; fn operand() {}"),
        ("cli/serve.rs", "use crate::{api::Key, server::{self, config::Config}};\nuse clap::Args;"),
        ("console/client.rs", "use gloo_net::http::Request; use crate::picker::ScopePicker;"),
        ("element/mod.rs", "use crate::{picker, api, scope};"),
        ("bin/scopewise.rs", "fn main() { scopewise::cli::run() }"),
        ("server/app.rs", CHOICE),
        ("bin/console.rs", CHOICE),
        ("scope/catalog/mod.rs", CHOICE),
        ("server/keys.rs", "#[cfg(test)]\nmod tests { fn f() { Catalog::appwrite(); } }"),
        ("lib.rs", "#![cfg_attr(all(feature = \"js\", target_arch = \"wasm32\"), no_std)]\nextern crate alloc;\npub mod scope;"),
        ("lib.rs", "//! Words.\npub mod scope;\n#[cfg(feature = \"js\")]\npub mod js;"),
        ("server/mod.rs", &format!("{}#[cfg(test)]\n{}", "\n".repeat(400), "\n".repeat(400))),
    ] {
        assert_eq!(breaches(path, text), [""; 0], "{path}: {text}");
    }
}
