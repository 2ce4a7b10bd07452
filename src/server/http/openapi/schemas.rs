//! The schemas of the models, JSON Schema 2020-12 as OpenAPI 3.1 has it. That they are true is what the property-based tests prove.

use serde_json::{Map, Value, json};

use crate::{
    api::MAX_VERIFIED_KEYS,
    key::{
        BrowserUse, KeyCreation, MAX_EPHEMERAL_SECONDS, MAX_LIFETIME_SECONDS, MAX_NAME_CHARACTERS, MAX_OVERLAP_SECONDS,
        MIN_LIFETIME_SECONDS,
    },
    scope::{Code, Context, MAX_REQUEST_ITEMS, Tier},
    server::admin::{MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS},
};

/// The most scopes of a key (contract §1.1).
const MAX_SCOPES: usize = 200;

fn text() -> Value {
    json!({ "type": "string" })
}

fn texts() -> Value {
    json!({ "type": "array", "items": { "type": "string" } })
}

fn flag() -> Value {
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

fn name() -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": MAX_NAME_CHARACTERS })
}

/// An object with exactly these members; a name that ends with `?` may be absent.
fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
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

fn scopes_of_a_key() -> Value {
    json!({ "type": "array", "maxItems": MAX_SCOPES, "items": { "type": "string" }, "description": "Names of scopes, such as `rows.read`" })
}

fn asked() -> Value {
    json!({ "type": "array", "maxItems": MAX_REQUEST_ITEMS, "items": { "type": "string" } })
}

fn maybe(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn tier() -> Value {
    maybe(json!({ "enum": Tier::ALL.iter().map(|tier| tier.as_str()).collect::<Vec<_>>() }))
}

fn stamped<const N: usize>(members: [(&str, Value); N]) -> Value {
    merged(object([("$id", text()), ("$createdAt", date()), ("$updatedAt", date())]), object(members))
}

fn key() -> Value {
    stamped([
        ("name", text()),
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
    ]);
    merged(key(), more)
}

fn page(name: &str, schema: &str) -> Value {
    object([("total", count()), (name, list(schema))])
}

fn policy(suffix: &str) -> Value {
    let words = |words: Vec<&str>| json!({ "enum": words });
    let lifetime = json!({ "type": "integer", "minimum": MIN_LIFETIME_SECONDS, "maximum": MAX_LIFETIME_SECONDS });
    object([
        (format!("keyCreation{suffix}").as_str(), words(KeyCreation::ALL.iter().map(|choice| choice.as_str()).collect())),
        (format!("maxLifetimeSeconds{suffix}").as_str(), maybe(lifetime)),
        (format!("requireExpiry{suffix}").as_str(), flag()),
        (format!("browserUse{suffix}").as_str(), words(BrowserUse::ALL.iter().map(|choice| choice.as_str()).collect())),
    ])
}

fn strings(names: &[&str]) -> Value {
    let properties: Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), text())).collect();
    json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
}

/// Every schema by its name.
pub(super) fn all() -> Value {
    let mut all = Map::new();
    for part in [keys(), people(), model(), requests()] {
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
            ("code", json!({ "enum": ["valid", "unknown", "damaged", "dev-key", "disabled", "expired", "insufficient-scope"] })),
            ("scopes", texts()),
            ("missing", texts()),
            ("expire", maybe_date()),
        ]),
    );
    json!({
        "Key": key(),
        "KeyDetails": key_details(),
        "AnyKey": { "anyOf": [of("Key"), of("KeyDetails")] },
        "AnyKeyList": { "anyOf": [page("keys", "Key"), page("keys", "KeyDetails")] },
        "AnyEphemeralKey": { "anyOf": [of("Key"), object([("scopes", texts()), ("projectId", text()), ("jwt", text())])] },
        "DevKey": stamped([("name", text()), ("expire", date()), ("secret", text()), ("accessedAt", maybe_date()), ("sdks", texts())]),
        "DevKeyList": page("devKeys", "DevKey"),
        "ProjectPolicy": merged(policy(""), object([("$updatedAt", maybe_date())])),
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
        "SetupState": object([("needed", flag()), ("signedIn?", flag())]),
        "HealthStatus": object([("name", text()), ("ping", count()), ("status", text())]),
        "HealthStatusList": page("statuses", "HealthStatus"),
        "HealthVersion": object([("version", text())]),
        "HealthTime": object([("remoteTime", count()), ("localTime", count()), ("diff", json!({ "type": "integer" }))]),
        "OpenApi": { "type": "object", "required": ["openapi", "info", "paths"] },
    })
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
            ("allowed", flag()), ("operations", texts()), ("grantedBy", texts()), ("missing", texts()), ("message", text()), ("help", text()),
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
                ("reason", text()), ("operations?", texts()),
            ]) })),
            ("gained", texts()), ("problems", list("Diagnostic")),
        ]),
        "Catalog": object([
            ("id", text()), ("name", text()), ("version", text()), ("maxScopes", count()), ("editions", json!({ "type": "array" })),
            ("services", json!({ "type": "array" })), ("scopes", json!({ "type": "array" })), ("operations", json!({ "type": "array" })),
        ]),
    })
}

