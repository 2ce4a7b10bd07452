//! Any text as a document to import: it is refused with a place, or becomes a catalog that can be loaded.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scopewise::{
    import::{Options, Source, import},
    scope::Catalog,
};

fuzz_target!(|text: &str| {
    let source = Source { file: "x".to_owned(), text: text.to_owned(), edition: None };
    match import(&[source], &Options::default()) {
        Err(error) => assert!(!error.message.is_empty()),
        Ok(imported) => {
            if let Err(faults) = Catalog::from_json(&imported.catalog) {
                panic!("{faults:?} {}", imported.catalog);
            }
        }
    }
});
