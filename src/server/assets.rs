//! The console's files: embedded in a release build, read from `dist/` in a debug build.

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use super::{
    encoding,
    entity_tag::{self, ASK_AGAIN},
};

#[derive(RustEmbed)]
#[folder = "dist/"]
struct Dist;

const INDEX: &str = "index.html";
/// A file whose name holds a hash of its content never changes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Shown where the server was built without its console.
const NO_CONSOLE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
    <title>Scopewise</title><h1>The server runs; its console is not built yet</h1>\
    <p>Run <code>make run</code>, which builds the console and starts the server again. The HTTP interface at <code>/v1</code> works without it.</p>";

/// A file of the console; `None` where there is none.
pub(super) fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let name = path.trim_start_matches('/');
    // A compressed sibling is no file of its own, and the page has an address of its own.
    let file = Dist::get(name).filter(|_| !name.is_empty() && name != INDEX && !name.ends_with(".br"))?;
    Some(send(name, file, headers))
}

/// A page of the console, which has its own way of saying that there is no such page; a path that looks like a file is not found.
pub(super) fn page(path: &str, headers: &HeaderMap) -> Response {
    let name = path.trim_start_matches('/');
    if name.rsplit('/').next().is_some_and(|last| last.contains('.')) && name != INDEX {
        return (StatusCode::NOT_FOUND, "Not found").into_response();
    }
    let mut response = match Dist::get(INDEX) {
        Some(index) => {
            let policy = policy(&String::from_utf8_lossy(&index.data));
            let mut response = send(INDEX, index, headers);
            set(&mut response, header::CONTENT_SECURITY_POLICY, &policy);
            response
        }
        None => {
            let mut response = NO_CONSOLE.into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            set(&mut response, header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
            response.headers_mut().insert(header::CACHE_CONTROL, ASK_AGAIN);
            response
        }
    };
    // Programs get another answer at the same address.
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    response
}

/// The pages may run their own scripts, WebAssembly, and the inline script that starts it, which is named by its hash.
fn policy(html: &str) -> String {
    let hashes: String =
        inline_scripts(html).map(|script| format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script.as_bytes())))).collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; connect-src 'self'; \
         img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// The texts of scripts without `src`.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=") && !script.is_empty()).then_some(script)
    })
}

fn send(name: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let sibling = encoding::accepts(headers, "br").then(|| Dist::get(&format!("{name}.br"))).flatten();
    let compressed = sibling.is_some();
    let file = sibling.unwrap_or(file);
    let etag = entity_tag::of_hash(file.metadata.sha256_hash());
    let mut response = if entity_tag::is_known(entity_tag::if_none_match(headers), &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(match file.data {
            Cow::Borrowed(bytes) => Body::from(bytes),
            Cow::Owned(bytes) => Body::from(bytes),
        });
        if compressed {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        response
    };
    set(&mut response, header::ETAG, &etag);
    let fields = response.headers_mut();
    // Also where nothing has changed: what a 304 says, a cache writes over what it has kept (RFC 9111 §3.2).
    fields.insert(header::CONTENT_TYPE, content_type(name));
    fields.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    fields.insert(header::CACHE_CONTROL, if is_hashed(name) { FOREVER } else { ASK_AGAIN });
    response
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// The build ends the names of files with a hash of 64 bits in hexadecimal, `console-0123456789abcdef.wasm`, and Trunk alone without zeros at
/// its beginning, `console-123456789abcdef_bg.wasm`.
fn is_hashed(name: &str) -> bool {
    /// A hash with more zeros comes up once in four billion files.
    const FEWEST_DIGITS: usize = 8;
    let Some((_, end)) = name.rsplit_once('-') else { return false };
    let digits = end.bytes().take_while(u8::is_ascii_hexdigit).count();
    (FEWEST_DIGITS..=16).contains(&digits) && matches!(end.as_bytes().get(digits), Some(b'.' | b'_'))
}

fn content_type(name: &str) -> HeaderValue {
    HeaderValue::from_static(match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_the_inline_script_by_its_hash() {
        let html = "<script src=\"a.js\"></script><script type=\"module\">go()</script>";
        let hash = BASE64_STANDARD.encode(Sha256::digest(b"go()"));
        let policy = policy(html);
        assert!(policy.contains(&format!("'wasm-unsafe-eval' 'sha256-{hash}';")), "{policy}");
        assert_eq!(policy.matches("sha256-").count(), 1);
        assert!(!policy.contains("unsafe-inline"));
    }

    #[test]
    fn what_has_not_changed_keeps_its_type() {
        let file = || rust_embed::utils::read_file_from_fs(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml").as_ref()).unwrap();
        let whole = send("console.js", file(), &HeaderMap::new());
        let known = HeaderMap::from_iter([(header::IF_NONE_MATCH, whole.headers()[header::ETAG].clone())]);
        let unchanged = send("console.js", file(), &known);
        assert_eq!((whole.status(), unchanged.status()), (StatusCode::OK, StatusCode::NOT_MODIFIED));
        for answer in [whole, unchanged] {
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert!(is_hashed("scopewise-console-a1b2c3d4e5f60718_bg.wasm"));
        // A hash that begins with zeros has fewer digits.
        assert!(is_hashed("tokens-1b2c3d4e5f60718.css") && is_hashed("base-2c3d4e5f60718.css"));
        assert!(!is_hashed("favicon.svg") && !is_hashed("assets/icon-64.png") && !is_hashed("a1b2c3d4e5f60718.css"));
        assert!(!is_hashed("x-a1b2c3d4e5f607181.css") && !is_hashed("x-a1b2c3d4e5f60718") && !is_hashed("face-decade.css"));
    }
}
