//! Parses a PostgreSQL URL, and never shows its password.

use std::{
    fmt,
    net::IpAddr,
    path::{Path, PathBuf},
    str::FromStr,
};

use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use super::ConfigError;

/// A PostgreSQL server and its user: `postgres://user:password@host:port/database?sslmode=require`.
///
/// Supports the same values as libpq for host (several with commas, or the folder of a socket), port, `connect_timeout` and `options`.
/// `target_session_attrs` can only ask for a server that accepts writes, which is always required: a standby may lag behind.
/// `sslmode` can be `disable`, or `require` and `verify-full`, which are the same here: with TLS, the server's certificate and name
/// are always checked, against the roots of this machine or the roots in the file `sslrootcert`. The files `sslcert` and `sslkey`
/// are the client certificate. Without `sslmode`, a server on this machine is used without TLS if the URL names none of these files;
/// any other server is used with TLS.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    config: tokio_postgres::Config,
    roots: Option<PathBuf>,
    identity: Option<(PathBuf, PathBuf)>,
}

impl PostgresUrl {
    /// The configuration of the driver.
    pub(in crate::server) fn config(&self) -> &tokio_postgres::Config {
        &self.config
    }

    /// Whether the connection is encrypted and the server's certificate is checked.
    pub fn is_tls(&self) -> bool {
        self.config.get_ssl_mode() == SslMode::Require
    }

    /// The PEM file with the roots that verify the certificate; `None` for the roots of this machine.
    pub fn roots(&self) -> Option<&PathBuf> {
        self.roots.as_ref()
    }

    /// The PEM files of the client certificate and its key, for a server that requests them.
    pub fn identity(&self) -> Option<(&Path, &Path)> {
        self.identity.as_ref().map(|(certificate, key)| (certificate.as_path(), key.as_path()))
    }

    /// The name of the database.
    pub fn database(&self) -> &str {
        self.config.get_dbname().or(self.config.get_user()).unwrap_or_default()
    }
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
    }
}

impl FromStr for PostgresUrl {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let refused = |problem: &str| ConfigError::PostgresUrl(problem.to_owned());
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut mode, mut roots, mut certificate, mut key) = (None, None, None, None);
        let mut rest = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "sslmode" => mode = Some(value.into_owned()),
                "sslrootcert" => roots = Some(PathBuf::from(value.into_owned())),
                "sslcert" => certificate = Some(PathBuf::from(value.into_owned())),
                "sslkey" => key = Some(PathBuf::from(value.into_owned())),
                "target_session_attrs" if !matches!(&*value, "read-write" | "primary") => {
                    return Err(refused("`target_session_attrs` is always `read-write` here: a standby may be late; leave it out"));
                }
                "target_session_attrs" => {}
                // A setting of the session hides the setting of the server.
                "options" if value.to_ascii_lowercase().replace('-', "_").contains("transaction_read_only") => {
                    return Err(refused("`options` must not set whether transactions only read; leave it to the server"));
                }
                _ => {
                    rest.append_pair(&name, &value);
                }
            }
        }
        // The driver reads `%20`, not `+`, as a space.
        let rest = rest.finish().replace('+', "%20");
        let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{rest}") };
        // The driver's error could repeat a part of the URL.
        let mut config: tokio_postgres::Config =
            url.parse().map_err(|_| refused("a part of it is out of form, or an option is not known"))?;
        let unnamed = |host: &Host| matches!(host, Host::Tcp(name) if name.is_empty());
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() || config.get_hosts().iter().any(unnamed) {
            return Err(refused("it names no host"));
        }
        if config.get_user().is_none_or(str::is_empty) {
            return Err(refused("it names no user"));
        }
        let identity = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err(refused("`sslcert` and `sslkey` belong together")),
        };
        let named = roots.is_some() || identity.is_some();
        // The address decides where the connection goes, whatever the name of the host.
        let local = !named && config.get_hosts().iter().all(is_local) && config.get_hostaddrs().iter().all(IpAddr::is_loopback);
        config.ssl_mode(match mode.as_deref() {
            Some("disable") if named => return Err(refused("`sslmode=disable` leaves no use for certificates")),
            Some("disable") => SslMode::Disable,
            Some("require" | "verify-full") => SslMode::Require,
            Some(_) => return Err(refused("`sslmode` is `disable`, `require` or `verify-full`; the last two are the same here")),
            None if local => SslMode::Disable,
            None => SslMode::Require,
        });
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        if config.get_application_name().is_none() {
            config.application_name("scopewise");
        }
        Ok(Self { config, roots, identity })
    }
}

