//! The formats that MISP 2.5 demands of values, type by type.

use super::shape::{
    is_date_time, is_decimal, is_email, is_hash, is_hex, is_host, is_ip, is_link, is_mac, is_number, is_numbered,
    is_port, is_ssdeep, is_tlsh,
};
use std::net::IpAddr;

/// Whether a value has the format of its type.
pub(super) fn fits(r#type: &str, value: &str) -> bool {
    if let Some(hash) = r#type.strip_prefix("filename|") {
        return is_name_and_hash(hash, value);
    }
    if let Some(length) = hash_length(r#type) {
        return is_hash(value, length);
    }
    let (first, second) = value.split_once('|').unwrap_or((value, ""));
    match r#type {
        "ip-src" | "ip-dst" => is_ip_or_block(value),
        "ip-src|port" | "ip-dst|port" => is_ip(first) && is_port(second),
        "port" => is_port(value),
        "domain" | "hostname" => is_host(value),
        "hostname|port" => is_host(first) && is_port(second),
        "domain|ip" => is_host(first) && is_ip(second),
        "email"
        | "email-src"
        | "email-dst"
        | "eppn"
        | "target-email"
        | "whois-registrant-email"
        | "dns-soa-email"
        | "jabber-id" => is_email(value),
        "vulnerability" => is_numbered(value, "CVE-", true),
        "weakness" => is_numbered(value, "CWE-", false),
        "link" => is_link(value),
        "ssdeep" => is_ssdeep(value),
        "tlsh" => is_tlsh(value),
        "telfhash" => matches!(value.len(), 70 | 72),
        "mac-address" => is_mac(value, 6),
        "mac-eui-64" => is_mac(value, 8),
        "AS" => is_number(value) && value.parse::<u32>().is_ok(),
        "size-in-bytes" | "counter" => is_number(value),
        "hex" => is_hex(value),
        "float"
        | "phone-number"
        | "cc-number"
        | "bin"
        | "bank-account-nr"
        | "aba-rtn"
        | "prtn"
        | "whois-registrant-phone" => is_decimal(value),
        "boolean" => matches!(value, "0" | "1"),
        "btc" | "dash" | "xmr" | "iban" | "bic" => value.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        "datetime" => is_date_time(value),
        _ => many_lines(r#type) || !value.contains('\n'),
    }
}

/// Types whose value may have several lines.
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

/// Number of hexadecimal digits of a hash.
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

fn is_name_and_hash(hash: &str, value: &str) -> bool {
    let (name, digits) = value.split_once('|').unwrap_or((value, ""));
    let is_hash = match hash_length(hash) {
        // After a file name MISP takes lower case only.
        Some(length) => is_hash(digits, length) && !digits.bytes().any(|byte| byte.is_ascii_uppercase()),
        None if matches!(hash, "ssdeep" | "tlsh") => fits(hash, digits),
        None => !digits.is_empty(),
    };
    is_hash && !name.is_empty() && !name.contains('\n')
}

fn is_ip_or_block(value: &str) -> bool {
    let Some((ip, bits)) = value.split_once('/') else {
        return is_ip(value);
    };
    let most = match ip.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    is_number(bits) && bits.parse::<u32>().is_ok_and(|bits| bits <= most)
}
