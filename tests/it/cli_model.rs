//! The scope model on the command line: every vector byte for byte, every format, every source of scopes, every exit code.

use std::fs;

use pretty_assertions::assert_eq;
use scopewise::scope::{Catalog, Query, answer};
use serde_json::{Value, json};

use crate::{entry_points::by_catalog, program::Program, vectors::catalog_file};

#[test]
fn every_vector_has_the_same_answer_byte_for_byte() {
    for (catalog, vectors) in by_catalog() {
        // Of none of them a NUL byte is a part, and so it can stand between them.
        let input: Vec<u8> =
            vectors.iter().flat_map(|vector| format!("{}\t{}\0", vector.call.as_str(), vector.request).into_bytes()).collect();
        let file = catalog.map(|name| catalog_file(&name).display().to_string());
        let named = file.as_ref().map(|file| ["--catalog", file]);
        let arguments: Vec<&str> = ["batch", "--null"].into_iter().chain(named.into_iter().flatten()).collect();
        let output = Program::new().run_reading(&arguments, &input);
        let text = String::from_utf8(output.stdout).unwrap();
        let code = i32::from(vectors.iter().any(|vector| vector.is_error));
        assert_eq!((text.lines().count(), output.status.code()), (vectors.len(), Some(code)));
        for (answer, vector) in text.lines().zip(&vectors) {
            assert_eq!(answer, vector.answer, "{}", vector.name);
        }
    }
}

#[test]
fn json_is_the_answer_of_every_other_door() {
    let program = Program::new();
    let (now, date) = ("2026-11-20T12:00:00.000+00:00", "2026-11-25");
    for (arguments, call, request) in [
        (
            &["check", "--runs-in", "ci", "--expire", date, "--now", now, "--operation", "users.list", "rows.read", "user.read"][..],
            Query::Check,
            json!({ "scopes": ["rows.read", "user.read"], "runsIn": "ci", "expire": date, "now": now, "operations": ["users.list"] }),
        ),
        (
            &[
                "check",
                "--grantor",
                "rows.read",
                "--beyond-grantor",
                "reject",
                "--previous",
                "teams.read",
                "--now",
                now,
                "users.read",
                "teams.read",
            ],
            Query::Check,
            json!({ "scopes": ["users.read", "teams.read"], "grantor": ["rows.read"], "beyondGrantor": "reject", "previous": ["teams.read"], "now": now }),
        ),
        (
            &["check", "--edition", "docs-2023", "--tier", "organization", "--expire", "never", "--now", now, "rows.read"],
            Query::Check,
            json!({ "scopes": ["rows.read"], "edition": "docs-2023", "tier": "organization", "expire": null, "now": now }),
        ),
        (
            &["check", "--edition", "docs-2023", "--beyond-edition", "report", "--now", now, "rows.read"],
            Query::Check,
            json!({ "scopes": ["rows.read"], "edition": "docs-2023", "beyondEdition": "report", "now": now }),
        ),
        (
            &["allows", "--operation", "users.list", "rows.read"],
            Query::Allows,
            json!({ "scopes": ["rows.read"], "operation": "users.list" }),
        ),
        (
            &["suggest", "--scope", "rows.read", "--edition", "docs-2026", "tablesDB.listRows", "GET /v1/users"],
            Query::Suggest,
            json!({ "operations": ["tablesDB.listRows", "GET /v1/users"], "scopes": ["rows.read"], "edition": "docs-2026" }),
        ),
        (
            &["allows", "--operation", "tablesDB.listRows", "--edition", "docs-2023", "users.read"],
            Query::Allows,
            json!({ "scopes": ["users.read"], "operation": "tablesDB.listRows", "edition": "docs-2023" }),
        ),
        (&["reach", "keys.write"], Query::Reach, json!({ "scopes": ["keys.write"] })),
        (
            &["reach", "--edition", "server-1.9", "databases.write"],
            Query::Reach,
            json!({ "scopes": ["databases.write"], "edition": "server-1.9" }),
        ),
        (
            &["compare", "--previous", "rows.read", "--edition", "server-1.9", "databases.write"],
            Query::Compare,
            json!({ "before": ["rows.read"], "after": ["databases.write"], "edition": "server-1.9" }),
        ),
        (
            &["compare", "--previous", "documents.read", "rows.read"],
            Query::Compare,
            json!({ "before": ["documents.read"], "after": ["rows.read"] }),
        ),
        (
            &["migrate", "--edition", "server-1.9", "execution.read"],
            Query::Migrate,
            json!({ "scopes": ["execution.read"], "edition": "server-1.9" }),
        ),
        (&["catalog"], Query::Catalog, json!({})),
    ] {
        let output = program.run_reading(&[arguments, &["--format", "json"]].concat(), b"");
        let expected = answer(Catalog::appwrite(), call, &request.to_string()).unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{expected}\n"), "{arguments:?}");
    }
}

