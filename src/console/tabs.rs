//! Messages between the tabs of one browser. Each is one word.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

const CHANNEL: &str = "scopewise";

/// Someone has signed in or out.
pub(super) const SESSION: &str = "session";

/// Sends a message to the other tabs.
pub(super) fn notify(word: &str) {
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        drop(channel.post_message(&JsValue::from_str(word)));
        channel.close();
    }
}

/// Follows the other tabs, as long as the application runs.
pub(super) fn follow(act: impl Fn(&str) + 'static) {
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return };
    let follow = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(word) = event.data().as_string() {
            act(&word);
        }
    });
    channel.set_onmessage(Some(follow.as_ref().unchecked_ref()));
    follow.forget();
    // The channel is closed when nothing holds it.
    std::mem::forget(channel);
}
