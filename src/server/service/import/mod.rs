//! Import of keys from another server, with their secrets: all of them or none.

use serde_json::{Map, Value};

mod read;

use self::read::Reader;
use super::{
    caller::{Caller, Done},
    retry::again,
};
use crate::{
    scope::{Catalog, DateTime, Report},
    server::{
        clock::Clock,
        store::{Action, NewKey, ProjectRecord, Store, StoreError},
    },
};

/// The most keys of one import.
pub const MAX_KEYS: usize = 20_000;
/// So many ids are named in the audit log.
const NAMED_IDS: usize = 20;

/// A key that is ready to be imported.
pub struct ValidatedKey {
    /// The key.
    pub key: NewKey,
    /// Where it is in the file, such as `keys[3]` or `line 4`.
    pub place: String,
    /// The report of the check. Never an error.
    pub report: Report,
}

/// One fault in a file. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Fault {
    /// Where, such as `keys[3].name` or `line 4, secret`.
    pub place: String,
    /// What is wrong, to be read after the place.
    pub problem: String,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// All faults of the file.
    #[error("nothing was imported: {}", messages(.0))]
    Faults(Vec<Fault>),
    /// There is no such project.
    #[error("there is no project with this id; create it first, with `scopewise project create`")]
    ProjectMissing,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn messages(faults: &[Fault]) -> String {
    match faults {
        [only] => only.to_string(),
        _ => faults.iter().map(|fault| format!("\n  {fault}")).collect(),
    }
}

/// Reads keys: a JSON list, an object with a list `keys` (what `listKeys` answers), or JSON objects, one a line.
///
/// A key has `id` (or `$id`), `name`, `scopes`, `expire` (absent, `null` or `""` is never), and `secret` or `secretSha256`. Dates and
/// SDKs in an answer of `listKeys` are ignored.
///
/// # Errors
/// All faults, each with its place.
pub fn prepare(catalog: &Catalog, project_id: &str, text: &str, now: DateTime) -> Result<Vec<ValidatedKey>, Vec<Fault>> {
    let mut faults = Vec::new();
    let entries = entries(text).map_err(|fault| vec![fault])?;
    if entries.len() > MAX_KEYS {
        return Err(vec![Fault {
            place: "the file".to_owned(),
            problem: format!("holds more than {MAX_KEYS} keys; import them in parts"),
        }]);
    }
    let prepared = entries
        .into_iter()
        .filter_map(|(place, value)| {
            let mut reader = Reader { place, members: Map::new(), faults: &mut faults };
            match value {
                Value::Object(members) => reader.members = members,
                _ => reader.fault("", "is not an object"),
            }
            reader.key(catalog, project_id, now)
        })
        .collect();
    if faults.is_empty() { Ok(prepared) } else { Err(faults) }
}

/// Imports prepared keys, all of them or none, with their secrets. The policy of the project applies as for new keys, since the age of
/// the secrets is unknown.
///
/// # Errors
/// [`ImportError::Faults`] for ids and secrets that are taken, and for an expiry that the policy refuses,
/// [`ImportError::ProjectMissing`] if there is no such project.
pub async fn import(store: &dyn Store, clock: &dyn Clock, project_id: &str, prepared: &[ValidatedKey]) -> Result<(), ImportError> {
    let attempt = async || {
        let project = store.project(project_id).await?.ok_or(ImportError::ProjectMissing)?;
        judge(&project, prepared, clock.now())?;
        let keys: Vec<NewKey> = prepared.iter().map(|prepared| prepared.key.clone()).collect();
        let ids: Vec<&str> = prepared.iter().map(|prepared| prepared.key.id.as_str()).collect();
        let target = if let [only] = ids[..] { only } else { "" };
        let done = Done { action: Action::KeyImport, target, detail: named(&ids) };
        let write = Caller::command_line().write_in(&project, clock.now(), done, None);
        let taken = match store.import_keys(keys, write).await {
            Err(StoreError::ParentMissing) => return Err(ImportError::ProjectMissing),
            taken => taken?,
        };
        let fault = |prepared: &ValidatedKey| Fault {
            place: prepared.place.clone(),
            problem: format!("the id `{}` or the secret is there already, in the project or earlier in the file", prepared.key.id),
        };
        let faults: Vec<Fault> = taken.iter().filter_map(|position| prepared.get(*position)).map(fault).collect();
        if faults.is_empty() { Ok(()) } else { Err(ImportError::Faults(faults)) }
    };
    again!(ImportError::Store(StoreError::Stale) => attempt().await)
}

