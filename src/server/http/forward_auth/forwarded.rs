//! Which request a gateway asks about. Reads the headers that this gateway writes, or the path of Envoy; refuses what two
//! programs could read in two ways, and what names another request than the one that is judged.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::gateway::{Gateway, Question, cut};
use crate::scope::TrailingSlash;

static FORWARDED_METHOD: HeaderName = HeaderName::from_static("x-forwarded-method");
static FORWARDED_URI: HeaderName = HeaderName::from_static("x-forwarded-uri");
static ORIGINAL_METHOD: HeaderName = HeaderName::from_static("x-original-method");
static ORIGINAL_URI: HeaderName = HeaderName::from_static("x-original-uri");
/// A whole URL, as ingress-nginx writes it. From a client, some services (IIS, Symfony) take it for the path.
static ORIGINAL_URL: HeaderName = HeaderName::from_static("x-original-url");
/// Read by the same services.
static REWRITE_URL: HeaderName = HeaderName::from_static("x-rewrite-url");
/// Every header that names a request other than its own.
static NAMING: [&HeaderName; 6] = [&FORWARDED_METHOD, &FORWARDED_URI, &ORIGINAL_METHOD, &ORIGINAL_URI, &ORIGINAL_URL, &REWRITE_URL];
/// By these, and by parameters of the query with the same names, a client lets some services take another method than its own.
const OVERRIDING: [&str; 3] = ["x-http-method-override", "x-http-method", "x-method-override"];
/// The same, in a query only.
const METHOD_PARAMETER: &str = "-method";
/// Headers that decide something. A name such as `X_Appwrite_Key` is the same one for a service behind CGI or WSGI.
const DECIDING: [&str; 7] = ["x-scopewise-", "x-appwrite-", "x-forwarded-", "x-original-", "x-rewrite-", "x-http-method", "x-method-"];
/// Longer paths are no operation's.
pub(super) const MAX_PATH_BYTES: usize = 4096;

/// The request that is to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server::http) struct Forwarded<'a> {
    /// Upper case.
    pub method: &'a str,
    /// As it was sent, without the query.
    pub path: &'a str,
    /// As it was sent.
    pub query: Option<&'a str>,
    /// Whether method and path are those of the question itself, as Envoy asks.
    pub is_in_path: bool,
}

/// Path and query, as they were sent.
pub(super) struct Target<'a> {
    pub path: &'a str,
    pub query: Option<&'a str>,
}

impl<'a> Target<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let (path, query) = cut(text, b'?');
        Self { path, query }
    }
}

/// Why it is not clear which request is meant; read after "The gateway ".
pub(in crate::server::http) type Unclear = &'static str;

/// The request that the gateway asks about. `query` is that of the question; `slash` is what the catalog says of one at the end of a path.
///
/// # Errors
/// [`Unclear`] where it is not said, said twice in two ways, or written so that services would read it differently.
pub(in crate::server::http) fn forwarded<'a>(
    question: &Question<'a>,
    method: &'a Method,
    query: Option<&'a str>,
    headers: &'a HeaderMap,
    slash: TrailingSlash,
) -> Result<Forwarded<'a>, Unclear> {
    let (methods, targets): (&[&HeaderName], &[&HeaderName]) = match question.gateway {
        Gateway::Nginx => (&[&ORIGINAL_METHOD], &[&ORIGINAL_URI]),
        Gateway::IngressNginx => (&[&ORIGINAL_METHOD], &[&ORIGINAL_URL]),
        Gateway::Caddy | Gateway::Traefik => (&[&FORWARDED_METHOD], &[&FORWARDED_URI]),
        Gateway::Unnamed => (&[&FORWARDED_METHOD, &ORIGINAL_METHOD], &[&FORWARDED_URI, &ORIGINAL_URI]),
        Gateway::Envoy => (&[], &[]),
    };
    check_names(headers, |name| methods.contains(&name) || targets.contains(&name))?;
    let found = if question.path.is_empty() {
        let method = one(headers, methods, "names no method; let it send X-Forwarded-Method or X-Original-Method, as its kind does")?;
        let target = one(headers, targets, "names no path; let it send X-Forwarded-Uri or X-Original-URI, as its kind does")?;
        let target = if question.gateway == Gateway::IngressNginx { target_of(target)? } else { target };
        let Target { path, query } = Target::of(target);
        Forwarded { method, path, query, is_in_path: false }
    } else {
        Forwarded { method: method.as_str(), path: question.path, query, is_in_path: true }
    };
    if found.method.is_empty() || !found.method.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err("hands on a method that is not in upper case");
    }
    check_path(found.path, slash)?;
    if found.query.is_some_and(names_method) {
        return Err("hands on a query with `_method` or the like, by which some services take another method than the one that is judged");
    }
    Ok(found)
}

