//! `scopewise catalog import`, `lint`, `diff` and `export`, as they are run.

use std::fs;

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

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
             assumed: the document does not say what its lists of several scopes mean; all scopes of a list are needed for 2 operations. \
             If any one is enough, use --several any; if all are needed, use --several all\n\
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
        let printed = program.wrong(&[&["catalog", "import"], arguments].concat());
        assert!(printed.starts_with(message), "{printed}\n{message}");
    }
    assert!(!program.path("ours.json").exists());
}

/// A catalog of two services.
fn shop(change: impl FnOnce(&mut Value)) -> String {
    let scope = |id: &str, service: &str| json!({ "id": id, "service": service, "description": format!("Opens {id}."), "tiers": ["project"], "editions": ["1"] });
    let operation = |id: &str, route: &str, scopes: Value| {
        let (method, path) = route.split_once(' ').unwrap();
        json!({ "id": id, "method": method, "path": path, "scopes": scopes })
    };
    let mut catalog = json!({
        "id": "shop", "name": "Shop", "version": "1", "maxScopes": 9, "editions": [{ "id": "1", "name": "1" }],
        "services": [{ "id": "orders", "name": "Orders" }, { "id": "bills", "name": "Bills" }],
        "scopes": [scope("orders.read", "orders"), scope("orders.write", "orders"), scope("bills.write", "bills")],
        "operations": [
            operation("orders.list", "GET /orders", json!(["orders.read"])),
            operation("orders.create", "POST /orders", json!(["orders.write"])),
            operation("bills.create", "POST /bills/{id}", json!([["orders.write", "bills.write"]])),
        ],
    });
    change(&mut catalog);
    catalog.to_string()
}

#[test]
fn lint_reports_errors_and_doubts() {
    let program = Program::new();
    program.file("good.json", &shop(|_| {}));
    assert_eq!(program.printed(&["catalog", "lint", "good.json"]), "good.json: 0 errors, 0 warnings, 0 hints\n");
    program.file("doubtful.json", &shop(|catalog| catalog["operations"][0]["scopes"] = json!([])));
    let text = program.printed(&["catalog", "lint", "doubtful.json"]);
    assert_eq!(
        text,
        "operation-without-scopes (1): the catalog does not say what opens an operation; it stays closed; set `scopes`, or `open`\n  \
         `orders.list` (GET /orders) has no scopes at doubtful.json operations[0].scopes\n\n\
         unused-scope (1): the scope opens no operation; remove it, or add it to the operations that it opens\n  \
         no operation needs `orders.read` at doubtful.json scopes[0]\n\n\
         doubtful.json: 0 errors, 1 warning, 1 hint\n"
    );
    program.exits(1, &["catalog", "lint", "--strict", "doubtful.json"]);
    program.file("wrong.json", &shop(|catalog| catalog["scopes"][1]["service"] = json!("none")));
    let output = program.exits(1, &["catalog", "lint", "--format", "sarif", "wrong.json"]);
    let sarif: Value = serde_json::from_str(&output).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!([&result["ruleId"], &result["level"]], ["invalid", "error"]);
    assert_eq!(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "scopes[1].service");
    program.file("broken.json", "{\n  \"id\": ]");
    let json: Value = serde_json::from_str(&program.exits(1, &["catalog", "lint", "--format", "json", "broken.json"])).unwrap();
    assert_eq!((&json["summary"]["errors"], &json["findings"][0]["place"]["line"]), (&json!(1), &json!(2)));
    program.wrong(&["catalog", "lint", "none.json"]);
}

#[test]
fn the_built_in_catalog_has_no_errors() {
    let program = Program::new();
    assert!(program.printed(&["catalog", "lint"]).contains("the built-in catalog: 0 errors, "));
}

#[test]
fn diff_reports_what_keys_lose_and_gain() {
    let program = Program::new();
    program.file("old.json", &shop(|_| {}));
    program.file(
        "new.json",
        &shop(|catalog| {
            catalog["operations"][0]["scopes"] = json!(["orders.read", "orders.write"]);
            catalog["operations"][1]["scopes"] = json!([["orders.write", "orders.read"]]);
        }),
    );
    assert_eq!(
        program.exits(1, &["catalog", "diff", "old.json", "new.json"]),
        "losses\n  keys with `orders.write` can no longer call orders.create\n\n\
         gains\n  keys with `orders.write` can also call orders.list\n\n\
         operations\n  ~ orders.list\n    scopes: [\"orders.read\"] → [\"orders.read\",\"orders.write\"]\n  \
         ~ orders.create\n    scopes: [\"orders.write\"] → [[\"orders.write\",\"orders.read\"]]\n\n\
         scopes: 0 added, 0 removed, 0 changed; operations: 0 added, 0 removed, 2 changed\n\
         some keys lose 1 operation, some gain 1 operation\n"
    );
    let same = ["catalog", "diff", "old.json", "old.json", "--fail-on", "loss,widening,change"];
    assert!(program.printed(&same).ends_with("some keys lose 0 operations, some gain 0 operations\n"));
    program.printed(&["catalog", "diff", "old.json", "new.json", "--fail-on", "none"]);
    // The other way round nothing but the direction changes.
    program.exits(1, &["catalog", "diff", "new.json", "old.json", "--fail-on", "widening"]);
    let json: Value = serde_json::from_str(&program.exits(1, &["catalog", "diff", "--format", "json", "old.json", "new.json"])).unwrap();
    assert_eq!(json["losses"], json!([{ "who": "key", "scopes": ["orders.write"], "operations": ["orders.create"] }]));
    assert_eq!(json["operations"]["changed"][1]["changes"][0]["member"], "scopes");
    program.wrong(&["catalog", "diff", "old.json", "none.json"]);
}

#[test]
fn export_writes_json_openapi_or_a_page() {
    let program = Program::new();
    program.file("shop.json", &shop(|_| {}));
    let export = |format: &str, file: &str| program.printed(&["catalog", "export", "--format", format, "shop.json", "-o", file]);
    assert_eq!(export("json", "again.json"), "");
    let same = ["catalog", "diff", "shop.json", "again.json", "--fail-on", "change"];
    assert!(program.printed(&same).starts_with("scopes: 0 added"));
    export("openapi", "openapi.json");
    program.run(&["catalog", "import", "openapi.json", "--edition", "1", "-o", "back.json"]);
    program.printed(&["catalog", "diff", "shop.json", "back.json", "--fail-on", "loss,widening"]);
    let page = program.printed(&["catalog", "export", "--format", "markdown", "shop.json"]);
    assert!(page.contains("### `orders.write`\n\nOpens orders.write.\n"), "{page}");
    assert!(page.contains("| `bills.create` | `POST /bills/{id}` | with `bills.write` |\n"), "{page}");
    program.wrong(&["catalog", "export", "none.json"]);
    program.exits(1, &["catalog", "export", "shop.json", "-o", "no/such/folder"]);
}
