//! What Trunk builds: the console.

fn main() {
    // In a release build too: whoever reports a panic finds its message in the browser's log.
    console_error_panic_hook::set_once();
    scopewise::console::start();
}
