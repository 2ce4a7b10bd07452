//! A catalog as a page to read: each scope, and what it opens.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::scope::{Catalog, Open, Operation, Scope};

/// For an operation, the sets of other scopes that are needed as well; none where the scope opens it alone.
type Opened<'a> = BTreeMap<usize, BTreeSet<Vec<&'a str>>>;

/// The page, as Markdown. Catalogs that are equal have equal pages.
pub fn markdown(catalog: &Catalog) -> String {
    let mut page = format!("# {}\n\nVersion {}: ", text(&catalog.name), text(&catalog.version));
    let (scopes, operations) = (catalog.scopes().len(), catalog.operations().len());
    page.push_str(&format!("{scopes} scopes, {operations} operations.\n"));
    if !catalog.base_paths.is_empty() {
        let bases: Vec<String> = catalog.base_paths.iter().map(|path| code(path)).collect();
        page.push_str(&format!("\nEvery path begins with {}.\n", bases.join(" or ")));
    }
    let mut opened = opened(catalog);
    for service in &catalog.services {
        let mut scopes = catalog.scopes().iter().filter(|scope| scope.service == service.id).peekable();
        if scopes.peek().is_some() {
            page.push_str(&format!("\n## {}\n", text(&service.name)));
        }
        for scope in scopes {
            let own = opened.remove(scope.id.as_str()).unwrap_or_default();
            of_scope(catalog, scope, &own, &mut page);
        }
    }
    let open = |open: Option<Open>| move |it: &&Operation| it.scopes.is_empty() && it.open == open;
    for (title, open) in [
        ("Operations that need no key", open(Some(Open::Public))),
        ("Operations that every valid key can call", open(Some(Open::AnyKey))),
        ("Operations that are closed, because the catalog does not say what opens them", open(None)),
    ] {
        let found: Vec<&Operation> = catalog.operations().iter().filter(open).collect();
        if !found.is_empty() {
            page.push_str(&format!("\n## {title}\n\n| operation | request |\n|---|---|\n"));
            found.into_iter().for_each(|it| page.push_str(&format!("| {} |\n", request(it))));
        }
    }
    page
}

/// For each scope the operations that it opens, alone or with others.
fn opened(catalog: &Catalog) -> BTreeMap<&str, Opened<'_>> {
    let mut all: BTreeMap<&str, Opened<'_>> = BTreeMap::new();
    for index in 0..catalog.operations().len() {
        let openers = catalog.openers(index);
        let alone: HashSet<&str> = openers.iter().filter_map(|set| if let [only] = set.as_slice() { Some(*only) } else { None }).collect();
        for scope in &alone {
            all.entry(scope).or_default().entry(index).or_default();
        }
        for set in openers.iter().filter(|set| !set.iter().any(|scope| alone.contains(scope))) {
            for scope in set {
                let others = set.iter().copied().filter(|other| other != scope).collect();
                all.entry(scope).or_default().entry(index).or_default().insert(others);
            }
        }
    }
    all
}

fn of_scope(catalog: &Catalog, scope: &Scope, opened: &Opened<'_>, page: &mut String) {
    page.push_str(&format!("\n### {}\n\n", code(scope.id.as_str())));
    if let Some(name) = &scope.name {
        page.push_str(&format!("**{}**\n\n", text(name)));
    }
    if !scope.description.trim().is_empty() {
        page.push_str(&format!("{}\n\n", text(&scope.description)));
    }
    let tiers: Vec<&str> = scope.tiers.iter().map(|tier| tier.as_str()).collect();
    page.push_str(&format!("- Kinds of key: {}{}\n", tiers.join(", "), if scope.implied { "; every key holds it" } else { "" }));
    if !scope.editions.is_empty() {
        page.push_str(&format!("- Editions: {}\n", text(&scope.editions.join(", "))));
    }
    if scope.deprecated {
        let successor = scope.successor.as_ref().map_or_else(String::new, |it| format!("; use {}", code(it.as_str())));
        page.push_str(&format!("- Deprecated{successor}\n"));
    }
    if !scope.includes.is_empty() {
        let includes: Vec<String> = scope.includes.iter().map(|it| code(it.as_str())).collect();
        page.push_str(&format!("- Includes {}\n", includes.join(", ")));
    }
    if let Some(sensitive) = &scope.sensitive {
        let only = if sensitive.editions.is_empty() { String::new() } else { format!(" in {}", text(&sensitive.editions.join(", "))) };
        page.push_str(&format!("- Sensitive{only} ({}): {}\n", sensitive.reach.as_str(), text(&sensitive.reason)));
        for (number, step) in sensitive.path.iter().enumerate() {
            page.push_str(&format!("  {}. {}\n", number + 1, text(step)));
        }
    }
    if opened.is_empty() {
        page.push_str("- Opens no operation\n");
        return;
    }
    page.push_str("\n| operation | request | opens |\n|---|---|---|\n");
    for (index, others) in opened {
        let Some(operation) = catalog.operations().get(*index) else { continue };
        let with = |set: &Vec<&str>| set.iter().map(|scope| code(scope)).collect::<Vec<_>>().join(" and ");
        let how: Vec<String> = others.iter().map(with).collect();
        let how = if how.is_empty() { "alone".to_owned() } else { format!("with {}", how.join(", or with ")) };
        page.push_str(&format!("| {} | {how} |\n", request(operation)));
    }
}

