//! The HTTP client below the REST client: TLS, proxies, headers, and what a failed connection means.

use std::path::Path;
use std::sync::PoisonError;
use std::time::Duration;

use reqwest::Identity;
use reqwest::blocking::Client;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use rustls::pki_types::CertificateDer;

use super::{ErrorKind, MispClient, MispError, MispSettings, Result, fault, trust};
use crate::domain::{Problem, with_causes};

const CONNECT: Duration = Duration::from_secs(15);

impl MispClient {
    /// Built at the first request, because reading the system's certificate authorities takes time.
    pub(super) fn http(&self) -> Result<Client> {
        let mut made = self.http.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = &*made {
            return Ok(client.clone());
        }
        if let Some(warning) = self.warning() {
            tracing::warn!("{warning}");
        }
        let client = build(&self.settings)?;
        *made = Some(client.clone());
        Ok(client)
    }
}

/// The address without a slash at its end. Fails if it has no host, or has a user, a query or a fragment.
pub(super) fn base(address: &str) -> Result<String> {
    let wrong = |problem: Problem| Err(ErrorKind::Settings.because(problem));
    let url = match url::Url::parse(address.trim()) {
        Ok(url) => url,
        Err(error) => {
            return wrong(Problem::AddressNoUrl {
                error: error.to_string(),
            });
        }
    };
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return wrong(Problem::AddressWithoutHost);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return wrong(Problem::AddressWithUser);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return wrong(Problem::AddressWithQuery);
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn build(settings: &MispSettings) -> Result<Client> {
    // The one place that chooses the cryptography. It fails if somebody else chose before, which is just as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("mispigeon/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers(settings)?)
        // MISP answers 302 to the log-in page to say "no". Following it would hide that, and send the key elsewhere.
        .redirect(Policy::none())
        .connect_timeout(CONNECT)
        .timeout(settings.options.timeout)
        // The destination checks what became of a lost request; a silent repeat would only get "already exists".
        .retry(reqwest::retry::never());
    if !settings.options.verify {
        builder = builder.tls_danger_accept_invalid_certs(true);
    }
    let named = match &settings.options.ca_file {
        Some(file) => authorities(file)?,
        None => Vec::new(),
    };
    let identity = identity(settings)?;
    if settings.options.verify && (!named.is_empty() || settings.options.pin.is_some()) {
        let config = trust::config(named, settings.options.pin, identity.as_deref())?;
        builder = builder.tls_backend_preconfigured(config);
    } else if let (Some(pem), Some(file)) = (identity, &settings.options.client_cert) {
        builder = builder.identity(Identity::from_pem(&pem).map_err(|error| no_pem(file, &error))?);
    }
    builder.build().map_err(|error| {
        let error = with_causes(&error);
        ErrorKind::Settings.because(Problem::TlsNotSetUp { error })
    })
}

fn authorities(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let pem = read(file, "misp.ca_file")?;
    let certificates = trust::certificates(&pem).map_err(|error| no_pem(file, &error))?;
    if certificates.is_empty() {
        let file = file.display().to_string();
        return Err(ErrorKind::Settings.because(Problem::FileWithoutCertificate { file }));
    }
    Ok(certificates)
}

/// The client's certificate and its key, in PEM.
fn identity(settings: &MispSettings) -> Result<Option<Vec<u8>>> {
    let Some(file) = &settings.options.client_cert else {
        return Ok(None);
    };
    let mut pem = read(file, "misp.client_cert")?;
    if let Some(key) = &settings.options.client_key {
        pem.push(b'\n');
        pem.extend(read(key, "misp.client_key")?);
    }
    Identity::from_pem(&pem).map_err(|error| no_pem(file, &error))?;
    Ok(Some(pem))
}

fn headers(settings: &MispSettings) -> Result<HeaderMap> {
    let key = settings.key.expose();
    if key.is_empty() {
        return Err(ErrorKind::Settings.because(Problem::KeyEmpty));
    }
    let malformed = |_| ErrorKind::Settings.because(Problem::KeyMalformed);
    let mut value = HeaderValue::from_str(key).map_err(malformed)?;
    value.set_sensitive(true);
    // Without this Accept MISP answers with a redirect to its log-in page, whatever the key.
    Ok(HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static("application/json")),
        (AUTHORIZATION, value),
    ]))
}

fn read(file: &Path, setting: &str) -> Result<Vec<u8>> {
    std::fs::read(file).map_err(|error| {
        ErrorKind::Settings.because(Problem::FileUnreadable {
            setting: setting.to_owned(),
            file: file.display().to_string(),
            error: error.to_string(),
        })
    })
}

fn no_pem(file: &Path, error: &dyn std::error::Error) -> MispError {
    ErrorKind::Settings.because(Problem::FileNotPem {
        file: file.display().to_string(),
        error: with_causes(error),
    })
}

/// What it means that a request got no answer.
pub(super) fn explain(error: reqwest::Error, base: &str, timeout: Duration) -> MispError {
    let error = error.without_url();
    let server = base.to_owned();
    let words = with_causes(&error);
    if error.is_builder() {
        ErrorKind::Settings.because(Problem::CannotAsk { server, error: words })
    } else if error.is_connect() {
        fault::of_connection(&error, Problem::NoConnection { server, error: words })
    } else if error.is_timeout() {
        let seconds = usize::try_from(timeout.as_secs()).unwrap_or(usize::MAX);
        ErrorKind::TimedOut.because(Problem::TimedOut { server, seconds })
    } else {
        ErrorKind::Interrupted.because(Problem::ConnectionBroke { server, error: words })
    }
}
