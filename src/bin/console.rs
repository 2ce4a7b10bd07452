//! What Trunk builds: the console.

use scopewise::scope::Catalog;

fn main() {
    // A debug build logs where a panic happened in the browser's console; a release build leaves this out.
    debug_assert!({
        console_error_panic_hook::set_once();
        true
    });
    scopewise::console::start(Catalog::appwrite());
}