/// Two cells: the operation and its request.
fn request(operation: &Operation) -> String {
    let deprecated = if operation.deprecated.is_some() { " (deprecated)" } else { "" };
    format!("{}{deprecated} | {}", code(&operation.id), code(&format!("{} {}", operation.method, operation.path)))
}

/// A code span that also fits into a table.
fn code(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() && *c != '`').collect();
    format!("`{}`", text.replace('|', "\\|"))
}

/// Plain text in one line: nothing in it is markup.
fn text(text: &str) -> String {
    let mut out = String::new();
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()) {
        if matches!(c, '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '|' | '#' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_lists_each_scope_with_what_it_opens() {
        let text = r#"{"id":"x","name":"The *X*","version":"1","maxScopes":9,"basePaths":["/v1"],"editions":[],
            "services":[{"id":"s","name":"S"},{"id":"none","name":"None"}],"scopes":[
            {"id":"admin","service":"s","description":"All | of it.","tiers":["project"],"editions":[],"includes":["write"],
             "sensitive":{"reach":"broad","reason":"It can.","path":["do it"]}},
            {"id":"write","name":"Write","service":"s","description":"","tiers":["project","account"],"editions":[]},
            {"id":"old","service":"s","description":"","tiers":["project"],"editions":[],"deprecated":true,"successor":"write"},
            {"id":"log","service":"s","description":"","tiers":["project"],"editions":[]}],
            "operations":[{"id":"a","method":"GET","path":"/a/{id}","scopes":[["write","log"]]},
            {"id":"b","method":"POST","path":"/b","scopes":["write"],"deprecated":"1"},
            {"id":"c","method":"GET","path":"/c","scopes":[]},{"id":"d","method":"GET","path":"/d","scopes":[],"open":"public"}]}"#;
        let page = markdown(&Catalog::from_json(text).unwrap());
        assert_eq!(
            page,
            "# The \\*X\\*\n\nVersion 1: 4 scopes, 4 operations.\n\nEvery path begins with `/v1`.\n\n## S\n\n\
             ### `admin`\n\nAll \\| of it.\n\n- Kinds of key: project\n- Includes `write`\n- Sensitive (broad): It can.\n  1. do it\n\n\
             | operation | request | opens |\n|---|---|---|\n| `a` | `GET /a/{id}` | with `log` |\n| `b` (deprecated) | `POST /b` | alone |\n\n\
             ### `write`\n\n**Write**\n\n- Kinds of key: project, account\n\n\
             | operation | request | opens |\n|---|---|---|\n| `a` | `GET /a/{id}` | with `log` |\n| `b` (deprecated) | `POST /b` | alone |\n\n\
             ### `old`\n\n- Kinds of key: project\n- Deprecated; use `write`\n- Opens no operation\n\n\
             ### `log`\n\n- Kinds of key: project\n\n\
             | operation | request | opens |\n|---|---|---|\n| `a` | `GET /a/{id}` | with `admin`, or with `write` |\n\n\
             ## Operations that need no key\n\n| operation | request |\n|---|---|\n| `d` | `GET /d` |\n\n\
             ## Operations that are closed, because the catalog does not say what opens them\n\n\
             | operation | request |\n|---|---|\n| `c` | `GET /c` |\n"
        );
    }
}
