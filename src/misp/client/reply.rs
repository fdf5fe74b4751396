//! Reads answers: JSON of the wanted form, one of MISP's three forms of error, or what a web server, a proxy or a
//! portal says instead.

use std::io::{BufReader, Read};
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::blocking::Response;
use reqwest::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{ErrorKind, MispError, Result};
use crate::domain::{Advice, Problem, with_causes};

/// Most bytes of an answer, after decompression. An event of 20,000 attributes comes back as 16 MB.
const LARGEST: u64 = 64 << 20;

/// Most bytes of an error that are read; MISP's words come first.
const LARGEST_ERROR: u64 = 64 << 10;

/// Parses a success while it arrives. The request's time-out counts for the body too.
pub(super) fn parse<T: DeserializeOwned>(response: Response, base: &str) -> Result<T> {
    let html = is_html(&response);
    let mut body = response.take(LARGEST);
    let parsed = serde_json::from_reader(BufReader::with_capacity(64 << 10, &mut body));
    parsed.map_err(|error| {
        let (server, words) = (base.to_owned(), with_causes(&error));
        if body.limit() == 0 {
            let megabytes = usize::try_from(LARGEST >> 20).unwrap_or_default();
            ErrorKind::Interrupted.because(Problem::AnswerTooLarge { server, megabytes })
        } else if html {
            ErrorKind::NotMisp.because(Problem::AnswerIsWebPage { server })
        } else if error.is_io() || error.is_eof() {
            ErrorKind::Interrupted.because(Problem::AnswerBrokeOff { server, error: words })
        } else {
            ErrorKind::NotMisp
                .because(Problem::AnswerNotMisp { server, error: words })
                .advised(Advice::LookAtFolder)
        }
    })
}

/// What an answer that is not a success means. `size` is that of the request's body, in bytes.
pub(super) fn refusal(response: Response, base: &str, size: usize) -> MispError {
    let status = response.status();
    let html = is_html(&response);
    let after = after(&response);
    if status.is_redirection() {
        return MispError {
            after,
            ..redirect(&response, base)
        };
    }
    let mut body = Vec::new();
    // If the connection breaks, the words that arrived until then have to do.
    let _ = response.take(LARGEST_ERROR).read_to_end(&mut body);
    let words = words(&body).unwrap_or_else(|| format!("HTTP {status}"));
    let server = base.to_owned();
    let (kind, problem) = match status {
        StatusCode::TOO_MANY_REQUESTS => (ErrorKind::Busy, Problem::SlowDown { words }),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => {
            (ErrorKind::Busy, Problem::NotAvailable { server, words })
        }
        status if status.is_server_error() => {
            let status = status.to_string();
            (ErrorKind::Interrupted, Problem::ServerFailed { server, status, words })
        }
        StatusCode::PAYLOAD_TOO_LARGE => (ErrorKind::Refused, Problem::RequestTooLarge { size }),
        StatusCode::UNAUTHORIZED | StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            let status = status.to_string();
            (ErrorKind::Login, Problem::ProxyLogin { server, status })
        }
        StatusCode::FORBIDDEN if html => (ErrorKind::Permission, Problem::Firewall { server }),
        StatusCode::FORBIDDEN => forbidden(words),
        StatusCode::NOT_FOUND if words.contains("already exists") => (ErrorKind::Exists, Problem::MispSays { words }),
        StatusCode::NOT_FOUND if html && !body.is_empty() => (ErrorKind::NotMisp, Problem::NotFoundWebPage { server }),
        // What MISP says of its events is "Invalid event".
        StatusCode::NOT_FOUND if words == "Not Found" => (ErrorKind::NotMisp, Problem::MispSays { words }),
        StatusCode::NOT_FOUND => (ErrorKind::NotFound, Problem::MispSays { words }),
        _ if words.contains("Sharing Group") => (ErrorKind::Refused, Problem::NoSharingGroup { words }),
        _ => {
            let status = status.to_string();
            (ErrorKind::Refused, Problem::MispRefusesWith { status, words })
        }
    };
    let advice = match (status, kind) {
        (StatusCode::BAD_REQUEST, _) if html && base.starts_with("http:") => Some(Advice::TlsOnPort),
        (StatusCode::NOT_FOUND, ErrorKind::NotMisp) if !html => Some(Advice::LookAtFolder),
        _ => None,
    };
    MispError {
        after: after.filter(|_| kind == ErrorKind::Busy),
        advice,
        ..kind.because(problem)
    }
}

/// 403 has many meanings; only MISP's words tell them apart.
fn forbidden(words: String) -> (ErrorKind, Problem) {
    if words.contains("account has been disabled") {
        (ErrorKind::Login, Problem::AccountDisabled { words })
    } else if words.contains("from your IP address") {
        (ErrorKind::Login, Problem::KeyBoundToAddresses { words })
    } else if words.starts_with("Authentication failed") {
        (ErrorKind::Login, Problem::KeyRefused { words })
    } else if words.contains("You do not have permission") {
        (ErrorKind::Permission, Problem::RoleLacksPermission { words })
    } else if words.contains("not authorised to do that") {
        (ErrorKind::Permission, Problem::EventOfAnotherOrganisation { words })
    } else if words.contains("UUID provided is not unique") {
        // Of two that add an event at the same moment, MISP tells the slower one this.
        (ErrorKind::Exists, Problem::MispSays { words })
    } else if words.contains("blocklist") {
        (ErrorKind::Refused, Problem::EventBlocklisted { words })
    } else {
        (ErrorKind::Refused, Problem::MispRefuses { words })
    }
}

/// MISP redirects to its log-in page, even if key and Accept header were sent, while it is closed for maintenance. That
/// ends by itself, so it counts as busy. Any other redirect means a wrong address.
fn redirect(response: &Response, base: &str) -> MispError {
    let target = response
        .headers()
        .get(LOCATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let target = target.split(['?', '#']).next().unwrap_or_default().to_owned();
    let server = base.to_owned();
    if target.ends_with("/users/login") {
        ErrorKind::Busy.because(Problem::Closed { server })
    } else {
        ErrorKind::NotMisp.because(Problem::Redirected { server, target })
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
pub(super) fn words(body: &[u8]) -> Option<String> {
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
