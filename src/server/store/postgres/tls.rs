//! TLS to PostgreSQL: checks the server's certificate, presents the client certificate, and explains failures.

use std::{error::Error as _, io, path::Path, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio_postgres::Error;

use crate::server::{config::PostgresUrl, store::StoreError};

/// TLS that checks the server's certificate and name.
///
/// # Errors
/// [`StoreError::Untrusted`] if one of the files cannot be used.
pub(super) fn client_config(url: &PostgresUrl) -> Result<ClientConfig, StoreError> {
    let mut roots = RootCertStore::empty();
    match url.roots() {
        Some(path) => {
            for certificate in certificates(path)? {
                roots.add(certificate).map_err(|_| unread(path, "certificates"))?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        return Err(untrusted(
            "this machine trusts no authority; install its roots (Debian: `ca-certificates`), or name the file of your own authority with \
             `sslrootcert` in the URL",
        ));
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| untrusted(error.to_string()))?.with_root_certificates(roots);
    let Some((certificate, key)) = url.identity() else { return Ok(builder.with_no_client_auth()) };
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|_| unread(key, "a private key without a passphrase"))?;
    let chain = certificates(certificate)?;
    builder
        .with_client_auth_cert(chain, secret)
        .map_err(|_| untrusted(format!("{} is not the key of {}", key.display(), certificate.display())))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, StoreError> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    read.ok().filter(|found| !found.is_empty()).ok_or_else(|| unread(path, "certificates"))
}

fn unread(path: &Path, what: &str) -> StoreError {
    untrusted(format!("{} cannot be read, or does not hold {what} as PEM", path.display()))
}

fn untrusted(problem: impl Into<String>) -> StoreError {
    StoreError::Untrusted { problem: problem.into() }
}

/// The reason why TLS failed; `None` if the error has another cause.
pub(super) fn problem(error: &Error) -> Option<StoreError> {
    let cause = error.source()?;
    // The driver has no error kind for it.
    if cause.to_string() == "server does not support TLS" {
        return Some(untrusted(
            "it does not offer TLS; set `ssl = on` there. Where nobody else is on the network, `?sslmode=disable` does without",
        ));
    }
    let reported = cause.downcast_ref::<io::Error>()?.get_ref()?.downcast_ref::<rustls::Error>()?;
    Some(untrusted(match reported {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "no authority that is trusted here has issued its certificate; \
            name the file of the one that has with `sslrootcert` in the URL"
                .to_owned()
        }
        rustls::Error::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }) => {
            format!("{reported}; the URL must name the host as the certificate does")
        }
        rustls::Error::InvalidCertificate(CertificateError::Other(_)) => {
            format!("{reported}; a certificate that is its own authority proves nothing: let an authority issue one for the server")
        }
        _ => reported.to_string(),
    }))
}
