//! The imports between files of src, found by reading the source as text: the folders of `scope` import downwards only, and a
//! circle of files needs a reason.
//!
//! A path is followed through re-exports to the file that defines the item, so a `mod.rs` that only re-exports is never part of a
//! circle. Code of tests does not count. A circle may stay where [`ALLOWED`] has a reason.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use crate::wall::{sources, without_comments_and_literals};

/// The folders of src/scope. Each imports only those before it.
const SCOPE_FOLDERS: &[&str] = &["support", "json", "catalog", "access", "check", "query"];

/// The imports that may close a circle: the importing file or folder, the imported one, and the reason, in the words of
/// docs/architecture.md.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("cli/mod.rs", "cli/", SHARED),
    ("server/http/mod.rs", "server/http/", SHARED),
    ("server/metrics/mod.rs", "server/metrics/", SHARED),
    ("server/query/mod.rs", "server/query/", SHARED),
    ("server/service/import/mod.rs", "server/service/import/", SHARED),
    ("server/store/listing/mod.rs", "server/store/listing/", SHARED),
    ("server/store/sqlite/mod.rs", "server/store/sqlite/", SHARED),
    ("server/store/sqlite/key_cache/mod.rs", "server/store/sqlite/key_cache/", SHARED),
    ("server/store/transfer/mod.rs", "server/store/transfer/", SHARED),
    ("server/app.rs", "server/", STATE),
    ("server/http/routes.rs", "server/http/", ROUTES),
    ("picker/later.rs", "picker/", LATER),
    ("cli/check.rs", "cli/github.rs", PAIR),
    ("server/http/openapi/schemas.rs", "server/http/openapi/model_requests.rs", PAIR),
    ("server/query/parse.rs", "server/query/filter.rs", PAIR),
    ("server/store/postgres/write.rs", "server/store/postgres/audit.rs", PAIR),
    ("server/store/sqlite/open.rs", "server/store/sqlite/new_file.rs", PAIR),
];
const SHARED: &str = "a `mod.rs` holds what its files share, and calls them";
const STATE: &str = "the program's state holds what its parts keep, and each part takes it";
const ROUTES: &str = "the route table names the handlers, and what checks, counts or describes a request reads it";
const LATER: &str = "what is loaded later is named in one place, and the picker asks there for it";
const PAIR: &str = "two files are halves of one thing";

/// A name that a module brings into scope.
struct Import {
    name: String,
    path: Vec<String>,
    public: bool,
}

/// One file: its name, what it imports, and the paths in its code.
struct Module {
    file: String,
    code: String,
    imports: Vec<Import>,
    paths: Vec<Vec<String>>,
}

/// The files of src by the path of their module; the crate's root has an empty path.
struct Sources(BTreeMap<Vec<String>, Module>);

impl Sources {
    fn read(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut modules = BTreeMap::new();
        for (file, text) in files {
            let mut path: Vec<String> = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
            if path.iter().any(|name| name == "tests") {
                continue;
            }
            if path.last().is_some_and(|name| name == "mod" || (name == "lib" && path.len() == 1)) {
                path.pop();
            }
            let code = without_comments_and_literals(&text);
            let code = code.split("#[cfg(test)]\nmod ").next().unwrap_or_default().to_owned();
            let (imports, rest) = imports(&code, &path);
            let paths = paths(&rest, &path);
            modules.insert(path, Module { file, code, imports, paths });
        }
        Self(modules)
    }

    /// Each file, and the files that it needs.
    fn edges(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut edges = BTreeMap::new();
        for (own, module) in &self.0 {
            let mut needed = BTreeSet::new();
            let used = module.imports.iter().filter(|import| !import.public).map(|import| &import.path);
            for path in used.chain(&module.paths) {
                needed.extend(self.target(own, path, 0).filter(|target| *target != module.file));
            }
            edges.insert(module.file.as_str(), needed);
        }
        edges
    }

