//! Any method and path: either they mean operations, or a reader could mistake them, never both. And any text as an operation.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scopewise::scope::{Catalog, allows};

fuzz_target!(|text: &str| {
    let catalog = Catalog::appwrite();
    let (method, path) = text.split_once(' ').unwrap_or(("GET", text));
    let found = catalog.operations_at(method, path).count();
    assert!(found == 0 || catalog.operations_mistaken(method, path).is_none());
    let verdict = allows(catalog, &["users.read", "rows.read"], text);
    assert!(!verdict.allowed || !verdict.operations.is_empty());
});
