//! Memos and effects of closures that lose their types.

use original::prelude::{Effect, EffectFunction};

use crate::signals::Memo;

/// A memo: what the closure returns, until a signal that it reads changes. As [`Memo::new`], for a closure that does not ask for the value
/// before.
pub fn memo<T: PartialEq + Send + Sync + 'static>(closure: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    Memo::of_closure(closure)
}

/// Runs the closure once the page shows what it is about, and again whenever a signal that it reads changes. As `Effect::new`, but compiled
/// once for each type of value that it keeps.
pub fn effect<T: 'static, M>(mut closure: impl EffectFunction<T, M> + 'static) {
    boxed_effect(Box::new(move |before| closure.run(before)));
}

#[inline(never)]
fn boxed_effect<T: 'static>(closure: Box<dyn FnMut(Option<T>) -> T>) {
    Effect::new(closure);
}