    /// The file that defines what a path names, seen from a module. `None` for what is not of this crate.
    fn target(&self, from: &[String], path: &[String], depth: usize) -> Option<&str> {
        let (first, rest) = path.split_first()?;
        if depth > 20 {
            return None;
        }
        if first == "crate" {
            return self.item(rest, depth);
        }
        let child: Vec<String> = from.iter().chain(path).cloned().collect();
        if self.0.contains_key(&child[..=from.len()]) {
            return self.item(&child, depth);
        }
        let import = self.0.get(from)?.imports.iter().find(|import| import.name == *first)?;
        let whole: Vec<String> = import.path.iter().chain(rest).cloned().collect();
        (import.path.first() != Some(first)).then(|| self.target(from, &whole, depth + 1)).flatten()
    }

    /// The file that defines an item, by its path from the root.
    fn item(&self, path: &[String], depth: usize) -> Option<&str> {
        let length = (0..=path.len()).rev().find(|length| self.0.contains_key(&path[..*length]))?;
        let (own, rest) = path.split_at(length);
        let module = self.0.get(own)?;
        // The name of a folder alone needs nothing of it: the path behind the name does.
        let Some(name) = rest.first() else { return (!module.file.ends_with("mod.rs")).then_some(module.file.as_str()) };
        let named = module.imports.iter().find(|import| import.public && import.name == *name);
        let defined = ["fn", "struct", "enum", "trait", "type", "const", "static", "mod"].iter();
        let defines = defined.map(|word| format!("{word} {name}")).any(|words| has_word(&module.code, &words));
        let globs = module.imports.iter().filter(|import| import.public && import.name == "*" && !defines);
        for import in named.into_iter().chain(globs) {
            let mut whole = import.path.clone();
            if import.name == "*" {
                whole.pop();
                whole.push(name.clone());
            }
            whole.extend(rest[1..].iter().cloned());
            if let Some(found) = self.target(own, &whole, depth + 1) {
                return Some(found);
            }
        }
        Some(&module.file)
    }
}

fn has_word(code: &str, words: &str) -> bool {
    code.match_indices(words).any(|(at, _)| !code[at + words.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// What the `use` items bring in, and the code without them.
fn imports(code: &str, own: &[String]) -> (Vec<Import>, String) {
    let (mut found, mut rest) = (Vec::new(), String::new());
    for statement in code.split_inclusive(';') {
        let begin = statement.match_indices("use ").map(|(at, _)| at).find(|at| {
            let before = statement[..*at].trim_end_matches(' ');
            before.is_empty() || before.ends_with(['\n', '{', '}', ')', ']']) || before.ends_with("pub")
        });
        let Some(begin) = begin else {
            rest.push_str(statement);
            continue;
        };
        let before = statement[..begin].lines().last().unwrap_or_default().trim();
        rest.push_str(&statement[..begin]);
        let tree: String = statement[begin + 4..].trim_end_matches(';').split_whitespace().collect::<Vec<_>>().join(" ");
        expand(&tree, &[], &mut |path: Vec<String>, name: String| {
            found.push(Import { name, path: absolute(&path, own), public: before.starts_with("pub") });
        });
    }
    (found, rest)
}

/// Calls with each path of a tree `a::{b, c::{self, d as e}}`, and the name that it gets.
fn expand(tree: &str, before: &[String], call: &mut dyn FnMut(Vec<String>, String)) {
    let tree = tree.trim();
    let Some((head, group)) = tree.split_once('{') else {
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias.trim().to_owned())));
        let mut whole = before.to_vec();
        whole.extend(path.split("::").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()));
        if whole.len() > 1 && whole.last().is_some_and(|last| last == "self") {
            whole.pop();
        }
        let name = alias.or_else(|| whole.last().cloned()).unwrap_or_default();
        return call(whole, name);
    };
    let mut begin: Vec<String> = before.to_vec();
    begin.extend(head.split("::").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()));
    let group = group.strip_suffix('}').unwrap_or(group);
    let (mut depth, mut from) = (0, 0);
    for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !group[from..at].trim().is_empty() {
                    expand(&group[from..at], &begin, call);
                }
                from = at + 1;
            }
            _ => {}
        }
    }
}