/// Refuses headers that name another request than `is_own` does, or another method, and names that some services read as those of other
/// headers. The names that were sent are few, and cheaper to compare than to look each of these up.
fn check_names(headers: &HeaderMap, is_own: impl Fn(&HeaderName) -> bool) -> Result<(), Unclear> {
    let is_twin = |name: &str| {
        let folded = folded(name);
        DECIDING.iter().any(|deciding| folded.starts_with(deciding))
    };
    let (mut names_other, mut overrides, mut twins) = (false, false, false);
    for name in headers.keys() {
        let text = name.as_str();
        if !text.bytes().all(is_plain) {
            twins |= is_twin(text);
        } else if text.starts_with("x-") {
            names_other |= NAMING.contains(&name) && !is_own(name);
            overrides |= OVERRIDING.contains(&text);
        }
    }
    if names_other {
        return Err("hands on a header of its client that names another method or path, such as X-Original-URL; let it remove it");
    }
    if overrides {
        return Err("hands on X-HTTP-Method-Override or the like, by which some services take another method than the one that is judged");
    }
    if twins {
        return Err(
            "hands on a header such as X_Appwrite_Key, which some services read as X-Appwrite-Key; let it remove headers with `_` or `.` in their names",
        );
    }
    Ok(())
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

/// Whether a header of this name decides nothing, for any service. `false` where that needs a closer look.
pub(super) fn is_harmless(name: &str) -> bool {
    name.bytes().all(is_plain) && !(NAMING.iter().any(|naming| naming.as_str() == name) || OVERRIDING.contains(&name))
}

/// A name as CGI, WSGI and PHP fold it, in lower case.
fn folded(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

/// Whether a parameter of the query names a method. Some services also part a query at `;`, and PHP reads `.method` and `_method[]` alike.
pub(super) fn names_method(query: &str) -> bool {
    let names = query.split(';').flat_map(|part| form_urlencoded::parse(part.as_bytes()));
    names.into_iter().any(|(name, _)| {
        let name = name.trim_start();
        let end = name.find(['[', '\0']).unwrap_or(name.len());
        let name = folded(name.get(..end).unwrap_or_default());
        name == METHOD_PARAMETER || OVERRIDING.contains(&&*name)
    })
}

/// The one value of some headers. A client may send the one that the gateway does not overwrite.
fn one<'a>(headers: &'a HeaderMap, names: &[&HeaderName], missing: Unclear) -> Result<&'a str, Unclear> {
    let mut values = names.iter().flat_map(|name| headers.get_all(*name));
    let first = values.next().ok_or(missing)?;
    if values.any(|value: &HeaderValue| value != first) {
        return Err(
            "hands on two different methods or paths; let it remove X-Forwarded-… and X-Original-… headers that it does not set itself",
        );
    }
    first.to_str().map_err(|_| "hands on a method or path that is not ASCII")
}

/// Path and query of a URL. Its host is what the client has sent, and must not reach into the path.
pub(super) fn target_of(url: &str) -> Result<&str, Unclear> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
    let (host, target) = rest.find('/').and_then(|slash| rest.split_at_checked(slash)).unwrap_or_default();
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']');
    if host.is_empty() || !host.bytes().all(is_host) {
        return Err("hands on an X-Original-URL that is no URL with a host and a path");
    }
    Ok(target)
}

