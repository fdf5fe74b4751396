//! The shapes of values, as MISP 2.5 and PHP recognise them.

use std::net::IpAddr;

pub(super) fn is_hex(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

pub(super) fn is_hash(value: &str, length: usize) -> bool {
    value.len() == length && is_hex(value)
}

pub(super) fn is_number(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn is_decimal(value: &str) -> bool {
    value.parse::<f64>().is_ok_and(f64::is_finite)
}

pub(super) fn is_port(value: &str) -> bool {
    is_number(value) && value.parse::<u16>().is_ok_and(|port| port > 0)
}

pub(super) fn is_ip(value: &str) -> bool {
    value.parse::<IpAddr>().is_ok()
}

/// Letters, digits, `.`, `-`, `_`, and after the last dot at least two letters, digits or `-`.
pub(super) fn is_host(value: &str) -> bool {
    let Some((rest, last)) = value.rsplit_once('.') else {
        return false;
    };
    let label = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !rest.is_empty()
        && rest.bytes().all(|byte| label(byte) || matches!(byte, b'.' | b'_'))
        && last.len() >= 2
        && last.bytes().all(label)
}

/// Anything before an `@` without blanks, and after the `@`, on the same line, a dot.
pub(super) fn is_email(value: &str) -> bool {
    if value.contains('\n') {
        return false;
    }
    let mut first = value.chars();
    let _ = first.next(); // any character, even a blank or `@`
    let rest = first.as_str();
    let local_end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (local, _) = rest.split_at(local_end);
    local
        .find('@')
        .and_then(|at| rest.get(at..))
        .is_some_and(|domain| domain.contains('.'))
}

/// `CVE-2024-12345` or `CWE-79`.
pub(super) fn is_numbered(value: &str, prefix: &str, with_year: bool) -> bool {
    let Some(rest) = value.strip_prefix(prefix) else {
        return false;
    };
    if !with_year {
        return is_number(rest);
    }
    rest.split_once('-')
        .is_some_and(|(year, number)| year.len() == 4 && is_number(year) && number.len() >= 4 && is_number(number))
}

/// A scheme, a host, and only printable ASCII. PHP demands that the host of a web address follows RFC 952: no `_`.
pub(super) fn is_link(value: &str) -> bool {
    if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return false;
    }
    let Ok(url) = url::Url::parse(value) else { return false };
    match url.host() {
        Some(url::Host::Domain(host)) if matches!(url.scheme(), "http" | "https") => is_internet_host(host),
        Some(_) => true,
        None => matches!(url.scheme(), "mailto" | "news" | "file"),
    }
}

fn is_internet_host(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let label = |label: &str| {
        let bytes = label.as_bytes();
        let inside = bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
        bytes.len() <= 63 && inside && edge(bytes.first()) && edge(bytes.last())
    };
    host.len() <= 253 && host.split('.').all(label)
}

pub(super) fn is_ssdeep(value: &str) -> bool {
    let mut parts = value.split(':');
    let half = |part: Option<&str>| {
        part.is_some_and(|part| {
            part.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+'))
        })
    };
    parts.next().is_some_and(is_number) && half(parts.next()) && half(parts.next()) && parts.next().is_none()
}

pub(super) fn is_tlsh(value: &str) -> bool {
    let digits = value.strip_prefix('t').unwrap_or(value);
    digits.len() > 35 && is_hex(digits)
}

pub(super) fn is_mac(value: &str, pairs: usize) -> bool {
    let digits = value.replace(':', "");
    is_hash(&digits, pairs * 2) && value.split(':').all(|part| part.len() % 2 == 0)
}

/// A date with a time. MISP takes anything that PHP can read; this program sends ISO 8601.
pub(super) fn is_date_time(value: &str) -> bool {
    let pieces = jiff::fmt::temporal::Pieces::parse(value);
    pieces.is_ok_and(|pieces| pieces.time().is_some())
}
