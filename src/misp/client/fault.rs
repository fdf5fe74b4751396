//! Why there is no connection to a server, and what to do about it: told apart by the errors underneath, as far as they
//! have a type.

use std::error::Error;
use std::io;

use rustls::{CertificateError, InvalidMessage};

use super::MispError;

/// What a failed connection means; `reason` tells it in words already.
pub(super) fn of_connection(error: &reqwest::Error, reason: String) -> MispError {
    if let Some(fault) = find::<rustls::Error>(error) {
        return match fault {
            rustls::Error::InvalidCertificate(fault) => MispError::Untrusted {
                next: of_certificate(fault),
                reason,
            },
            // What systems other than Linux say of certificates in their own words.
            rustls::Error::General(words) if words.contains("certificate") => MispError::Untrusted {
                next: LOOK_AT_CERTIFICATE,
                reason,
            },
            rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => MispError::Unreachable {
                next: "the server speaks no TLS on this port: look at the port in `misp.url`, or is it http:// there?",
                reason,
            },
            rustls::Error::AlertReceived(_) => MispError::Unreachable {
                next: "the server broke the TLS greeting off: does it want a client certificate (`misp.client_cert`)?",
                reason,
            },
            _ => MispError::Unreachable {
                next: "the server and this program do not agree on TLS: the server has to offer TLS 1.2 or 1.3",
                reason,
            },
        };
    }
    let next = if reason.contains("dns error") {
        "look at the host name in `misp.url`, and whether this machine can look names up"
    } else if error.is_timeout() {
        "nobody answers at that address: does it need a VPN, a proxy (HTTPS_PROXY), or another port?"
    } else if find::<io::Error>(error).is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused) {
        "nothing listens there: is the server running, and is the port in `misp.url` right?"
    } else {
        "look at `misp.url` and at the network between, a proxy (HTTPS_PROXY) included"
    };
    MispError::Unreachable { reason, next }
}

const LOOK_AT_CERTIFICATE: &str =
    "look at the server's certificate; `misp.ca_file` names an authority of your own that signs it";

fn of_certificate(fault: &CertificateError) -> &'static str {
    match fault {
        CertificateError::UnknownIssuer => {
            "this machine does not know who signed the certificate: name the file of that authority, or of a certificate \
             that signs itself, in `misp.ca_file`"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the certificate has run out: it has to be renewed on the server, unless this machine's clock is wrong"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the certificate is not valid yet: look at this machine's clock"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the certificate is for another name: use one of its names in `misp.url`"
        }
        CertificateError::Revoked => "the certificate was revoked: the server needs a new one",
        fault if format!("{fault:?}").contains("CaUsedAsEndEntity") => {
            "the server shows the certificate of an authority as its own: make it one that is none (basicConstraints \
             CA:FALSE), and name its signer in `misp.ca_file`"
        }
        _ => LOOK_AT_CERTIFICATE,
    }
}

/// The first error of this type among the causes. An `io::Error` hides what it was made of from its causes.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}
