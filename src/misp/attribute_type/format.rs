//! The formats that MISP 2.5 demands of values, type by type.

use std::net::IpAddr;

const PORT: &str = "Port numbers have to be integers between 1 and 65535.";
const IP: &str = "IP address has an invalid format.";
const CIDR: &str = "Invalid CIDR notation value found.";
const DOUBLE_CHECK: &str = "has an invalid format. Please double check the value or select type \"other\".";

pub(super) fn check(r#type: &str, value: &str) -> Result<(), String> {
    if let Some(hash) = r#type.strip_prefix("filename|") {
        return file_name_and_hash(hash, value);
    }
    if let Some(length) = hash_length(r#type) {
        return demand(is_hash(value, length), || wrong_hash(length));
    }
    let (first, second) = value.split_once('|').unwrap_or((value, ""));
    match r#type {
        "ip-src" | "ip-dst" => ip_or_block(value),
        "ip-src|port" | "ip-dst|port" => {
            demand(is_ip(first), || IP.into())?;
            demand(is_port(second), || PORT.into())
        }
        "port" => demand(is_port(value), || PORT.into()),
        "domain" => demand(is_host(value), || format!("Domain {DOUBLE_CHECK}")),
        "hostname" => demand(is_host(value), || format!("Hostname {DOUBLE_CHECK}")),
        "hostname|port" => {
            demand(is_host(first), || "Hostname has an invalid format.".into())?;
            demand(is_port(second), || PORT.into())
        }
        "domain|ip" => {
            demand(is_host(first), || "Domain has an invalid format.".into())?;
            demand(is_ip(second), || IP.into())
        }
        "email"
        | "email-src"
        | "email-dst"
        | "eppn"
        | "target-email"
        | "whois-registrant-email"
        | "dns-soa-email"
        | "jabber-id" => demand(is_email(value), || format!("Email address {DOUBLE_CHECK}")),
        "vulnerability" => demand(is_numbered(value, "CVE-", true), || {
            "Invalid format. Expected: CVE-xxxx-xxxx...".into()
        }),
        "weakness" => demand(is_numbered(value, "CWE-", false), || {
            "Invalid format. Expected: CWE-x...".into()
        }),
        "link" => demand(is_link(value), || {
            "The URL has no scheme and host, or characters that are not ASCII.".into()
        }),
        "ssdeep" => demand(is_ssdeep(value), || {
            "Invalid SSDeep hash. The format has to be blocksize:hash:hash".into()
        }),
        "tlsh" => demand(is_tlsh(value), || {
            "Checksum has an invalid length or format (expected: at least 35 hexadecimal characters, optionally starting \
             with t1 instead of hexadecimal characters)."
                .into()
        }),
        "telfhash" => demand(matches!(value.len(), 70 | 72), || {
            "Checksum has an invalid length.".into()
        }),
        "mac-address" => demand(is_mac(value, 6), || "MAC address has an invalid format.".into()),
        "mac-eui-64" => demand(is_mac(value, 8), || "MAC address has an invalid format.".into()),
        "AS" => demand(is_number(value) && value.parse::<u32>().is_ok(), || {
            "AS number have to be integer between 1 and 4294967295".into()
        }),
        "size-in-bytes" | "counter" => demand(is_number(value), || {
            "The value has to be a whole number greater or equal 0.".into()
        }),
        "hex" => demand(is_hex(value), || "The value has to be hexadecimal.".into()),
        "float"
        | "phone-number"
        | "cc-number"
        | "bin"
        | "bank-account-nr"
        | "aba-rtn"
        | "prtn"
        | "whois-registrant-phone" => demand(is_decimal(value), || "The value has to be a number.".into()),
        "boolean" => demand(matches!(value, "0" | "1"), || "The value has to be 0 or 1.".into()),
        "btc" | "dash" | "xmr" | "iban" | "bic" => {
            demand(value.bytes().all(|byte| byte.is_ascii_alphanumeric()), || {
                "Only letters and digits are allowed.".into()
            })
        }
        "datetime" => demand(is_date_time(value), || {
            "Datetime has to be in the ISO 8601 format.".into()
        }),
        _ if many_lines(r#type) => Ok(()),
        _ => demand(!value.contains('\n'), || {
            "Value must not contain new line character.".into()
        }),
    }
}

fn demand(holds: bool, reason: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason()) }
}

/// Types whose value may go over several lines.
fn many_lines(r#type: &str) -> bool {
    matches!(
        r#type,
        "attachment"
            | "malware-sample"
            | "comment"
            | "text"
            | "other"
            | "cpe"
            | "cookie"
            | "mime-type"
            | "mutex"
            | "email-attachment"
            | "email-body"
            | "email-header"
            | "pattern-in-file"
            | "pattern-in-traffic"
            | "pattern-in-memory"
            | "filename-pattern"
            | "yara"
            | "sigma"
            | "snort"
            | "zeek"
            | "bro"
            | "gene"
            | "kusto-query"
            | "stix2-pattern"
            | "pgp-public-key"
            | "pgp-private-key"
            | "anonymised"
            | "community-id"
            | "process-state"
            | "first-name"
            | "middle-name"
            | "last-name"
            | "full-name"
            | "identity-card-number"
    )
}

