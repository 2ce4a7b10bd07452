//! The pages of docs say what the code does: their tables are written from it, and the tests that they name exist.
//! `SCOPEWISE_BLESS=1` writes the tables anew.

use std::{collections::HashSet, fmt::Write, fs, path::Path};

use scopewise::{
    scope::{Catalog, Tier},
    server::{http::ROUTES, store::Action},
};

use crate::bless;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Puts `table` between the markers of a page, or makes sure that it stands there already.
fn hold(page: &str, marker: &str, table: &str) {
    let path = Path::new(ROOT).join("docs").join(page);
    let text = fs::read_to_string(&path).unwrap();
    let (open, close) = (format!("<!-- {marker} -->\n"), format!("<!-- /{marker} -->"));
    let (head, rest) = text.split_once(&open).expect("the page has the marker");
    let (found, tail) = rest.split_once(&close).expect("the page has the end of the marker");
    if bless::is_on() {
        bless::write(&path, &format!("{head}{open}{table}{close}{tail}"));
    } else {
        assert!(found == table, "{page} is stale; run: SCOPEWISE_BLESS=1 cargo test --test it docs");
    }
}

#[test]
fn the_tables_of_the_http_api_are_those_of_the_code() {
    let mut routes = "| operation | route | scopes |\n|---|---|---|\n".to_owned();
    for route in ROUTES {
        let paths: Vec<_> = route.paths.iter().map(|path| format!("`{path}`")).collect();
        let scopes: Vec<_> = route.scopes.iter().map(|scope| format!("`{scope}`")).collect();
        let scopes = if route.open { "open to all".to_owned() } else { scopes.join(", ") };
        writeln!(routes, "| {} | {} {} | {scopes} |", route.operation, route.method, paths.join(", ")).unwrap();
    }
    hold("http-api.md", "routes", &routes);
    let mut actions = "| action | when it is written |\n|---|---|\n".to_owned();
    for action in Action::ALL {
        writeln!(actions, "| `{}` | {} |", action.as_str(), action.summary()).unwrap();
    }
    hold("http-api.md", "actions", &actions);
}

#[test]
fn the_tables_of_the_editions_are_those_of_the_catalog() {
    let catalog = Catalog::appwrite();
    let mut editions = "| edition | name | project scopes | organization scopes |\n|---|---|---|---|\n".to_owned();
    for edition in &catalog.editions {
        let count = |tier| catalog.grantable(tier, &edition.id).count();
        let (id, name) = (&edition.id, &edition.name);
        writeln!(editions, "| `{id}` | {name} | {} | {} |", count(Tier::Project), count(Tier::Organization)).unwrap();
    }
    hold("editions.md", "editions", &editions);
    let operations = catalog.operations();
    let (own, of_appwrite): (Vec<_>, Vec<_>) = operations.iter().partition(|operation| operation.id.starts_with("scopewise."));
    let inferred = of_appwrite.iter().filter(|operation| operation.inferred).count();
    let closed: Vec<_> = of_appwrite.iter().filter(|operation| operation.scopes.is_empty()).collect();
    let mut counts = "| operations | |\n|---|---|\n".to_owned();
    writeln!(counts, "| scopes read from a source | {} |", of_appwrite.len() - inferred - closed.len()).unwrap();
    writeln!(counts, "| scopes inferred from names | {inferred} |\n| closed | {} |", closed.len()).unwrap();
    writeln!(counts, "| of this server itself, `scopewise.…` | {} |\n| all | {} |", own.len(), operations.len()).unwrap();
    hold("editions.md", "operations", &counts);
    let names: String =
        closed.iter().map(|operation| format!("- `{}` ({} `{}`)\n", operation.id, operation.method, operation.path)).collect();
    hold("editions.md", "closed", &names);
    let opens = |id: &str| operations.iter().flat_map(|one| &one.scopes).any(|all| all.0.iter().any(|scope| scope.as_str() == id));
    let idle = catalog.scopes().iter().filter(|scope| !scope.tiers.contains(&Tier::Implicit) && !opens(scope.id.as_str()));
    hold("editions.md", "idle", &idle.map(|scope| format!("- `{}`\n", scope.id)).collect::<String>());
}

