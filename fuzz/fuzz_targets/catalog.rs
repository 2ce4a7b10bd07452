//! Any text as a catalog: it is refused with places, or what it says is written and read again without a change.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scopewise::scope::{Catalog, CheckRequest, check};

fuzz_target!(|text: &str| {
    match Catalog::from_json(text) {
        Err(faults) => assert!(!faults.is_empty()),
        Ok(catalog) => {
            let written = serde_json::to_string(&catalog).expect("a catalog is JSON");
            let again = Catalog::from_json(&written).expect("what was read is written as a catalog");
            assert_eq!(written, serde_json::to_string(&again).expect("a catalog is JSON"));
            let scopes = catalog.scopes().iter().map(|scope| scope.id.to_string()).collect();
            let _ = check(&catalog, &CheckRequest { scopes, ..CheckRequest::default() });
        }
    }
});
