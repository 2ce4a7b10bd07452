//! The pages of docs/rules are written from the code and the vectors, and none is stale. `SCOPEWISE_BLESS=1` writes them anew.

use std::{collections::BTreeMap, fs, path::Path};

use scopewise::scope::{CheckRequest, Code, Level, Report};
use serde::Serialize;

use crate::{bless, vectors::checks};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules");

/// The levels that the code has in the vectors, the weightiest first.
fn levels(code: Code, checks: &[(String, CheckRequest, Report)]) -> String {
    let mut levels: Vec<Level> =
        checks.iter().flat_map(|(.., report)| report.all()).filter(|finding| finding.code == code).map(|f| f.level).collect();
    levels.sort();
    levels.dedup();
    levels.into_iter().map(Level::as_str).collect::<Vec<_>>().join(" or ")
}

fn page(code: Code, checks: &[(String, CheckRequest, Report)]) -> String {
    let explanation = code.explanation();
    let fires = |report: &Report| report.all().any(|finding| finding.code == code);
    // The smallest case that shows it, alone where that is possible.
    let size =
        |(_, request, report): &&(String, CheckRequest, Report)| (report.all().count(), pretty(request).len() + pretty(report).len());
    let (name, request, report) = checks.iter().filter(|(.., report)| fires(report)).min_by_key(size).expect("every code has a case");
    let example = if pretty(request).len() > 1_500 {
        let findings: Vec<_> = report.all().filter(|finding| finding.code == code).collect();
        format!("The request has {} scopes. Of the answer:\n\n```json\n{}\n```\n", request.scopes.len(), pretty(&findings))
    } else {
        format!("The request:\n\n```json\n{}\n```\n\nThe answer:\n\n```json\n{}\n```\n", pretty(request), pretty(report))
    };
    format!(
        "# `{}`\n\n{}\n\nLevel: {}.\n\n## When\n\n{}\n\n## Why\n\n{}\n\n## What to do\n\n{}\n\n## Example\n\nThe case “{name}” of the vectors. {example}",
        code.as_str(),
        code.summary(),
        levels(code, checks),
        explanation.when,
        explanation.why,
        explanation.remedy,
    )
}

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

fn index(checks: &[(String, CheckRequest, Report)]) -> String {
    let row = |code: &Code| format!("| [`{0}`]({0}.md) | {1} | {2} |\n", code.as_str(), levels(*code, checks), code.summary());
    let rows: String = Code::ALL.iter().map(row).collect();
    format!(
        "# Rules\n\nWhat a check can report. An error makes a report invalid; warnings and hints inform. A code never changes its meaning.\n\n\
         These pages are written from the source: `SCOPEWISE_BLESS=1 cargo test --test it rules`.\n\n\
         | code | level | when |\n|---|---|---|\n{rows}"
    )
}

#[test]
fn the_pages_are_those_of_the_code() {
    let checks = checks();
    let mut pages: BTreeMap<String, String> =
        Code::ALL.iter().map(|code| (format!("{}.md", code.as_str()), page(*code, &checks))).collect();
    pages.insert("README.md".to_owned(), index(&checks));
    let folder = Path::new(FOLDER);
    if bless::is_on() {
        let stored = fs::read_dir(folder).unwrap().map(|page| page.unwrap());
        let stale = stored.filter(|page| !pages.contains_key(page.file_name().to_str().unwrap()));
        stale.for_each(|page| fs::remove_file(page.path()).unwrap());
        pages.iter().for_each(|(name, text)| bless::write(&folder.join(name), text));
    }
    for (name, text) in &pages {
        let stored = fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(stored == *text, "docs/rules/{name} is stale: SCOPEWISE_BLESS=1 cargo test --test it rules");
    }
    let stored = fs::read_dir(folder).unwrap().count();
    assert_eq!(stored, pages.len(), "docs/rules holds a page of no rule");
}

#[test]
fn every_rule_is_explained_in_whole_sentences() {
    for code in Code::ALL {
        let explanation = code.explanation();
        for text in [code.summary(), explanation.when, explanation.why, explanation.remedy] {
            assert!(text.starts_with(|c: char| c.is_uppercase() || c == '`') && text.ends_with('.'), "{}: {text}", code.as_str());
        }
    }
}
