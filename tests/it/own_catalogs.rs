//! The rules with catalogs that have what the built-in one lacks: includes, sets of scopes, least privileged alternatives, few scopes.

use scopewise::scope::{
    Catalog, CheckRequest, Code, Diagnostic, Enforcement, Expiry, Query, Report, Runtime, SuggestRequest, allows, answer, check, compare,
    reach, suggest,
};
use serde_json::{Value, json};

/// A catalog with the editions `old` and `new`. A scope is its id and what differs from a current scope of both editions; an operation is
/// its id and its alternatives, with what else it has.
pub fn catalog(scopes: &[(&str, Value)], operations: &[(&str, Value, Value)]) -> Catalog {
    let merged = |mut base: Value, more: &Value| {
        base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        base
    };
    let scope = |(id, more): &(&str, Value)| {
        merged(json!({ "id": id, "service": "s", "description": id, "tiers": ["project"], "editions": ["old", "new"] }), more)
    };
    let operation = |(id, scopes, more): &(&str, Value, Value)| {
        merged(json!({ "id": format!("s.{id}"), "method": "GET", "path": format!("/{id}"), "scopes": scopes }), more)
    };
    let json = json!({ "id": "x", "name": "X", "version": "1", "maxScopes": 99,
        "editions": [{ "id": "old", "name": "Old" }, { "id": "new", "name": "New" }], "services": [{ "id": "s", "name": "S" }],
        "scopes": scopes.iter().map(scope).collect::<Vec<_>>(), "operations": operations.iter().map(operation).collect::<Vec<_>>() });
    Catalog::from_json(&json.to_string()).unwrap_or_else(|errors| panic!("{errors:?}"))
}

pub fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn checked(catalog: &Catalog, scopes: &[&str], operations: &[&str]) -> Report {
    let operations = (!operations.is_empty()).then(|| texts(operations));
    check(catalog, &CheckRequest { scopes: texts(scopes), operations, ..CheckRequest::default() })
}

/// Code, level and scope of what is reported of scopes.
fn about_scopes(report: &Report) -> Vec<(&str, &str, &str)> {
    let about = |it: &'_ Diagnostic| it.scope.is_some();
    report.all().filter(|it| about(it)).map(|it| (it.code.as_str(), it.level.as_str(), it.scope.as_deref().unwrap_or_default())).collect()
}

/// Message, help and title of the fix of what is missing, one for each operation.
fn missing(report: &Report) -> Vec<(&str, &str, &str)> {
    let missing = report.all().filter(|it| it.code == Code::MissingScope);
    missing.map(|it| (it.message.as_str(), it.help.as_str(), it.fix.as_ref().map_or("", |fix| fix.title.as_str()))).collect()
}

#[test]
fn a_scope_that_another_includes_is_redundant_and_nothing_else() {
    let scopes = [("wide", json!({ "includes": ["narrow"] })), ("narrow", json!({ "deprecated": true })), ("other", json!({}))];
    let catalog = catalog(&scopes, &[("a", json!(["narrow"]), json!({})), ("b", json!(["other"]), json!({}))]);
    assert_eq!(about_scopes(&checked(&catalog, &["wide", "narrow"], &[])), [("redundant-scope", "warning", "narrow")]);
    assert_eq!(
        about_scopes(&checked(&catalog, &["wide", "narrow", "other"], &["s.b"])),
        [("unused-scope", "warning", "wide"), ("unused-scope", "warning", "narrow")]
    );
}

#[test]
fn a_scope_is_as_sensitive_as_what_it_includes() {
    let sensitive = json!({ "sensitive": { "reach": "secrets", "reason": "It shows a secret.", "path": [] } });
    let catalog = catalog(&[("wide", json!({ "includes": ["narrow"] })), ("narrow", sensitive)], &[]);
    let message = |scope: &str| {
        let report = checked(&catalog, &[scope], &[]);
        report.all().find(|it| it.code == Code::SensitiveScope).map(|it| it.message.clone())
    };
    assert_eq!(message("narrow").as_deref(), Some("`narrow` is very sensitive: it shows a secret"));
    assert_eq!(message("wide").as_deref(), Some("`wide` includes `narrow`, which is very sensitive: it shows a secret"));
}

