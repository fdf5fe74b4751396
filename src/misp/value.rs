//! Does to a value what MISP 2.5 does before it stores it. So MISP sends back what was sent, and two spellings of one
//! indicator are one attribute.

use std::borrow::Cow;
use std::fmt::Write;
use std::net::{IpAddr, Ipv6Addr};

use super::json::three_bytes;

/// The value as MISP would store it. One that does not fit its type comes back trimmed;
/// [`super::attribute_type::check`] then refuses it.
pub fn normalise<'v>(r#type: &str, value: &'v str) -> Cow<'v, str> {
    let value = value.trim_matches([' ', '\t', '\n', '\r', '\0', '\x0b']);
    let is_link = matches!(r#type, "url" | "link" | "uri");
    let fitted = if is_link { percent_coded } else { three_bytes };
    let value = match refang(r#type, value) {
        Cow::Borrowed(value) => fitted(value),
        Cow::Owned(value) => fitted(&value).into_owned().into(),
    };
    respell(r#type, &value).map_or(value, Cow::Owned)
}

/// Replaces characters of four bytes by their percent codes, as a browser sends them. MISP has no room for them.
fn percent_coded(text: &str) -> Cow<'_, str> {
    if matches!(three_bytes(text), Cow::Borrowed(_)) {
        return Cow::Borrowed(text);
    }
    let mut coded = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if c.len_utf8() < 4 {
            coded.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            let _ = write!(coded, "%{byte:02X}"); // writing to a String cannot fail
        }
    }
    Cow::Owned(coded)
}

/// The value in MISP's spelling of its type; `None` if it has that spelling already.
fn respell(r#type: &str, text: &str) -> Option<String> {
    if let Some(hash) = r#type.strip_prefix("filename|") {
        let (name, digits) = text.split_once('|')?;
        return (hash != "ssdeep").then(|| format!("{name}|{}", digits.to_ascii_lowercase()));
    }
    Some(match r#type {
        "md5"
        | "sha1"
        | "sha224"
        | "sha256"
        | "sha384"
        | "sha512"
        | "sha512/224"
        | "sha512/256"
        | "sha3-224"
        | "sha3-256"
        | "sha3-384"
        | "sha3-512"
        | "imphash"
        | "authentihash"
        | "pehash"
        | "vhash"
        | "telfhash"
        | "tlsh"
        | "cdhash"
        | "dom-hash"
        | "ja3-fingerprint-md5"
        | "jarm-fingerprint"
        | "hassh-md5"
        | "hasshserver-md5"
        | "anonymised"
        | "hostname"
        | "email"
        | "email-src"
        | "email-dst"
        | "target-email"
        | "whois-registrant-email" => return lower(text),
        "x509-fingerprint-md5" | "x509-fingerprint-sha1" | "x509-fingerprint-sha256" => {
            text.replace(':', "").to_ascii_lowercase()
        }
        "ip-src" | "ip-dst" => ip(text),
        "ip-src|port" | "ip-dst|port" => ip_and_port(text),
        "domain" if text.bytes().all(is_plain) && !text.starts_with('.') && !text.ends_with('.') => return None,
        "domain" => domain(text),
        "domain|ip" => match text.split_once('|') {
            Some((name, address)) => format!("{}|{}", domain(name), ip(address)),
            None => text.to_ascii_lowercase(),
        },
        "hostname|port" => text.to_ascii_lowercase().replace(':', "|"),
        "mac-address" | "mac-eui-64" => mac(text),
        "vulnerability" | "weakness" => text.replace('–', "-").to_ascii_uppercase(),
        "http-method" | "hex" => text.to_ascii_uppercase(),
        "AS" => autonomous_system(text),
        "phone-number" | "prtn" | "whois-registrant-phone" => phone(text),
        "cc-number" | "bin" => text.chars().filter(char::is_ascii_digit).collect(),
        "iban" | "bic" => text
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect(),
        "boolean" => if matches!(text.to_ascii_lowercase().trim(), "false" | "0" | "") {
            "0"
        } else {
            "1"
        }
        .to_owned(),
        "datetime" => return date_time(text),
        _ => return None,
    })
}

/// Schemes that MISP reads as `http`.
const DEFANGED: [&str; 4] = ["hxxp", "hxtp", "htxp", "meow"];

