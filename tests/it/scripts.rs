//! The scripts next to the code: what they show of a throw-away server holds no secret of it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use pretty_assertions::assert_eq;
use scopewise::{
    key::{Secret, SecretKind},
    server::{SessionToken, random::SeededRandom},
};

use crate::place::Place;

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts");

fn hidden(text: &str) -> String {
    filtered("hide", text)
}

/// What a script makes of its input.
fn filtered(script: &str, text: &str) -> String {
    let mut child = Command::new(Path::new(SCRIPTS).join(script)).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn hide_takes_every_kind_of_secret_out_and_leaves_the_rest() {
    let token = SessionToken::new(&SeededRandom::new(1)).unwrap();
    let [key, all, dev] =
        [SecretKind::Key, SecretKind::Organization, SecretKind::Dev].map(|kind| Secret::new(kind, &[7; 32]).expose().to_owned());
    let shown = hidden(&format!(
        "{key} {all}\n{{\"secret\":\"{dev}\",\"name\":\"n\"}}\n-H 'X-Appwrite-Key: ephemeral_eyJhbGciOi.eyJ-p_Z.c2lnbmF0dXJl' -X GET\n\
         standard_{}\nMake it here: http://127.0.0.1:8420/setup#{}\nCookie: a_session_console={}; path=/\nephemeral_keys and standard_ words stay\n",
        "ab".repeat(128),
        token.expose(),
        token.expose(),
    ));
    assert_eq!(
        shown,
        "scopewise_key_… scopewise_org_…\n{\"secret\":\"scopewise_dev_…\",\"name\":\"n\"}\n-H 'X-Appwrite-Key: ephemeral_…' -X GET\n\
         standard_…\nMake it here: http://127.0.0.1:8420/setup#…\nCookie: a_session_console=…; path=/\nephemeral_keys and standard_ words stay\n"
    );
}

#[test]
fn failures_names_the_tests_that_failed_of_every_tool_and_how_their_reports_begin() {
    let log = "running 2 tests\n\nfailures:\n\n---- http::keys::create stdout ----\nassertion failed\n    at: somewhere\n\nfailures:\n    http::keys::create\n\n\
               test result: FAILED. 1 passed; 1 failed\n    not::a::failure\nerror: test failed, to rerun pass `--test it`\n\
               \u{2714} a test that passes (1.5ms)\n  \u{2716} a test (of two) that fails (12.5ms)\n\u{2716} failing tests:\n  \u{2716} a test (of two) that fails (12.5ms)\n  one is not two\n\
               \u{2139} fail 1\n  \u{2713}  2 [chromium] \u{203a} tests/browser/list.test.js:3:1 \u{203a} another (1.0s)\n\
               \u{1b}[31m  1) [chromium] \u{203a} tests/browser/list.test.js:9:1 \u{203a} the list \u{2500}\u{2500}\u{2500}\u{1b}[39m\n\n    Error: it is hidden\n    1\n    2\n    3\n    4\n    5\n    6\n    7\n    8\n    > 10 | here\n    11 |\n\
               \u{1b}[31m  1 failed\u{1b}[39m\n\u{1b}[31m    [chromium] \u{203a} tests/browser/list.test.js:9:1 \u{203a} the list \u{2500}\u{2500}\u{1b}[39m\n  8 skipped\n\
               _________________ GET /v1/project/keys _________________\n";
    assert_eq!(
        filtered("failures", log),
        "http::keys::create\n    assertion failed\n    at: somewhere\n\
         error: test failed, to rerun pass `--test it`\na test (of two) that fails\n    one is not two\n\
         [chromium] \u{203a} tests/browser/list.test.js:9:1 \u{203a} the list\n    Error: it is hidden\n    1\n    2\n    3\n    4\n    5\n    6\n    7\n    > 10 | here\n\
          GET /v1/project/keys\n"
    );
    assert_eq!(filtered("failures", "test result: ok. 3 passed\n"), "");
}

/// The scripts of a folder and those below it.
fn scripts(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { scripts(&path) } else { vec![path] }).collect()
}

