//! The settings of the server. They are parsed once; all other modules receive the result.

mod postgres;

pub use postgres::PostgresUrl;

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr};

use crate::scope::Catalog;

use super::{hosts::Host, proxies::Network};

/// All settings of the server.
#[derive(Clone)]
pub struct Config {
    /// The address to listen on. Default `127.0.0.1:8420`; port 0 uses any free port.
    pub listen: SocketAddr,
    /// The database. Default `sqlite://data/scopewise.db`.
    pub database: DatabaseUrl,
    /// The address that people and SDKs use, such as `https://keys.example.com`, if it differs from the address to listen on.
    pub public_url: Option<PublicUrl>,
    /// The file of the root key that signs ephemeral keys. It is created if it does not exist; all replicas need the same file.
    /// `None`: next to the SQLite file, with the extension `root-key`.
    pub root_key_file: Option<PathBuf>,
    /// The catalog of scopes and operations. Default: the built-in catalog.
    pub catalog: &'static Catalog,
    /// The networks whose `X-Forwarded-…` headers are trusted; none by default.
    pub trusted_proxies: Vec<Network>,
    /// Hosts that are accepted besides the host of the public URL; none by default. Without a public URL, every host is accepted.
    pub accept_hosts: Vec<Host>,
    /// The maximum memory for cached keys from SQLite, in MiB. Default 256, which is enough for a million keys. With 0, no key is cached
    /// and each lookup reads the file.
    pub key_memory_mib: usize,
    /// The address that serves metrics (`GET /metrics`) to any client that can reach it. Default: no address.
    pub metrics_listen: Option<SocketAddr>,
    /// The maximum number of open connections. One network can use an eighth of them; trusted proxies have no separate limit.
    /// Default 8192.
    pub max_connections: usize,
    /// How long running requests may take after the server receives the signal to stop, in seconds. Default 10.
    pub shutdown_seconds: u64,
}

impl Config {
    /// The default of [`Config::listen`].
    pub const DEFAULT_LISTEN: &str = "127.0.0.1:8420";
    /// The default of [`Config::database`].
    pub const DEFAULT_DATABASE: &str = "sqlite://data/scopewise.db";
    /// The default of [`Config::key_memory_mib`].
    pub const DEFAULT_KEY_MEMORY_MIB: usize = 256;
    /// The default of [`Config::max_connections`]: each connection uses at most 128 KiB of system memory, and usually none.
    pub const DEFAULT_MAX_CONNECTIONS: usize = 8192;
    /// The default of [`Config::shutdown_seconds`].
    pub const DEFAULT_SHUTDOWN_SECONDS: u64 = 10;
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8420)),
            database: DatabaseUrl::Sqlite { path: PathBuf::from("data/scopewise.db") },
            public_url: None,
            trusted_proxies: Vec::new(),
            accept_hosts: Vec::new(),
            catalog: Catalog::appwrite(),
            root_key_file: None,
            metrics_listen: None,
            key_memory_mib: Self::DEFAULT_KEY_MEMORY_MIB,
            max_connections: Self::DEFAULT_MAX_CONNECTIONS,
            shutdown_seconds: Self::DEFAULT_SHUTDOWN_SECONDS,
        }
    }
}

impl fmt::Debug for Config {
    /// Omits what a database URL can contain: user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("database", &self.database)
            .field("public_url", &self.public_url)
            .field("catalog", &self.catalog.id)
            .field("root_key_file", &self.root_key_file)
            .field("trusted_proxies", &self.trusted_proxies)
            .field("accept_hosts", &self.accept_hosts)
            .field("metrics_listen", &self.metrics_listen)
            .field("key_memory_mib", &self.key_memory_mib)
            .field("max_connections", &self.max_connections)
            .field("shutdown_seconds", &self.shutdown_seconds)
            .finish()
    }
}

/// Why a setting is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Not a database URL.
    #[error(
        "a database is written as `sqlite://` and the path of a file, such as `sqlite://data/scopewise.db`, or as `postgres://user:password@host/database`"
    )]
    DatabaseUrl,
    /// An invalid PostgreSQL URL. Does not contain the URL itself, which may contain a password.
    #[error("the PostgreSQL URL cannot be used: {0}; it is written as `postgres://user:password@host/database`")]
    PostgresUrl(String),
    /// Not a server URL.
    #[error("a public URL is written as `https://keys.example.com` or `http://host:port`, without a path")]
    PublicUrl,
}

/// The location of the data.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// One file; its folder is created if it does not exist.
    Sqlite {
        /// Relative to the working folder, or absolute (`sqlite:///var/lib/scopewise.db`).
        path: PathBuf,
    },
    /// A PostgreSQL server, which any number of replicas share.
    Postgres(Box<PostgresUrl>),
}

