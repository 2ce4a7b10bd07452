//! What follows from a key or a click, but need not be in the same frame: the browser shows the letter or the tick first.

use std::time::Duration;

use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Runs something after the next frame is painted.
pub fn after_paint(act: impl FnOnce() + 'static) {
    let act: Box<dyn FnOnce()> = Box::new(act);
    request_animation_frame(move || set_timeout(act, Duration::ZERO));
}

/// Runs something once the page has followed what has changed, and before the next key or click is looked at: what has changed sets off
/// effects, each in a microtask, and these may set off others.
pub fn once_rendered(act: impl FnOnce() + 'static) {
    /// More than the longest chain: a signal, what is shown of it, the rows, the stop of the keyboard.
    const ROUNDS: usize = 12;
    let act: Box<dyn FnOnce()> = Box::new(act);
    spawn_local(async move {
        for _ in 0..ROUNDS {
            drop(JsFuture::from(Promise::resolve(&JsValue::UNDEFINED)).await);
        }
        act();
    });
}

/// Runs something while nothing else is to be done.
pub fn when_idle(act: impl Fn() + Copy + 'static) {
    // Not every browser has an event for an idle moment.
    if request_idle_callback_with_handle(act).is_err() {
        let act: Box<dyn FnOnce()> = Box::new(act);
        set_timeout(act, Duration::from_millis(200));
    }
}

/// How much of a long list is on the page: `first` items, then `step` more after each painted frame, and all of them once that reaches `enough`.
/// A person sees the beginning without waiting for what is below the window.
pub fn growing(first: usize, step: usize, enough: impl Fn() -> usize + Copy + 'static) -> RwSignal<usize> {
    fn grow(count: RwSignal<usize>, step: usize, enough: impl Fn() -> usize + Copy + 'static) {
        after_paint(move || {
            // Whatever it belongs to may be gone.
            if let Some(before) = count.try_get_untracked() {
                let next = before.saturating_add(step);
                let is_enough = next >= enough();
                count.set(if is_enough { usize::MAX } else { next });
                if !is_enough {
                    grow(count, step, enough);
                }
            }
        });
    }
    let count = RwSignal::new(first);
    grow(count, step, enough);
    count
}

/// A part of a page that is made after the rest of the page is painted, so that neither blocks the page for long.
pub fn painted_first(part: impl Fn() -> AnyView + Send + Sync + 'static) -> impl IntoView {
    let is_painted = RwSignal::new(false);
    // The page may be gone by then.
    after_paint(move || is_painted.try_update(|painted| *painted = true).unwrap_or_default());
    dynamic(move || is_painted.get().then(&part))
}

/// Ends after the next frame is painted.
pub async fn frame_painted() {
    let painted = Promise::new(&mut |resolve, _| after_paint(move || drop(resolve.call0(&JsValue::UNDEFINED))));
    drop(JsFuture::from(painted).await);
}

/// A signal that has the value of another one after the next frame.
pub fn painted<T: Clone + PartialEq + Send + Sync + 'static>(source: Signal<T>) -> RwSignal<T> {
    let shown = RwSignal::new(source.get_untracked());
    effect(move |before: Option<()>| {
        source.track();
        if before.is_some() {
            after_paint(move || catch_up(source, shown));
        }
    });
    shown
}

/// Takes the value over now. Both can be gone.
pub fn catch_up<T: Clone + PartialEq + Send + Sync + 'static>(source: Signal<T>, shown: RwSignal<T>) {
    if let Some(value) = source.try_get_untracked()
        && !shown.is_disposed()
        && shown.with_untracked(|shown| *shown != value)
    {
        shown.set(value);
    }
}

/// What the closure returns, as a signal. Unlike with a memo, nothing that reads it is looked at unless its value changes; that matters where
/// hundreds of elements read it.
pub fn settled<T: Clone + PartialEq + Send + Sync + 'static>(closure: impl Fn() -> T + Send + Sync + 'static) -> RwSignal<T> {
    let source = memo(closure);
    let value = RwSignal::new(source.get_untracked());
    effect(move |_| {
        let next = source.get();
        if value.with_untracked(|value| *value != next) {
            value.set(next);
        }
    });
    value
}
