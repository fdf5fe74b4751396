//! Why there is no connection to a server, and what to do about it. Tells cases apart by the typed errors among the
//! causes, as far as there are any.

use std::error::Error;
use std::io;

use rustls::{CertificateError, InvalidMessage, OtherError};

use super::trust::{NotPinned, is_authority};
use super::{ErrorKind, MispError};
use crate::domain::{Advice, Problem, with_causes};

pub(super) fn of_connection(error: &reqwest::Error, problem: Problem) -> MispError {
    let (kind, advice) = cause(error);
    kind.because(problem).advised(advice)
}

fn cause(error: &reqwest::Error) -> (ErrorKind, Advice) {
    if let Some(fault) = find::<rustls::Error>(error) {
        return match fault {
            rustls::Error::InvalidCertificate(fault) => (ErrorKind::Untrusted, of_certificate(fault)),
            // The certificate errors of systems other than Linux, in words of their own.
            rustls::Error::General(words) if words.contains("certificate") => {
                (ErrorKind::Untrusted, Advice::LookAtCertificate)
            }
            rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
                (ErrorKind::Unreachable, Advice::NoTlsOnPort)
            }
            rustls::Error::AlertReceived(_) => (ErrorKind::Unreachable, Advice::ClientCertificateWanted),
            _ => (ErrorKind::Unreachable, Advice::TlsVersionsDiffer),
        };
    }
    let is_refused = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
    let advice = if with_causes(error).contains("dns error") {
        Advice::HostNameNotFound
    } else if error.is_timeout() {
        Advice::NobodyAnswers
    } else if find(error).is_some_and(is_refused) {
        Advice::NothingListens
    } else {
        Advice::LookAtNetwork
    };
    (ErrorKind::Unreachable, advice)
}

fn of_certificate(fault: &CertificateError) -> Advice {
    match fault {
        CertificateError::UnknownIssuer => Advice::IssuerUnknown,
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Advice::CertificateExpired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Advice::CertificateNotYetValid,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Advice::CertificateForAnotherName
        }
        CertificateError::Revoked => Advice::CertificateRevoked,
        CertificateError::Other(OtherError(fault)) if fault.is::<NotPinned>() => Advice::CertificateNotPinned,
        fault if is_authority(fault) => Advice::CertificateIsAuthority,
        _ => Advice::LookAtCertificate,
    }
}

/// The first error of this type among the causes. An `io::Error` does not list its inner error as a cause.
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
