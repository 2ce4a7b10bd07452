//! What Trunk builds: the console.

fn main() {
    // In a debug build a panic tells its place in the log of the browser; a release build leaves this out.
    debug_assert!({
        console_error_panic_hook::set_once();
        true
    });
    scopewise::console::start();
}