#[test]
fn a_scope_can_be_sensitive_in_some_editions_alone() {
    let sensitive = json!({ "sensitive": { "reach": "broad", "reason": "It runs code.", "path": [], "editions": ["new"] } });
    let scopes = [("run", sensitive), ("read", json!({})), ("wide", json!({ "includes": ["run"] }))];
    let catalog = catalog(&scopes, &[("a", json!(["run", "read"]), json!({}))]);
    let codes = |edition: Option<&str>| {
        let request = CheckRequest {
            scopes: texts(&["run", "wide"]),
            edition: edition.map(str::to_owned),
            expire: Expiry::Never,
            runs_in: Some(Runtime::Ci),
            ..CheckRequest::default()
        };
        let report = check(&catalog, &request);
        let codes = report.all().map(|it| it.code.as_str().to_owned()).filter(|code| code.starts_with("sensitive"));
        codes.collect::<Vec<_>>()
    };
    let all = texts(&["sensitive-scope", "sensitive-scope", "sensitive-in-ci", "sensitive-without-expiry"]);
    assert_eq!((codes(Some("new")), codes(None)), (all.clone(), all));
    assert_eq!(codes(Some("old")), texts(&[]));
    let least = |edition: &str| {
        let request = SuggestRequest { operations: texts(&["s.a"]), edition: Some(edition.to_owned()), ..SuggestRequest::default() };
        suggest(&catalog, &request).scopes
    };
    assert_eq!((least("old"), least("new")), (texts(&["run"]), texts(&["read"])));
    // The catalog is written as it was read, and an edition that it does not have is a fault.
    let written = answer(&catalog, Query::Catalog, "{}").unwrap();
    assert!(Catalog::from_json(&written).is_ok());
    let wrong = written.replacen(r#""path":[],"editions":["new"]}"#, r#""path":[],"editions":["newer"]}"#, 1);
    let faults: Vec<String> = Catalog::from_json(&wrong).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(faults, ["scopes[0].sensitive.editions: there is no edition `newer`"]);
}

#[test]
fn every_scope_counts_current_scopes_and_five_are_enough() {
    let fires = |catalog: &Catalog, scopes: &[&str]| checked(catalog, scopes, &[]).all().any(|it| it.code == Code::EveryScope);
    let current = |id| (id, json!({}));
    let four = catalog(&[current("a"), current("b"), current("c"), current("d"), ("e", json!({ "deprecated": true }))], &[]);
    assert!(!fires(&four, &["a", "b", "c", "d", "e"]));
    let five = catalog(&[current("a"), current("b"), current("c"), current("d"), current("e")], &[]);
    assert!(fires(&five, &["a", "b", "c", "d", "e"]));
    assert!(!fires(&five, &["a", "b", "c", "d"]));
}

#[test]
fn one_scope_that_includes_all_others_is_every_scope() {
    let narrow = |id| (id, json!({}));
    let scopes = [narrow("a"), narrow("b"), narrow("c"), narrow("d"), ("all", json!({ "includes": ["a", "b", "c", "d"] }))];
    let catalog = catalog(&scopes, &[]);
    assert!(checked(&catalog, &["all"], &[]).all().any(|it| it.code == Code::EveryScope));
    assert!(!checked(&catalog, &["a", "b"], &[]).all().any(|it| it.code == Code::EveryScope));
}

#[test]
fn an_operation_without_a_scope_of_such_a_key_is_impossible() {
    let scopes = [("wide", json!({ "includes": ["narrow"] })), ("narrow", json!({})), ("org", json!({ "tiers": ["organization"] }))];
    let catalog = catalog(&scopes, &[("a", json!(["org"]), json!({}))]);
    let report = checked(&catalog, &["narrow"], &["s.a"]);
    assert_eq!(missing(&report), [("no scope of a project key opens `s.a`", "use an organization key with `org`", "")]);
}

#[test]
fn the_planned_scope_is_named_once() {
    let scopes = [("a", json!({})), ("wide", json!({ "includes": ["a"] }))];
    let catalog = catalog(&scopes, &[("x", json!(["a"]), json!({})), ("y", json!(["wide"]), json!({}))]);
    let report = checked(&catalog, &[], &["s.x"]);
    assert_eq!(missing(&report), [("no granted scope opens `s.x`", "grant `a`", "add `a`")]);
}

#[test]
fn a_planned_scope_that_includes_what_is_needed_comes_first_without_what_is_granted() {
    let scopes = [("a", json!({})), ("b", json!({})), ("c", json!({})), ("wide", json!({ "includes": ["b", "c"] }))];
    let catalog = catalog(&scopes, &[("x", json!([["a", "b"]]), json!({})), ("y", json!(["c"]), json!({}))]);
    let report = checked(&catalog, &["a"], &["s.x", "s.y"]);
    assert_eq!(
        missing(&report),
        [
            ("the granted scopes do not open `s.x`", "grant `wide`; `b` also opens it", "add `wide`"),
            ("no granted scope opens `s.y`", "grant `wide`; `c` also opens it", "add `wide`"),
        ]
    );
}

#[test]
fn where_the_edition_lacks_the_scope_those_that_include_it_open_the_operation() {
    let scopes =
        [("inner", json!({ "editions": ["old"] })), ("p", json!({ "includes": ["inner"] })), ("q", json!({ "includes": ["inner"] }))];
    let catalog = catalog(&scopes, &[("x", json!(["inner"]), json!({})), ("y", json!(["q"]), json!({}))]);
    let request =
        CheckRequest { scopes: vec![], operations: Some(texts(&["s.x"])), edition: Some("new".to_owned()), ..CheckRequest::default() };
    let report = check(&catalog, &request);
    assert_eq!(missing(&report), [("no granted scope opens `s.x`", "grant `p`; `q` also opens it", "add `p`")]);
}

#[test]
fn ways_are_named_from_the_cheapest_on() {
    let scopes = [("x", json!({})), ("y", json!({})), ("z", json!({}))];
    let ways = [
        ("op", json!(["x", ["y", "z"]]), json!({})),
        ("x1", json!(["x"]), json!({})),
        ("x2", json!(["x"]), json!({})),
        ("y1", json!(["y"]), json!({})),
    ];
    // What the operation itself opens does not count: two beyond for `x`, one for the others together.
    let help = allows(&catalog(&scopes, &ways), &[] as &[&str], "s.op", None).help;
    assert_eq!(help, "grant `y` and `z`; `x` also opens it");
}

#[test]
fn sensitivity_counts_in_the_edition_that_the_key_is_for() {
    let in_new = json!({ "sensitive": { "reach": "secrets", "reason": "It shows secrets.", "path": [], "editions": ["new"] } });
    let scopes = [("a", in_new), ("b", json!({}))];
    // `b` opens more beyond the wanted operation than `a`, so only what is sensitive speaks against `a`.
    let catalog = catalog(&scopes, &[("op", json!(["a", "b"]), json!({})), ("more", json!(["b"]), json!({}))]);
    for (edition, best) in [("old", "a"), ("new", "b")] {
        let edition = Some(edition.to_owned());
        let help = allows(&catalog, &[] as &[&str], "s.op", edition.as_deref()).help;
        assert!(help.starts_with(&format!("grant `{best}`")), "{help}");
        let wanted = SuggestRequest { operations: texts(&["s.op"]), edition: edition.clone(), ..SuggestRequest::default() };
        assert_eq!(suggest(&catalog, &wanted).scopes, [best]);
        // Also where a scope that the edition lacks is no error.
        for beyond_edition in [None, Some(Enforcement::Warn), Some(Enforcement::Deny)] {
            let operations = Some(texts(&["s.op"]));
            let report = check(&catalog, &CheckRequest { operations, edition: edition.clone(), beyond_edition, ..CheckRequest::default() });
            assert!(report.errors[0].help.starts_with(&format!("grant `{best}`")), "{report:?}");
        }
        assert_eq!(reach(&catalog, &["a"], edition.as_deref()).climbs.len(), usize::from(best == "b"));
        assert_eq!(compare(&catalog, &["b"], &["a"], edition.as_deref()).climbed.len(), usize::from(best == "b"));
    }
    assert_eq!(reach(&catalog, &["a"], None).climbs.len(), 1);
}

#[test]
fn the_least_privileged_way_is_named_first_even_if_another_is_cheaper() {
    let scopes = [("cheap", json!({})), ("least", json!({}))];
    let operations = |least: &str| [("op", json!(["cheap", "least"]), json!({ "least": least })), ("b", json!(["least"]), json!({}))];
    let help = |least| allows(&catalog(&scopes, &operations(least)), &[] as &[&str], "s.op", None).help;
    assert_eq!(help("least"), "grant `least`; `cheap` also opens it");
    assert_eq!(help("cheap"), "grant `cheap`; `least` also opens it");
}

#[test]
fn an_open_operation_adds_no_candidate() {
    let scopes = [("a", json!({})), ("b", json!({})), ("c", json!({}))];
    let operations = [
        ("open", json!(["a", "b"]), json!({ "least": "b" })),
        ("closed", json!(["b", "c"]), json!({ "least": "c" })),
        ("more", json!(["c"]), json!({})),
    ];
    let catalog = catalog(&scopes, &operations);
    let report = checked(&catalog, &["a"], &["s.open", "s.closed"]);
    assert_eq!(missing(&report), [("no granted scope opens `s.closed`", "grant `c`; `b` also opens it", "add `c`")]);
}

#[test]
fn a_scope_that_is_held_brings_no_candidate() {
    let scopes = [("a", json!({})), ("b", json!({})), ("c", json!({})), ("wide", json!({ "includes": ["a"] }))];
    let operations = [
        ("set", json!([["a", "b"]]), json!({})),
        ("least", json!(["c", "wide"]), json!({ "least": "c" })),
        ("more", json!(["c"]), json!({})),
    ];
    let catalog = catalog(&scopes, &operations);
    let report = checked(&catalog, &["a"], &["s.set", "s.least"]);
    let helps: Vec<&str> = missing(&report).iter().map(|(_, help, _)| *help).collect();
    assert_eq!(helps, ["grant `b`", "grant `c`; `wide` also opens it"]);
}

#[test]
fn a_text_is_taken_apart_up_to_4096_bytes() {
    let catalog = catalog(&[("a", json!({})), ("b", json!({}))], &[]);
    let has_fix = |length: usize| {
        let text = format!("a b{}", ",".repeat(length - 3));
        let report = checked(&catalog, &[text.as_str()], &[]);
        report.all().any(|it| it.fix.as_ref().is_some_and(|fix| fix.title == "split it into 2 scopes"))
    };
    assert!(has_fix(4096));
    assert!(!has_fix(4097));
}

#[test]
fn an_operation_that_no_key_of_the_tier_can_open_names_another_way() {
    let scopes = [("org", json!({ "tiers": ["organization"] })), ("past", json!({ "editions": ["old"] })), ("p", json!({}))];
    let operations = [
        ("org", json!(["org"]), json!({})),
        ("both", json!([["p", "org"]]), json!({})),
        ("either", json!(["past", "org"]), json!({})),
        ("unknown", json!([]), json!({})),
    ];
    let catalog = catalog(&scopes, &operations);
    let request = CheckRequest {
        operations: Some(texts(&["s.org", "s.both", "s.either", "s.unknown"])),
        edition: Some("new".to_owned()),
        ..CheckRequest::default()
    };
    assert_eq!(
        missing(&check(&catalog, &request)),
        [
            ("no scope of a project key opens `s.org`", "use an organization key with `org`", ""),
            ("no scope of a project key opens `s.both`", "no kind of key can hold `org` with `p`; ask the maintainer of the catalog", ""),
            ("no scope of a project key opens `s.either` in New", "choose an edition that has `past`", ""),
            (
                "the X catalog does not say which scopes open `s.unknown`",
                "no key opens it until the catalog lists them; ask the maintainer of the catalog",
                ""
            ),
        ]
    );
}

fn fixes(report: &Report) -> Vec<&str> {
    missing(report).into_iter().map(|(_, _, fix)| fix).collect()
}

#[test]
fn a_route_that_means_several_operations_names_the_best_way_to_open_each() {
    let scopes = [("first", json!({})), ("narrow", json!({})), ("wide", json!({}))];
    let operations = [
        ("a", json!(["wide", "narrow"]), json!({ "path": "/{x}/b" })),
        ("b", json!(["first"]), json!({ "path": "/a/{y}" })),
        ("c", json!(["wide"]), json!({})),
        ("d", json!(["wide"]), json!({})),
    ];
    let catalog = catalog(&scopes, &operations);
    let report = checked(&catalog, &[], &["GET /a/b"]);
    assert_eq!(fixes(&report), ["add `first` and `narrow`"]);
    // The route is not another spelling of one of them.
    let report = checked(&catalog, &[], &["s.b", "GET /a/b"]);
    assert_eq!(fixes(&report), ["add `first`", "add `first` and `narrow`"]);
    // But it is one of all of them.
    let report = checked(&catalog, &[], &["s.b", "s.a", "GET /a/b"]);
    assert_eq!(fixes(&report), ["add `first`", "add `narrow`"]);
}

#[test]
fn a_route_whose_operations_need_the_same_is_reported_once_and_else_for_itself() {
    let scopes = [("one", json!({})), ("two", json!({})), ("three", json!({}))];
    let route = |alternatives: Value| {
        let operations = [("a", alternatives, json!({ "path": "/{x}/b" })), ("b", json!(["one"]), json!({ "path": "/a/{y}" }))];
        let report = checked(&catalog(&scopes, &operations), &[], &["s.b", "GET /a/b"]);
        fixes(&report).len()
    };
    assert_eq!(route(json!(["one"])), 1);
    assert_eq!(route(json!(["one", "two"])), 2);
    assert_eq!(route(json!(["one", ["two", "three"]])), 2);
}

#[test]
fn a_way_with_a_deprecated_scope_is_not_advised() {
    let scopes = [("x", json!({})), ("y", json!({})), ("past", json!({ "deprecated": true }))];
    let catalog = catalog(&scopes, &[("op", json!(["x", ["y", "past"]]), json!({}))]);
    assert_eq!(allows(&catalog, &[] as &[&str], "s.op", None).help, "grant `x`");
}

#[test]
fn a_part_of_a_set_grants_nothing() {
    let scopes = [("a", json!({})), ("b", json!({})), ("c", json!({}))];
    let catalog = catalog(&scopes, &[("op", json!(["c", ["a", "b"]]), json!({}))]);
    assert_eq!(allows(&catalog, &["a", "c"], "s.op", None).granted_by, ["c"]);
    assert_eq!(allows(&catalog, &["a", "b", "c"], "s.op", None).granted_by, ["a", "b", "c"]);
}

#[test]
fn a_grant_allows_an_operation_where_it_opens_all_of_its_routes() {
    let scopes = [("a", json!({})), ("b", json!({}))];
    let catalog = catalog(&scopes, &[("op", json!(["a"]), json!({})), ("op", json!(["b"]), json!({ "path": "/other" }))]);
    let grant = catalog.compile(&["a"]);
    for spelling in ["s.op", "s.Op", "S.OP"] {
        assert!(!grant.allows(spelling), "{spelling}");
        assert!(catalog.compile(&["a", "b"]).allows(spelling), "{spelling}");
    }
    assert!(grant.allows("GET /op") && !grant.allows("GET /other"));
    assert_eq!(grant.operations().collect::<Vec<_>>(), [("s.op", false)]);
}
