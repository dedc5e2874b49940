//! HTTPS, and what is wrong with files for it.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encoded_query::server::{Server, Tls};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::{Client, LONG, builder};

const ANY: ([u8; 4], u16) = ([127, 0, 0, 1], 0);

/// An empty directory for one test.
fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sockets").join(name);
    if path.exists() {
        fs::remove_dir_all(&path).unwrap();
    }
    path
}

fn start(name: &str) -> Server {
    let tls = Tls::self_signed(["localhost", "127.0.0.1"], directory(name)).unwrap();
    builder().0.tls(SocketAddr::from(ANY), tls).start().unwrap()
}

/// A client that trusts the certificate in that file alone.
fn client(
    server: &Server,
    trusted: &Path,
    name: &str,
) -> Client<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(trusted).unwrap()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let socket = TcpStream::connect(server.tls_addr().unwrap()).unwrap();
    socket.set_read_timeout(Some(LONG)).unwrap();
    Client::over(StreamOwned::new(connection, socket))
}

#[test]
fn clients_that_trust_the_certificate_are_served() {
    let server = start("served");
    let certificate = server.certificate().unwrap();
    assert_eq!(server.tls_url().unwrap(), format!("https://{}", server.tls_addr().unwrap()));
    for name in ["localhost", "127.0.0.1"] {
        let mut client = client(&server, certificate, name);
        client.send("GET /scheme HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(client.answer().text(), "https");
        client.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assert_eq!(client.answer().body.len(), 100_000);
        client.is_closed();
        assert_eq!(client.socket.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
    }
    assert_eq!(super::ask(&server, "GET /scheme HTTP/1.1\r\nHost: a\r\n\r\n").text(), "http");
    // A name that is not in it.
    let mut client = client(&server, certificate, "example.com");
    assert!(client.socket.write_all(b"GET").is_err());
}

#[test]
fn each_certificate_is_its_own() {
    let (one, two) = (start("one"), start("two"));
    let mut client = client(&one, two.certificate().unwrap(), "localhost");
    assert!(client.socket.write_all(b"GET").is_err());
}

#[cfg(unix)]
#[test]
fn the_key_is_for_its_owner() {
    use std::os::unix::fs::PermissionsExt;

    let directory = directory("owner");
    fs::create_dir_all(&directory).unwrap();
    let key = directory.join("key.pem");
    fs::write(&key, "older").unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let tls = Tls::self_signed(["localhost"], &directory).unwrap();
    assert_eq!(tls.certificate(), Some(directory.join("certificate.pem").as_path()));
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(fs::read_to_string(&key).unwrap().starts_with("-----BEGIN PRIVATE KEY-----"));
    // What was written can be read again.
    let again = Tls::from_files(tls.certificate().unwrap(), key).unwrap();
    assert_eq!(again.certificate(), None);
}

#[test]
fn files_are_checked() {
    let (one, two) = (directory("checked-1"), directory("checked-2"));
    Tls::self_signed(["localhost"], &one).unwrap();
    Tls::self_signed(["localhost"], &two).unwrap();
    let (certificate, key) = (one.join("certificate.pem"), one.join("key.pem"));
    let write = |name: &str, text: &str| {
        let path = one.join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let pem = fs::read_to_string(&certificate).unwrap();
    let empty = write("empty.pem", "");
    let cut = write("cut.pem", pem.strip_suffix("-----END CERTIFICATE-----\n").unwrap());
    let odd = write("odd.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let odd_key =
        write("odd-key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    let absent = one.join("absent.pem");
    let other = two.join("key.pem");
    for (certificate, key, message) in [
        (&absent, &key, "cannot read `…/absent.pem`: No such file"),
        (&certificate, &absent, "cannot read `…/absent.pem`: No such file"),
        (&one, &key, "cannot read `…`: "),
        (&empty, &key, "`…/empty.pem` holds no certificate in PEM"),
        (&key, &key, "`…/key.pem` holds no certificate in PEM"),
        (
            &certificate,
            &empty,
            "`…/empty.pem` holds no private key in PEM, or only an encrypted one",
        ),
        (&certificate, &certificate, "`…/certificate.pem` holds no private key in PEM"),
        (&cut, &key, "`…/cut.pem` is damaged: "),
        (&odd, &key, "cannot use the certificate in `…/odd.pem` with its key: "),
        (
            &certificate,
            &odd_key,
            "cannot use the certificate in `…/certificate.pem` with its key: ",
        ),
        (&certificate, &other, "the key in `"),
    ] {
        let error = Tls::from_files(certificate, key).unwrap_err().to_string();
        let error = error.replace(one.to_str().unwrap(), "…");
        assert!(error.starts_with(message), "{error}");
    }
    let error = Tls::from_files(&certificate, &other).unwrap_err().to_string();
    assert!(error.contains("does not belong to the certificate in"), "{error}");
}

#[test]
fn a_certificate_that_cannot_be_made() {
    let directory = directory("not-made");
    let error = Tls::self_signed(["bad\u{e9}name"], &directory).unwrap_err().to_string();
    assert!(error.starts_with("cannot make a certificate: "), "{error}");
    assert!(!directory.exists());
    fs::create_dir_all(directory.parent().unwrap()).unwrap();
    fs::write(&directory, "a file").unwrap();
    let error = Tls::self_signed(["localhost"], &directory).unwrap_err().to_string();
    assert!(error.starts_with("cannot write `"), "{error}");
    fs::remove_file(&directory).unwrap();
}

/// HTTP without TLS on its port, and silence, end; clients after them are served.
#[test]
fn a_greeting_is_not_waited_for_for_ever() {
    let tls = Tls::self_signed(["localhost"], directory("greeting")).unwrap();
    let mut limits = encoded_query::server::Limits::default();
    (limits.header, limits.connections) = (std::time::Duration::from_millis(500), 1);
    let server = builder().0.limits(limits).tls(SocketAddr::from(ANY), tls).start().unwrap();
    let connect = || {
        let socket = TcpStream::connect(server.tls_addr().unwrap()).unwrap();
        socket.set_read_timeout(Some(LONG)).unwrap();
        socket
    };
    let mut plain = connect();
    plain.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"));
    Client::over(connect()).is_closed();
    let mut client = client(&server, server.certificate().unwrap(), "localhost");
    client.send("GET /scheme HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().text(), "https");
}
