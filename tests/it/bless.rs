//! `SCOPEWISE_BLESS=1`: tests of generated files write them.

use std::{fs, path::Path};

pub fn is_on() -> bool {
    std::env::var_os("SCOPEWISE_BLESS").is_some()
}

/// Replaces the file in one step: other tests read it meanwhile.
pub fn write(path: &Path, text: &str) {
    let new = path.with_extension("new");
    fs::write(&new, text).unwrap();
    fs::rename(new, path).unwrap();
}