fn refang<'a>(r#type: &str, value: &'a str) -> Cow<'a, str> {
    let is_url = matches!(r#type, "url" | "link");
    if !is_url
        && !matches!(
            r#type,
            "ip-src" | "ip-dst" | "domain" | "domain|ip" | "hostname" | "hostname|port"
        )
    {
        return Cow::Borrowed(value);
    }
    let mut value = Cow::Borrowed(value);
    let may_have = value.bytes().any(|byte| matches!(byte, b'[' | b'('));
    for dot in ["[.]", "[dot]", "(dot)"] {
        if may_have && value.contains(dot) {
            value = Cow::Owned(value.replace(dot, "."));
        }
    }
    let is_defanged = |scheme: &str| DEFANGED.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    if let Some((_, rest)) = value
        .split_at_checked(4)
        .filter(|(scheme, _)| is_url && is_defanged(scheme))
    {
        value = Cow::Owned(format!("http{rest}"));
    }
    value
}

/// Compresses IPv6, and removes a prefix that covers a single address.
fn ip(value: &str) -> String {
    let (address, prefix) = match value.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (value, None),
    };
    let Ok(parsed) = address.parse::<IpAddr>() else {
        return value.to_owned();
    };
    let text = match parsed {
        IpAddr::V4(_) => address.to_owned(),
        IpAddr::V6(address) => compressed(address),
    };
    match (prefix, parsed) {
        (None, _) | (Some("32"), IpAddr::V4(_)) | (Some("128"), IpAddr::V6(_)) => text,
        (Some(prefix), _) => format!("{text}/{prefix}"),
    }
}

/// Writes IPv6 as C's `inet_ntop` does. Unlike Rust, that writes `::1.2.3.4` for IPv4-compatible addresses.
fn compressed(address: Ipv6Addr) -> String {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => {
            let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
            format!("::{a}.{b}.{c}.{d}")
        }
        _ => address.to_string(),
    }
}

fn ip_and_port(value: &str) -> String {
    let parts = match (
        value.split_once('|'),
        value.strip_prefix('[').and_then(|rest| rest.split_once("]:")),
    ) {
        (Some(parts), _) | (None, Some(parts)) => Some(parts),
        _ if value.matches(':').count() == 1 => value.split_once(':'),
        _ => None,
    };
    parts.map_or_else(|| value.to_owned(), |(address, port)| format!("{}|{port}", ip(address)))
}

fn lower(text: &str) -> Option<String> {
    let is_upper = |byte: u8| byte.is_ascii_uppercase();
    text.bytes().any(is_upper).then(|| text.to_ascii_lowercase())
}

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_uppercase()
}

/// Lower case, punycode, without dots at the ends.
fn domain(value: &str) -> String {
    let value = value.to_lowercase();
    let value = value.trim_matches('.');
    if value.is_ascii() {
        return value.to_owned();
    }
    idna::domain_to_ascii(value).unwrap_or_else(|_| value.to_owned())
}

fn mac(value: &str) -> String {
    let digits: Vec<char> = value
        .to_ascii_lowercase()
        .chars()
        .filter(|c| !matches!(c, '.' | ':' | '-' | ' '))
        .collect();
    let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect()).collect();
    pairs.join(":")
}

/// Without `AS`. The notation with a dot becomes one number.
fn autonomous_system(value: &str) -> String {
    let prefixed = value.get(..2).is_some_and(|prefix| prefix.eq_ignore_ascii_case("AS"));
    let number = if prefixed {
        value.get(2..).unwrap_or_default()
    } else {
        value
    };
    let parts = number
        .split_once('.')
        .and_then(|(high, low)| Some((high.parse::<u16>().ok()?, low.parse::<u16>().ok()?)));
    match parts {
        Some((high, low)) => (u32::from(high) << 16 | u32::from(low)).to_string(),
        None => number.to_owned(),
    }
}

fn phone(value: &str) -> String {
    let value = match value.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => value.to_owned(),
    };
    value
        .replace("(0)", "")
        .chars()
        .filter(|c| *c == '+' || c.is_ascii_digit())
        .collect()
}

/// As PHP writes `Y-m-d\TH:i:s.uO`. A time without offset counts as UTC.
fn date_time(value: &str) -> Option<String> {
    use jiff::fmt::temporal::{Pieces, PiecesOffset};
    let pieces = Pieces::parse(value).ok()?;
    let time = pieces.date().to_datetime(pieces.time()?);
    let seconds = match pieces.offset() {
        Some(PiecesOffset::Numeric(numeric)) => numeric.offset().seconds(),
        _ => 0,
    };
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    Some(format!(
        "{}{sign}{:02}{:02}",
        time.strftime("%Y-%m-%dT%H:%M:%S.%6f"),
        minutes / 60,
        minutes % 60
    ))
}

#[cfg(test)]
#[path = "value_tests.rs"]
mod tests;
