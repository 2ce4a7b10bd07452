//! Code that most requests do not need, kept apart.

/// Writes a diagnostic in a function of its own. Most requests have few, and an engine compiles a function when it is first called: so the first answer of
/// the npm package waits for the search alone, and not for all that could be said.
#[inline(never)]
pub(super) fn apart(write: &mut dyn FnMut()) {
    write();
}
