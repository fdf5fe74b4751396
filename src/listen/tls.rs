//! The listener's certificate: the configured one, or one that is made at the first start.

use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::ListenError;
use crate::config;

/// Reads certificate and key from PEM files. Without `key`, both are in `certificate`.
pub(super) fn of_files(certificate: &Path, key: Option<&Path>) -> Result<Arc<ServerConfig>, ListenError> {
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unusable(certificate, error))?;
    let key_path = key.unwrap_or(certificate);
    let key = PrivateKeyDer::from_pem_file(key_path).map_err(|error| unusable(key_path, error))?;
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map(Arc::new)
        .map_err(|error| unusable(certificate, error))
}

/// Checks whether the listener can use these files. Returns the certificate in DER.
pub fn check(certificate: &Path, key: Option<&Path>) -> Result<Vec<u8>, ListenError> {
    of_files(certificate, key)?;
    CertificateDer::from_pem_file(certificate)
        .map(|der| der.to_vec())
        .map_err(|error| unusable(certificate, error))
}

fn unusable(path: &Path, source: impl Into<Box<dyn Error + Send + Sync>>) -> ListenError {
    ListenError::Certificate {
        path: path.to_owned(),
        source: source.into(),
    }
}

/// A self-signed certificate for `name` in the data folder, made at the first start. Senders of spam do not check
/// certificates.
pub(super) fn own(folder: &Path, name: &str) -> Result<Arc<ServerConfig>, ListenError> {
    let path = folder.join("listen.pem");
    if !path.exists() {
        make(&path, name).map_err(|error| unusable(&path, error))?;
        tracing::info!("made a self-signed certificate: {}", path.display());
    }
    of_files(&path, None)
}

fn make(path: &Path, name: &str) -> io::Result<()> {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).map_err(io::Error::other)?;
    let pem = made.cert.pem() + &made.signing_key.serialize_pem();
    config::write_private(path, &pem)
}