fn requests() -> Value {
    let contexts: Vec<&str> = Context::ALL.iter().map(|context| context.as_str()).collect();
    let expire = || maybe(json!({ "type": "string", "description": "An ISO 8601 date and time; null is never" }));
    let password = json!({ "type": "string", "minLength": MIN_PASSWORD_CHARACTERS, "maxLength": MAX_PASSWORD_CHARACTERS });
    let id = json!({ "type": "string", "minLength": 1, "maxLength": 36, "description": "The id, or `unique()` for a new one" });
    let seconds = |least: i64, most: i64| json!({ "type": "integer", "minimum": least, "maximum": most });
    let secrets = json!({ "type": "array", "minItems": 1, "maxItems": MAX_VERIFIED_KEYS, "items": { "type": "string" } });
    json!({
        "CreateKey": object([("keyId", id.clone()), ("name", name()), ("scopes", scopes_of_a_key()), ("expire?", expire())]),
        "UpdateKey": object([("name", name()), ("scopes", scopes_of_a_key()), ("expire?", expire())]),
        "CreateEphemeralKey": object([("scopes", scopes_of_a_key()), ("duration", seconds(1, MAX_EPHEMERAL_SECONDS))]),
        "RotateKey": object([("overlapSeconds?", seconds(0, MAX_OVERLAP_SECONDS))]),
        "UpdateKeyStatus": object([("enabled", flag())]),
        "VerifyKeys": object([
            ("key?", text()), ("keys?", secrets), ("scopes?", texts()), ("match?", json!({ "enum": ["all", "any"] })), ("operation?", text()),
        ]),
        "UpdatePolicy": policy("?"),
        "WriteDevKey": object([("name", name()), ("expire", json!({ "type": "string", "description": "In the future, at most 30 days from now" }))]),
        "CreateEmailSession": object([("email", text()), ("password", password.clone())]),
        "CreateProject": object([("projectId", id), ("name", name())]),
        "UpdateProject": object([("name", name())]),
        "SetupRequest": object([
            ("token", text()), ("email", text()), ("password", password), ("name?", json!({ "type": "string", "maxLength": MAX_NAME_CHARACTERS })),
        ]),
        "CheckRequest": object([
            ("scopes", asked()), ("runsIn?", maybe(json!({ "enum": contexts }))), ("expire?", maybe(text())),
            ("now?", maybe(json!({ "type": "string", "description": "The time to judge by; absent is the clock of the server, null is none" }))),
            ("operations?", maybe(asked())), ("grantor?", maybe(asked())), ("beyondGrantor?", maybe(json!({ "enum": ["report", "reject"] }))),
            ("previous?", maybe(asked())), ("edition?", maybe(text())), ("tier?", tier()),
        ]),
        "AllowsRequest": object([("scopes", asked()), ("operation", text())]),
        "SuggestRequest": object([("operations", asked()), ("scopes?", maybe(asked())), ("edition?", maybe(text())), ("tier?", tier())]),
        "ReachRequest": object([("scopes", asked())]),
        "CompareRequest": object([("before", asked()), ("after", asked())]),
        "MigrateRequest": object([("scopes", asked()), ("edition?", maybe(text())), ("tier?", tier())]),
        "CatalogRequest": object([("tier?", tier()), ("edition?", maybe(text())), ("service?", maybe(text())), ("operations?", maybe(flag()))]),
    })
}

/// Every parameter by its name.
pub(super) fn parameters() -> Value {
    let in_path = |name: &str, description: &str| json!({ "name": name, "in": "path", "required": true, "description": description, "schema": { "type": "string", "minLength": 1, "maxLength": 36 } });
    let in_query = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema });
    let tiers: Vec<&str> = Tier::ALL.iter().map(|tier| tier.as_str()).collect();
    json!({
        "projectId": in_path("projectId", "The id of the project"),
        "keyId": in_path("keyId", "The id of the key"),
        "sessionId": in_path("sessionId", "The id of the session, or `current`"),
        "queries": {
            "name": "queries[]", "in": "query", "required": false, "style": "form", "explode": true,
            "description": "List queries, each the JSON text that an SDK makes of `Query.limit(10)` and so on",
            "schema": { "type": "array", "maxItems": 100, "items": { "type": "string" } },
        },
        "total": in_query("total", "Whether to count all entries; without it, the total is 0", flag()),
        "details": in_query("details", "Whether to answer with status, rotation and exposure as well", flag()),
        "gatewayProject": in_query("project", "The id of the project whose keys the gateway takes", text()),
        "gatewayScope": in_query("scope", "The scopes that are needed, where the request's route is in no catalog", text()),
        "auditLimit": in_query("limit", "The number of entries", json!({ "type": "integer", "minimum": 1, "maximum": 5000, "default": 100 })),
        "auditCursor": in_query("cursor", "The `nextCursor` of the page before", text()),
        "auditFormat": in_query("format", "`csv` for a table", json!({ "enum": ["json", "csv"] })),
        "catalogTier": in_query("tier", "Only scopes of this kind of key", json!({ "enum": tiers })),
        "catalogEdition": in_query("edition", "Only scopes of this edition", text()),
        "catalogService": in_query("service", "Only scopes of this service", text()),
        "catalogOperations": in_query("operations", "Whether to list operations, too", flag()),
    })
}