#[test]
fn the_exit_code_is_the_verdict() {
    let program = Program::new();
    for (arguments, code) in [
        (&["allows", "--operation", "users.list", "users.read"][..], 0),
        (&["allows", "--operation", "users.list", "users.write"], 1),
        (&["allows", "--operation", "users.nothing", "users.write"], 1),
        (&["allows", "users.write"], 2),
        (&["suggest", "users.list"], 0),
        (&["suggest", "users.nothing"], 1),
        (&["suggest"], 2),
        (&["reach", "rows.read"], 0),
        (&["reach", "row.read"], 1),
        (&["reach", "--edition", "none", "rows.read"], 1),
        (&["compare", "--edition", "none", "rows.read"], 1),
        (&["compare", "--previous", "rows.read", "users.read"], 0),
        (&["compare", "--previous", "rows.read", "user.read"], 1),
        (&["migrate", "execution.read"], 0),
        (&["migrate", "--edition", "none", "execution.read"], 1),
        (&["migrate", "--tier", "none", "execution.read"], 2),
        (&["check", "--now", "soon", "rows.read"], 2),
        (&["check", "--file", "absent.txt"], 2),
        (&["check", "--file", "absent.txt", "rows.read"], 2),
    ] {
        assert_eq!(program.run_reading(arguments, b"").status.code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn scopes_come_from_arguments_a_file_or_standard_input() {
    let program = Program::new();
    program.file("scopes.txt", "# the importer\nrows.read\n\n  tables.read # to look up\n");
    let report = |arguments: &[&str], input: &[u8]| {
        let output = program.run_reading(&[&["check", "--operation", "tablesDB.listRows", "--format", "json"], arguments].concat(), input);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["warnings"][0]["index"].clone()
    };
    for (arguments, input) in [
        (&["rows.read", "tables.read"][..], &b""[..]),
        (&["--file", "scopes.txt"], b""),
        (&["-"], b"rows.read\r\ntables.read"),
        (&["--file", "-"], b"rows.read\n# x\ntables.read\n"),
    ] {
        assert_eq!(report(arguments, input), 1, "{arguments:?}");
    }
}

#[test]
fn what_is_wrong_in_a_file_is_reported_with_its_line() {
    let program = Program::new();
    program.file("ci/scopes.txt".split('/').next_back().unwrap(), "rows.read\n  user.read # typo\nexecution.read\n");
    let text = program.exits(1, &["check", "--file", "scopes.txt"]);
    assert_eq!(
        text,
        "\
error[unknown-scope]: there is no scope `user.read`
 --> scopes.txt:2:3
2 | user.read
  | ^^^^^^^^^
  = help: did you mean `users.read`?

warning[deprecated-scope]: `execution.read` is deprecated
 --> scopes.txt:3:1
3 | execution.read
  | ^^^^^^^^^^^^^^
  = help: grant `executions.read` instead

not valid: 3 scopes, 1 error, 1 warning
"
    );
    let github = program.exits(1, &["check", "--file", "scopes.txt", "--format", "github"]);
    assert_eq!(
        github,
        "\
::error file=scopes.txt,line=2,col=3,endColumn=12,title=unknown-scope::there is no scope `user.read`%0Ahelp: did you mean `users.read`?
::warning file=scopes.txt,line=3,col=1,endColumn=15,title=deprecated-scope::`execution.read` is deprecated%0Ahelp: grant `executions.read` instead
not valid: 3 scopes, 1 error, 1 warning
"
    );
    // Without a file there is no line to mark.
    let github = program.exits(1, &["check", "user.read", "--format", "github"]);
    assert!(github.starts_with("::error title=unknown-scope::there is no scope `user.read`%0A"), "{github}");
}

#[test]
fn sarif_has_the_place_and_the_fix_of_every_finding() {
    let program = Program::new();
    program.file("scopes.txt", "rows.read\n  user.read\n");
    let log: Value =
        serde_json::from_str(&program.exits(1, &["check", "--file", "scopes.txt", "--expire", "never", "--format", "sarif"])).unwrap();
    assert_eq!((&log["version"], log["runs"].as_array().unwrap().len()), (&json!("2.1.0"), 1));
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    for result in results {
        let rule = &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
    }
    let region = json!({ "startLine": 2, "startColumn": 3, "endColumn": 12 });
    assert_eq!(results[0]["locations"], json!([{ "physicalLocation": { "artifactLocation": { "uri": "scopes.txt" }, "region": region } }]));
    let replacement = json!({ "deletedRegion": region, "insertedContent": { "text": "users.read" } });
    let change = json!({ "artifactLocation": { "uri": "scopes.txt" }, "replacements": [replacement] });
    assert_eq!(results[0]["fixes"][0]["artifactChanges"], json!([change]));
    assert_eq!((&results[1]["ruleId"], &results[1]["level"], results[1].get("locations")), (&json!("never-expires"), &json!("note"), None));
}

/// A small platform of its own.
const OWN: &str = r#"{
  "id": "harbor", "name": "Harbor", "version": "1.0", "maxScopes": 10,
  "editions": [{ "id": "one", "name": "One" }],
  "services": [{ "id": "ships", "name": "Ships" }],
  "scopes": [
    { "id": "ships.read", "service": "ships", "description": "Look at ships", "tiers": ["project"], "editions": ["one"] },
    { "id": "ships.sink", "service": "ships", "description": "Sink ships", "tiers": ["project"], "editions": ["one"] }
  ],
  "operations": [{ "id": "ships.list", "method": "GET", "path": "/v1/ships", "scopes": ["ships.read"] }]
}"#;

#[test]
fn texts_show_the_names_of_scopes_and_what_they_include() {
    let program = Program::new();
    let named = OWN
        .replace(r#""id": "ships.read", "service""#, r#""id": "ships.read", "name": "Ships Read", "service""#)
        .replace(r#""description": "Sink ships""#, r#""description": "Sink ships", "includes": ["ships.read"]"#)
        .replace(
            r#""description": "Look at ships""#,
            r#""description": "", "sensitive": { "reach": "broad", "reason": "It shows all.", "path": [] }"#,
        );
    program.file("own.json", &named);
    let printed = |arguments: &[&str]| program.printed(&[arguments, &["--catalog", "own.json"]].concat());
    let catalog = printed(&["catalog"]);
    assert!(catalog.contains("  ships.read  Ships Read (sensitive)\n"), "{catalog}");
    assert!(catalog.contains("  ships.sink  Sink ships (includes ships.read; sensitive)\n"), "{catalog}");
    assert!(printed(&["suggest", "ships.list"]).contains("ships.read (Ships Read)  ships.list\n"));
    let compared = printed(&["compare", "--previous", "ships.read", "ships.sink"]);
    assert!(compared.contains("- ships.read (Ships Read)\n+ ships.sink\n"), "{compared}");
    assert_eq!(printed(&["migrate", "ships.read"]).lines().next(), Some("ships.read (Ships Read)"));
}

#[test]
fn hints_of_a_platform_are_not_given_for_another_one() {
    let program = Program::new();
    program.file("own.json", OWN);
    for runs_in in ["function", "ssr"] {
        let check = ["check", "--runs-in", runs_in, "--expire", "2026-12-01"];
        let own = program.run(&[&check[..], &["--now", "2026-11-01", "--catalog", "own.json", "ships.read"]].concat());
        let text = String::from_utf8(own.stdout).unwrap();
        assert!(!text.contains("injected-key-available") && !text.contains("sessions.write"), "{text}");
    }
}

#[test]
fn every_command_takes_a_catalog_of_its_own() {
    let program = Program::new();
    program.file("own.json", OWN);
    for (arguments, code, expected) in [
        (&["check", "ships.read"][..], 0, "valid: 1 scope\n"),
        (&["check", "ship.read"], 1, "did you mean `ships.read`?"),
        (&["check", "rows.read"], 1, "there is no scope `rows.read`"),
        (&["allows", "--operation", "GET /v1/ships", "ships.read"], 0, "`ships.read` opens"),
        (&["suggest", "ships.list"], 0, "ships.read  ships.list"),
        (&["reach", "ships.read"], 0, "1 operation is allowed, with no way to more access"),
        (&["compare", "--previous", "ships.read", "ships.sink"], 0, "loses 1 operation"),
        (&["migrate", "ships.read"], 0, "1 scope for One"),
        (&["catalog"], 0, "Harbor 1.0: 2 scopes, 1 operation"),
    ] {
        let text = program.exits(code, &[arguments, &["--catalog", "own.json"]].concat());
        assert!(text.contains(expected), "{arguments:?}: {text}");
    }
    let output =
        program.run_reading(&["batch", "--catalog", "own.json"], b"allows\t{\"scopes\":[\"ships.read\"],\"operation\":\"ships.list\"}\n");
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("{\"allowed\":true"));
    // What is printed can be read again.
    let printed = program.exits(0, &["catalog", "--format", "json", "--catalog", "own.json"]);
    program.file("again.json", &printed);
    assert_eq!(program.exits(0, &["catalog", "--format", "json", "--catalog", "again.json"]), printed);
}

#[test]
fn a_bad_catalog_is_reported_with_every_error_and_its_place() {
    let program = Program::new();
    program.file(
        "bad.json",
        &OWN.replace("\"ships\", \"description\": \"Look", "\"boats\", \"description\": \"Look")
            .replace("[\"ships.read\"] }]", "[\"ship.read\"] }]"),
    );
    let printed = program.wrong(&["check", "--catalog", "bad.json", "ships.read"]);
    assert!(printed.starts_with("error: bad.json is not a valid catalog:"), "{printed}");
    assert!(printed.contains("\n  scopes[0].service: ") && printed.contains("\n  operations[0].scopes: "), "{printed}");
    program.file("bad.json", "{");
    assert!(program.wrong(&["reach", "--catalog", "bad.json", "ships.read"]).contains("line 1, column 2"));
    assert!(program.wrong(&["reach", "--catalog", "absent.json", "ships.read"]).contains("absent.json"));
}

#[test]
fn a_batch_reports_what_cannot_be_answered_and_goes_on() {
    let output = Program::new().run_reading(&["batch"], b"nonsense\t{}\n\nreach\t{\"scopes\":[]}\ncatalog\t{\"service\":\"none\"}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), output.status.code()), (3, Some(1)), "{text}");
    assert!(lines[0].starts_with("{\"error\":{\"code\":\"unknown-call\"") && lines[1].starts_with("{\"fullAccess\":false"), "{text}");
}

#[test]
fn completions_and_manual_pages_name_every_command() {
    let program = Program::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = program.exits(0, &["completions", shell]);
        assert!(["check", "suggest", "migrate", "serve"].iter().all(|command| script.contains(command)), "{shell}");
    }
    assert!(program.exits(0, &["man"]).contains(".TH scopewise 1"));
    fs::create_dir(program.path("pages")).unwrap();
    program.exits(0, &["man", "--folder", "pages"]);
    for page in ["scopewise.1", "scopewise-check.1", "scopewise-key-create.1"] {
        assert!(fs::read_to_string(program.path("pages").join(page)).unwrap().contains(".TH"), "{page}");
    }
}
