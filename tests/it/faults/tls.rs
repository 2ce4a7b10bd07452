//! PostgreSQL over TLS, with authorities and certificates that the tests create: which connections are accepted or refused, and that
//! nothing is sent in plain text if TLS is required.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    path::PathBuf,
    process::Command,
};

use scopewise::server::store::{self, StoreError};

use crate::{
    place::Place,
    postgres::{Cluster, execute},
};

/// The `openssl` settings of the certificates, so that the tests do not depend on the settings of the machine.
const EXTENSIONS: &str = "
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
subjectAltName = DNS:localhost
extendedKeyUsage = serverAuth
[client]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = clientAuth
[unnamed]
basicConstraints = critical, CA:FALSE
";

/// A folder of authorities, certificates and keys.
struct Office(Place);

impl Office {
    fn new() -> Self {
        let place = Place::new("tls");
        fs::write(place.path("extensions"), EXTENSIONS).unwrap();
        Self(place)
    }

    fn openssl(&self, arguments: &[&str]) {
        let made = Command::new("openssl").args(arguments).current_dir(self.0.path("")).output();
        let made = made.expect("these tests need the openssl command: install it (Debian: apt-get install openssl)");
        assert!(made.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&made.stderr));
    }

    fn request(&self, name: &str, kind: &[&str]) {
        let (key, subject) = (format!("{name}.key"), format!("/CN={name}"));
        let common = ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "extensions"];
        self.openssl(&[&common, ["-keyout", &key, "-subj", &subject].as_slice(), kind].concat());
    }

    /// A self-signed authority.
    fn authority(&self, name: &str) {
        self.request(name, &["-x509", "-days", "2", "-extensions", "authority", "-out", &format!("{name}.crt")]);
    }

    /// A certificate from that authority.
    fn certificate(&self, name: &str, kind: &str, by: &str) {
        self.request(name, &["-out", &format!("{name}.csr")]);
        let (from, to, issuer, key) = (format!("{name}.csr"), format!("{name}.crt"), format!("{by}.crt"), format!("{by}.key"));
        let sign = ["x509", "-req", "-days", "2", "-extfile", "extensions", "-extensions", kind, "-CAcreateserial"];
        self.openssl(&[&sign, ["-in", &from, "-out", &to, "-CA", &issuer, "-CAkey", &key].as_slice()].concat());
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }
}

/// A server that uses TLS with the certificate `server`, and accepts `ada` with a password and `guest` with a certificate, both only over
/// TLS, and `scopewise` without any check.
fn server(office: &Office, server: &str, authority: &str) -> Option<Cluster> {
    Cluster::start_with(&[
        ("postgresql.auto.conf", "ssl = on\nssl_ca_file = 'root.crt'\n".to_owned()),
        ("server.crt", office.text(&format!("{server}.crt"))),
        ("server.key", office.text(&format!("{server}.key"))),
        ("root.crt", office.text(&format!("{authority}.crt"))),
        ("pg_hba.conf", "hostssl all guest all cert\nhostssl all ada all scram-sha-256\nhost all scopewise all trust\n".to_owned()),
    ])
}

