//! The client of a request: address, host, origin, cookie. Nothing here trusts what a web page could forge.

use std::{net::IpAddr, sync::OnceLock};

use axum::http::{HeaderMap, HeaderName, header, request::Parts};

use crate::server::{app::App, config::PublicUrl, encoding, limits::network_of};

static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Longer names of a browser are cut.
const USER_AGENT_CHARACTERS: usize = 200;

/// The client of a request.
#[derive(Clone, Debug)]
pub(in crate::server) struct Client {
    /// The client's address: the peer's, or what a trusted proxy says of it.
    pub ip: Option<IpAddr>,
    /// Whose connection it is.
    pub peer: Option<IpAddr>,
    /// Whether the peer is a trusted proxy.
    pub through_proxy: bool,
    /// Host and port that the client asked for, lower case.
    pub authority: String,
    /// Whether people reach this server by https.
    pub https: bool,
    /// What the client says that it is; cut, and without control characters.
    pub user_agent: String,
    /// Whether the client asks for CSV rather than JSON.
    pub accepts_csv: bool,
    /// Whether it takes compressed answers.
    pub accepts_gzip: bool,
    /// Whether it carries a dev key of the project that it names; said once, by the gate.
    pub(in crate::server::http) dev_keyed: OnceLock<bool>,
    origin: Option<String>,
    fetch_site: Option<String>,
    looks_like_browser: bool,
}

impl Client {
    /// The client of a request that came from `peer`.
    pub(in crate::server::http) fn of(app: &App, parts: &Parts, peer: Option<IpAddr>) -> Self {
        let sent = Sent::of(&parts.headers);
        let authority = sent.host.or_else(|| parts.uri.authority().map(|authority| authority.as_str()));
        let peer = peer.map(|peer| peer.to_canonical());
        let proxies = app.trusted_proxies();
        let through_proxy = peer.is_some_and(|peer| proxies.trust(peer));
        let lines = || parts.headers.get_all(&FORWARDED_FOR).into_iter().map(|line| line.as_bytes());
        let ip = if through_proxy { peer.map(|peer| proxies.origin(peer, lines())) } else { peer };
        let origin = if sent.has_origin { origin(&parts.headers) } else { None };
        Self {
            accepts_csv: sent.accept.is_some_and(|accept| accept.trim_start().starts_with("text/csv")),
            accepts_gzip: sent.has_encodings && encoding::accepts(&parts.headers, "gzip"),
            dev_keyed: OnceLock::new(),
            ip,
            peer,
            through_proxy,
            authority: authority.unwrap_or("localhost").to_ascii_lowercase(),
            https: app.public_url.as_ref().is_some_and(PublicUrl::is_https),
            looks_like_browser: sent.fetch_site.is_some()
                || sent.has_fetch_dest
                || (origin.is_some() && sent.user_agent.is_some_and(|name| name.starts_with("Mozilla/"))),
            user_agent: sent.user_agent.unwrap_or_default().chars().filter(|c| !c.is_control()).take(USER_AGENT_CHARACTERS).collect(),
            origin,
            fetch_site: sent.fetch_site.map(str::to_owned),
        }
    }

    /// The host without its port.
    pub(in crate::server::http) fn host(&self) -> &str {
        match self.authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => &self.authority,
        }
    }

    /// What the client counts for where callers are bounded: its network. `None` where it is not known.
    pub(in crate::server) fn network(&self) -> Option<IpAddr> {
        self.ip.map(network_of)
    }

    /// Whether it carries a dev key of the project that it names. Not before the gate has looked.
    pub(in crate::server::http) fn is_dev_keyed(&self) -> bool {
        self.dev_keyed.get().copied().unwrap_or(false)
    }

    /// The address as text; empty where it is not known.
    pub(in crate::server) fn ip_text(&self) -> String {
        self.ip.map(|ip| ip.to_canonical().to_string()).unwrap_or_default()
    }

    /// Whether the request carries what browsers add to every request and no server library does (W3C Fetch Metadata).
    /// `Sec-Fetch-Mode` is no such sign: the `fetch` of Node.js sends it.
    pub(in crate::server::http) fn is_browser(&self) -> bool {
        self.looks_like_browser
    }

    /// The `Origin` header, lower case.
    pub(in crate::server::http) fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// Whether the page that sends the request is one of this server. A request without `Origin` is not sent by a page that could
    /// read the answer. Stricter than the contract (§3), which looks at the host alone: another port is another program.
    ///
    /// With a public URL, only that URL is an origin of this server. Without one the server does not know its names, and a page is its own
    /// where the browser says so, or where the page has the host of the request.
    pub(in crate::server::http) fn is_own_origin(&self, public_url: Option<&PublicUrl>) -> bool {
        let Some(origin) = self.origin() else { return true };
        match public_url {
            Some(url) => url.is_origin(origin),
            None => {
                let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
                authority == self.authority || self.fetch_site.as_deref() == Some("same-origin")
            }
        }
    }

    /// Whether a page of another origin sends the request.
    pub(in crate::server::http) fn is_foreign_page(&self, public_url: Option<&PublicUrl>) -> bool {
        !self.is_own_origin(public_url) || self.is_cross_site()
    }

    /// Whether the browser says that a page of another origin sends the request.
    pub(in crate::server::http) fn is_cross_site(&self) -> bool {
        self.fetch_site.as_deref().is_some_and(|site| site != "same-origin" && site != "none")
    }
}

/// The headers that say something of the client, found in one walk: a request has few, and a look-up of each would cost more. Of several
/// with one name, the first counts.
#[derive(Default)]
struct Sent<'a> {
    host: Option<&'a str>,
    user_agent: Option<&'a str>,
    accept: Option<&'a str>,
    fetch_site: Option<&'a str>,
    has_fetch_dest: bool,
    has_origin: bool,
    has_encodings: bool,
}

impl<'a> Sent<'a> {
    fn of(headers: &'a HeaderMap) -> Self {
        let mut sent = Self::default();
        for name in headers.keys() {
            let value = || text(headers, name);
            match name.as_str() {
                "host" => sent.host = value(),
                "user-agent" => sent.user_agent = value(),
                "accept" => sent.accept = value(),
                "sec-fetch-site" => sent.fetch_site = value(),
                "sec-fetch-dest" => sent.has_fetch_dest = true,
                "origin" => sent.has_origin = true,
                "accept-encoding" => sent.has_encodings = true,
                _ => {}
            }
        }
        sent
    }
}

/// The origin that the request names, lower case. One that cannot be read, or two of them, are `null`.
fn origin(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(header::ORIGIN).into_iter().filter(|value| !value.is_empty());
    let first = values.next()?;
    let readable = first.to_str().ok().filter(|_| values.next().is_none());
    Some(readable.map_or_else(|| "null".to_owned(), |origin| origin.trim().to_ascii_lowercase()))
}

/// A header as text; `None` where it is absent or not readable.
pub(in crate::server::http) fn text(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// The value of a cookie.
pub(in crate::server::http) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|line| line.split(';')).find_map(|pair| {
        let (found, value) = pair.trim().split_once('=')?;
        (found == name && !value.is_empty()).then_some(value)
    })
}
