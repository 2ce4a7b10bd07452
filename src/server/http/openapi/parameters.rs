//! The parameters of path, query and headers. Bodies are described by the structs that read them.

use serde_json::{Value, json};

use super::schemas::{flag, text};
use crate::{
    api::{KeyFilter, KeySort, MAX_SEARCHED_KEYS},
    scope::Tier,
};

fn words(words: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    words.collect()
}

/// Every parameter by its name.
pub(super) fn all() -> Value {
    let in_path = |name: &str, description: &str| json!({ "name": name, "in": "path", "required": true, "description": description, "schema": { "type": "string", "minLength": 1, "maxLength": 36 } });
    let in_query = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema });
    let tiers: Vec<&str> = Tier::ALL.iter().map(|tier| tier.as_str()).collect();
    json!({
        "projectId": in_path("projectId", "The id of the project"),
        "keyId": in_path("keyId", "The id of the key"),
        "accountId": in_path("accountId", "The id of the account"),
        "sessionId": in_path("sessionId", "The id of the session, or `current`"),
        "queries": {
            "name": "queries[]", "in": "query", "required": false, "style": "form", "explode": true,
            "description": "List queries, each the JSON text that an SDK makes of `Query.limit(10)` and so on",
            "schema": { "type": "array", "maxItems": 100, "items": { "type": "string" } },
        },
        "total": in_query("total", "Whether to count all entries; without it, the total is 0", flag()),
        "details": in_query("details", "Whether to answer with status, rotation and exposure as well", flag()),
        "use": in_query("use", "Whether to answer with these details, and with the requests of the last 30 days by operation", flag()),
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
        "auditTarget": in_query("targetId", "Only entries about this key, or whatever else has this ID", json!({ "type": "string", "maxLength": 256 })),
        "auditActor": in_query("actor", "Only entries by the person or key with this ID or name", json!({ "type": "string", "maxLength": 256 })),
        "auditAction": in_query("action", "Only this action, such as `key.create`, or this group, such as `key.`", json!({ "type": "string", "minLength": 1, "maxLength": 256 })),
        "auditOutcome": in_query("outcome", "Only entries with this outcome", json!({ "enum": ["done", "refused"] })),
        "auditFrom": in_query("from", "Only entries from this time on", json!({ "type": "string", "format": "date-time" })),
        "auditUntil": in_query("until", "Only entries before this time", json!({ "type": "string", "format": "date-time" })),
        "auditFormat": in_query("format", "`csv` for a table", json!({ "enum": ["json", "csv"] })),
        "keySearch": in_query("search", "Words of the name, the ID, the hint or the scopes, or `sha256:` with the hash of a secret", json!({ "type": "string", "maxLength": 256 })),
        "keyFilter": in_query("filter", "Which keys", json!({ "enum": words(KeyFilter::ALL.iter().map(|(_, name)| *name)) })),
        "keySort": in_query("sort", "What they are sorted by", json!({ "enum": words(KeySort::ALL.iter().map(|(_, name)| *name)) })),
        "keyDescending": in_query("descending", "Whether the last comes first", flag()),
        "keyOffset": in_query("offset", "How many keys to skip", json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX, "default": 0 })),
        "keyLimit": in_query("limit", "How many keys to return", json!({ "type": "integer", "minimum": 1, "maximum": MAX_SEARCHED_KEYS, "default": 100 })),
        "catalogTier": in_query("tier", "Only scopes of this kind of key", json!({ "enum": tiers })),
        "catalogEdition": in_query("edition", "Only scopes of this edition", text()),
        "catalogService": in_query("service", "Only scopes of this service", text()),
        "ifNoneMatch": {
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "The `ETag` of an earlier answer; where nothing has changed since, the answer is 304 without a body",
            "schema": { "type": "string" },
        },
        "catalogOperations": in_query("operations", "Whether to list operations, too", flag()),
    })
}
