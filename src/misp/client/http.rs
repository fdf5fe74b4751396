//! The HTTP client below the REST client: TLS, proxies, headers, and what a failed connection means.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::sync::PoisonError;
use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Identity};

use super::{MispClient, MispError, MispSettings, Result, fault};

const CONNECT: Duration = Duration::from_secs(15);

impl MispClient {
    /// Made at the first request only: reading the system's certificate authorities takes time.
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

/// The address without a slash at its end.
pub(super) fn base(address: &str) -> Result<String> {
    let wrong = |what: &str| MispError::Settings {
        reason: format!("the address of MISP {what}"),
    };
    let url = url::Url::parse(address.trim())
        .map_err(|error| wrong(&format!("is no URL ({error}): it looks like https://misp.example.org")))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong("begins with https:// (or http://) and a host name"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(
            "holds a user name or password; MISP wants the API key, which has a setting of its own",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("has a `?` or `#` in it; only host and folder belong there"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn build(settings: &MispSettings) -> Result<Client> {
    // The one place that chooses the cryptography. An error says that somebody chose before; theirs is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("mispigeon/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers(settings)?)
        // MISP answers 302 to a log-in page where it means "no": following it would hide that, and show the key around.
        .redirect(Policy::none())
        .connect_timeout(CONNECT)
        .timeout(settings.options.timeout)
        // A lost request is looked into by the destination; a silent repeat would make "already exists" of it.
        .retry(reqwest::retry::never());
    if !settings.options.verify {
        builder = builder.tls_danger_accept_invalid_certs(true);
    }
    if let Some(file) = &settings.options.ca_file {
        let pem = read(file, "the file of certificate authorities")?;
        let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| no_pem(file, &error))?;
        if certificates.is_empty() {
            let reason = format!("{} holds no certificate in PEM form", file.display());
            return Err(MispError::Settings { reason });
        }
        builder = builder.tls_certs_merge(certificates);
    }
    if let Some(file) = &settings.options.client_cert {
        let mut pem = read(file, "the client certificate")?;
        if let Some(key) = &settings.options.client_key {
            pem.push(b'\n');
            pem.extend(read(key, "the key of the client certificate")?);
        }
        builder = builder.identity(Identity::from_pem(&pem).map_err(|error| no_pem(file, &error))?);
    }
    builder.build().map_err(|error| MispError::Settings {
        reason: format!("TLS cannot be set up: {}", chain(&error)),
    })
}

fn headers(settings: &MispSettings) -> Result<HeaderMap> {
    let key = settings.key.expose();
    let wrong = |what: &str| MispError::Settings {
        reason: format!("the API key {what}: copy the 40 letters and digits that MISP shows when the key is made"),
    };
    if key.is_empty() {
        return Err(wrong("is not set"));
    }
    let mut value = HeaderValue::from_str(key).map_err(|_| wrong("holds characters that no key has"))?;
    value.set_sensitive(true);
    // Without this Accept MISP answers with a redirect to its log-in page, whatever the key.
    Ok(HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static("application/json")),
        (AUTHORIZATION, value),
    ]))
}

fn read(file: &Path, what: &str) -> Result<Vec<u8>> {
    std::fs::read(file).map_err(|error| MispError::Settings {
        reason: format!("{what} {} cannot be read: {error}", file.display()),
    })
}

fn no_pem(file: &Path, error: &reqwest::Error) -> MispError {
    MispError::Settings {
        reason: format!("{} cannot be used (PEM is wanted): {}", file.display(), chain(error)),
    }
}

/// What a request that got no answer means.
pub(super) fn explain(error: reqwest::Error, base: &str, timeout: Duration) -> MispError {
    let error = error.without_url();
    if error.is_builder() {
        return MispError::Settings {
            reason: format!("{base} cannot be asked: {}", chain(&error)),
        };
    }
    if error.is_connect() {
        let reason = format!("no connection to {base}: {}", chain(&error));
        return fault::of_connection(&error, reason);
    }
    if error.is_timeout() {
        return MispError::TimedOut {
            reason: format!("{base} did not answer within {} s", timeout.as_secs()),
        };
    }
    MispError::Interrupted {
        reason: format!("the connection to {base} broke: {}", chain(&error)),
    }
}

/// The error with its causes: reqwest's own text is "error sending request".
fn chain(error: &reqwest::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing to a string cannot fail.
        let _ = write!(words, ": {error}");
        cause = error.source();
    }
    words
}
