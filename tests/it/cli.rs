//! What the command line prints, and its exit codes.

use pretty_assertions::assert_eq;
use serde_json::Value;

use crate::program::{Program, stderr};

#[test]
fn check_exits_with_0_for_valid_1_for_not_valid_and_2_for_wrong_usage() {
    let program = Program::new();
    for (arguments, code) in [
        (&["check", "rows.read"][..], 0),
        (&["check", "keys.write", "--expire", "never"], 0),
        (&["check", "rows.read", "user.read"], 1),
        (&["check", "rows.read", "--runs-in", "browser"], 1),
        (&["check", "rows.read", "--expire", "tomorrow"], 1),
        (&["check", "rows.read", "--tier", "organization"], 1),
        (&["check"], 2),
        (&["check", "rows.read", "--runs-in", "moon"], 2),
        (&["check", "rows.read", "--unknown"], 2),
        (&[], 2),
    ] {
        assert_eq!(program.run(arguments).status.code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn check_prints_every_diagnostic_with_its_scope_and_its_help() {
    let output = Program::new().run(&["check", "user.read", "attributes.read", "--expire", "never"]);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "\
error[unknown-scope]: there is no scope `user.read`
 | user.read attributes.read
 | ^^^^^^^^^
 = help: did you mean `users.read`?

warning[deprecated-scope]: `attributes.read` is deprecated
 | user.read attributes.read
 |           ^^^^^^^^^^^^^^^
 = help: grant `columns.read` instead

hint[never-expires]: the key never expires
 = help: set an expiry, so that a forgotten or leaked key stops working

not valid: 2 scopes, 1 error, 1 warning, 1 hint
"
    );
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn check_prints_the_report_as_json() {
    let report: Value =
        serde_json::from_slice(&Program::new().run(&["check", "--format", "json", "rows.read", "user.read"]).stdout).unwrap();
    assert_eq!(report["valid"], false);
    assert_eq!(report["errors"][0]["code"], "unknown-scope");
    assert_eq!(report["errors"][0]["scope"], "user.read");
    assert_eq!(report["errors"][0]["index"], 1);
    assert_eq!(report["errors"][0]["fix"]["edits"][0]["with"], "users.read");
}

#[test]
fn options_are_read_from_the_environment_too() {
    let program = Program::new();
    let mut command = program.command(&["check", "rows.read"]);
    let output = command.env("SCOPEWISE_RUNS_IN", "browser").env("SCOPEWISE_FORMAT", "json").output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["errors"][0]["code"], "exposed-in-client");
}

#[test]
fn catalog_lists_every_scope_as_text_and_as_json() {
    let program = Program::new();
    let text = program.printed(&["catalog"]);
    let catalog = program.json(&["catalog", "--format", "json"]);
    let scopes = catalog["scopes"].as_array().unwrap();
    assert!(scopes.len() > 100);
    for scope in scopes {
        let name = format!("  {} ", scope["id"].as_str().unwrap());
        assert_eq!(text.lines().filter(|line| line.starts_with(&name)).count(), 1, "{name}");
    }
    assert!(catalog["operations"].as_array().unwrap().len() > 500);
}

#[test]
fn every_command_has_help() {
    let program = Program::new();
    for command in [
        &["serve"][..],
        &["admin", "create"],
        &["admin", "reset"],
        &["admin", "list"],
        &["admin", "sign-out"],
        &["project", "create"],
        &["key", "create"],
        &["check"],
        &["catalog"],
    ] {
        let help = program.printed(&[command, &["--help"]].concat());
        assert!(help.contains(&format!("Usage: scopewise {}", command.join(" "))), "{help}");
        assert!(help.contains("\nExample"), "{help}");
    }
}

#[test]
fn a_database_url_out_of_form_is_wrong_usage() {
    let program = Program::new();
    let output = program.run(&["serve", "--database", "data.db"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("sqlite://"), "{}", stderr(&output));
}