/// Whatever prints what a server or a client of it has said goes through `hide`.
#[test]
fn no_script_shows_what_a_server_says_as_it_is() {
    for path in scripts(Path::new(SCRIPTS)) {
        for line in fs::read_to_string(&path).unwrap().lines().filter(|line| !line.trim_start().starts_with('#')) {
            let shows = [r#"tee "$log""#, r#"tee "$output""#, r#"tee "$folder"#, r#"cat "$folder"#, r#"cat "$log""#, r#"<<<"$printed""#];
            let is_searched = line.contains("grep -q");
            let open = shows.iter().any(|word| line.contains(word)) && !is_searched && !line.contains("scripts/hide");
            assert!(!open, "{}: {line}", path.display());
        }
    }
}

/// A folder with a made-up SDK of each kind, and a catalog.
fn made_up_sdks(python_path: &str, python_scope: &str) -> Place {
    let folder = Place::new("drift");
    let write = |name: &str, text: &str| {
        let path = folder.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "npm/package/dist/services/ships.js",
        "class ShipYard {\n  constructor(client) {\n  }\n  listShips() {\n    const apiPath = \"/ships\";\n    return this.client.call(\n      \"get\",\n",
    );
    write("npm/package/dist/enums/project-key-scopes.js", "  Scopes[\"ShipsRead\"] = \"ships.read\";\n");
    write(
        "pypi/appwrite/services/ship_yard.py",
        &format!(
            "class ShipYard(Service):\n    def sink_ship(\n        self,\n    ):\n        api_path = '{python_path}'\n        api_path = api_path.replace('{{shipId}}', x)\n        response = self.client.call(\n            'delete',\n"
        ),
    );
    write("pypi/appwrite/enums/project_key_scopes.py", &format!("    A = \"{python_scope}\"\n    B = \"ships.write\"\n"));
    write(
        "catalog.json",
        r#"{"editions":[{"id":"one"}],
            "scopes":[{"id":"ships.read","tiers":["project"],"editions":["one"]},{"id":"ships.write","tiers":["project"],"editions":["one"]}],
            "operations":[{"id":"shipYard.listShips","method":"GET","path":"/v1/ships","callers":["key"]},
                          {"id":"shipYard.sinkShip","method":"DELETE","path":"/v1/ships/:id","callers":["key"]},
                          {"id":"shipYard.paintShip","method":"PUT","path":"/v1/ships/:id","callers":["key"]},
                          {"id":"console.list","method":"GET","path":"/v1/console","callers":["key"]}]}"#,
    );
    folder
}

fn drift(sdks: &Place, options: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new("node");
    command.arg(Path::new(SCRIPTS).join("catalog-drift.js")).arg(sdks.path("")).args(options);
    let output = command.arg("--catalog").arg(sdks.path("catalog.json")).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
}

#[test]
fn catalog_drift_lists_what_is_gone_and_passes_where_nothing_is_new() {
    let sdks = made_up_sdks("/ships/{shipId}", "ships.read");
    let expected = "gone: 1, each is in no SDK any more\n  shipYard.paintShip  PUT /v1/ships/:id\n";
    assert_eq!(drift(&sdks, &[]), (Some(0), expected.to_owned()));
}

#[test]
fn catalog_drift_fails_where_a_method_moves_or_a_scope_is_new() {
    let sdks = made_up_sdks("/fleet/{shipId}", "fleet.read");
    let (status, text) = drift(&sdks, &["--json"]);
    assert_eq!(status, Some(1), "{text}");
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(found["operations"][0]["kind"], "moved");
    assert_eq!(found["operations"][0]["catalog"], "shipYard.sinkShip DELETE /v1/ships/:id");
    assert_eq!(found["scopes"], serde_json::json!([{ "kind": "new", "id": "fleet.read" }]));
}

#[test]
fn catalog_drift_tells_a_new_method_from_a_new_name() {
    let sdks = made_up_sdks("/ships/{shipId}", "ships.read");
    let file = sdks.path("pypi/appwrite/services/ship_yard.py");
    let source = fs::read_to_string(&file).unwrap();
    fs::write(&file, source.replace("sink_ship", "scuttle_ship")).unwrap();
    let (status, text) = drift(&sdks, &[]);
    assert_eq!(status, Some(1), "{text}");
    assert!(
        text.contains("renamed: 1") && text.contains("ShipYard.scuttle_ship  DELETE /v1/ships/{shipId}  (catalog: shipYard.sinkShip"),
        "{text}"
    );
    fs::write(&file, source.replace("sink_ship", "scuttle_ship").replace("'delete'", "'post'")).unwrap();
    assert!(drift(&sdks, &[]).1.contains("new: 1, each is in no catalog entry\n  ShipYard.scuttle_ship  POST"));
}

#[test]
fn catalog_drift_ends_with_2_where_there_is_no_sdk() {
    let sdks = made_up_sdks("/ships/{shipId}", "ships.read");
    fs::remove_dir_all(sdks.path("npm")).unwrap();
    fs::remove_dir_all(sdks.path("pypi")).unwrap();
    let (status, text) = drift(&sdks, &[]);
    assert_eq!(status, Some(2));
    assert!(text.starts_with("catalog-drift: no method of an SDK is found in "), "{text}");
}

/// Every file of tests and benchmarks that Node runs.
fn programs(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("node_modules") {
            programs(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "js" || ending == "mjs") {
            found.push(path);
        }
    }
}

#[test]
fn one_file_says_where_programs_of_node_find_what_cargo_built() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["tests", "bench", "js", "scripts"] {
        programs(&root.join(folder), &mut found);
    }
    let name = |path: &Path| path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
    let mut asking: Vec<_> =
        found.iter().filter(|path| fs::read_to_string(path).unwrap().contains("CARGO_TARGET_DIR")).map(|path| name(path)).collect();
    asking.sort();
    assert_eq!(asking, ["tests/support/target.js"]);
    // The folder may be anywhere.
    let built = |folder: &str| {
        let program = "import('./tests/support/target.js').then(({ built }) => console.log(built('debug/scopewise')))";
        let output = Command::new("node").args(["-e", program]).current_dir(root).env("CARGO_TARGET_DIR", folder).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(built("/elsewhere"), "/elsewhere/debug/scopewise");
    assert_eq!(built("out"), root.join("out/debug/scopewise").to_str().unwrap());
    assert_eq!(built(""), root.join("target/debug/scopewise").to_str().unwrap());
}