/// Resolves `self`, `super` and the crate's own name.
fn absolute(path: &[String], own: &[String]) -> Vec<String> {
    let mut base: Option<Vec<String>> = None;
    let mut rest = path;
    while let Some((first, more)) = rest.split_first() {
        match first.as_str() {
            "self" => base = Some(base.unwrap_or_else(|| own.to_vec())),
            "super" => {
                let mut up = base.unwrap_or_else(|| own.to_vec());
                up.pop();
                base = Some(up);
            }
            "scopewise" => base = Some(Vec::new()),
            _ => break,
        }
        rest = more;
    }
    match base {
        Some(base) => ["crate".to_owned()].into_iter().chain(base).chain(rest.iter().cloned()).collect(),
        None => path.to_vec(),
    }
}

/// The paths `a::b::C` in code.
fn paths(code: &str, own: &[String]) -> Vec<Vec<String>> {
    let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    words
        .filter(|word| word.contains("::"))
        .map(|word| word.split("::").filter(|name| !name.is_empty()).map(|name| name.trim_matches(':').to_owned()).collect::<Vec<_>>())
        .map(|path| absolute(&path, own))
        .collect()
}

/// The circles: sets of files of which each needs, by one or more steps, all others.
fn circles<'a>(edges: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Vec<BTreeSet<&'a str>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> = edges
        .keys()
        .map(|file| {
            let (mut seen, mut next) = (BTreeSet::new(), vec![*file]);
            while let Some(file) = next.pop() {
                next.extend(edges.get(file).into_iter().flatten().filter(|file| seen.insert(**file)));
            }
            (*file, seen)
        })
        .collect();
    let mut found = BTreeSet::new();
    for (file, seen) in &reach {
        if seen.contains(file) {
            found.insert(seen.iter().copied().filter(|other| reach.get(other).is_some_and(|back| back.contains(file))).collect());
        }
    }
    found.into_iter().collect()
}

fn of_src() -> Sources {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    Sources::read(sources(&src).into_iter().map(|file| {
        let path = file.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        (path, fs::read_to_string(file).unwrap())
    }))
}

/// The imports against the order of the folders of `scope`.
fn upwards(sources: &Sources) -> Vec<String> {
    // A file of the room itself, such as mod.rs, comes last.
    let rank = |file: &str| {
        let folder = file.strip_prefix("scope/")?.split('/').next()?;
        Some(SCOPE_FOLDERS.iter().position(|known| *known == folder).unwrap_or(SCOPE_FOLDERS.len()))
    };
    let edges = sources.edges();
    let all = edges.iter().flat_map(|(file, needed)| needed.iter().map(move |target| (*file, *target)));
    all.filter(|(file, target)| rank(file) < rank(target) && rank(file).is_some())
        .map(|(file, target)| format!("src/{file} imports src/{target}, whose folder comes later"))
        .collect()
}

/// The circles that are left without the allowed imports, and the allowed imports that no circle needs.
fn faults(sources: &Sources, allowed: &[(&str, &str, &str)]) -> Vec<String> {
    let is_allowed = |file: &str, target: &str| allowed.iter().position(|(from, to, _)| file.starts_with(from) && target.starts_with(to));
    let all = sources.edges();
    let in_circles: Vec<BTreeSet<&str>> = circles(&all);
    let (mut edges, mut used) = (all.clone(), BTreeSet::new());
    for (file, needed) in &mut edges {
        needed.retain(|target| match is_allowed(file, target) {
            Some(at) => {
                if in_circles.iter().any(|circle| circle.contains(file) && circle.contains(target)) {
                    used.insert(at);
                }
                false
            }
            None => true,
        });
    }
    let found = circles(&edges).into_iter().map(|circle| {
        let steps = circle.iter().map(|file| format!("  src/{file} imports {:?}", edges[file].intersection(&circle).collect::<Vec<_>>()));
        format!(
            "a circle of {} files: let one of them import less, or add the import that closes it to ALLOWED\n{}",
            circle.len(),
            steps.collect::<Vec<_>>().join("\n")
        )
    });
    let unused = allowed.iter().enumerate().filter(|(at, _)| !used.contains(at));
    found.chain(unused.map(|(_, (from, to, _))| format!("{from} imports {to} in no circle: remove it from ALLOWED"))).collect()
}