/// Refuses what a router may decode, normalise or cut in another way than this one.
fn check_path(path: &str, slash: TrailingSlash) -> Result<(), Unclear> {
    if !path.starts_with('/') || path.len() > MAX_PATH_BYTES {
        return Err("hands on what is not a path that begins with `/`, or is too long");
    }
    // Most paths have nothing to decode.
    let is_encoded = path.contains('%');
    let mut decoded = Vec::with_capacity(if is_encoded { path.len() } else { 0 });
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let mut digit = || bytes.next().and_then(|digit| char::from(digit).to_digit(16));
                let (Some(high), Some(low)) = (digit(), digit()) else { return Err("hands on a path with a broken `%` encoding") };
                let byte = u8::try_from(high * 16 + low).unwrap_or(0);
                // What never needs to be encoded is encoded to be read differently; `%25` would be decoded again.
                if matches!(byte, b'/' | b'\\' | b'%' | b';' | b'?' | b'#' | b'.' | b'-' | b'_' | b'~')
                    || byte.is_ascii_alphanumeric()
                    || byte.is_ascii_control()
                {
                    return Err(
                        "hands on a path with an encoded slash, dot, `?`, `#`, letter or control character, which routers read differently",
                    );
                }
                decoded.push(byte);
            }
            b'\\' | b';' | b'#' => return Err("hands on a path with `\\`, `;` or `#`, which routers read differently"),
            _ if !byte.is_ascii_graphic() => return Err("hands on a path with a space or a control character"),
            _ if is_encoded => decoded.push(byte),
            _ => {}
        }
    }
    let decoded = if is_encoded { std::str::from_utf8(&decoded) } else { Ok(path) };
    let Ok(decoded) = decoded else { return Err("hands on a path that is not UTF-8") };
    // Bytes of ASCII were looked at above.
    if is_encoded && decoded.chars().any(|c| c.is_control() || is_folded(c)) {
        return Err("hands on a path with full-width or control characters, which routers read differently");
    }
    let is_empty = |segment: &str| segment.chars().all(|c| matches!(c, '.' | '+') || c.is_whitespace());
    // One slash at the end counts where the catalog says so.
    let bare = if slash == TrailingSlash::Distinct { decoded.strip_suffix('/').unwrap_or(decoded) } else { decoded };
    if path != "/" && bare.strip_prefix('/').unwrap_or_default().split('/').any(is_empty) {
        return Err("hands on a path with an empty part, one of dots or spaces, or a slash at its end, which routers read differently");
    }
    Ok(())
}

