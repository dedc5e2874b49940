//! Certificates and keys.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};
use thiserror::Error;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{Error as PemError, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{Error as RustlsError, ServerConfig};

/// A certificate with its key, for a listener that speaks TLS 1.2 and 1.3.
#[derive(Clone, Debug)]
pub struct Tls {
    config: Arc<ServerConfig>,
    certificate: Option<PathBuf>,
}

/// Why there is no certificate to serve with.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read `{}`: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        error: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write `{}`: {error}", path.display())]
    Unwritable {
        /// The file, or the folder for it.
        path: PathBuf,
        /// Why not.
        #[source]
        error: io::Error,
    },
    /// A file holds no certificate.
    #[error("`{}` holds no certificate in PEM", .0.display())]
    NoCertificate(PathBuf),
    /// A file holds no key.
    #[error("`{}` holds no private key in PEM, or only an encrypted one", .0.display())]
    NoKey(PathBuf),
    /// A file holds PEM that is broken off or damaged.
    #[error("`{}` is damaged: {error}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        error: PemError,
    },
    /// The key is the one of another certificate.
    #[error("the key in `{}` does not belong to the certificate in `{}`", key.display(), certificate.display())]
    Mismatch {
        /// The file with the certificate.
        certificate: PathBuf,
        /// The file with the key.
        key: PathBuf,
    },
    /// The certificate or the key is of a kind that is not known, or is damaged inside.
    #[error("cannot use the certificate in `{}` with its key: {error}", certificate.display())]
    Unusable {
        /// The file with the certificate.
        certificate: PathBuf,
        /// Why not.
        #[source]
        error: RustlsError,
    },
    /// No certificate can be made for those names.
    #[error("cannot make a certificate: {0}")]
    NotMade(#[from] rcgen::Error),
}

impl Tls {
    /// A new certificate for those names and addresses, signed by its own key.
    ///
    /// It is written to `certificate.pem` in the directory, for clients to trust, and its key to `key.pem`,
    /// for its owner alone. Files of those names are replaced. It is valid for 397 days, the longest that
    /// browsers accept.
    ///
    /// ```
    /// use encoded_query::server::Tls;
    ///
    /// let directory = std::env::temp_dir().join("encoded-query-example");
    /// let tls = Tls::self_signed(["localhost", "127.0.0.1"], &directory)?;
    /// assert_eq!(tls.certificate(), Some(directory.join("certificate.pem").as_path()));
    /// # Ok::<(), encoded_query::server::TlsError>(())
    /// ```
    ///
    /// # Errors
    /// If a name is none, or a file cannot be written.
    pub fn self_signed<N: Into<String>>(
        names: impl IntoIterator<Item = N>,
        directory: impl AsRef<Path>,
    ) -> Result<Self, TlsError> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let mut parameters = CertificateParams::new(names)?;
        parameters.distinguished_name.push(DnType::CommonName, "encoded-query");
        let today = TimeZone::UTC.to_datetime(Timestamp::now()).date();
        let midnight = |date: Date| {
            let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
            date_time_ymd(date.year().into(), month, day)
        };
        parameters.not_before = midnight(today.saturating_sub(1.day()));
        parameters.not_after = midnight(today.saturating_add(396.days()));
        let key = KeyPair::generate()?;
        let certificate = parameters.self_signed(&key)?;

        let directory = directory.as_ref();
        let (certificate_path, key_path) =
            (directory.join("certificate.pem"), directory.join("key.pem"));
        fs::create_dir_all(directory).map_err(unwritable(directory))?;
        write_secret(&key_path, &key.serialize_pem()).map_err(unwritable(&key_path))?;
        fs::write(&certificate_path, certificate.pem()).map_err(unwritable(&certificate_path))?;
        let tls = Self::from_files(&certificate_path, key_path)?;
        Ok(Self { certificate: Some(certificate_path), ..tls })
    }

    /// A certificate, with those that lead from it to one that clients trust, and its key, both in PEM.
    ///
    /// # Errors
    /// If a file cannot be read or lacks what it is for, or if the two do not belong together.
    pub fn from_files(
        certificate: impl AsRef<Path>,
        key: impl AsRef<Path>,
    ) -> Result<Self, TlsError> {
        let (certificate, key) = (certificate.as_ref(), key.as_ref());
        let chain = read(certificate, TlsError::NoCertificate, |pem| {
            CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>()
        })?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate(certificate.to_owned()));
        }
        let secret = read(key, TlsError::NoKey, PrivateKeyDer::from_pem_slice)?;
        let unusable = |error| TlsError::Unusable { certificate: certificate.to_owned(), error };
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .with_no_client_auth()
            .with_single_cert(chain, secret)
            .map_err(|error| {
                if matches!(error, RustlsError::InconsistentKeys(_)) {
                    let (certificate, key) = (certificate.to_owned(), key.to_owned());
                    return TlsError::Mismatch { certificate, key };
                }
                unusable(error)
            })?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), certificate: None })
    }

    /// Where the certificate was written, if it is [self-signed](Self::self_signed).
    pub fn certificate(&self) -> Option<&Path> {
        self.certificate.as_deref()
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        Arc::clone(&self.config).into()
    }
}

fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> TlsError {
    move |error| TlsError::Unwritable { path: path.to_owned(), error }
}

/// What is in a file of PEM.
fn read<T>(
    path: &Path,
    missing: impl FnOnce(PathBuf) -> TlsError,
    items: impl FnOnce(&[u8]) -> Result<T, PemError>,
) -> Result<T, TlsError> {
    let path = path.to_owned();
    let pem = match fs::read(&path) {
        Ok(pem) => pem,
        Err(error) => return Err(TlsError::Unreadable { path, error }),
    };
    items(&pem).map_err(|error| {
        let is_missing = matches!(error, PemError::NoItemsFound);
        if is_missing { missing(path) } else { TlsError::Damaged { path, error } }
    })
}

/// Writes a file that only its owner can read, from its first byte on.
fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
