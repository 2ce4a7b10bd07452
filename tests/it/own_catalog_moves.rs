//! Custom catalogs: moves to another edition, and how many names of a large one get a suggestion.

use scopewise::scope::{Catalog, CheckRequest, Code, MigrateRequest, Report, Tier, check, migrate};
use serde_json::json;

use crate::own_catalogs::{catalog, texts};

/// The scopes after a move to the edition `new`, and whether the move is complete.
fn moved(catalog: &Catalog, scopes: &[&str]) -> (Vec<String>, bool) {
    let request = MigrateRequest { scopes: texts(scopes), edition: Some("new".to_owned()), tier: Tier::Project };
    let migration = migrate(catalog, &request);
    (migration.scopes, migration.complete)
}

#[test]
fn of_several_successors_the_one_that_loses_least_is_taken() {
    let scopes = [
        ("past", json!({ "editions": ["old"], "deprecated": true, "successor": "next" })),
        ("next", json!({ "deprecated": true, "successor": "last" })),
        ("last", json!({})),
    ];
    let catalog = catalog(&scopes, &[("a", json!(["past", "next"]), json!({})), ("b", json!(["past", "next", "last"]), json!({}))]);
    // Not complete: what is taken is deprecated too.
    assert_eq!(moved(&catalog, &["past"]), (texts(&["next"]), false));
}

#[test]
fn a_replacement_counts_for_the_scopes_that_move_with_it() {
    let scopes = [
        ("past1", json!({ "editions": ["old"], "deprecated": true, "successor": "next1" })),
        ("past2", json!({ "editions": ["old"], "deprecated": true, "successor": "next2" })),
        ("next1", json!({})),
        ("next2", json!({})),
    ];
    let operations = [("a", json!(["past1", "next1"]), json!({})), ("b", json!(["past2", ["next1", "next2"]]), json!({}))];
    assert_eq!(moved(&catalog(&scopes, &operations), &["past1", "past2"]), (texts(&["next1", "next2"]), true));
}

#[test]
fn what_was_closed_before_is_not_lost() {
    let scopes = [("past", json!({ "editions": ["old"] })), ("kept", json!({})), ("other", json!({}))];
    let operations = [("a", json!(["past", "kept"]), json!({})), ("b", json!([["past", "other"]]), json!({}))];
    assert_eq!(moved(&catalog(&scopes, &operations), &["past", "kept"]), (texts(&["kept"]), true));
}

#[test]
fn a_scope_that_the_edition_lacks_is_kept_for_what_is_called() {
    let catalog = catalog(&[("past", json!({ "editions": ["old"] }))], &[("a", json!(["past"]), json!({}))]);
    let request = CheckRequest {
        scopes: texts(&["past"]),
        operations: Some(texts(&["s.a"])),
        edition: Some("new".to_owned()),
        ..CheckRequest::default()
    };
    let help: Vec<String> = check(&catalog, &request).all().filter(|it| it.code == Code::NotInEdition).map(|it| it.help.clone()).collect();
    assert_eq!(help, ["choose an edition that has it; without it, the key could no longer call `s.a`"]);
}

/// The numbers of docs/http-api.md, for 2,000 scopes and 5,000 operations: how many misspelled names of one request get a suggestion.
#[test]
fn in_a_large_catalog_as_many_misspelled_names_get_a_suggestion_as_the_docs_say() {
    let scope = |n: usize| format!("resource{}.act{n}", n % 97);
    let operation = |n: usize| format!("service{}.doSomething{n}", n % 89);
    let json = json!({ "id": "x", "name": "X", "version": "1", "maxScopes": 1000, "editions": [{ "id": "e", "name": "E" }],
        "services": [{ "id": "s", "name": "S" }],
        "scopes": (0..2000).map(|n| json!({ "id": scope(n), "service": "s", "description": "", "tiers": ["project"], "editions": ["e"] }))
            .collect::<Vec<_>>(),
        "operations": (0..5000).map(|n| json!({ "id": operation(n), "method": "GET", "path": format!("/{}/{n}", n % 89), "scopes": [scope(n % 2000)] }))
            .collect::<Vec<_>>() });
    let catalog = Catalog::from_json(&json.to_string()).unwrap();
    // A letter is missing.
    let misspelled = |name: &dyn Fn(usize) -> String| -> Vec<String> { (0..1000).map(|n| name(n).replacen("e", "", 1)).collect() };
    let scopes = check(&catalog, &CheckRequest { scopes: misspelled(&scope), ..CheckRequest::default() });
    let operations = check(&catalog, &CheckRequest { operations: Some(misspelled(&operation)), ..CheckRequest::default() });
    let helped = |report: &Report, code: Code| {
        let found = report.all().filter(|it| it.code == code);
        found.filter(|it| it.help.starts_with("did you mean ")).count()
    };
    let measured = [helped(&scopes, Code::UnknownScope), helped(&operations, Code::UnknownOperation)];
    let (_, rest) = include_str!("../../docs/http-api.md").split_once("with 2,000 scopes and 5,000 operations, about ").unwrap();
    let written = rest.split('.').next().unwrap().split(' ').filter_map(|word| word.parse::<usize>().ok());
    let written: Vec<usize> = written.collect();
    let is_about = |(written, measured): (&usize, &usize)| written.abs_diff(*measured) * 20 <= *measured;
    assert!(written.len() == 2 && written.iter().zip(&measured).all(is_about), "docs/http-api.md says {written:?}, measured {measured:?}");
}