#[test]
fn the_folders_of_scope_import_downwards_only() {
    let found = upwards(&of_src());
    assert!(found.is_empty(), "{}", found.join("\n"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scope");
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        let name = entry.file_name().into_string().unwrap();
        assert!(
            SCOPE_FOLDERS.contains(&name.as_str()),
            "src/scope/{name} has no place in SCOPE_FOLDERS: add it there and to src/scope/mod.rs"
        );
    }
}

#[test]
fn no_circle_of_files_is_left_without_a_reason() {
    let sources = of_src();
    assert!(sources.0.len() > 200, "only {} files were read", sources.0.len());
    let found = faults(&sources, ALLOWED);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn docs_give_the_reason_of_each_allowed_circle() {
    let docs = include_str!("../../docs/architecture.md").split_whitespace().collect::<Vec<_>>().join(" ");
    for (from, to, reason) in ALLOWED {
        assert!(docs.contains(reason), "docs/architecture.md does not say why {from} may import {to}: {reason}");
    }
}

fn made(files: &[(&str, &str)]) -> Sources {
    Sources::read(files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())))
}

#[test]
fn imports_are_followed_to_the_file_that_defines_the_item() {
    for (text, expected) in [
        ("use crate::scope::Code;", "scope/check/code.rs"),
        ("use crate::scope::{Plan as P, check};\nfn f() { check::code(); }", "scope/check/code.rs"),
        ("use super::{check::{self, code::Code}};", "scope/check/code.rs"),
        ("fn f() -> crate::scope::check::Code { loop {} }", "scope/check/code.rs"),
        ("use crate::scope::check::*;\nfn f() { super::check::judge(); }", "scope/check/mod.rs"),
        ("use crate::scope::support::text;", "scope/support/text.rs"),
        ("pub(super) fn f() -> super::support::Named { loop {} }", "scope/support/text.rs"),
    ] {
        let sources = made(&[
            ("lib.rs", "pub mod scope;"),
            ("scope/mod.rs", "mod check; mod support; mod own; pub use check::{Code, code}; pub use own::Plan;"),
            ("scope/check/mod.rs", "mod code; pub use code::{Code, code}; pub fn judge() {}"),
            ("scope/check/code.rs", "pub struct Code; pub fn code() {}"),
            ("scope/support/mod.rs", "pub mod text; pub use text::*;"),
            ("scope/support/text.rs", "pub struct Named;"),
            ("scope/own.rs", text),
        ]);
        assert!(sources.edges()["scope/own.rs"].contains(expected), "{text}: {:?}", sources.edges()["scope/own.rs"]);
    }
}

#[test]
fn an_import_against_the_order_is_found() {
    for (text, count) in [
        ("use crate::scope::Code;", 1),
        ("use super::super::check::code::Code;", 1),
        ("fn f() -> crate::scope::check::Code { loop {} }", 1),
        ("use crate::scope::answer;", 1),
        ("use crate::scope::json::Json;", 0),
        ("// use crate::scope::Code;\n#[cfg(test)]\nmod tests { use crate::scope::Code; }", 0),
    ] {
        let sources = made(&[
            ("scope/mod.rs", "pub use check::Code; pub fn answer() {}"),
            ("scope/json/mod.rs", "pub struct Json;"),
            ("scope/check/mod.rs", "pub mod code; pub use code::Code;"),
            ("scope/check/code.rs", "pub struct Code;"),
            ("scope/catalog/parse.rs", text),
        ]);
        assert_eq!(upwards(&sources).len(), count, "{text}: {:?}", upwards(&sources));
    }
}

#[test]
fn a_circle_is_found_unless_it_is_allowed() {
    let sources = made(&[
        ("a/mod.rs", "pub mod b; pub mod c; pub use b::B;"),
        ("a/b.rs", "use super::c::C; pub struct B;"),
        ("a/c.rs", "pub struct C(super::B);"),
        ("d.rs", "use crate::a::B;"),
    ]);
    assert_eq!(circles(&sources.edges()), [BTreeSet::from(["a/b.rs", "a/c.rs"])]);
    assert_eq!(faults(&sources, &[]).len(), 1);
    assert_eq!(faults(&sources, &[("a/b.rs", "a/c.rs", "why")]), [""; 0]);
    assert_eq!(
        faults(&sources, &[("a/b.rs", "a/c.rs", "why"), ("d.rs", "a/", "why")]),
        ["d.rs imports a/ in no circle: remove it from ALLOWED"]
    );
}