/// Hexadecimal digits of a hash.
fn hash_length(r#type: &str) -> Option<usize> {
    Some(match r#type {
        "md5"
        | "imphash"
        | "x509-fingerprint-md5"
        | "ja3-fingerprint-md5"
        | "hassh-md5"
        | "hasshserver-md5"
        | "dom-hash" => 32,
        "sha1" | "git-commit-id" | "x509-fingerprint-sha1" | "pehash" => 40,
        "sha224" | "sha512/224" | "sha3-224" => 56,
        "jarm-fingerprint" => 62,
        "sha256" | "authentihash" | "x509-fingerprint-sha256" | "sha512/256" | "sha3-256" => 64,
        "sha384" | "sha3-384" => 96,
        "sha512" | "sha3-512" => 128,
        _ => return None,
    })
}

fn wrong_hash(length: usize) -> String {
    format!(
        "Checksum has an invalid length or format (expected: {length} hexadecimal characters). Please double check the \
         value or select type \"other\"."
    )
}

fn file_name_and_hash(hash: &str, value: &str) -> Result<(), String> {
    let (name, digits) = value.split_once('|').unwrap_or((value, ""));
    demand(!name.is_empty() && !name.contains('\n'), || {
        "Filename must not contain new line character.".into()
    })?;
    match hash_length(hash) {
        // Behind a name MISP takes lower case only.
        Some(length) => demand(
            is_hash(digits, length) && !digits.bytes().any(|byte| byte.is_ascii_uppercase()),
            || wrong_hash(length),
        ),
        None => demand(!digits.is_empty(), || "The hash is missing.".into()).and_then(|()| {
            if matches!(hash, "ssdeep" | "tlsh") {
                check(hash, digits)
            } else {
                Ok(())
            }
        }),
    }
}

fn is_hex(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_hash(value: &str, length: usize) -> bool {
    value.len() == length && is_hex(value)
}

fn is_number(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_decimal(value: &str) -> bool {
    value.parse::<f64>().is_ok_and(f64::is_finite)
}

fn is_port(value: &str) -> bool {
    is_number(value) && value.parse::<u16>().is_ok_and(|port| port > 0)
}

fn is_ip(value: &str) -> bool {
    value.parse::<IpAddr>().is_ok()
}

fn ip_or_block(value: &str) -> Result<(), String> {
    let Some((ip, bits)) = value.split_once('/') else {
        return demand(is_ip(value), || IP.into());
    };
    demand(is_number(bits), || CIDR.into())?;
    let most = match ip.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return Err(IP.into()),
    };
    demand(bits.parse::<u32>().is_ok_and(|bits| bits <= most), || CIDR.into())
}

/// Letters, digits, `.`, `-`, `_`, and after the last dot at least two letters, digits or `-`.
fn is_host(value: &str) -> bool {
    let Some((rest, last)) = value.rsplit_once('.') else {
        return false;
    };
    let label = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !rest.is_empty()
        && rest.bytes().all(|byte| label(byte) || matches!(byte, b'.' | b'_'))
        && last.len() >= 2
        && last.bytes().all(label)
}

/// Something, no blank before the first `@` that a dot follows on the same line.
fn is_email(value: &str) -> bool {
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
fn is_numbered(value: &str, prefix: &str, with_year: bool) -> bool {
    let Some(rest) = value.strip_prefix(prefix) else {
        return false;
    };
    if !with_year {
        return is_number(rest);
    }
    rest.split_once('-')
        .is_some_and(|(year, number)| year.len() == 4 && is_number(year) && number.len() >= 4 && is_number(number))
}

/// A scheme, a host, and nothing but printable ASCII.
fn is_link(value: &str) -> bool {
    let printable = value.bytes().all(|byte| byte.is_ascii_graphic());
    printable
        && url::Url::parse(value).is_ok_and(|url| url.has_host() || matches!(url.scheme(), "mailto" | "news" | "file"))
}

fn is_ssdeep(value: &str) -> bool {
    let mut parts = value.split(':');
    let half = |part: Option<&str>| {
        part.is_some_and(|part| {
            part.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+'))
        })
    };
    parts.next().is_some_and(is_number) && half(parts.next()) && half(parts.next()) && parts.next().is_none()
}

fn is_tlsh(value: &str) -> bool {
    let digits = value.strip_prefix('t').unwrap_or(value);
    digits.len() > 35 && is_hex(digits)
}

fn is_mac(value: &str, pairs: usize) -> bool {
    let digits = value.replace(':', "");
    is_hash(&digits, pairs * 2) && value.split(':').all(|part| part.len() % 2 == 0)
}

/// A date with a time. MISP takes anything that PHP can read; what we send is this.
fn is_date_time(value: &str) -> bool {
    let pieces = jiff::fmt::temporal::Pieces::parse(value);
    pieces.is_ok_and(|pieces| pieces.time().is_some())
}
