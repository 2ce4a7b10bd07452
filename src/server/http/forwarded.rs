//! Owns which request a gateway asks about. Reads the headers of nginx, Caddy and Traefik, and the path of Envoy; refuses whatever
//! two programs could read in two ways.

use axum::http::{HeaderMap, HeaderValue, Method};

use crate::api::paths;

/// A method that a gateway hands on; nginx asks with `X-Original-…`, Caddy and Traefik with `X-Forwarded-…`.
const METHOD: [&str; 2] = ["x-forwarded-method", "x-original-method"];
/// A path with its query.
const URI: [&str; 2] = ["x-forwarded-uri", "x-original-uri"];
/// Longer paths are no operation's.
const MAX_PATH_BYTES: usize = 4096;

/// The request that is to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Forwarded<'a> {
    /// Upper case.
    pub method: &'a str,
    /// As it was sent, without the query.
    pub path: &'a str,
    /// As it was sent.
    pub query: Option<&'a str>,
    /// Whether method and path are those of the question itself, as Envoy asks; its query is the client's then.
    pub is_in_path: bool,
}

/// Why nobody can tell which request is meant, in words that go on after "The gateway ".
pub(super) type Unclear = &'static str;

/// The request that the gateway asks about.
///
/// # Errors
/// [`Unclear`] where it is not said, said twice in two ways, or written so that routers would read it differently.
pub(super) fn forwarded<'a>(
    method: &'a Method,
    path_and_query: (&'a str, Option<&'a str>),
    headers: &'a HeaderMap,
) -> Result<Forwarded<'a>, Unclear> {
    let rest = path_and_query.0.strip_prefix(paths::keys::FORWARD_AUTH).unwrap_or_default();
    let found = if rest.is_empty() {
        let method = one(headers, METHOD, "names no method; let it send X-Forwarded-Method or X-Original-Method")?;
        let uri = one(headers, URI, "names no path; let it send X-Forwarded-Uri or X-Original-URI")?;
        let (path, query) = uri.split_once('?').map_or((uri, None), |(path, query)| (path, Some(query)));
        Forwarded { method, path, query, is_in_path: false }
    } else {
        Forwarded { method: method.as_str(), path: rest, query: path_and_query.1, is_in_path: true }
    };
    if found.method.is_empty() || !found.method.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err("hands on a method that is not in upper case");
    }
    check_path(found.path)?;
    Ok(found)
}

/// The one value of two headers. A client may send the one that the gateway does not overwrite.
fn one<'a>(headers: &'a HeaderMap, names: [&str; 2], missing: Unclear) -> Result<&'a str, Unclear> {
    let mut values = names.iter().flat_map(|name| headers.get_all(*name));
    let first = values.next().ok_or(missing)?;
    if values.any(|value: &HeaderValue| value != first) {
        return Err(
            "hands on two different methods or paths; let it remove X-Forwarded-… and X-Original-… headers that it does not set itself",
        );
    }
    first.to_str().map_err(|_| "hands on a method or path that is not ASCII")
}

/// Refuses what a router may decode, normalise or cut in another way than this one.
fn check_path(path: &str) -> Result<(), Unclear> {
    if !path.starts_with('/') || path.len() > MAX_PATH_BYTES {
        return Err("hands on what is not a path that begins with `/`, or is too long");
    }
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let mut digit = || bytes.next().and_then(|digit| char::from(digit).to_digit(16));
                let (Some(high), Some(low)) = (digit(), digit()) else { return Err("hands on a path with a broken `%` encoding") };
                let decoded = u8::try_from(high * 16 + low).unwrap_or(0);
                // What never needs to be encoded is encoded to be read differently; `%25` would be decoded again.
                if matches!(decoded, b'/' | b'\\' | b'%' | b';' | b'.' | b'-' | b'_' | b'~' | b'\x7f')
                    || decoded.is_ascii_alphanumeric()
                    || decoded.is_ascii_control()
                {
                    return Err("hands on a path with an encoded slash, dot, letter or control character, which routers read differently");
                }
            }
            b'\\' | b';' | b'#' => return Err("hands on a path with `\\`, `;` or `#`, which routers read differently"),
            _ if !byte.is_ascii_graphic() => return Err("hands on a path with a space or a control character"),
            _ => {}
        }
    }
    let segments = path.strip_prefix('/').unwrap_or_default();
    let segments = segments.strip_suffix('/').unwrap_or(segments);
    if path != "/" && segments.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
        return Err("hands on a path with an empty, `.` or `..` part, which routers read differently");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in list {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    fn read(list: &[(&'static str, &str)]) -> Result<(String, String), Unclear> {
        let headers = headers(list);
        let found = forwarded(&Method::GET, (paths::keys::FORWARD_AUTH, None), &headers)?;
        Ok((found.method.to_owned(), found.path.to_owned()))
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
    fn envoy_asks_with_the_path_itself_and_headers_count_for_nothing() {
        let headers = headers(&[("x-forwarded-method", "GET"), ("x-forwarded-uri", "/v1/health")]);
        let found = forwarded(&Method::DELETE, ("/v1/keys/forward-auth/v1/users/1", Some("scope=x")), &headers).unwrap();
        assert_eq!(found, Forwarded { method: "DELETE", path: "/v1/users/1", query: Some("scope=x"), is_in_path: true });
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
        ] {
            assert!(path(bad).is_err(), "{bad}");
        }
        for good in ["/", "/v1/users", "/v1/users/", "/v1/users/a%20b", "/v1/users/%C3%A9", "/v1/users/a:b@c", "/v1/users?next=//x/../y"] {
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
