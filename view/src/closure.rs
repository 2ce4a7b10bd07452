//! Closures in views.

/// A closure that makes a view or a value again whenever a signal that it reads changes. `view!` calls this for each closure that is
/// written in a view; a closure that is made elsewhere may be given to it by hand.
pub fn dynamic<F>(closure: F) -> F {
    closure
}
