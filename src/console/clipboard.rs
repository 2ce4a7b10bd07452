//! Copies text. Nothing else of the console touches the clipboard.

use wasm_bindgen_futures::JsFuture;

/// Puts a text on the clipboard; false where the browser refuses, such as on a page without https.
pub(super) async fn copy(text: &str) -> bool {
    let clipboard = leptos::prelude::window().navigator().clipboard();
    // Absent on insecure origins, whatever the binding says.
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}
