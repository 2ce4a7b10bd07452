//! `scopewise key import`: keys of another server keep working, all of them or none come in.

use std::{fs, process::Output};

use pretty_assertions::assert_eq;
use scopewise::server::{
    SecretHash,
    clock::{Clock, SystemClock},
    store::{Action, AuditQuery, AuditStore, KeyStore, ProjectStore, sqlite::SqliteStore},
};
use serde_json::{Value, json};

use crate::{program::Program, store::all_keys};

/// The program, on a database that has the project `shop`.
fn ready() -> Program {
    let program = Program::new();
    program.printed(&["project", "create", "--id", "shop", "--name", "Shop"]);
    program
}

fn import(program: &Program, keys: &Value) -> Output {
    program.file("keys.json", &keys.to_string());
    program.run(&["key", "import", "--project", "shop", "keys.json"])
}

fn store(program: &Program) -> SqliteStore {
    SqliteStore::open(&program.path("test.db")).unwrap()
}

fn secret(seed: usize) -> String {
    format!("standard_{}", format!("{seed:08x}").repeat(32))
}

fn key(seed: usize) -> Value {
    json!({ "id": format!("key-{seed}"), "name": format!("Key {seed}"), "scopes": ["rows.read", "documents.read"], "expire": null, "secret": secret(seed) })
}

#[tokio::test]
async fn imported_secrets_open_what_they_opened() {
    let program = ready();
    let legacy = "0a1b2c3d".repeat(32);
    let digest: String = SecretHash::of(&secret(3)).as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let keys = json!([
        key(1),
        { "id": "legacy", "name": "Legacy", "scopes": ["execution.read", "never.heard"], "expire": "2099-01-01T00:00:00.000+00:00", "secret": legacy },
        { "$id": "hashed", "name": "Hashed", "scopes": ["keys.write"], "expire": "", "secretSha256": digest, "description": "one\ntwo" },
    ]);
    let output = import(&program, &keys);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(
        printed.ends_with(
            "imported 3 keys into shop: 2 with deprecated scopes, 1 with sensitive scopes, 1 with unknown scopes, 2 without an expiry\n"
        ),
        "{printed}"
    );
    let store = store(&program);
    let now = SystemClock.now();
    for (secret, id, scopes) in [(secret(1), "key-1", 2), (legacy, "legacy", 2), (secret(3), "hashed", 1)] {
        let key = store.key_by_secret(&SecretHash::of(&secret), now).await.unwrap().unwrap();
        assert_eq!((key.id.as_str(), key.project_id.as_str(), key.scopes.len()), (id, "shop", scopes));
        assert!(!printed.contains(&secret) && !key.hint.contains(&secret));
    }
    let described = store.key_by_secret(&SecretHash::of(&secret(3)), now).await.unwrap().unwrap();
    assert_eq!(described.description, "one\ntwo");
    let sequence = store.project("shop").await.unwrap().unwrap().sequence;
    let audit = store.audit(AuditQuery { project: Some(sequence), limit: 1, ..AuditQuery::default() }).await.unwrap();
    assert_eq!((&audit[0].entry.action, audit[0].entry.detail.as_str()), (&Action::KeyImport, "keys key-1, legacy, hashed"));
}

#[tokio::test]
async fn one_bad_key_keeps_all_of_them_out() {
    let program = ready();
    let refused = |keys: &Value, program: &Program| {
        let output = import(program, keys);
        let printed = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{printed}");
        assert!(printed.starts_with("error: nothing was imported: "), "{printed}");
        printed
    };
    let printed = refused(&json!([key(1), { "id": "b", "name": "", "description": "a\tb", "scopes": [], "secret": "short" }]), &program);
    assert!(printed.contains("\n  keys[1].name: ") && printed.contains("\n  keys[1].secret: "), "{printed}");
    assert!(printed.contains("\n  keys[1].description: must not hold control characters"), "{printed}");
    // The same id twice, the same secret twice, and what is there already.
    let mut twin = key(2);
    twin["id"] = "twin".into();
    assert!(refused(&json!([key(2), twin]), &program).contains("keys[1]: the id `twin` or the secret is there already"));
    assert!(refused(&json!([key(3), key(3)]), &program).contains("keys[1]"));
    assert!(import(&program, &json!([key(4)])).status.success());
    let printed = refused(&json!([key(5), key(4)]), &program);
    assert!(printed.contains("keys[1]: the id `key-4`") && !printed.contains(&secret(4)), "{printed}");
    assert_eq!(all_keys(&store(&program), "shop").await.len(), 1);
    let output = program.run(&["key", "import", "--project", "nowhere", "keys.json"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no project"));
}

#[tokio::test]
async fn a_thousand_keys_come_in_at_once() {
    let program = ready();
    let lines: String = (0..1000).map(|seed| format!("{}\n", key(seed))).collect();
    fs::write(program.path("keys.jsonl"), lines).unwrap();
    let dry = program.run(&["key", "import", "--project", "shop", "--dry-run", "--format", "json", "keys.jsonl"]);
    let report: Value = serde_json::from_slice(&dry.stdout).unwrap();
    assert_eq!((&report["imported"], report["keys"].as_array().unwrap().len()), (&json!(0), 1000));
    assert_eq!(report["keys"][7]["report"]["warnings"][0]["code"], "deprecated-scope");
    assert_eq!(all_keys(&store(&program), "shop").await.len(), 0);
    let output = program.run(&["key", "import", "--project", "shop", "--format", "json", "keys.jsonl"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["imported"], 1000);
    assert_eq!(all_keys(&store(&program), "shop").await.len(), 1000);
}
