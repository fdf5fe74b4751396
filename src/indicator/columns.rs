//! Rows of a table in running text, whose columns are parted by commas or semicolons: `http://evil.com/a.exe,HASH,ADDRESS`. A URL
//! may hold these characters itself, so that only what stands in the other columns tells.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::bare;
use super::bytes::starts_with;
use crate::domain::host;

/// How far the other columns are looked at.
const REACH: usize = 512;

/// Schemes that begin a URL in the next column.
const SCHEMES: [&[u8]; 5] = [b"http://", b"https://", b"hxxp", b"ftp://", b"http[:"];

/// Whether a URL begins at `i`.
pub fn begins_url(bytes: &[u8], i: usize) -> bool {
    SCHEMES.iter().any(|scheme| starts_with(bytes, i, scheme))
}

/// Whether the separator at `i`, inside the tail of a URL that begins at `start`, parts columns: one of them is a value.
pub fn part(text: &str, start: usize, i: usize) -> bool {
    let Some(separator) = text.get(i..).and_then(|rest| rest.chars().next()) else {
        return false;
    };
    let window = text.get(i + 1..text.floor_char_boundary(i + REACH)).unwrap_or_default();
    let row = window
        .split([' ', '\t', '\r', '\n', '<', '>', '|'])
        .next()
        .unwrap_or_default();
    let head = text.get(start..i).unwrap_or_default();
    // `?a=1;b=x@evil.com`: the semicolon parts what is asked for.
    let first = row.split(separator).next().unwrap_or_default();
    let asked = separator == ';' && head.contains('?') && first.contains('=');
    if asked || !row.split(separator).any(is_value) {
        return false;
    }
    // `?ip=9.9.9.9,8.8.8.8`: the URL itself lists such values.
    let listed = head.rsplit(separator).next().and_then(|last| last.rsplit_once('='));
    !listed.is_some_and(|(_, value)| is_value(value))
}

/// Whether a whole column is a hash, an address, a mailbox, a date, a URL or a name.
fn is_value(column: &str) -> bool {
    let quote = |c| matches!(c, '"' | '\'' | '(' | ')' | '[' | ']' | '.' | ':' | '!');
    let column = column.trim_matches(quote);
    let column = match column.split_once(['=', ':']) {
        Some((key, value)) if is_key(key) && !value.starts_with("//") => value,
        _ => column,
    };
    if column.len() < 6 || column.len() > 253 {
        return false;
    }
    begins_url(column.as_bytes(), 0) || is_hash(column) || is_date(column) || is_numbered(column) || is_place(column)
}

/// `CVE-2026-31001`, `AS13335`
fn is_numbered(column: &str) -> bool {
    let digits = |rest: &&str| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let number = |prefix: &str| column.strip_prefix(prefix).filter(digits);
    number("CVE-").or_else(|| number("AS")).is_some()
}

fn is_key(key: &str) -> bool {
    (2..=12).contains(&key.len())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn is_hash(column: &str) -> bool {
    matches!(column.len(), 32 | 40 | 56 | 64 | 96 | 128) && column.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `2026-05-01`, perhaps with a time behind it; `01.05.2026`, `05/01/2026`.
fn is_date(column: &str) -> bool {
    let parted = |sign: u8| {
        let lengths = column.as_bytes().split(|byte| *byte == sign).map(<[u8]>::len);
        lengths.eq([2, 2, 4]) && column.bytes().all(|byte| byte.is_ascii_digit() || byte == sign)
    };
    if parted(b'.') || parted(b'/') {
        return true;
    }
    let day = column.get(..10).unwrap_or_default();
    let digits = |(place, byte): (usize, u8)| {
        if matches!(place, 4 | 7) {
            byte == b'-'
        } else {
            byte.is_ascii_digit()
        }
    };
    let ends = column
        .get(10..)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('T'));
    day.len() == 10 && ends && day.bytes().enumerate().all(digits)
}

/// An address, a mailbox or a name, defanged or not.
fn is_place(column: &str) -> bool {
    let plain = column.replace("[.]", ".").replace("[@]", "@").to_ascii_lowercase();
    let named = |name: &str| host::canonical(name).is_some_and(|name| host::registrable(&name).is_some());
    if let Some((local, name)) = plain.split_once('@') {
        return !local.is_empty() && named(name);
    }
    if plain.parse::<Ipv6Addr>().is_ok() {
        return true;
    }
    let place = plain.split(['/', ':']).next().unwrap_or_default();
    place.parse::<Ipv4Addr>().is_ok() || bare::in_list(place) == Some(true)
}
