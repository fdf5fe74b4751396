//! Which certificate of the server is trusted: one that the system or `misp.ca_file` vouches for, the very certificate in
//! that file, or with `misp.pin` the one with that fingerprint and no other.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::{ErrorKind, Result};
use crate::domain::{Problem, Sha256, with_causes};

/// The certificate is not the pinned one.
#[derive(Debug)]
pub(super) struct NotPinned {
    shown: Sha256,
}

impl fmt::Display for NotPinned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the certificate with the fingerprint {} is not that of misp.pin",
            self.shown
        )
    }
}

impl std::error::Error for NotPinned {}

#[derive(Debug)]
struct Trust {
    usual: Verifier,
    pin: Option<Sha256>,
    named: Vec<CertificateDer<'static>>,
}

/// A TLS configuration that trusts `named` besides the system's authorities, or only the certificate with the fingerprint
/// `pin`. `identity` is the client's certificate with its key, in PEM.
pub(super) fn config(
    named: Vec<CertificateDer<'static>>,
    pin: Option<Sha256>,
    identity: Option<&[u8]>,
) -> Result<ClientConfig> {
    let failed = |error: &dyn std::error::Error| {
        let error = with_causes(error);
        ErrorKind::Settings.because(Problem::TlsNotSetUp { error })
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let usual =
        Verifier::new_with_extra_roots(named.iter().cloned(), Arc::clone(&provider)).map_err(|error| failed(&error))?;
    let trust = Arc::new(Trust { usual, pin, named });
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .dangerous()
        .with_custom_certificate_verifier(trust);
    let Some(pem) = identity else {
        return Ok(builder.with_no_client_auth());
    };
    let chain = certificates(pem).map_err(|error| failed(&error))?;
    let key = PrivateKeyDer::from_pem_slice(pem).map_err(|error| failed(&error))?;
    builder
        .with_client_auth_cert(chain, key)
        .map_err(|error| failed(&error))
}

/// The certificates of a PEM file, in order.
pub(super) fn certificates(
    pem: &[u8],
) -> std::result::Result<Vec<CertificateDer<'static>>, rustls::pki_types::pem::Error> {
    CertificateDer::pem_slice_iter(pem).collect()
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        if let Some(pin) = self.pin {
            let fingerprint = Sha256::of(shown);
            if fingerprint == pin {
                return Ok(ServerCertVerified::assertion());
            }
            let fault = CertificateError::Other(OtherError(Arc::new(NotPinned { shown: fingerprint })));
            return Err(fault.into());
        }
        match self.usual.verify_server_cert(shown, between, server, ocsp, now) {
            // As MISP's installer makes it: it signs itself, as an authority. Its time was checked before that.
            Err(rustls::Error::InvalidCertificate(fault)) if is_authority(&fault) && self.named.contains(shown) => {
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

/// Whether the only fault is that the server's own certificate is that of an authority.
pub(super) fn is_authority(fault: &CertificateError) -> bool {
    format!("{fault:?}").contains("CaUsedAsEndEntity")
}