async fn refused(url: &str) -> String {
    let error = store::open(&url.parse().unwrap()).await.err().unwrap_or_else(|| panic!("{url} is accepted"));
    assert!(matches!(error, StoreError::Untrusted { .. } | StoreError::Refused { .. }), "{url}: {error:?}");
    assert!(!error.to_string().contains("hunter2"), "{error}");
    error.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_is_trusted_by_its_certificate_and_name() {
    let office = Office::new();
    for authority in ["ours", "theirs"] {
        office.authority(authority);
    }
    office.certificate("server", "server", "ours");
    office.certificate("guest", "client", "ours");
    office.certificate("stranger", "client", "theirs");
    let Some(cluster) = server(&office, "server", "ours") else { return };
    for sql in [
        "CREATE ROLE ada LOGIN PASSWORD 'hunter2'",
        "CREATE ROLE guest LOGIN",
        "CREATE DATABASE ada OWNER ada",
        "CREATE DATABASE guest OWNER guest",
    ] {
        execute(&cluster.url(), sql).await.unwrap();
    }
    let at = |name: &str| office.path(name).display().to_string();
    let (ours, theirs) = (format!("sslrootcert={}", at("ours.crt")), format!("sslrootcert={}", at("theirs.crt")));
    let ada = |host: &str, query: &str| cluster.url_of(&format!("ada:hunter2@{host}"), &format!("ada?{query}"));

    // With the right authority and name the connection is accepted and encrypted, whichever option requires TLS.
    for query in [ours.clone(), format!("sslmode=require&{ours}"), format!("sslmode=verify-full&{ours}")] {
        let store = store::open(&ada("localhost", &query).parse().unwrap()).await.unwrap();
        store.ping().await.unwrap();
        let encrypted = "DO $$ BEGIN ASSERT (SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
            WHERE application_name = 'scopewise' AND usename = 'ada'); END $$";
        execute(&cluster.url(), encrypted).await.unwrap();
    }

    let message = refused(&ada("localhost", &format!("sslmode=require&{theirs}"))).await;
    assert!(message.contains("no authority") && message.contains("sslrootcert"), "{message}");
    // The roots of the machine do not include the authority.
    let message = refused(&ada("localhost", "sslmode=require")).await;
    assert!(message.contains("sslrootcert"), "{message}");
    let message = refused(&ada("127.0.0.1", &format!("sslmode=require&{ours}"))).await;
    assert!(message.contains("localhost") && message.contains("must name the host"), "{message}");
    // The server requires TLS, and the URL disables it.
    let message = refused(&ada("localhost", "sslmode=disable")).await;
    assert!(message.contains("no encryption"), "{message}");

    let guest = |key: &str| {
        cluster
            .url_of("guest@localhost", &format!("guest?{ours}&sslcert={}&sslkey={}", at(&format!("{key}.crt")), at(&format!("{key}.key"))))
    };
    store::open(&guest("guest").parse().unwrap()).await.unwrap();
    refused(&cluster.url_of("guest@localhost", &format!("guest?{ours}"))).await;
    // The server refuses the certificate after the handshake, and may close the connection before the client reads the refusal.
    assert!(store::open(&guest("stranger").parse().unwrap()).await.is_err());
    let message =
        refused(&cluster.url_of("guest@localhost", &format!("guest?{ours}&sslcert={}&sslkey={}", at("guest.crt"), at("ours.key")))).await;
    assert!(message.contains("is not the key of"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn self_signed_certificates_and_certificates_without_names_are_refused() {
    let office = Office::new();
    office.authority("alone");
    office.certificate("unnamed", "unnamed", "alone");
    for (certificate, why) in [("alone", "let an authority issue one"), ("unnamed", "must name the host")] {
        let Some(cluster) = server(&office, certificate, "alone") else { return };
        let query = format!("postgres?sslrootcert={}", office.path("alone.crt").display());
        let message = refused(&cluster.url_of("scopewise@localhost", &query)).await;
        assert!(message.contains(why), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_certificate_can_be_trusted_directly() {
    // Debian creates a certificate like this for each machine.
    let office = Office::new();
    office.request("server", &["-x509", "-days", "2", "-extensions", "server", "-out", "server.crt"]);
    let Some(cluster) = server(&office, "server", "server") else { return };
    let query = format!("postgres?sslrootcert={}", office.path("server.crt").display());
    store::open(&cluster.url_of("scopewise@localhost", &query).parse().unwrap()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_receives_nothing_if_tls_is_required() {
    let office = Office::new();
    office.authority("ours");
    for query in ["sslmode=require".to_owned(), format!("sslrootcert={}", office.path("ours.crt").display())] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("postgres://ada:hunter2@127.0.0.1:{}/keys?{query}", listener.local_addr().unwrap().port());
        // Answers "no TLS here", like a server without TLS or an attacker in between.
        let heard = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut heard = vec![0; 8];
            stream.read_exact(&mut heard).unwrap();
            stream.write_all(b"N").unwrap();
            stream.read_to_end(&mut heard).unwrap();
            heard
        });
        let message = refused(&url).await;
        assert!(message.contains("does not offer TLS"), "{message}");
        // The request for TLS (protocol, "SSLRequest"), and nothing after the answer.
        assert_eq!(heard.join().unwrap(), [0, 0, 0, 8, 4, 210, 22, 47]);
    }
}

#[tokio::test]
async fn files_without_certificates_are_reported_by_name() {
    let office = Office::new();
    fs::write(office.path("empty.crt"), "nothing\n").unwrap();
    for (name, problem) in [("empty.crt", "does not hold certificates"), ("gone.crt", "cannot be read")] {
        let path = office.path(name);
        let message = refused(&format!("postgres://ada:hunter2@db.example.com/keys?sslrootcert={}", path.display())).await;
        assert!(message.contains(problem) && message.contains(name), "{message}");
    }
}
