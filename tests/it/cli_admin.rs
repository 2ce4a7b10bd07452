//! `scopewise admin …`: an operator and the accounts.

use std::process::{Command, Output, Stdio};

use pretty_assertions::assert_eq;
use scopewise::server::store::{Action, ActorKind, AuditQuery, AuditStore, sqlite::SqliteStore};
use serde_json::Value;

use crate::place::Place;

const PASSWORD: &str = "correct horse battery";

fn run(place: &Place, arguments: &[&str], password: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scopewise"));
    command.arg("admin").args(arguments).stdin(Stdio::null()).env_clear();
    command.envs(password.map(|password| ("SCOPEWISE_ADMIN_PASSWORD", password)));
    command.env("SCOPEWISE_DATABASE", format!("sqlite://{}", place.path("test.db").display())).output().unwrap()
}

fn done(place: &Place, arguments: &[&str]) -> String {
    let output = run(place, arguments, Some(PASSWORD));
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command that fails in one line, and returns that line.
fn refused(place: &Place, arguments: &[&str], password: Option<&str>) -> String {
    let output = run(place, arguments, password);
    let printed = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), printed.lines().count(), output.stdout.len()), (Some(1), 1, 0), "{printed}");
    assert!(printed.starts_with("error: ") && !printed.contains(PASSWORD), "{printed}");
    printed
}

async fn log(place: &Place) -> Vec<String> {
    let store = SqliteStore::open(&place.path("test.db")).unwrap();
    let entries = store.audit(AuditQuery { project: None, limit: 100, ..AuditQuery::default() }).await.unwrap();
    assert!(entries.iter().all(|record| record.entry.actor.kind == ActorKind::CommandLine));
    let words = entries.into_iter().rev().filter(|record| record.entry.action != Action::AccountCreate);
    words.map(|record| format!("{} {}", record.entry.action.as_str(), record.entry.detail)).collect()
}

#[tokio::test]
async fn an_operator_does_with_accounts_what_has_to_be_done() {
    let place = Place::new("cli-admin");
    assert_eq!(done(&place, &["list"]), "No accounts yet. Create one with `scopewise admin create`.\n");
    done(&place, &["create", "--email", "ada@example.com", "--name", "Ada"]);
    done(&place, &["create", "--email", "eve@example.com"]);
    assert_eq!(done(&place, &["disable", "--email", "EVE@example.com"]), "disabled eve@example.com and ended all its sessions\n");
    assert_eq!(done(&place, &["disable", "--email", "EVE@example.com"]), "eve@example.com is already disabled\n");
    assert_eq!(done(&place, &["list"]), "ada@example.com  enabled   not signed in  Ada\neve@example.com  disabled  not signed in\n");
    let list: Value = serde_json::from_str(&done(&place, &["list", "--format", "json"])).unwrap();
    let eve = &list["accounts"][1];
    assert_eq!((&list["total"], &eve["email"], &eve["status"]), (&2.into(), &"eve@example.com".into(), &false.into()));
    assert!(done(&place, &["reset", "--email", "eve@example.com"]).contains("enable it with `scopewise admin enable`"));
    assert_eq!(done(&place, &["enable", "--email", "eve@example.com"]), "enabled eve@example.com\n");
    assert_eq!(done(&place, &["enable", "--email", "eve@example.com"]), "eve@example.com is already enabled\n");
    let printed = done(&place, &["reset", "--email", "eve@example.com"]);
    assert_eq!(printed, "set a new password for eve@example.com and ended all its sessions\n");
    assert_eq!(done(&place, &["update", "--email", "eve@example.com", "--name", "Eve é"]), "renamed eve@example.com\n");
    assert!(done(&place, &["list"]).ends_with("not signed in  Eve é\n"));
    // A name of an older version may hold what a terminal would obey.
    let connection = rusqlite::Connection::open(place.path("test.db")).unwrap();
    connection.execute("UPDATE accounts SET name = ?1 WHERE email = 'eve@example.com'", ["Eve\u{1b}[2J"]).unwrap();
    assert!(done(&place, &["list"]).ends_with("not signed in  Eve\u{fffd}[2J\n"));
    assert_eq!(done(&place, &["update", "--email", "eve@example.com", "--name", ""]), "removed the name of eve@example.com\n");
    assert_eq!(done(&place, &["reset-second-factor", "--email", "EVE@example.com"]), "eve@example.com has no second factor\n");
    let on = "UPDATE accounts SET factor_secret = x'00', factor_since = 1, factor_step = 1 WHERE email = 'eve@example.com'";
    connection.execute(on, []).unwrap();
    assert!(done(&place, &["list"]).ends_with("not signed in  second factor\n"));
    let printed = done(&place, &["reset-second-factor", "--email", "eve@example.com"]);
    assert_eq!(printed, "removed the second factor of eve@example.com and ended all its sessions\n");
    assert!(done(&place, &["list"]).ends_with("not signed in\n"));
    assert_eq!(done(&place, &["sign-out", "--email", "eve@example.com"]), "ended all sessions of eve@example.com\n");
    assert_eq!(done(&place, &["delete", "--email", "eve@example.com"]), "deleted the account eve@example.com\n");
    let wanted = ["disable", "password", "enable", "password", "update", "update", "second-factor-off", "sign-out", "delete"];
    assert_eq!(log(&place).await, wanted.map(|action| format!("account.{action} eve@example.com")));
}

#[tokio::test]
async fn what_cannot_be_done_with_an_account_is_reported_in_one_line() {
    let place = Place::new("cli-admin");
    done(&place, &["create", "--email", "ada@example.com"]);
    for command in
        [&["update", "--name", "Eve"][..], &["reset"], &["reset-second-factor"], &["sign-out"], &["disable"], &["enable"], &["delete"]]
    {
        let printed = refused(&place, &[command, &["--email", "Eve@example.com"]].concat(), Some(PASSWORD));
        assert!(printed.contains("no account with the email eve@example.com") && printed.contains("scopewise admin list"), "{printed}");
    }
    let reset = ["reset", "--email", "ada@example.com"];
    assert!(refused(&place, &reset, None).contains("SCOPEWISE_ADMIN_PASSWORD"));
    assert!(refused(&place, &reset, Some("short")).contains("8 to 256 characters"));
    let long = "x".repeat(129);
    assert!(refused(&place, &["update", "--email", "ada@example.com", "--name", &long], None).contains("at most 128 characters"));
    assert!(refused(&place, &["update", "--email", "ada@example.com", "--name", "a\nb"], None).contains("control characters"));
    assert_eq!(log(&place).await, [""; 0]);
}

#[tokio::test]
async fn nobody_is_locked_out_by_accident() {
    let place = Place::new("cli-admin");
    done(&place, &["create", "--email", "ada@example.com"]);
    done(&place, &["create", "--email", "eve@example.com"]);
    done(&place, &["disable", "--email", "eve@example.com"]);
    for command in ["disable", "delete"] {
        let printed = refused(&place, &[command, "--email", "ada@example.com"], None);
        assert!(printed.contains("only account that can sign in") && printed.contains("--force"), "{printed}");
    }
    done(&place, &["disable", "--email", "ada@example.com", "--force"]);
    // Nobody can sign in: another one that cannot is no loss.
    done(&place, &["delete", "--email", "eve@example.com"]);
    done(&place, &["enable", "--email", "ada@example.com"]);
    done(&place, &["delete", "--email", "ada@example.com", "--force"]);
    let wanted = ["disable eve", "disable ada", "delete eve", "enable ada", "delete ada"];
    assert_eq!(log(&place).await, wanted.map(|words| format!("account.{words}@example.com")));
}
