//! Keeps the tabs of one browser in step: theme, sign-in and sign-out.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use super::{router::Router, session::Session, theme::Theme};

const CHANNEL: &str = "scopewise";

/// Tells the other tabs: `session`, or the word of a theme.
pub(super) fn tell(what: &str) {
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        drop(channel.post_message(&JsValue::from_str(what)));
        channel.close();
    }
}

/// Follows the other tabs, as long as the application runs.
pub(super) fn start(router: Router, session: Session, theme: RwSignal<Theme>) {
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return };
    let follow = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| match event.data().as_string().as_deref() {
        // Unsaved work stays; saving it says that the session has ended.
        Some("session") if !router.has_guard() => session.refresh(),
        Some(word) => {
            if let Some(chosen) = Theme::of_word(word) {
                theme.set(chosen);
            }
        }
        None => {}
    });
    channel.set_onmessage(Some(follow.as_ref().unchecked_ref()));
    follow.forget();
    // The channel is closed when nothing holds it.
    std::mem::forget(channel);
}
