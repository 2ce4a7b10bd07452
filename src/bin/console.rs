//! What Trunk builds: the console.

fn main() {
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    scopewise::console::start();
}
