//! Where the local part of an e-mail address begins in the text.

use super::bytes::{ALNUM, HIGH, at, before, char_before, class, is_alnum, is_combining, is_invisible, is_unspaced};
use crate::domain::host;

/// Longest local part (RFC 5321).
pub const LONGEST: usize = 64;

/// Where the characters of a local part begin before `sign`.
pub fn start_of(text: &str, sign: usize, floor: usize) -> usize {
    let bytes = text.as_bytes();
    let mut start = sign;
    // Chinese, Japanese and Korean words stand without a blank before a Latin local part.
    let mut unspaced = None;
    while start > floor && sign - start <= LONGEST {
        let Some(c) = char_before(text, start) else { break };
        let local = match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => unspaced.replace(false) != Some(true),
            '.' | '_' | '-' | '+' | '%' | '=' | '&' | '~' | '#' | '!' | '$' | '\'' => true,
            // `lena\_b`: as Markdown writes it.
            '\\' => matches!(at(bytes, start), b'_' | b'-' | b'.' | b'+' | b'*'),
            // O’Brien
            '\u{2019}' => matches!(before(bytes, start - 3), b'O' | b'o') && !is_alnum(bytes, start.wrapping_sub(5)),
            _ if is_combining(c) || is_invisible(c) => true,
            _ => {
                c.is_alphanumeric()
                    && unspaced
                        .replace(is_unspaced(c))
                        .is_none_or(|before| before == is_unspaced(c))
            }
        };
        if !local || start - c.len_utf8() < floor {
            break;
        }
        start -= c.len_utf8();
    }
    // An assignment, a quote, a list mark: not part of what people's addresses begin with.
    while start < sign && class(at(bytes, start)) & (ALNUM | HIGH) == 0 && at(bytes, start) != b'_' {
        start += 1;
    }
    past_keys(text, start, sign)
}

/// Past the keys before an address: `user=lena@x.com`, `from=lena@x.com`. Signed and forwarding local parts keep their signs:
/// `prvs=318f4e478=alan@x.com`, `bounce-lena=victim.com@x.com`.
fn past_keys(text: &str, start: usize, sign: usize) -> usize {
    const KEYS: [&str; 26] = [
        "user",
        "username",
        "usr",
        "from",
        "to",
        "cc",
        "bcc",
        "rcpt",
        "recipient",
        "sender",
        "mail",
        "email",
        "e-mail",
        "mailto",
        "login",
        "account",
        "acct",
        "id",
        "uid",
        "name",
        "addr",
        "address",
        "reply-to",
        "replyto",
        "contact",
        "upn",
    ];
    let mut rest = text.get(start..sign).unwrap_or_default();
    // `smtp.mailfrom=`, `orig_to=`: the last word of a key says what it is.
    let is_known = |key: &str| {
        let last = key
            .rsplit(['=', '&', '#', '!', '$', '.', '_', '-'])
            .next()
            .unwrap_or_default();
        let last = last.to_ascii_lowercase();
        KEYS.contains(&last.as_str()) || last.ends_with("mail") || last.ends_with("from")
    };
    while let Some((_, behind)) = rest.split_once('=').filter(|(key, _)| is_known(key)) {
        rest = behind;
    }
    if let Some((key, behind)) = rest.rsplit_once('=') {
        let worded = (1..=16).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphabetic());
        let lower = key.to_ascii_lowercase();
        let forwarding = lower.starts_with("prvs") || lower.starts_with("srs") || host::registrable(behind).is_some();
        if is_known(key) || worded && !forwarding {
            rest = behind;
        }
    }
    sign - rest.len()
}
