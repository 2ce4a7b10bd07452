//! Copies text. No other module of the console uses the clipboard.

use wasm_bindgen_futures::JsFuture;

/// Copies a text to the clipboard; false if the browser refuses, for example on a page without https.
pub(super) async fn copy(text: &str) -> bool {
    let clipboard = leptos::prelude::window().navigator().clipboard();
    // Undefined on insecure origins, although the binding says otherwise.
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}