/// Whether a compatible form (Unicode NFKC) of the character is one that divides a path.
fn is_folded(c: char) -> bool {
    matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{2024}'..='\u{2026}' | '\u{fe52}'..='\u{fe56}' | '\u{fe5f}' | '\u{fe68}' | '\u{fe6a}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::http::forward_auth::gateway::Settings;

    fn headers(list: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in list {
            headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    fn read_by(gateway: Gateway, list: &[(&str, &str)]) -> Result<(String, String), Unclear> {
        let headers = headers(list);
        let question = Question { gateway, settings: Settings::default(), path: "" };
        let found = forwarded(&question, &Method::GET, None, &headers, TrailingSlash::Ignored)?;
        Ok((found.method.to_owned(), found.path.to_owned()))
    }

    fn read(list: &[(&str, &str)]) -> Result<(String, String), Unclear> {
        read_by(Gateway::Unnamed, list)
    }

    fn path(path: &str) -> Result<(), Unclear> {
        read(&[("x-forwarded-method", "GET"), ("x-forwarded-uri", path)]).map(drop)
    }

    #[test]
    fn the_headers_of_each_gateway_are_read() {
        let wanted = Ok(("PUT".to_owned(), "/v1/users/1".to_owned()));
        assert_eq!(read(&[("x-forwarded-method", "PUT"), ("x-forwarded-uri", "/v1/users/1?a=1")]), wanted);
        assert_eq!(read(&[("x-original-method", "PUT"), ("x-original-uri", "/v1/users/1")]), wanted);
        assert!(read(&[("x-original-method", "PUT")]).is_err() && read(&[("x-original-uri", "/v1/users")]).is_err());
    }

    #[test]
    fn a_slash_at_the_end_passes_where_the_catalog_tells_such_paths_apart() {
        for (path, ignored, distinct) in
            [("/a/", false, true), ("/a", true, true), ("/a//", false, false), ("//", false, false), ("/", true, true)]
        {
            assert_eq!(check_path(path, TrailingSlash::Ignored).is_ok(), ignored, "{path}");
            assert_eq!(check_path(path, TrailingSlash::Distinct).is_ok(), distinct, "{path}");
        }
    }

    #[test]
    fn envoy_asks_with_the_path_itself_and_headers_count_for_nothing() {
        let headers = headers(&[("x-forwarded-method", "GET"), ("x-forwarded-uri", "/v1/health")]);
        let question = |gateway| Question { gateway, settings: Settings::default(), path: "/v1/users/1" };
        let found = forwarded(&question(Gateway::Unnamed), &Method::DELETE, Some("scope=x"), &headers, TrailingSlash::Ignored).unwrap();
        assert_eq!(found, Forwarded { method: "DELETE", path: "/v1/users/1", query: Some("scope=x"), is_in_path: true });
        // An Envoy that is named as one writes none of them.
        assert!(forwarded(&question(Gateway::Envoy), &Method::DELETE, None, &headers, TrailingSlash::Ignored).is_err());
        assert!(forwarded(&question(Gateway::Envoy), &Method::DELETE, None, &HeaderMap::new(), TrailingSlash::Ignored).is_ok());
    }

    #[test]
    fn of_a_named_gateway_only_its_own_headers_are_read_and_no_others_pass() {
        let wanted = Ok(("PUT".to_owned(), "/v1/users/1".to_owned()));
        let forwarded = [("x-forwarded-method", "PUT"), ("x-forwarded-uri", "/v1/users/1?a=1")];
        let original = [("x-original-method", "PUT"), ("x-original-uri", "/v1/users/1?a=1")];
        let ingress = [("x-original-method", "PUT"), ("x-original-url", "https://shop.example:8443/v1/users/1?a=1")];
        let sets = [forwarded, original, ingress];
        for (gateway, own) in [(Gateway::Caddy, 0), (Gateway::Traefik, 0), (Gateway::Nginx, 1), (Gateway::IngressNginx, 2)] {
            for (index, set) in sets.iter().enumerate() {
                assert_eq!(read_by(gateway, set).is_ok(), index == own, "{gateway:?} {set:?}");
            }
            assert_eq!(read_by(gateway, &sets[own]), wanted, "{gateway:?}");
            for name in NAMING.iter().map(|name| name.as_str()).filter(|name| sets[own].iter().all(|(own, _)| own != name)) {
                assert!(read_by(gateway, &[sets[own][0], sets[own][1], (name, "/v1/users/1")]).is_err(), "{gateway:?} {name}");
            }
        }
        for name in [&ORIGINAL_URL, &REWRITE_URL] {
            assert!(read(&[forwarded[0], forwarded[1], (name.as_str(), "/v1/users/1")]).is_err(), "{name}");
        }
    }

    #[test]
    fn a_url_has_a_host_that_ends_before_the_path() {
        let read = |url: &str| read_by(Gateway::IngressNginx, &[("x-original-method", "GET"), ("x-original-url", url)]);
        assert_eq!(read("http://[::1]:80/v1/users").unwrap().1, "/v1/users");
        for bad in [
            "/v1/users",
            "http://",
            "http:///v1/users",
            "http://shop.example",
            "http://h?/v1/users",
            "http://h#/v1/users",
            "http://a@h/v1/users",
            "http://h\\/v1/users",
            "http://h%2f/v1/users",
            "ftp://h/v1/users",
            "HTTP://h/v1/users",
            "http://h//v1/users",
            "http://h?x=/v1/health",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_client_cannot_name_another_method() {
        let gateway = [("x-forwarded-method", "GET"), ("x-forwarded-uri", "/v1/users/1")];
        for name in
            ["x-http-method-override", "x-http-method", "x-method-override", "x_http_method_override", "x.http.method", "x-method_override"]
        {
            assert!(read(&[gateway[0], gateway[1], (name, "DELETE")]).is_err(), "{name}");
        }
        for query in [
            "_method=DELETE",
            "_METHOD=DELETE",
            "a=1&_method=DELETE",
            "a=1;_method=DELETE",
            "%5fm%65thod=DELETE",
            ".method=DELETE",
            "+_method=DELETE",
            "_method[]=DELETE",
            "_method%5B0%5D=DELETE",
            "_method%00x=DELETE",
            "_method",
            "X-HTTP-Method-Override=DELETE",
            "x_http_method=DELETE",
        ] {
            assert!(read(&[gateway[0], ("x-forwarded-uri", &format!("/v1/users/1?{query}"))]).is_err(), "{query}");
        }
        for query in ["method=x", "payment_method=x", "queries[]=_method", "x=_method", "_methods=x", "a=%26_method=x"] {
            assert!(read(&[gateway[0], ("x-forwarded-uri", &format!("/v1/users/1?{query}"))]).is_ok(), "{query}");
        }
    }

    #[test]
    fn a_header_that_some_services_read_as_another_one_is_refused() {
        let gateway = [("x-forwarded-method", "GET"), ("x-forwarded-uri", "/v1/users/1")];
        for name in
            ["x_scopewise_key_id", "x-scopewise_scopes", "x.appwrite.key", "x_appwrite-project", "x_forwarded_for", "x!original!url"]
        {
            assert!(read(&[gateway[0], gateway[1], (name, "x")]).is_err(), "{name}");
        }
        for name in ["x_request_id", "sec_ch_ua", "x-scopewise-key-id", "x-forwarded-for", "x.y"] {
            assert!(read(&[gateway[0], gateway[1], (name, "x")]).is_ok(), "{name}");
        }
    }

    #[test]
    fn what_a_client_adds_to_what_the_gateway_says_is_not_believed() {
        let gateway = [("x-forwarded-method", "DELETE"), ("x-forwarded-uri", "/v1/users/1")];
        for added in [("x-original-uri", "/v1/health"), ("x-forwarded-uri", "/v1/health"), ("x-original-method", "GET")] {
            assert!(read(&[gateway[0], gateway[1], added]).is_err(), "{added:?}");
            assert!(read(&[added, gateway[0], gateway[1]]).is_err(), "{added:?}");
        }
    }

    #[test]
    fn a_path_that_routers_read_differently_is_refused() {
        for bad in [
            "",
            "v1/users",
            "//v1/users",
            "/v1//users",
            "/v1/users//",
            "/v1/./users",
            "/v1/x/../users",
            "/v1/users/..",
            "/v1/%2e%2e/users",
            "/v1/x%2fusers",
            "/v1/x%2Fusers",
            "/v1/x%5cusers",
            "/v1\\users",
            "/v1/users;x=1",
            "/v1/..;/users",
            "/v1/%252e%252e/users",
            "/v1/users%00",
            "/v1/users%0a",
            "/v1/users%",
            "/v1/users%4",
            "/v1/users%zz",
            "/v1/%75sers",
            "/v1/users#x",
            "http://host/v1/users",
            "/v1/users/\u{e9}",
            "/v1/a b",
            "/v1/users/",
            "/v1/users/42%3fx",
            "/v1/users/42%23x",
            "/v1/users/42%3Bx",
            "/v1/users/%20",
            "/v1/users/...",
            "/v1/users/.%20.",
            "/v1/users/+",
            "/v1/users/%c2%a0",
            "/v1/users/%ff",
            "/v1/users/%c0%ae",
            "/v1/users/%c2%85",
            "/v1/users/x%EF%BC%8Fsessions",
            "/v1/users/%E2%80%A5",
        ] {
            assert!(path(bad).is_err(), "{bad}");
        }
        for good in [
            "/",
            "/v1/users",
            "/v1/users/a%20b",
            "/v1/users/a.",
            "/v1/users/%C3%A9",
            "/.well-known/x",
            "/v1/users/a:b@c",
            "/v1/users?next=//x/../y",
        ] {
            assert_eq!(path(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_method_is_upper_case() {
        for bad in ["get", "G E T", "", "GET\u{e9}"] {
            assert!(read(&[("x-forwarded-method", bad), ("x-forwarded-uri", "/v1/users")]).is_err(), "{bad}");
        }
    }
}
