//! The formats that MISP 2.5 demands of values, type by type.

use super::shape::{
    is_date_time, is_decimal, is_email, is_hash, is_hex, is_host, is_ip, is_link, is_mac, is_number, is_numbered,
    is_port, is_ssdeep, is_tlsh,
};
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
