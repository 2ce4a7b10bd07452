//! The bodies that the scope model reads: its own reader takes them, so that every program gets the same answer, and has no schema.

use serde_json::{Value, json};

use super::schemas::{flag, maybe, object, text};
use crate::scope::{MAX_REQUEST_ITEMS, Runtime, Tier};

fn asked() -> Value {
    json!({ "type": "array", "maxItems": MAX_REQUEST_ITEMS, "items": { "type": "string" } })
}

fn tier() -> Value {
    maybe(json!({ "enum": Tier::ALL.iter().map(|tier| tier.as_str()).collect::<Vec<_>>() }))
}

/// Every schema by its name.
pub(super) fn all() -> Value {
    let contexts: Vec<&str> = Runtime::ALL.iter().map(|context| context.as_str()).collect();
    json!({
        "CheckRequest": object([
            ("scopes", asked()), ("runsIn?", maybe(json!({ "enum": contexts }))), ("expire?", maybe(text())),
            ("now?", maybe(json!({ "type": "string", "description": "The time to judge by; absent is the clock of the server, null is none" }))),
            ("operations?", maybe(asked())), ("grantor?", maybe(asked())), ("beyondGrantor?", maybe(json!({ "enum": ["report", "reject"] }))),
            ("previous?", maybe(asked())), ("edition?", maybe(text())), ("beyondEdition?", maybe(json!({ "enum": ["report", "reject"] }))), ("tier?", tier()),
        ]),
        "AllowsRequest": object([("scopes", asked()), ("operation", text()), ("edition?", maybe(text()))]),
        "SuggestRequest": object([("operations", asked()), ("scopes?", maybe(asked())), ("edition?", maybe(text())), ("tier?", tier()), ("prefer?", maybe(json!({ "enum": ["narrow", "few"] })))]),
        "ReachRequest": object([("scopes", asked()), ("edition?", maybe(text()))]),
        "CompareRequest": object([("before", asked()), ("after", asked()), ("edition?", maybe(text()))]),
        "MigrateRequest": object([("scopes", asked()), ("edition?", maybe(text())), ("tier?", tier())]),
        "CatalogRequest": object([("tier?", tier()), ("edition?", maybe(text())), ("service?", maybe(text())), ("operations?", maybe(flag()))]),
    })
}
