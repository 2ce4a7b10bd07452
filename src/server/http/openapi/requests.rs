//! The schemas of what operations take: bodies, and parameters of path and query.

use serde_json::{Value, json};

use super::schemas::{flag, maybe, object, policy, text, texts};
use crate::{
    api::MAX_VERIFIED_KEYS,
    key::{MAX_DESCRIPTION_CHARACTERS, MAX_EPHEMERAL_SECONDS, MAX_NAME_CHARACTERS, MAX_OVERLAP_SECONDS},
    scope::{MAX_REQUEST_ITEMS, Runtime, Tier},
    server::service::{MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS},
};

/// The most scopes of a key (contract §1.1).
const MAX_SCOPES: usize = 200;

fn name() -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": MAX_NAME_CHARACTERS })
}

fn scopes_of_a_key() -> Value {
    json!({ "type": "array", "maxItems": MAX_SCOPES, "items": { "type": "string" }, "description": "Names of scopes, such as `rows.read`" })
}

fn asked() -> Value {
    json!({ "type": "array", "maxItems": MAX_REQUEST_ITEMS, "items": { "type": "string" } })
}

fn tier() -> Value {
    maybe(json!({ "enum": Tier::ALL.iter().map(|tier| tier.as_str()).collect::<Vec<_>>() }))
}

/// Every schema of a body by its name.
pub(super) fn requests() -> Value {
    let contexts: Vec<&str> = Runtime::ALL.iter().map(|context| context.as_str()).collect();
    let expire = || {
        maybe(
            json!({ "type": "string", "description": "A date and time of ISO 8601, or as mail and HTTP write it; null and the empty text are never" }),
        )
    };
    let description = || maybe(json!({ "type": "string", "maxLength": MAX_DESCRIPTION_CHARACTERS, "description": "What the key is for" }));
    let password = json!({ "type": "string", "minLength": MIN_PASSWORD_CHARACTERS, "maxLength": MAX_PASSWORD_CHARACTERS });
    let id = json!({ "type": "string", "minLength": 1, "maxLength": 36, "description": "The id, or `unique()` for a new one" });
    let seconds = |least: i64, most: i64| json!({ "type": "integer", "minimum": least, "maximum": most });
    let secrets = json!({ "type": "array", "minItems": 1, "maxItems": MAX_VERIFIED_KEYS, "items": { "type": "string" } });
    json!({
        "CreateKey": object([("keyId", id.clone()), ("name", name()), ("description?", description()), ("scopes", scopes_of_a_key()), ("expire?", expire())]),
        "UpdateKey": object([("name", name()), ("description?", description()), ("scopes", scopes_of_a_key()), ("expire?", expire())]),
        "CreateEphemeralKey": object([("scopes", scopes_of_a_key()), ("duration", seconds(1, MAX_EPHEMERAL_SECONDS))]),
        "RotateKey": object([("overlapSeconds?", seconds(0, MAX_OVERLAP_SECONDS)), ("expire?", expire())]),
        "UpdateKeyStatus": object([("enabled", flag())]),
        "VerifyKeys": object([
            ("key?", text()), ("keys?", secrets), ("scopes?", texts()), ("match?", json!({ "enum": ["all", "any"] })), ("operation?", text()),
        ]),
        "UpdatePolicy": policy("?"),
        "WriteDevKey": object([("name", name()), ("expire", json!({ "type": "string", "description": "In the future, at most 30 days from now" }))]),
        "CreateEmailSession": object([("email", text()), ("password", password.clone())]),
        "UpdateAccountName": object([("name", json!({ "type": "string", "maxLength": MAX_NAME_CHARACTERS }))]),
        "UpdatePassword": object([("password", password.clone()), ("oldPassword", text())]),
        "CreateProject": object([("projectId", id), ("name", name())]),
        "UpdateProject": object([("name", name())]),
        "SetupRequest": object([
            ("token", text()), ("email", text()), ("password", password), ("name?", json!({ "type": "string", "maxLength": MAX_NAME_CHARACTERS })),
        ]),
        "CheckRequest": object([
            ("scopes", asked()), ("runsIn?", maybe(json!({ "enum": contexts }))), ("expire?", maybe(text())),
            ("now?", maybe(json!({ "type": "string", "description": "The time to judge by; absent is the clock of the server, null is none" }))),
            ("operations?", maybe(asked())), ("grantor?", maybe(asked())), ("beyondGrantor?", maybe(json!({ "enum": ["report", "reject"] }))),
            ("previous?", maybe(asked())), ("edition?", maybe(text())), ("beyondEdition?", maybe(json!({ "enum": ["report", "reject"] }))), ("tier?", tier()),
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
        "gateway": {
            "name": "gateway", "in": "path", "required": true, "description": "Who asks, which decides the headers that name method and path",
            "schema": { "enum": ["nginx", "ingress-nginx", "caddy", "traefik", "envoy"] },
        },
        "settings": {
            "name": "settings", "in": "path", "required": true,
            "description": "`project=ID`, and `scope=…` where the request's route is in no catalog; `-` sets nothing",
            "schema": { "type": "string", "minLength": 1 },
        },
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
