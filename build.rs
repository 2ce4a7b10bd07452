//! Makes sure that `dist/` exists, since the server embeds it, and that a new `dist/` is embedded again.

use std::{env, fs, io};

fn main() -> io::Result<()> {
    // For WASM nothing is embedded; watching dist/ there would make every Trunk build stale.
    if env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        println!("cargo::rerun-if-changed=build.rs");
        return Ok(());
    }
    if env::var_os("CARGO_FEATURE_SERVER").is_some() {
        fs::create_dir_all("dist")?;
        println!("cargo::rerun-if-changed=dist");
    }
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
