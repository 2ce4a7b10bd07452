//! `scopewise::import`: each form of document has one catalog, and whatever is in doubt stays closed and is reported.
//! `SCOPEWISE_BLESS=1` writes the expected files of tests/catalogs/import anew.

use std::{fs, path::Path};

use pretty_assertions::assert_eq;
use scopewise::{
    import::{Code, Ids, Imported, Options, ScopeSource, Several, Source, import},
    scope::Catalog,
};
use serde_json::{Value, json};

use crate::dice::Dice;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/catalogs/import");

pub(crate) fn source(file: &str, text: &str) -> Source {
    Source { file: file.to_owned(), text: text.to_owned(), edition: None }
}

pub(crate) fn fixture(file: &str) -> Source {
    source(file, &fs::read_to_string(Path::new(FOLDER).join(file)).unwrap())
}

/// Compares with the file, or writes it.
fn hold(name: &str, text: &str) {
    let path = Path::new(FOLDER).join("expected").join(name);
    if std::env::var_os("SCOPEWISE_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    } else {
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(text, expected, "{name} differs; if that is right, run: SCOPEWISE_BLESS=1 cargo test --test it catalog_import");
    }
}

fn findings(imported: &Imported) -> String {
    let lines = imported.report.findings.iter().map(|it| format!("{}: {} at {}\n", it.code.as_str(), it.message, it.place));
    format!("{:#?}\n{}", imported.report.summary, lines.collect::<String>())
}

fn imported(sources: &[Source], options: &Options) -> (Value, Imported) {
    let imported = import(sources, options).unwrap();
    (serde_json::from_str(&imported.catalog).unwrap(), imported)
}

/// A document with these paths.
fn openapi(paths: Value) -> Source {
    source("api.json", &json!({ "openapi": "3.1.0", "info": { "title": "API", "version": "1" }, "paths": paths }).to_string())
}

fn needing(scopes: &[&str]) -> Value {
    json!({ "security": [{ "auth": scopes }] })
}

