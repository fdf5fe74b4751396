//! E-mail addresses, and what only looks like them: Message-IDs, Content-IDs, git remotes.

use super::bytes::{ALNUM, DASH, DIGIT, at, before, class, contains, line_before, run_back};
use super::host::{Chain, Host};
use super::refang::Mark;

/// Longest local part (RFC 5321).
const LONGEST: usize = 64;

/// An address.
#[derive(Debug)]
pub struct Email {
    /// `local@domain`, the domain lower-case and in punycode.
    pub value: String,
    /// The domain.
    pub host: Host,
    /// First byte.
    pub start: usize,
    /// Past the last byte.
    pub end: usize,
}

/// What stands around an `@`.
#[derive(Debug)]
pub enum AroundSign {
    /// An address.
    Address(Email),
    /// Formed like an address, but none of a mailbox: Message-ID, git remote. It ends here.
    Other(usize),
}

/// Reads the address whose `@` ends at `mark.end`. The local part ends at `sign`; a defanged one was read as `chain`.
/// Nothing before `floor` belongs to it.
pub fn read(text: &str, chain: Option<&Chain>, sign: usize, mark: Mark, floor: usize) -> Option<AroundSign> {
    let bytes = text.as_bytes();
    let start = local_start(bytes, sign, floor);
    let local = match chain {
        Some(chain) if chain.evident && chain.start <= start => chain.name.clone(),
        _ => text.get(start..sign)?.to_owned(),
    };
    let start = chain
        .filter(|chain| chain.evident)
        .map_or(start, |chain| chain.start.min(start));
    let domain = Chain::read(text, mark.end, mark.evident);
    let host = (domain.labels > 1 && !domain.too_long)
        .then(|| Host::name(&domain.name))
        .flatten()?;
    let valid = !local.is_empty() && local.len() <= LONGEST && !local.contains("..") && host.doubt.is_none();
    if is_password(bytes, start, domain.end) {
        return None;
    }
    let remote = at(bytes, domain.end) == b':' && class(at(bytes, domain.end + 1)) & (ALNUM | DASH) != 0;
    if !valid {
        return None;
    }
    if remote || is_message_id(bytes, start, domain.end, &local) {
        return Some(AroundSign::Other(domain.end));
    }
    Some(AroundSign::Address(Email {
        value: format!("{local}@{}", host.value),
        host: host.defanged(mark.evident || domain.evident || chain.is_some_and(|chain| chain.evident)),
        start,
        end: domain.end,
    }))
}

/// Names before a colon and an address that are accounts; all other words (`mailto:`, `From:`) say what it is.
const ACCOUNTS: [&[u8]; 14] = [
    b"user",
    b"username",
    b"usr",
    b"root",
    b"admin",
    b"administrator",
    b"login",
    b"ftp",
    b"anonymous",
    b"guest",
    b"test",
    b"pi",
    b"ubuntu",
    b"postgres",
];

/// `user:pass@host`, which is a login and no mailbox.
fn is_password(bytes: &[u8], start: usize, end: usize) -> bool {
    if before(bytes, start) != b':' {
        return false;
    }
    let name = bytes.get(run_back(bytes, start - 1, 16)..start - 1).unwrap_or_default();
    let followed = at(bytes, end) == b'/' || at(bytes, end) == b':' && class(at(bytes, end + 1)) & DIGIT != 0;
    !name.is_empty() && (followed || ACCOUNTS.iter().any(|account| account.eq_ignore_ascii_case(name)))
}

/// Where the characters of a local part begin before `sign`.
fn local_start(bytes: &[u8], sign: usize, floor: usize) -> usize {
    let mut start = sign;
    while start > floor && sign - start <= LONGEST {
        let byte = before(bytes, start);
        let local = class(byte) & ALNUM != 0
            || matches!(
                byte,
                b'.' | b'_' | b'-' | b'+' | b'%' | b'=' | b'&' | b'~' | b'#' | b'!' | b'$' | b'\''
            );
        if !local {
            break;
        }
        start -= 1;
    }
    // An assignment, a quote, a list mark: not part of what people's addresses begin with.
    while start < sign && class(at(bytes, start)) & ALNUM == 0 && at(bytes, start) != b'_' {
        start += 1;
    }
    match bytes.get(start..sign).and_then(|local| memchr::memrchr(b'=', local)) {
        Some(equals) if contains(line_before(bytes, start + equals, 8), b"mail") => start + equals + 1,
        _ => start,
    }
}

/// Random-looking local parts in angle brackets, and what stands after the name of such a field.
fn is_message_id(bytes: &[u8], start: usize, end: usize, local: &str) -> bool {
    const FIELDS: [&[u8]; 6] = [
        b"message-id",
        b"in-reply-to",
        b"references:",
        b"content-id",
        b"cid:",
        b"mid:",
    ];
    let lead = line_before(bytes, start, 40);
    if FIELDS.iter().any(|field| contains(lead, field)) {
        return true;
    }
    let digits = local.bytes().filter(u8::is_ascii_digit).count();
    let bracketed = before(bytes, start) == b'<' && at(bytes, end) == b'>';
    let hex = local.len() >= 16
        && local
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'-' | b'.' | b'$'));
    bracketed && (hex || local.len() >= 16 && digits * 3 >= local.len() || local.contains('$'))
}
