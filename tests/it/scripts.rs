//! The scripts beside the code: what they show of a throw-away server holds no secret of it.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use pretty_assertions::assert_eq;
use scopewise::{
    key::{Secret, SecretKind},
    server::{SessionToken, random::SeededRandom},
};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts");

fn hidden(text: &str) -> String {
    let mut child = Command::new(Path::new(SCRIPTS).join("hide")).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
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

/// Whatever prints what a server or a client of it has said goes through `hide`.
#[test]
fn no_script_shows_what_a_server_says_as_it_is() {
    for entry in fs::read_dir(SCRIPTS).unwrap() {
        let path = entry.unwrap().path();
        for line in fs::read_to_string(&path).unwrap().lines().filter(|line| !line.trim_start().starts_with('#')) {
            let shows = [r#"tee "$log""#, r#"tee "$output""#, r#"tee "$folder"#, r#"cat "$folder"#, r#"cat "$log""#, r#"<<<"$printed""#];
            let is_searched = line.contains("grep -q");
            let open = shows.iter().any(|word| line.contains(word)) && !is_searched && !line.contains("scripts/hide");
            assert!(!open, "{}: {line}", path.display());
        }
    }
}
