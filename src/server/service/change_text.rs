//! How the audit log describes changes, in a few words.

use crate::{
    key::Policy,
    scope::{DateTime, ScopeName},
    server::store::{KeyChange, KeyRecord},
};

/// A new key.
pub(super) fn described(scopes: &[ScopeName], expire: Option<DateTime>) -> String {
    format!("scopes {}; expires {}", listed(scopes), expiry(expire))
}

fn listed(scopes: &[ScopeName]) -> String {
    let scopes: Vec<&str> = scopes.iter().map(ScopeName::as_str).collect();
    if scopes.is_empty() { "none".to_owned() } else { scopes.join(", ") }
}

fn expiry(expire: Option<DateTime>) -> String {
    expire.map_or_else(|| "never".to_owned(), |at| at.to_string())
}

/// An update of a key.
pub(super) fn changed(before: &KeyRecord, change: &KeyChange) -> String {
    let beyond = |a: &[ScopeName], b: &[ScopeName]| -> Vec<ScopeName> { a.iter().filter(|scope| !b.contains(scope)).cloned().collect() };
    let (granted, revoked) = (beyond(&change.scopes, &before.scopes), beyond(&before.scopes, &change.scopes));
    let mut parts = Vec::new();
    if before.name != change.name {
        parts.push("renamed".to_owned());
    }
    if change.description.as_ref().is_some_and(|description| *description != before.description) {
        parts.push("described anew".to_owned());
    }
    if !granted.is_empty() {
        parts.push(format!("granted {}", listed(&granted)));
    }
    if !revoked.is_empty() {
        parts.push(format!("revoked {}", listed(&revoked)));
    }
    if before.expire != change.expire {
        parts.push(format!("expires {}, before {}", expiry(change.expire), expiry(before.expire)));
    }
    if parts.is_empty() { "nothing changed".to_owned() } else { parts.join("; ") }
}

/// A deleted key. The log is the only place that still has its name.
pub(super) fn deleted(key: &KeyRecord) -> String {
    format!("named {}", key.name)
}

/// A rotation of a key.
pub(super) fn rotated(before: &KeyRecord, overlap_until: Option<DateTime>, expire: Option<DateTime>) -> String {
    let ends = overlap_until.map_or_else(|| "at once".to_owned(), |until| until.to_string());
    let mut text = format!("the old secret ends {ends}");
    if before.expire != expire {
        text = format!("{text}; expires {}, before {}", expiry(expire), expiry(before.expire));
    }
    text
}

/// A change of a policy.
pub(super) fn policy(before: &Policy, after: &Policy) -> String {
    let lifetime = |policy: &Policy| policy.max_lifetime_seconds.map_or_else(|| "none".to_owned(), |seconds| seconds.to_string());
    let edition = |policy: &Policy| policy.edition.map_or_else(|| "any".to_owned(), |edition| edition.as_str().to_owned());
    let facts = |policy: &Policy| {
        [
            ("keyCreation", policy.key_creation.as_str().to_owned()),
            ("maxLifetimeSeconds", lifetime(policy)),
            ("requireExpiry", policy.require_expiry.to_string()),
            ("browserUse", policy.browser_use.as_str().to_owned()),
            ("edition", edition(policy)),
        ]
    };
    let pairs = facts(before).into_iter().zip(facts(after)).filter(|(before, after)| before != after);
    let changes: Vec<_> = pairs.map(|((name, before), (_, after))| format!("{name} {after}, before {before}")).collect();
    if changes.is_empty() { "nothing changed".to_owned() } else { changes.join("; ") }
}
