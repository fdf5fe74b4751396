//! Reading answers: JSON of the wanted shape, or one of MISP's three shapes of error, or what a web server, a proxy or
//! a portal says in its place.

use std::io::{BufReader, Read};
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::blocking::Response;
use reqwest::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{MispError, Result};

/// The event of 20,000 attributes comes back as 16 MB.
const LARGEST: u64 = 512 << 20;

/// Enough of an error's body to find its words.
const LARGEST_ERROR: u64 = 64 << 10;

/// Parses a success while it arrives.
pub(super) fn parse<T: DeserializeOwned>(response: Response, base: &str) -> Result<T> {
    let html = is_html(&response);
    let reader = BufReader::with_capacity(64 << 10, response.take(LARGEST));
    serde_json::from_reader(reader).map_err(|error| {
        if html {
            let reason =
                format!("{base} answers with a web page where MISP answers with JSON: is that MISP's address?");
            MispError::NotMisp { reason }
        } else if error.is_io() || error.is_eof() {
            MispError::Interrupted {
                reason: format!("the answer of {base} broke off: {error}"),
            }
        } else {
            MispError::NotMisp {
                reason: format!("{base} answers with something that MISP does not: {error}"),
            }
        }
    })
}

/// Turns an answer that is not a success into words. `size` is that of the request's body.
pub(super) fn refusal(response: Response, base: &str, size: usize) -> MispError {
    let status = response.status();
    let html = is_html(&response);
    let after = after(&response);
    if status.is_redirection() {
        return redirect(&response, base);
    }
    let mut body = Vec::new();
    // What arrived before the connection broke is all there is to say.
    let _ = response.take(LARGEST_ERROR).read_to_end(&mut body);
    let said = words(&body).unwrap_or_else(|| format!("HTTP {status}"));
    match status {
        StatusCode::TOO_MANY_REQUESTS => MispError::Busy {
            reason: format!("MISP asks to slow down: {said}"),
            after,
        },
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => MispError::Busy {
            reason: format!("{base} is not available just now: {said}"),
            after,
        },
        status if status.is_server_error() => MispError::Interrupted {
            reason: format!("{base} failed with {status}: {said}"),
        },
        StatusCode::PAYLOAD_TOO_LARGE => MispError::Refused {
            reason: format!(
                "the web server before MISP takes no request of {size} bytes: raise its limit (nginx: client_max_body_size), \
                 or send without the attachments"
            ),
        },
        StatusCode::UNAUTHORIZED | StatusCode::PROXY_AUTHENTICATION_REQUIRED => MispError::Login {
            reason: format!("{status}: a proxy or web server on the way to {base} wants a log-in of its own"),
        },
        StatusCode::FORBIDDEN if html => MispError::Permission {
            reason: format!("{base} answers 403 with a web page: a firewall or proxy before MISP refuses the request"),
        },
        StatusCode::FORBIDDEN => forbidden(&said),
        StatusCode::NOT_FOUND if said.contains("already exists") => MispError::Exists { reason: said },
        StatusCode::NOT_FOUND if html && !body.is_empty() => MispError::NotMisp {
            reason: format!("{base} answers 404 with a web page: is that MISP's address, with its folder?"),
        },
        StatusCode::NOT_FOUND => MispError::NotFound { reason: said },
        _ if said.contains("Sharing Group") => MispError::Refused {
            reason: format!(
                "MISP says: {said} The configured sharing group does not exist there or this user is not in it"
            ),
        },
        _ => MispError::Refused {
            reason: format!("MISP refuses with {status}: {said}"),
        },
    }
}

/// 403 has many meanings; only the words tell them apart.
fn forbidden(said: &str) -> MispError {
    let login = |next: &str| MispError::Login {
        reason: format!("MISP says: {said} {next}"),
    };
    if said.contains("account has been disabled") {
        login("(ask its administrator)")
    } else if said.contains("from your IP address") {
        login("(the key is bound to other addresses: have this one added, or make another key)")
    } else if said.starts_with("Authentication failed") {
        login("(the key is wrong, expired or was deleted, or the role may not use the API)")
    } else if said.contains("You do not have permission") {
        let next = "the key is read-only, or the role of its user may not do this";
        MispError::Permission {
            reason: format!("MISP says: {said} ({next})"),
        }
    } else if said.contains("not authorised to do that") {
        let next = "the event belongs to another organisation: only that one may change it";
        MispError::Permission {
            reason: format!("MISP says: {said} ({next})"),
        }
    } else if said.contains("blocklist") {
        let next = "the event was deleted there, which bars its uuid; an administrator can lift that";
        MispError::Refused {
            reason: format!("MISP says: {said} ({next})"),
        }
    } else {
        MispError::Refused {
            reason: format!("MISP refuses: {said}"),
        }
    }
}

/// A redirect to the log-in page, though key and Accept header were sent, is how MISP says that it is closed for
/// maintenance; it ends by itself, so the request is tried again. Any other redirect is a wrong address.
fn redirect(response: &Response, base: &str) -> MispError {
    let target = response
        .headers()
        .get(LOCATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let target = target.split(['?', '#']).next().unwrap_or_default();
    if target.ends_with("/users/login") {
        let reason = format!(
            "{base} sends to its log-in page: MISP is closed for maintenance, or a proxy on the way removes the \
             Authorization or Accept header"
        );
        MispError::Busy {
            reason,
            after: after(response),
        }
    } else {
        MispError::NotMisp {
            reason: format!("{base} redirects to {target}: set the address to what MISP itself uses"),
        }
    }
}

fn after(response: &Response) -> Option<Duration> {
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
    };
    let seconds = |text: &str| text.parse().ok().map(Duration::from_secs);
    let date = |text: &str| {
        let until = jiff::fmt::rfc2822::parse(text)
            .ok()?
            .timestamp()
            .duration_since(jiff::Timestamp::now());
        Duration::try_from(until).ok()
    };
    let asked = header(RETRY_AFTER.as_str()).and_then(|text| seconds(text).or_else(|| date(text)));
    asked.or_else(|| {
        let limited = response.status() == StatusCode::TOO_MANY_REQUESTS;
        header("x-rate-limit-reset").filter(|_| limited).and_then(seconds)
    })
}

fn is_html(response: &Response) -> bool {
    let kind = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

/// MISP's words: `message` and, after a failed save, all that `errors` holds, at any depth.
fn words(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let message = value.get("message").or_else(|| value.get("name"))?.as_str()?.to_owned();
    let mut details = Vec::new();
    collect(value.get("errors").unwrap_or(&Value::Null), "", &mut details);
    let details = details.join("; ");
    Some(if details.is_empty() || details == message {
        message
    } else {
        format!("{message}: {details}")
    })
}

fn collect(value: &Value, name: &str, into: &mut Vec<String>) {
    match value {
        Value::String(text) if name.is_empty() => into.push(text.clone()),
        Value::String(text) => into.push(format!("{name}: {text}")),
        Value::Array(values) => values.iter().for_each(|value| collect(value, name, into)),
        Value::Object(fields) => fields.iter().for_each(|(field, value)| {
            let name = if field == "Event" { name } else { field };
            collect(value, name, into);
        }),
        _ => {}
    }
}