impl FromStr for DatabaseUrl {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return text.parse().map(|url| Self::Postgres(Box::new(url)));
        }
        match text.strip_prefix("sqlite://") {
            Some(path) if !path.is_empty() && !path.ends_with('/') => Ok(Self::Sqlite { path: PathBuf::from(path) }),
            _ => Err(ConfigError::DatabaseUrl),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path } => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(url) => fmt::Display::fmt(url, f),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Scheme, host and port of a server, without a path: `https://keys.example.com`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    https: bool,
    host: Host,
    authority: String,
}

impl PublicUrl {
    /// Whether it is an `https` URL.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// Whether this text is the same origin in the format of browsers: scheme, host and port, in lower case.
    pub fn is_origin(&self, origin: &str) -> bool {
        let (scheme, rest) = origin.split_once("://").unwrap_or_default();
        (scheme == if self.https { "https" } else { "http" }) && rest == self.authority
    }

    /// Whether a request for this host is a request for this server. A proxy may omit the port.
    pub(super) fn is_at(&self, name: &str, port: Option<u16>) -> bool {
        let default_port = if self.https { 443 } else { 80 };
        let own = self.host.port().unwrap_or(default_port);
        self.host.is(name, None) && port.is_none_or(|port| port == own)
    }

    /// The host, and the port unless it is the default port of the scheme; lower case.
    pub fn authority(&self) -> &str {
        &self.authority
    }
}

impl FromStr for PublicUrl {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let text = text.strip_suffix('/').unwrap_or(text);
        let (https, authority) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(authority), _) => (true, authority),
            (_, Some(authority)) => (false, authority),
            _ => return Err(ConfigError::PublicUrl),
        };
        let default_port = if https { ":443" } else { ":80" };
        let host: Host = authority.strip_suffix(default_port).unwrap_or(authority).parse().map_err(|_| ConfigError::PublicUrl)?;
        Ok(Self { https, authority: host.to_string(), host })
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.https { "https" } else { "http" }, self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_a_sqlite_file() {
        let path = |text: &str| {
            text.parse::<DatabaseUrl>().map(|url| match url {
                DatabaseUrl::Sqlite { path } => path,
                DatabaseUrl::Postgres(_) => panic!("{text}"),
            })
        };
        assert_eq!(path("sqlite://data/scopewise.db"), Ok("data/scopewise.db".into()));
        assert_eq!(path("sqlite:///var/lib/s.db"), Ok("/var/lib/s.db".into()));
        assert_eq!(path("sqlite://"), Err(ConfigError::DatabaseUrl));
        assert_eq!(path("sqlite://folder/"), Err(ConfigError::DatabaseUrl));
        assert_eq!(path("data.db"), Err(ConfigError::DatabaseUrl));
    }

    #[test]
    fn a_public_url_is_scheme_host_and_port() {
        let url = |text: &str| text.parse::<PublicUrl>().map(|url| url.to_string());
        assert_eq!(url("https://Keys.Example.com/").as_deref(), Ok("https://keys.example.com"));
        assert_eq!(url("https://a:443").as_deref(), Ok("https://a"));
        assert_eq!(url("http://a:8080").as_deref(), Ok("http://a:8080"));
        for text in ["", "a", "ftp://a", "https://", "https://a/b", "https://u:p@a", "https://a b", "https://a:b", "https://[a"] {
            assert_eq!(url(text), Err(ConfigError::PublicUrl), "{text}");
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port_and_nothing_else() {
        let url: PublicUrl = "https://keys.example.com:8443".parse().unwrap();
        assert!(url.is_origin("https://keys.example.com:8443"));
        for other in [
            "http://keys.example.com:8443",
            "https://keys.example.com",
            "https://keys.example.com:443",
            "keys.example.com:8443",
            "null",
            "",
        ] {
            assert!(!url.is_origin(other), "{other}");
        }
        assert!(url.is_at("keys.example.com", Some(8443)) && url.is_at("keys.example.com", None));
        assert!(!url.is_at("keys.example.com", Some(443)) && !url.is_at("evil.example", None));
        let url: PublicUrl = "https://keys.example.com".parse().unwrap();
        assert!(url.is_at("keys.example.com", Some(443)) && !url.is_at("keys.example.com", Some(80)));
    }

    #[test]
    fn the_default_texts_are_the_default_values() {
        let config = Config::default();
        assert_eq!(Config::DEFAULT_LISTEN.parse(), Ok(config.listen));
        assert_eq!(Config::DEFAULT_DATABASE.parse(), Ok(config.database));
    }
}