#[test]
fn the_table_of_findings_is_that_of_the_code() {
    let mut findings = "| code | level | what | what to do |\n|---|---|---|---|\n".to_owned();
    for code in scopewise::import::Code::ALL {
        let level = if code.is_warning() { "warning" } else { "hint" };
        writeln!(findings, "| `{}` | {level} | {} | {} |", code.as_str(), code.summary(), code.help()).unwrap();
    }
    hold("catalogs.md", "findings", &findings);
    let mut rules = "| code | level | what | what to do |\n|---|---|---|---|\n".to_owned();
    for rule in scopewise::import::Rule::ALL {
        let level = format!("{:?}", rule.severity()).to_lowercase();
        writeln!(rules, "| `{}` | {level} | {} | {} |", rule.as_str(), rule.summary(), rule.help()).unwrap();
    }
    hold("catalogs.md", "rules", &rules);
}

/// Every test of the folder, by its name.
fn tests(folder: &Path, found: &mut HashSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests(&path, found);
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else { continue };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => {
                let parts = ["#[test]", "#[tokio::test]", "#[tokio::test("].into_iter().flat_map(|mark| text.split(mark).skip(1));
                found.extend(parts.filter_map(|part| Some(part.split_once("fn ")?.1.split_once('(')?.0.to_owned())));
                // Promises of the store, of which a macro makes tests.
                let promises = text.split("pub async fn ").skip(1).filter_map(|part| part.split_once("(pair: Pair)"));
                found.extend(promises.map(|(name, _)| name.to_owned()));
            }
            Some("js") => found.extend(text.split("test('").skip(1).filter_map(|part| Some(part.split_once('\'')?.0.to_owned()))),
            _ => {}
        }
    }
}

#[test]
fn the_tests_that_prove_security_exist() {
    let mut found = HashSet::new();
    for folder in ["src", "tests"] {
        tests(&Path::new(ROOT).join(folder), &mut found);
    }
    let page = fs::read_to_string(Path::new(ROOT).join("docs/security.md")).unwrap();
    let is_test =
        |word: &str| word.matches(['_', ' ']).count() >= 3 && !word.contains(['=', ';', '(', '.', '\'']) && !word.starts_with("__");
    let named: Vec<&str> = page.split('`').skip(1).step_by(2).filter(|word| is_test(word)).collect();
    let missing: Vec<_> = named.iter().filter(|name| !found.contains(**name)).collect();
    assert!(named.len() > 50 && missing.is_empty(), "of {} tests these are not there: {missing:#?}", named.len());
    // Every point is proven, or said not to be met.
    for line in page.lines().filter(|line| line.starts_with("| ") && line.contains('.') && !line.starts_with("| ASVS")) {
        let proof = line.trim_end_matches('|').rsplit('|').next().unwrap().trim();
        assert!(!proof.is_empty() || line.contains("**not met**") || line.starts_with("| 3.5.5"), "{line}");
    }
}

/// The pages for people: those at the top of the repository, and docs.
fn pages() -> Vec<std::path::PathBuf> {
    let folders = ["", "docs", "docs/rules"].map(|folder| Path::new(ROOT).join(folder));
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// A page without its blocks of code.
fn prose(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.split("```").step_by(2).collect()
}

/// The anchors of the headings of a page, as GitHub makes them.
fn anchors(text: &str) -> HashSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| -> String {
        let kept = heading.trim_start_matches('#').trim().to_lowercase();
        kept.chars().filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-').map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let (mut links, mut broken) = (0, Vec::new());
    for page in pages() {
        for target in prose(&page).split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target) {
            if target.contains("://") {
                continue;
            }
            links += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            let found = file.exists() && (anchor.is_empty() || anchors(&prose(&file)).contains(anchor));
            if !found {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(links > 50 && broken.is_empty(), "of {links} links these lead nowhere: {broken:#?}");
}
