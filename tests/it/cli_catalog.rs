//! `scopewise catalog import`, as it is run: files in, a catalog that the other commands read, a report beside it.

use std::fs;

use pretty_assertions::assert_eq;
use serde_json::Value;

use crate::program::{Program, stderr};

const NEEDED: &str = include_str!("../catalogs/import/needed.json");
const DEPRECATED: &str = include_str!("../catalogs/import/deprecated.yaml");

fn ready() -> Program {
    let program = Program::new();
    program.file("needed.json", NEEDED);
    program.file("deprecated.yaml", DEPRECATED);
    program
}

#[test]
fn an_openapi_file_becomes_a_catalog_that_every_command_reads() {
    let program = ready();
    let output = program.run(&["catalog", "import", "needed.json", "-o", "ours.json"]);
    let report = stderr(&output);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0), "{report}");
    assert!(
        report.ends_with(
            "scopes read from: security (5 operations)\n\
             lists of several scopes, assumed: any is enough for 1 operation, all are needed for 1 operation\n\
             imported 8 operations (5 with scopes, 1 public, 1 for any key, 1 closed), 5 scopes in 4 services\n"
        ),
        "{report}"
    );
    assert!(report.contains("undeclared-scope (1): "), "{report}");
    let allows = |code: i32, scopes: &[&str]| {
        program.exits(code, &[&["allows", "--catalog", "ours.json", "--operation", "POST /v2/bills"], scopes].concat())
    };
    // Both are needed: one of them is not enough.
    allows(1, &["BILLS_WRITE"]);
    allows(0, &["BILLS_WRITE", "ORDERS_WRITE"]);
    assert!(program.printed(&["catalog", "--catalog", "ours.json"]).ends_with("Till 2.0: 5 scopes, 8 operations\n"));
}

#[test]
fn without_o_the_catalog_is_printed() {
    let program = ready();
    let printed = program.printed(&["catalog", "import", "deprecated.yaml", "--id", "draw", "--name", "Draw"]);
    let catalog: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!([&catalog["id"], &catalog["name"], &catalog["editions"][0]["id"]], ["draw", "Draw", "deprecated"]);
}

#[test]
fn the_report_is_text_json_or_sarif() {
    let program = ready();
    let import = |report: &str| {
        program.printed(&["catalog", "import", "deprecated.yaml", "-o", "ours.json", "--report", report, "--report-file", "report"]);
        fs::read_to_string(program.path("report")).unwrap()
    };
    assert!(import("text").starts_with("unused-scope (1): no operation needs the scope; "));
    let json: Value = serde_json::from_str(&import("json")).unwrap();
    assert_eq!(json["summary"]["operations"], 3);
    let finding = &json["findings"][0];
    assert_eq!([&finding["code"], &finding["level"]], ["unused-scope", "hint"]);
    assert_eq!(finding["place"]["line"], 22);
    let sarif: Value = serde_json::from_str(&import("sarif")).unwrap();
    let run = &sarif["runs"][0];
    let result = &run["results"][0];
    assert_eq!([&sarif["version"], &result["ruleId"], &result["level"]], ["2.1.0", "unused-scope", "note"]);
    let place = &result["locations"][0];
    assert_eq!(place["physicalLocation"]["region"]["startLine"], 22);
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "deprecated.yaml");
    let pointer = "/components/securitySchemes/OAuth2/flows/authorizationCode/scopes/webhooks:write";
    assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], pointer);
    let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], "unused-scope");
}

#[test]
fn what_cannot_be_imported_is_wrong_usage() {
    let program = ready();
    program.file("broken.yaml", "openapi: 3.0.0\npaths:\n  /a: 3\n");
    for (arguments, message) in [
        (&["broken.yaml"][..], "error: cannot import broken.yaml:3 /paths/~1a: a path must be an object, not a number\n"),
        (&["none.json"], "error: cannot read none.json: "),
        (&["needed.json", "--from", "graph"], "error: cannot import needed.json: `permissions` must be an object\n"),
        (&["needed.json", "--edition", "1", "--edition", "2"], "error: cannot read the files: --edition is given 2 times for 1 files; "),
        (&["needed.json", "--scopes", "regex:x"], "error: invalid value 'regex:x' for '--scopes <SOURCE>': use security, "),
        (&[], "error: the following required arguments were not provided:\n  <FILE>..."),
    ] {
        let told = program.wrong(&[&["catalog", "import"], arguments].concat());
        assert!(told.starts_with(message), "{told}\n{message}");
    }
    assert!(!program.path("ours.json").exists());
}
