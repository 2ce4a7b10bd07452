//! Messages between the tabs of one browser.

use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use super::theme::Theme;

const CHANNEL: &str = "scopewise";

/// What a tab says to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Message {
    /// Someone has signed in or out.
    Session,
    /// Someone has chosen a theme.
    Theme(Theme),
}

/// Sends a message to the other tabs.
pub(super) fn notify(message: Message) {
    if let (Ok(channel), Ok(message)) = (BroadcastChannel::new(CHANNEL), serde_wasm_bindgen::to_value(&message)) {
        drop(channel.post_message(&message));
        channel.close();
    }
}

/// Follows the other tabs, as long as the application runs. A tab of another version may say what this one does not know.
pub(super) fn follow(act: impl Fn(Message) + 'static) {
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return };
    let follow = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Ok(message) = serde_wasm_bindgen::from_value(event.data()) {
            act(message);
        }
    });
    channel.set_onmessage(Some(follow.as_ref().unchecked_ref()));
    follow.forget();
    // The channel is closed when nothing holds it.
    std::mem::forget(channel);
}
