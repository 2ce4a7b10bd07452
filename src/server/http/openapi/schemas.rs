//! The schemas of the models, JSON Schema 2020-12 as OpenAPI 3.1 has it. That they are true is what the property-based tests prove.

use serde_json::{Map, Value, json};

use super::{bodies, model_requests};
use crate::{
    api::USE_DAYS,
    key::{BrowserUse, KeyCreation, MAX_LIFETIME_SECONDS, MIN_LIFETIME_SECONDS},
    scope::Code,
};

pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

pub(super) fn texts() -> Value {
    json!({ "type": "array", "items": { "type": "string" } })
}

pub(super) fn flag() -> Value {
    json!({ "type": "boolean" })
}

fn date() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

/// A date, or `""` for none (contract §0.6).
fn maybe_date() -> Value {
    json!({ "anyOf": [date(), { "const": "" }] })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn of(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn list(name: &str) -> Value {
    json!({ "type": "array", "items": of(name) })
}

/// An object with exactly these members; a name that ends with `?` may be absent.
pub(super) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let mut required = Vec::new();
    let mut properties = Map::new();
    for (name, schema) in members {
        let plain = name.strip_suffix('?');
        if plain.is_none() {
            required.push(name.to_owned());
        }
        properties.insert(plain.unwrap_or(name).to_owned(), schema);
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// The members of the one, and those of the other.
fn merged(mut first: Value, second: Value) -> Value {
    for key in ["properties", "required"] {
        match (first.get_mut(key), second.get(key)) {
            (Some(Value::Object(into)), Some(Value::Object(from))) => into.extend(from.clone()),
            (Some(Value::Array(into)), Some(Value::Array(from))) => into.extend(from.clone()),
            _ => {}
        }
    }
    first
}

pub(super) fn maybe(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn stamped<const N: usize>(members: [(&str, Value); N]) -> Value {
    merged(object([("$id", text()), ("$createdAt", date()), ("$updatedAt", date())]), object(members))
}

fn key() -> Value {
    stamped([
        ("name", text()),
        ("description", text()),
        ("expire", maybe_date()),
        ("scopes", texts()),
        ("secret", text()),
        ("accessedAt", maybe_date()),
        ("sdks", texts()),
    ])
}

fn key_details() -> Value {
    let more = object([
        ("enabled", flag()),
        ("status", json!({ "enum": ["active", "expires-soon", "expired", "disabled"] })),
        ("rotatedAt", maybe_date()),
        ("overlapUntil", maybe_date()),
        ("exposedAt", maybe_date()),
        ("createdBy?", strings(&["type", "id", "name"])),
        ("use?", use_report()),
    ]);
    merged(key(), more)
}

fn use_report() -> Value {
    let operation = object([("operation", text()), ("requests", count()), ("lastDay", date())]);
    let days = json!({ "type": "array", "items": count(), "minItems": USE_DAYS, "maxItems": USE_DAYS });
    object([("since", date()), ("days", days), ("operations", json!({ "type": "array", "items": operation }))])
}

fn widget_token() -> Value {
    object([
        ("$id", text()),
        ("$createdAt", date()),
        ("expire", date()),
        ("projectId", text()),
        ("scopes", texts()),
        ("mayCreate", flag()),
        ("mayRotate", flag()),
        ("mayRevoke", flag()),
        ("keyExpire", maybe_date()),
        ("origins", texts()),
        ("secret", text()),
    ])
}

fn page(name: &str, schema: &str) -> Value {
    object([("total", count()), (name, list(schema))])
}

fn policy() -> Value {
    let words = |words: Vec<&str>| json!({ "enum": words });
    let lifetime = json!({ "type": "integer", "minimum": MIN_LIFETIME_SECONDS, "maximum": MAX_LIFETIME_SECONDS });
    object([
        ("keyCreation", words(KeyCreation::ALL.iter().map(|choice| choice.as_str()).collect())),
        ("maxLifetimeSeconds", maybe(lifetime)),
        ("requireExpiry", flag()),
        ("browserUse", words(BrowserUse::ALL.iter().map(|choice| choice.as_str()).collect())),
        ("edition", maybe(json!({ "type": "string", "description": "The id of an edition of the catalog; null is any" }))),
    ])
}

fn strings(names: &[&str]) -> Value {
    let properties: Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), text())).collect();
    json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
}

/// Every schema by its name.
pub(super) fn all() -> Value {
    let mut all = Map::new();
    for part in [keys(), people(), model(), model_requests::all(), bodies::all()] {
        if let Value::Object(part) = part {
            all.extend(part);
        }
    }
    all.into()
}

fn keys() -> Value {
    let verification = merged(
        strings(&["message", "type", "keyId", "projectId"]),
        object([
            ("valid", flag()),
            (
                "code",
                json!({ "enum": ["valid", "unknown", "damaged", "dev-key", "disabled", "expired", "insufficient-scope", "throttled"] }),
            ),
            ("scopes", texts()),
            ("missing", alternatives()),
            ("expire", maybe_date()),
        ]),
    );
    json!({
        "Key": key(),
        "KeyDetails": key_details(),
        "KeySearchResult": merged(page("keys", "KeyDetails"), object([("hasMore", flag()), ("edition", maybe(text()))])),
        "KeyCounts": object(
            ["all", "active", "expiring", "expired", "disabled", "exposed", "neverUsed", "neverExpires"].map(|name| (name, count())),
        ),
        "AnyKey": { "anyOf": [of("Key"), of("KeyDetails")] },
        "AnyKeyList": { "anyOf": [page("keys", "Key"), page("keys", "KeyDetails")] },
        "AnyEphemeralKey": { "anyOf": [of("Key"), object([("scopes", texts()), ("projectId", text()), ("jwt", text())])] },
        "DevKey": stamped([("name", text()), ("expire", date()), ("secret", text()), ("accessedAt", maybe_date()), ("sdks", texts())]),
        "DevKeyList": page("devKeys", "DevKey"),
        "WidgetToken": widget_token(),
        "Widget": object([("token", of("WidgetToken")), ("projectName", text()), ("policy", of("ProjectPolicy")), ("catalog?", text())]),
        "WidgetKeyList": object([("keys", list("KeyDetails")), ("nextCursor", text())]),
        "ProjectPolicy": merged(policy(), object([("$updatedAt", maybe_date())])),
        "AuditEntry": merged(
            strings(&["$id", "actorType", "actorId", "actorName", "action", "targetId", "detail", "ip"]),
            object([("$createdAt", date()), ("outcome", json!({ "enum": ["done", "refused"] }))]),
        ),
        "AuditList": object([("entries", list("AuditEntry")), ("nextCursor", text())]),
        "Verification": verification,
        "AnyVerification": { "anyOf": [of("Verification"), page("verifications", "Verification")] },
        "ConsoleScope": object([("$id", text()), ("description", text()), ("category", text()), ("deprecated", flag())]),
        "ConsoleScopeList": page("scopes", "ConsoleScope"),
        "Error": object([
            ("message", text()),
            ("code", json!({ "type": "integer" })),
            ("type", text()),
            ("version", text()),
            ("report?", of("Report")),
            ("error?", strings(&["code", "message", "help"])),
        ]),
    })
}

fn people() -> Value {
    json!({
        "Project": stamped([
            ("name", text()), ("teamId", text()), ("region", text()), ("pingCount", count()), ("pingedAt", maybe_date()), ("status", text()),
        ]),
        "ProjectList": page("projects", "Project"),
        "Account": stamped([
            ("name", text()), ("registration", date()), ("status", flag()), ("labels", texts()), ("passwordUpdate", date()),
            ("email", text()), ("phone", text()), ("emailVerification", flag()), ("phoneVerification", flag()), ("mfa", flag()),
            ("prefs", json!({ "type": "object" })), ("targets", json!({ "type": "array" })), ("accessedAt", maybe_date()),
        ]),
        "Session": stamped([
            ("userId", text()), ("expire", date()), ("provider", text()), ("ip", text()), ("clientName", text()), ("current", flag()),
            ("secret", text()),
        ]),
        "SessionList": page("sessions", "Session"),
        "SignInChallenge": object([("challenge", text()), ("expire", date())]),
        "SecondFactor": object([("enabled", flag()), ("since", maybe_date()), ("recoveryCodes", count())]),
        "NewSecondFactor": object([
            ("secret", text()), ("uri", text()), ("qr", object([("size", count()), ("path", text())])), ("token", text()), ("expire", date()),
        ]),
        "RecoveryCodes": object([("recoveryCodes", texts())]),
        "ListedAccount": object([
            ("$id", text()), ("$createdAt", date()), ("email", text()), ("name", text()), ("state", json!({ "enum": ["active", "invited", "disabled"] })),
            ("secondFactor", flag()), ("invitationExpire", maybe_date()), ("accessedAt", maybe_date()), ("sessions", count()), ("current", flag()),
        ]),
        "ListedAccounts": page("accounts", "ListedAccount"),
        "InvitedAccount": object([("account", of("ListedAccount")), ("token", text())]),
        "SetupState": object([("needed", flag()), ("signedIn?", flag()), ("catalog?", text())]),
        "HealthStatus": object([("name", text()), ("ping", count()), ("status", text())]),
        "HealthStatusList": page("statuses", "HealthStatus"),
        "HealthVersion": object([("version", text())]),
        "HealthTime": object([("remoteTime", count()), ("localTime", count()), ("diff", json!({ "type": "integer" }))]),
        "OpenApi": { "type": "object", "required": ["openapi", "info", "paths"] },
    })
}

/// Scopes of which any one is enough; where an item is a list, all of it is needed.
fn alternatives() -> Value {
    json!({ "type": "array", "items": { "oneOf": [text(), texts()] } })
}

fn model() -> Value {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    json!({
        "Edit": { "oneOf": [
            object([("kind", json!({ "const": "remove" })), ("index", count())]),
            object([("kind", json!({ "const": "replace" })), ("index", count()), ("with", text())]),
            object([("kind", json!({ "const": "add" })), ("scope", text())]),
        ] },
        "Diagnostic": object([
            ("code", json!({ "enum": codes })), ("level", json!({ "enum": ["error", "warning", "hint"] })), ("message", text()), ("help", text()),
            ("scope?", text()), ("index?", count()), ("operation?", text()), ("path?", texts()),
            ("fix?", object([("title", text()), ("edits", list("Edit"))])),
        ]),
        "Report": object([("valid", flag()), ("errors", list("Diagnostic")), ("warnings", list("Diagnostic")), ("hints", list("Diagnostic"))]),
        "Verdict": object([
            ("allowed", flag()), ("operations", texts()), ("grantedBy", texts()), ("missing", alternatives()), ("message", text()), ("help", text()),
            ("problems", list("Diagnostic")),
        ]),
        "Suggestion": object([
            ("scopes", texts()), ("operations", json!({ "type": "array", "items": object([("operation", text()), ("scopes", texts())]) })),
            ("minimal", flag()), ("problems", list("Diagnostic")),
        ]),
        "Way": object([
            ("scope", text()), ("reach", json!({ "enum": ["full-access", "runs-code", "any-user", "secrets", "broad"] })), ("reason", text()),
            ("path", texts()),
        ]),
        "Reach": object([("fullAccess", flag()), ("operations", texts()), ("climbs", list("Way")), ("problems", list("Diagnostic"))]),
        "Comparison": object([
            ("granted", texts()), ("revoked", texts()), ("kept", texts()), ("climbed", list("Way")), ("gained", texts()), ("lost", texts()),
            ("becomesFullAccess", flag()), ("problems", list("Diagnostic")),
        ]),
        "Migration": object([
            ("scopes", texts()), ("edition?", text()), ("complete", flag()),
            ("steps", json!({ "type": "array", "items": object([
                ("action", json!({ "enum": ["replaced", "removed", "joined", "kept"] })), ("scope", text()), ("successor?", text()),
                ("predecessor?", text()), ("reason", text()), ("operations?", texts()),
            ]) })),
            ("gained", texts()), ("problems", list("Diagnostic")),
        ]),
        "Catalog": object([
            ("id", text()), ("name", text()), ("version", text()), ("maxScopes", count()), ("basePaths?", texts()), ("foldCase?", flag()),
            ("trailingSlash?", json!({ "enum": ["ignored", "distinct"] })), ("editions", json!({ "type": "array" })),
            ("services", json!({ "type": "array" })), ("scopes", json!({ "type": "array" })), ("operations", json!({ "type": "array" })),
        ]),
    })
}
