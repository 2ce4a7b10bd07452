//! Closures in views.

/// A closure that makes a view or a value again whenever a signal that it reads changes. `view!` calls this for each closure that is
/// written in a view. A closure that is made before may be given to it, which says what it is for.
pub fn dynamic<F>(closure: F) -> F {
    closure
}