pub(crate) fn refused(sources: &[Source], options: &Options) -> String {
    import(sources, options).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn an_operation_that_stands_elsewhere_in_the_document_needs_what_it_says_there() {
    let document = json!({
        "openapi": "3.1.0", "info": { "title": "API", "version": "1" },
        "paths": { "/orders": { "get": { "$ref": "#/components/x-operations/list" } } },
        "components": { "x-operations": { "list": { "operationId": "listOrders", "security": [{ "auth": ["orders.read"] }] } } },
    });
    let (catalog, _) = imported(&[source("api.json", &document.to_string())], &Options::default());
    let operation = &catalog["operations"][0];
    assert_eq!((&operation["path"], &operation["scopes"]), (&json!("/orders"), &json!(["orders.read"])), "{operation}");
}

#[test]
fn each_form_of_document_has_its_catalog() {
    let security = |scheme: &str| Options { scopes: Some(ScopeSource::Security(Some(scheme.into()))), ..Options::default() };
    let cases: [(&str, &str, Options); 16] = [
        ("graph", "graph.json", Options::default()),
        (
            "graph-delegated",
            "graph.json",
            Options { scheme: Some("DelegatedWork".into()), bases: vec!["/v1.0".into()], ..Options::default() },
        ),
        ("github", "github.json", Options::default()),
        ("google", "google.json", Options::default()),
        ("groups", "groups.json", Options { ids: Ids::Fern, ..Options::default() }),
        ("operators", "operators.yaml", Options::default()),
        ("vocabularies", "vocabularies.json", Options::default()),
        (
            "vocabularies-oauth",
            "vocabularies.json",
            Options { scopes: Some(ScopeSource::Extension("x-oauth-scope".into())), ..Options::default() },
        ),
        ("levels", "levels.json", Options { levels: ["read", "write", "admin"].map(str::to_owned).to_vec(), ..Options::default() }),
        (
            "levels-any",
            "levels.json",
            Options {
                several: Several::Any,
                ids: Ids::OperationId,
                id: Some("crash".into()),
                name: Some("Crash".into()),
                ..Options::default()
            },
        ),
        ("deprecated", "deprecated.yaml", Options::default()),
        ("deprecated-scheme", "deprecated.yaml", security("OAuth2")),
        ("public", "public.json", Options::default()),
        ("needed", "needed.json", Options::default()),
        ("texts", "texts.json", Options::default()),
        ("swagger", "swagger.json", Options::default()),
    ];
    for (name, file, options) in cases {
        let imported = import(&[fixture(file)], &options).unwrap();
        hold(&format!("{name}.catalog.json"), &imported.catalog);
        hold(&format!("{name}.report.txt"), &findings(&imported));
        assert_eq!(import(&[fixture(file)], &options).unwrap().catalog, imported.catalog, "{name} is not deterministic");
    }
}

#[test]
fn several_files_are_editions_and_old_scopes_are_kept() {
    let old = source(
        "ghes-3.10/api.json",
        &openapi(json!({ "/a": { "get": needing(&["a.read"]) }, "/b": { "get": needing(&["b.read"]) } })).text,
    );
    let new = source(
        "ghes-3.11/api.json",
        &openapi(json!({ "/a": { "get": needing(&["a.read"]) }, "/c": { "get": needing(&["c.read"]) } })).text,
    );
    let (catalog, _) = imported(&[old.clone(), new.clone()], &Options::default());
    assert_eq!(catalog["editions"], json!([{ "id": "ghes-3.10", "name": "ghes-3.10" }, { "id": "ghes-3.11", "name": "ghes-3.11" }]));
    let scopes: Vec<_> = catalog["scopes"].as_array().unwrap().iter().map(|scope| json!([scope["id"], scope["editions"]])).collect();
    assert_eq!(scopes, [json!(["a.read", ["ghes-3.10", "ghes-3.11"]]), json!(["b.read", ["ghes-3.10"]]), json!(["c.read", ["ghes-3.11"]])]);
    let paths: Vec<_> = catalog["operations"].as_array().unwrap().iter().map(|it| it["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["/a", "/c"]);
    let named = |source: &Source| Source { edition: Some("2026".into()), ..source.clone() };
    assert!(refused(&[named(&old), named(&new)], &Options::default()).contains("two files have the edition `2026`"));
}

#[test]
fn an_overlay_fills_gaps() {
    let overlay = "
scopes:
  zone-records-write: {name: Records, description: Change records, service: zones, includes: [Zone Records Read]}
  Access: {description: All of Access, sensitive: {reach: broad, reason: It opens everything., path: [call it]}}
operations:
  zone.purge: {scopes: [[Zone Records Write, Access]]}
  GET /ips: {open: any-key}
  zones.records.create: {scopes: [Zone Records Write, Access], least: Zone Records Write}
";
    let options = Options { overlay: Some(source("ours.yaml", overlay)), ids: Ids::Fern, ..Options::default() };
    let (catalog, imported) = imported(&[fixture("groups.json")], &options);
    let find = |list: &str, id: &str| catalog[list].as_array().unwrap().iter().find(|it| it["id"] == id).unwrap().clone();
    assert_eq!(find("operations", "zone.purge")["scopes"], json!([["zone-records-write", "Access"]]));
    assert_eq!(find("operations", "IPs.ips")["open"], "any-key");
    assert_eq!(find("operations", "zones.records.create")["least"], "zone-records-write");
    let scope = find("scopes", "zone-records-write");
    assert_eq!(
        [&scope["name"], &scope["description"], &scope["service"], &scope["includes"]],
        [&json!("Records"), &json!("Change records"), &json!("zones"), &json!(["zone-records-read"])]
    );
    assert_eq!(find("scopes", "Access")["sensitive"]["reach"], "broad");
    assert_eq!(imported.report.summary.closed, 0);
}

#[test]
fn what_a_catalog_cannot_say_stays_closed_and_is_reported() {
    let (catalog, imported) = imported(
        &[openapi(json!({
            "/x/{id}": { "get": needing(&["a"]) },
            "/x/:batch": { "get": needing(&["b"]) },
            "/y/{id}": { "get": needing(&["a", "b"]) },
            "/y/{name}": { "get": { "security": [{ "auth": ["b"] }, { "auth": ["c"] }] } },
            "/z": { "get": { "security": [] }, "trace": {} },
            "/z/": { "get": needing(&["a"]) },
            "/q?kind=a": { "get": needing(&["a"]) },
            "/p": { "get": needing(&["a"]) },
            "/p?kind=b": { "get": needing(&["b"]) },
        }))],
        &Options::default(),
    );
    let scopes = |path: &str| -> Vec<Value> {
        let operations = catalog["operations"].as_array().unwrap().iter();
        operations.filter(|it| it["path"] == path).map(|it| it["scopes"].clone()).collect()
    };
    // A request to `/x/:batch` must not be answered with what `/x/{id}` needs.
    assert_eq!([scopes("/x/{id}"), scopes("/x/{batch}")], [[json!([])], [json!([])]]);
    let both = json!([["a", "b"]]);
    assert_eq!([scopes("/y/{id}"), scopes("/y/{name}")], [[both.clone()], [both.clone()]]);
    assert_eq!(scopes("/z"), [json!(["a"]), json!(["a"])]);
    assert_eq!(scopes("/q"), [json!([])]);
    assert_eq!(scopes("/p"), [both.clone(), both]);
    let count = |code: Code| imported.report.findings.iter().filter(|it| it.code == code).count();
    let counts = [Code::PathNotExpressible, Code::SameRoute, Code::MethodNotSupported].map(count);
    assert_eq!(counts, [2, 4, 1], "{}", findings(&imported));
    assert!(!imported.catalog.contains("\"open\""));
}

/// Every catalog that an import makes can be loaded; whatever a document says, nothing panics.
#[test]
fn whatever_is_imported_can_be_loaded() {
    let mut dice = Dice::new(0x1a70);
    let (mut refused, mut made) = (0, 0);
    let files = fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let mut files: Vec<_> = files.collect();
    files.sort();
    let words = [
        "null",
        "{}",
        "[]",
        "\"\"",
        "7",
        "true",
        "\"/a b\"",
        "\"é{x}{y}\"",
        "[[\"a\"]]",
        "{\"a\":{}}",
        "\"a b\"",
        "\"$ref\"",
        "\"..\"",
        ":",
        "{",
        "",
    ];
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        for round in 0..150 {
            // A value in quotes or a name is replaced, or a slice is cut out or doubled.
            let mut changed = text.clone();
            for _ in 0..(round.min(1) * (1 + dice.below(3))) {
                let cuts: Vec<usize> = changed.char_indices().filter(|(_, c)| "\",:{}[]\n".contains(*c)).map(|(at, _)| at).collect();
                let from = cuts[dice.below(cuts.len())];
                let to = cuts[dice.below(cuts.len())].max(from).min(from + 60);
                let to = (to..=changed.len()).find(|at| changed.is_char_boundary(*at)).unwrap();
                let with = match dice.below(3) {
                    0 => changed[from..to].repeat(2),
                    1 => String::new(),
                    _ => words[dice.below(words.len())].to_owned(),
                };
                changed.replace_range(from..to, &with);
            }
            let several = [Several::Auto, Several::Any, Several::All][dice.below(3)];
            match import(&[source(name, &changed)], &Options { several, ..Options::default() }) {
                Ok(imported) => {
                    let loaded = Catalog::from_json(&imported.catalog);
                    assert!(loaded.is_ok(), "{:?}\n{changed}\n{}", loaded.unwrap_err(), imported.catalog);
                    made += 1;
                }
                Err(error) => {
                    assert!(error.to_string().starts_with(name), "{error}");
                    refused += 1;
                }
            }
        }
    }
    assert!(made > 150 && refused > 150, "{made} {refused}");
}

#[test]
fn too_many_alternatives_stay_closed() {
    let many = |count: usize| -> Value { (0..count).map(|number| json!({ "auth": [format!("s{number}")] })).collect() };
    let names: Vec<String> = (0..15_000).map(|number| format!("s{number}")).collect();
    let (catalog, imported) = imported(
        &[openapi(json!({
            "/few": { "get": { "security": many(64) } },
            "/many": { "get": { "security": many(65) } },
            "/huge": { "get": { "security": many(10_000) } },
            "/long": { "get": { "security": [{ "auth": names }] } },
        }))],
        &Options { several: Several::Any, ..Options::default() },
    );
    let counts: Vec<_> = catalog["operations"].as_array().unwrap().iter().map(|it| it["scopes"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [64, 0, 0, 0]);
    assert_eq!(imported.report.findings.iter().filter(|it| it.code == Code::TooManyAlternatives).count(), 3);
}

#[test]
fn scopes_that_stand_elsewhere_never_make_an_operation_open_to_any_key() {
    let paths = json!({
        "/a": { "get": { "security": [{ "key": [] }], "x-required-scopes": ["a.read"] } },
        "/b": { "get": { "security": [{ "key": [] }] } },
    });
    let (catalog, _) = imported(&[openapi(paths)], &Options::default());
    assert_eq!(catalog["operations"][0]["scopes"], json!(["a.read"]));
    assert_eq!([&catalog["operations"][1]["scopes"], &catalog["operations"][1]["open"]], [&json!([]), &Value::Null]);
    let (catalog, bare) = imported(&[openapi(json!({ "/b": { "get": { "security": [{ "key": [] }] } } }))], &Options::default());
    assert_eq!(catalog["operations"][0]["open"], "any-key");
    assert_eq!(bare.report.findings[0].code, Code::NoScopes);
}

#[test]
fn other_extensions_are_read_in_their_usual_forms() {
    for (value, scopes) in [
        (json!("rows.read"), json!(["rows.read"])),
        (json!({ "scope": "rows.read", "method": "x" }), json!(["rows.read"])),
        (json!({ "scope": ["rows.read", "documents.read"] }), json!(["rows.read", "documents.read"])),
        (json!({ "method": "x" }), json!([])),
    ] {
        let (catalog, _) = imported(&[openapi(json!({ "/a": { "get": { "x-appwrite": value } } }))], &Options::default());
        assert_eq!(catalog["operations"][0]["scopes"], scopes, "{value}");
    }
    let states = json!([{ "scheme": "oAuth", "state": "Current", "scopes": ["read:page"] }, { "state": "Beta", "scopes": ["a:x", "b:y"] }]);
    let (catalog, _) = imported(&[openapi(json!({ "/a": { "get": { "x-atlassian-oauth2-scopes": states } } }))], &Options::default());
    assert_eq!(catalog["operations"][0]["scopes"], json!(["read:page", ["a:x", "b:y"]]));
}