/// Omits user, password and options.
impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        for (index, host) in self.config.get_hosts().iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "," })?;
            match host {
                Host::Tcp(name) => f.write_str(name)?,
                Host::Unix(path) => write!(f, "{}", path.display())?,
            }
        }
        write!(f, "/{}", self.database())
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::config::DatabaseUrl;

    fn url(text: &str) -> PostgresUrl {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn a_remote_server_uses_tls_by_default() {
        let tls = |text: &str| url(text).is_tls();
        assert!(tls("postgres://u:p@db.example.com/keys") && tls("postgresql://u@192.0.2.1:5433/keys"));
        assert!(tls("postgres://u@localhost,db.example.com/keys") && tls("postgres://u@localhost/keys?sslmode=require"));
        assert!(
            !tls("postgres://u:p@localhost/keys")
                && !tls("postgres://u@127.0.0.1:5433/keys")
                && !tls("postgres://u@%2Frun%2Fpostgresql/keys")
        );
        assert!(!tls("postgres://u@db.example.com/keys?sslmode=disable"));
        assert!(tls("postgres://u@localhost/keys?hostaddr=192.0.2.1") && tls("postgres://u@/keys?hostaddr=192.0.2.1"));
        assert!(tls("postgres://u@localhost/keys?sslrootcert=/etc/ca.pem") && tls("postgres://u@localhost/keys?sslcert=/c&sslkey=/k"));
        let roots = url("postgres://u@db/keys?sslrootcert=/etc/ca.pem&connect_timeout=3");
        assert_eq!(roots.roots(), Some(&PathBuf::from("/etc/ca.pem")));
        assert!(roots.config().get_connect_timeout().is_some());
    }

    #[test]
    fn only_a_server_that_accepts_writes_is_used_whatever_the_url_says() {
        for query in ["", "?target_session_attrs=read-write", "?target_session_attrs=primary"] {
            let url = url(&format!("postgres://u@one,two/keys{query}"));
            assert_eq!(url.config().get_target_session_attrs(), TargetSessionAttrs::ReadWrite, "{query}");
        }
    }

    #[test]
    fn user_and_password_are_never_shown() {
        let text = "postgres://ada:hunter2@db.example.com:5432/keys?options=-c%20hunter3";
        assert_eq!(
            (url(text).to_string(), format!("{:?}", url(text))),
            ("postgres://db.example.com/keys".into(), "postgres://db.example.com/keys".into())
        );
        let database: DatabaseUrl = text.parse().unwrap();
        assert_eq!(format!("{database} {database:?}"), "postgres://db.example.com/keys postgres://db.example.com/keys");
    }

    #[test]
    fn an_unusable_url_is_refused_and_not_repeated() {
        for text in [
            "postgres://",
            "postgres://u:hunter2@/keys",
            "postgres://:hunter2@db/keys",
            "postgres://u:hunter2@db:port/keys",
            "postgres://u:hunter2@db/keys?sslmode=prefer",
            "postgres://u:hunter2@db/keys?hunter2=1",
            "postgres://u:hunter2@db/keys?sslcert=/c",
            "postgres://u:hunter2@db/keys?sslmode=disable&sslrootcert=/ca.pem",
            "postgres://u:hunter2@db/keys?target_session_attrs=any",
            "postgres://u:hunter2@db/keys?target_session_attrs=read-only",
            "postgres://u:hunter2@db/keys?target_session_attrs=standby",
            "postgres://u:hunter2@db/keys?options=-c%20default_transaction_read_only%3Doff",
            "postgres://u:hunter2@db/keys?options=--Default-Transaction-Read-Only%3Doff",
        ] {
            let message = text.parse::<DatabaseUrl>().unwrap_err().to_string();
            assert!(message.contains("PostgreSQL URL") && !message.contains("hunter2"), "{message}");
        }
    }
}
