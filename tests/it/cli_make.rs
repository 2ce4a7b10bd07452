//! Accounts, projects and keys that are made on the command line, and the errors where they cannot be made.

use std::fs;

use pretty_assertions::assert_eq;
use serde_json::Value;

use crate::program::{Program, one_line, stderr};

#[test]
fn an_empty_expiry_makes_no_key_for_ever() {
    let program = Program::new();
    program.json(&["project", "create", "--id", "shop", "--name", "Shop"]);
    let create = ["key", "create", "--project", "shop", "--name", "CI", "--scope", "rows.read"];
    for expire in ["", " "] {
        let output = program.run(&[&create[..], &["--expire", expire]].concat());
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("the value is empty; use never"), "{}", stderr(&output));
        let output = program.command(&create).env("SCOPEWISE_KEY_EXPIRE", expire).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert_eq!(program.run(&["check", "rows.read", "--expire", expire]).status.code(), Some(2));
    }
    assert_eq!(program.json(&[&create[..], &["--expire", "never"]].concat())["expire"], "");
}

#[test]
fn a_key_made_on_the_command_line_opens_the_server() {
    let program = Program::new();
    let project = program.json(&["project", "create", "--id", "shop", "--name", "Shop"]);
    assert_eq!((&project["$id"], &project["name"]), (&"shop".into(), &"Shop".into()));
    let key = program.json(&[
        "key",
        "create",
        "--project",
        "shop",
        "--name",
        "Reader",
        "--scope",
        "keys.read,rows.read",
        "--expire",
        "2099-01-01",
    ]);
    assert_eq!(key["scopes"], serde_json::json!(["keys.read", "rows.read"]));
    assert_eq!(key["expire"], "2099-01-01T00:00:00.000+00:00");
    let secret = key["secret"].as_str().unwrap();

    let server = program.serve();
    let (status, body) = server.get("/v1/project/keys", &[("x-appwrite-project", "shop"), ("x-appwrite-key", secret)]);
    let list: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &list["keys"][0]["$id"]), (200, &key["$id"]));
    assert!(!body.contains(secret), "the secret is shown once only");
    // While the server runs, the command line works on the same database.
    let late = program.json(&["key", "create", "--project", "shop", "--name", "Late", "--scope", "keys.read"]);
    let late = late["secret"].as_str().unwrap();
    assert_eq!(server.get("/v1/project/keys", &[("x-appwrite-project", "shop"), ("x-appwrite-key", late)]).0, 200);
    assert_eq!(server.end("-TERM"), Some(0));
    for file in fs::read_dir(program.path("")).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "the database holds the secret");
    }
}

#[test]
fn a_key_of_the_organization_is_made_on_the_command_line() {
    let program = Program::new();
    let create = ["key", "create", "--organization", "--name", "All", "--scope"];
    let key = program.json(&[&create[..], &["projects.read,organization.keys.read"]].concat());
    let secret = key["secret"].as_str().unwrap();
    assert!(secret.starts_with("scopewise_org_"), "it is of a kind of its own");
    // It can hold other scopes than a key of a project, and is of none.
    let output = program.run(&[&create[..], &["rows.read"]].concat());
    assert!(output.status.code() == Some(1) && stderr(&output).contains("wrong-tier"), "{}", stderr(&output));
    program.json(&["project", "create", "--id", "shop", "--name", "Shop"]);
    let output = program.run(&[&create[..], &["projects.read", "--project", "shop"]].concat());
    assert!(output.status.code() == Some(2) && stderr(&output).contains("cannot be used with"), "{}", stderr(&output));
    let output = program.run(&["key", "create", "--name", "All", "--scope", "projects.read"]);
    assert!(output.status.code() == Some(2) && stderr(&output).contains("--project"), "{}", stderr(&output));
    for command in [
        &["key", "create", "--project", "console", "--name", "N", "--scope", "keys.read"][..],
        &["project", "create", "--id", "console", "--name", "N"],
    ] {
        assert_ne!(program.run(command).status.code(), Some(0));
    }

    let mut none = program.command(&["key", "create", "--name", "All", "--scope", "keys.read"]);
    assert!(one_line(&none.env("SCOPEWISE_KEY_ORGANIZATION", "false").output().unwrap()).contains("no project"));

    let server = program.serve();
    let headers = [("x-appwrite-organization", "default"), ("x-appwrite-key", secret)];
    let (status, body) = server.get("/v1/organization/projects", &headers);
    let list: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &list["total"], &list["projects"][0]["$id"]), (200, &1.into(), &"shop".into()));
    assert_eq!(server.get("/v1/organization/keys", &headers).0, 200);
    assert_eq!(server.end("-TERM"), Some(0));
}

#[test]
fn an_account_made_on_the_command_line_leaves_nothing_to_set_up() {
    let program = Program::new();
    let mut command = program.command(&["admin", "create", "--email", "Ada@Example.com", "--name", "Ada"]);
    let output = command.env("SCOPEWISE_ADMIN_PASSWORD", "correct horse battery").output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "created the account ada@example.com\n",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let server = program.serve();
    assert_eq!(server.get("/v1/setup", &[]), (200, r#"{"needed":false}"#.to_owned()));
    assert_eq!(server.end("-INT"), Some(0));
}

#[test]
fn what_cannot_be_made_is_reported_in_one_line() {
    let program = Program::new();
    assert!(program.refused(&["admin", "create", "--email", "ada@example.com"]).contains("SCOPEWISE_ADMIN_PASSWORD"));
    let mut short = program.command(&["admin", "create", "--email", "ada@example.com"]);
    assert!(one_line(&short.env("SCOPEWISE_ADMIN_PASSWORD", "short").output().unwrap()).contains("8 to 256 characters"));
    assert!(program.refused(&["project", "create", "--id", "Not an id", "--name", "N"]).contains("a-z, 0-9 and hyphen"));
    program.printed(&["project", "create", "--id", "shop", "--name", "Shop"]);
    assert!(program.refused(&["project", "create", "--id", "shop", "--name", "Shop"]).contains("exists already"));
    assert!(program.refused(&["key", "create", "--project", "none", "--name", "N", "--scope", "rows.read"]).contains("no project"));
}

#[test]
fn a_key_with_a_wrong_scope_is_not_made_and_the_report_says_why() {
    let program = Program::new();
    program.printed(&["project", "create", "--id", "shop", "--name", "Shop"]);
    let output = program.run(&["key", "create", "--project", "shop", "--name", "N", "--scope", "user.read"]);
    let printed = stderr(&output);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{printed}");
    assert!(printed.contains("did you mean `users.read`?") && printed.contains("\nerror: the key was not created"), "{printed}");
}

#[test]
fn a_risky_key_is_made_and_the_risk_is_printed_next_to_the_json() {
    let program = Program::new();
    program.printed(&["project", "create", "--id", "shop", "--name", "Shop"]);
    let output = program.run(&["key", "create", "--project", "shop", "--name", "N", "--scope", "keys.write"]);
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["name"], "N");
    assert!(stderr(&output).contains("warning[sensitive-scope]: `keys.write`"), "{}", stderr(&output));
}
