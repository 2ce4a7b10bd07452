//! Hashes in the browser. No other module of the console uses its cryptography.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;

/// The SHA-256 of a text in hexadecimal; `None` if the browser refuses, for example on a page without https.
pub(super) async fn sha256(text: &str) -> Option<String> {
    let subtle = leptos::prelude::window().crypto().ok()?.subtle();
    // Undefined on insecure origins, although the binding says otherwise.
    if subtle.is_undefined() {
        return None;
    }
    let digest = subtle.digest_with_str_and_u8_array("SHA-256", text.as_bytes()).ok()?;
    let digest = Uint8Array::new(&JsFuture::from(digest).await.ok()?).to_vec();
    Some(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}
