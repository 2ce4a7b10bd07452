//! Reads one key of an import, and collects its faults.

use serde_json::{Map, Value};

use super::{Fault, ValidatedKey};
use crate::{
    key::{KeyDescription, KeyId, KeyName, Secret, SecretKind, hint},
    scope::{Catalog, CheckRequest, DateTime, Expiry, ScopeName, check},
    server::{auth::SecretHash, store::NewKey},
};

/// The random part of a secret of the contract: 256 hexadecimal digits (contract §2).
const FOREIGN_DIGITS: usize = 256;

/// The members of a key that are still to be read.
pub(super) struct Reader<'f> {
    pub place: String,
    pub members: Map<String, Value>,
    pub faults: &'f mut Vec<Fault>,
}

impl Reader<'_> {
    pub fn fault(&mut self, member: &str, problem: impl Into<String>) {
        let place = match member {
            "" => self.place.clone(),
            _ if self.place.starts_with("line") => format!("{}, {member}", self.place),
            _ => format!("{}.{member}", self.place),
        };
        self.faults.push(Fault { place, problem: problem.into() });
    }

    /// The first of these members that is there and not `null`.
    fn take(&mut self, names: &[&str]) -> Option<Value> {
        names.iter().filter_map(|name| self.members.remove(*name)).find(|value| !value.is_null())
    }

    fn text(&mut self, names: &[&'static str]) -> Option<String> {
        let name = names.first().copied().unwrap_or_default();
        match self.take(names) {
            Some(Value::String(text)) => return Some(text),
            Some(_) => self.fault(name, "must be a text"),
            None => self.fault(name, "is missing"),
        }
        None
    }

    /// A text that its type parses.
    fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(&mut self, names: &[&'static str]) -> Option<T> {
        match self.text(names)?.parse() {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.fault(names.first().copied().unwrap_or_default(), error.to_string());
                None
            }
        }
    }

    /// The key, if it has no faults.
    pub fn key(mut self, catalog: &Catalog, project_id: &str, now: DateTime) -> Option<ValidatedKey> {
        let before = self.faults.len();
        let id = self.parsed::<KeyId>(&["id", "$id"]);
        let name = self.parsed::<KeyName>(&["name"]);
        let scopes = self.scopes();
        let description = self.description();
        let expire = self.expire();
        let secret = self.secret();
        let request = CheckRequest {
            scopes: scopes.clone(),
            expire: expire.clone(),
            now: Some(now),
            // The key keeps its scopes: one that the catalog does not know is a warning.
            previous: Some(scopes.clone()),
            ..CheckRequest::default()
        };
        let report = check(catalog, &request);
        for error in &report.errors {
            let member =
                if matches!(request.expire, Expiry::At(_)) && error.index.is_none() && error.scope.is_none() { "" } else { "scopes" };
            self.fault(member, format!("{}; {}", error.message, error.help));
        }
        let parsed: Option<Vec<ScopeName>> = scopes.iter().map(|scope| scope.parse().ok()).collect();
        if parsed.is_none() && report.valid {
            self.fault("scopes", "holds a malformed scope");
        }
        let (Some(id), Some(name), Some(scopes), Some((secret, hint))) = (id, name, parsed, secret) else { return None };
        if self.faults.len() > before {
            return None;
        }
        let expire = match &expire {
            Expiry::At(text) => text.parse().ok(),
            Expiry::Never | Expiry::Unstated => None,
        };
        let key = NewKey { project_id: project_id.to_owned(), id, name, description, scopes, secret, hint, expire, created_at: now };
        Some(ValidatedKey { key, place: self.place, report })
    }

    fn scopes(&mut self) -> Vec<String> {
        let list = match self.take(&["scopes"]) {
            Some(Value::Array(list)) => list,
            Some(_) => {
                self.fault("scopes", "must be a list of texts");
                return Vec::new();
            }
            None => {
                self.fault("scopes", "is missing");
                return Vec::new();
            }
        };
        let texts: Option<Vec<String>> = list.into_iter().map(|scope| scope.as_str().map(str::to_owned)).collect();
        texts.unwrap_or_else(|| {
            self.fault("scopes", "must be a list of texts");
            Vec::new()
        })
    }

    /// What the key is for, which may be absent.
    fn description(&mut self) -> String {
        match self.take(&["description"]) {
            None => return String::new(),
            Some(Value::String(text)) => match text.parse::<KeyDescription>() {
                Ok(_) => return text,
                Err(error) => self.fault("description", error.to_string()),
            },
            Some(_) => self.fault("description", "must be a text"),
        }
        String::new()
    }

    fn expire(&mut self) -> Expiry {
        match self.take(&["expire"]) {
            None => Expiry::Never,
            Some(Value::String(text)) if text.is_empty() => Expiry::Never,
            Some(Value::String(text)) => Expiry::At(text),
            Some(_) => {
                self.fault("expire", "must be a text or `null`");
                Expiry::Never
            }
        }
    }

    /// The stored form of the secret, and its hint. No message repeats any of it.
    fn secret(&mut self) -> Option<(SecretHash, String)> {
        match (self.take(&["secret"]), self.take(&["secretSha256"])) {
            (Some(_), Some(_)) => self.fault("secret", "cannot be given with `secretSha256`; give one of them"),
            (Some(Value::String(secret)), None) => match problem(&secret) {
                None => return Some((SecretHash::of(&secret), hint(&secret))),
                Some(problem) => self.fault("secret", problem),
            },
            (None, Some(Value::String(digest))) => match SecretHash::from_hex(&digest) {
                Some(hash) => return Some((hash, hint(""))),
                None => self.fault("secretSha256", "must be a SHA-256, as 64 hexadecimal digits"),
            },
            (Some(_), None) => self.fault("secret", "must be a text"),
            (None, Some(_)) => self.fault("secretSha256", "must be a text"),
            (None, None) => self.fault("secret", "is missing; give it, or its SHA-256 as `secretSha256`"),
        }
        None
    }
}

/// Why a text is not the secret of a standard key; `None` if it is one.
pub(super) fn problem(secret: &str) -> Option<String> {
    let is_hex = |text: &str| text.len() == FOREIGN_DIGITS && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if Secret::parse(secret).is_ok_and(|own| own.kind() == SecretKind::Key) || is_hex(secret.strip_prefix("standard_").unwrap_or(secret)) {
        return None;
    }
    Some(match secret.split_once('_') {
        _ if Secret::parse(secret).is_ok() => "is the secret of another kind of key, not of a standard key of a project".to_owned(),
        _ if secret.contains('…') => "is the hint of a secret, not the secret".to_owned(),
        Some((kind @ ("ephemeral" | "dynamic" | "organization" | "account"), _)) => {
            format!("is the secret of another kind of key (`{kind}`), not of a standard key of a project")
        }
        _ => format!("must be `standard_` and {FOREIGN_DIGITS} hexadecimal digits in lower case, or those digits alone"),
    })
}