/// Checks each expiry against the policy of the project.
fn judge(project: &ProjectRecord, prepared: &[ValidatedKey], now: DateTime) -> Result<(), ImportError> {
    let judged = |prepared: &ValidatedKey| project.policy.judge_expiry(prepared.key.expire, None, now, None).err();
    let faults: Vec<Fault> = prepared
        .iter()
        .filter_map(|prepared| {
            judged(prepared).map(|refusal| Fault { place: format!("{}.expire", prepared.place), problem: refusal.to_string() })
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(ImportError::Faults(faults)) }
}

fn named(ids: &[&str]) -> String {
    let named = ids.iter().take(NAMED_IDS).copied().collect::<Vec<_>>().join(", ");
    let more = ids.len().saturating_sub(NAMED_IDS);
    if more > 0 { format!("keys {named} and {more} more") } else { format!("keys {named}") }
}

/// The entries with their places.
fn entries(text: &str) -> Result<Vec<(String, Value)>, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let listed = |list: Vec<Value>| list.into_iter().enumerate().map(|(index, value)| (format!("keys[{index}]"), value)).collect();
    match serde_json::from_str(text) {
        Ok(Value::Array(list)) => return Ok(listed(list)),
        Ok(Value::Object(mut members)) => {
            if let Some(Value::Array(list)) = members.remove("keys") {
                return Ok(listed(list));
            }
        }
        Err(error) if text.trim_start().starts_with('[') => {
            let (line, column) = (error.line(), error.column());
            return Err(Fault { place: format!("line {line}, column {column}"), problem: "is not JSON".to_owned() });
        }
        _ => {}
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(index, line): (usize, &str)| {
        let place = format!("line {}", index + 1);
        match serde_json::from_str(line) {
            Ok(value) => Ok((place, value)),
            // The message of the parser could contain a part of a secret.
            Err(error) => Err(Fault { place: format!("{place}, column {}", error.column()), problem: "is not JSON".to_owned() }),
        }
    };
    lines.map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::read::problem;
    use super::*;
    use crate::{
        key::{Secret, SecretKind},
        server::auth::SecretHash,
    };

    fn prepared(text: &str) -> Result<Vec<ValidatedKey>, Vec<Fault>> {
        prepare(Catalog::appwrite(), "shop", text, "2026-08-21T12:00:00Z".parse().unwrap())
    }

    fn faults(text: &str) -> Vec<String> {
        prepared(text).err().unwrap().iter().map(ToString::to_string).collect()
    }

    fn secret() -> String {
        format!("standard_{}", "0a".repeat(128))
    }

    #[test]
    fn a_list_an_answer_of_list_keys_and_lines_are_read_alike() {
        let key = format!(r#"{{"id":"a","name":"A","scopes":["rows.read"],"expire":"2030-01-01","secret":"{}"}}"#, secret());
        let wire = format!(
            r#"{{"total":1,"keys":[{{"$id":"a","$createdAt":"2026-01-01","name":"A","scopes":["rows.read"],"expire":"2030-01-01","sdks":[],"secret":"{}"}}]}}"#,
            secret()
        );
        for text in [format!("[{key}]"), key.clone(), format!("\u{feff}{key}\n\n{key}\n"), wire] {
            let keys = prepared(&text).ok().unwrap();
            let key = &keys[0].key;
            assert_eq!((key.id.as_str(), key.name.as_str(), key.scopes.as_slice()), ("a", "A", ["rows.read".parse().unwrap()].as_slice()));
            assert_eq!(key.expire, "2030-01-01T00:00:00Z".parse().ok());
            assert!(key.secret.matches(&SecretHash::of(&secret())));
            assert_eq!(key.hint, "standard_0a0a…0a0a");
        }
    }

    #[test]
    fn a_digest_stands_for_the_secret() {
        let digest: String = SecretHash::of(&secret()).as_bytes().iter().map(|byte| format!("{byte:02X}")).collect();
        let keys = prepared(&format!(r#"[{{"id":"a","name":"A","scopes":[],"secretSha256":"{digest}"}}]"#)).ok().unwrap();
        assert!(keys[0].key.secret.matches(&SecretHash::of(&secret())));
        assert_eq!((keys[0].key.hint.as_str(), keys[0].key.expire), ("…", None));
    }

    #[test]
    fn all_faults_are_reported_with_their_place() {
        let text = r#"[{"id":"_a","name":"","scopes":"x","expire":5,"secret":"abc"},{"name":"B","scopes":[],"expire":"soon","secretSha256":"abc"},3]"#;
        let messages = faults(text);
        for place in
            ["keys[0].id: ", "keys[0].name: ", "keys[0].scopes: ", "keys[0].expire: ", "keys[0].secret: ", "keys[1].id: is missing"]
        {
            assert!(messages.iter().any(|fault| fault.starts_with(place)), "{place}: {messages:?}");
        }
        assert!(messages.iter().any(|fault| fault.starts_with("keys[1].expire: ") || fault.starts_with("keys[1]: ")), "{messages:?}");
        assert!(messages.iter().any(|fault| fault.starts_with("keys[1].secretSha256: ")), "{messages:?}");
        assert!(messages.iter().any(|fault| fault == "keys[2]: is not an object"), "{messages:?}");
        assert_eq!(faults("{\"id\":\"a\"}\nnot JSON"), ["line 2, column 2: is not JSON"]);
    }

    #[test]
    fn no_fault_repeats_a_secret() {
        let secret = format!("standard_{}", "F".repeat(256));
        for text in [format!(r#"[{{"id":"a","name":"A","scopes":[],"secret":"{secret}"}}]"#), format!(r#"[{{"id":"a","secret":"{secret}]"#)]
        {
            assert!(faults(&text).iter().all(|fault| !fault.contains("FFF")));
        }
    }

    #[test]
    fn scopes_of_every_edition_stay_and_are_reported() {
        let text = format!(r#"[{{"id":"a","name":"A","scopes":["execution.read","keys.write","never.heard"],"secret":"{}"}}]"#, secret());
        let keys = prepared(&text).ok().unwrap();
        let codes: Vec<&str> = keys[0].report.warnings.iter().map(|finding| finding.code.as_str()).collect();
        for code in ["deprecated-scope", "sensitive-scope", "unknown-scope"] {
            assert!(codes.contains(&code), "{code}: {codes:?}");
        }
        assert_eq!(keys[0].key.scopes.len(), 3);
    }

    #[test]
    fn secrets_of_other_kinds_of_keys_are_refused_with_the_reason() {
        assert!(problem("ephemeral_a.b.c").unwrap().contains("another kind of key"));
        assert!(problem("scopewise_key_abcd…wxyz").unwrap().contains("hint"));
        assert_eq!(problem(&"0a".repeat(128)), None);
        assert_eq!(problem(Secret::new(SecretKind::Key, &[1; 32]).expose()), None);
        for other in [SecretKind::Dev, SecretKind::Organization] {
            assert!(problem(Secret::new(other, &[1; 32]).expose()).unwrap().contains("another kind of key"));
        }
    }
}
