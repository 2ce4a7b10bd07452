//! Any text as a request to the scope model: the answer is JSON, and the same each time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scopewise::scope::{Catalog, Query, answer};

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let Ok(request) = std::str::from_utf8(rest) else { return };
    let query = Query::ALL[usize::from(*first) % Query::ALL.len()];
    let said = answer(Catalog::appwrite(), query, request);
    match &said {
        Ok(text) => drop(serde_json::from_str::<serde_json::Value>(text).expect("an answer is JSON")),
        Err(error) => drop(serde_json::from_str::<serde_json::Value>(&error.to_json()).expect("an error is JSON")),
    }
    assert_eq!(said, answer(Catalog::appwrite(), query, request));
});
