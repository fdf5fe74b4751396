//! E-mail addresses, and what only looks like them: Message-IDs, Content-IDs, git remotes.

use super::bytes::{ALNUM, DASH, DIGIT, Words, at, before, class, is_unspaced, line_before, run_back};
use super::chain::Chain;
use super::host::Host;
use super::refang::{self, Mark};
use super::{Doubt, cut, local_part};

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
    /// An IP address in brackets stands for the domain.
    pub literal: bool,
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
    let start = local_part::start_of(text, sign, floor);
    let local = match chain {
        Some(chain) if chain.evident && chain.start <= start => chain.name.clone(),
        _ => text.get(start..sign)?.replace('\\', "").replace('\u{2019}', "'"),
    };
    let start = chain
        .filter(|chain| chain.evident)
        .map_or(start, |chain| chain.start.min(start));
    if local.is_empty() || local.len() > local_part::LONGEST || local.contains("..") {
        return None;
    }
    if let Some((host, end)) = literal(text, mark) {
        let value = format!("{local}@{}", text.get(mark.end..end)?);
        return Some(AroundSign::Address(Email {
            value,
            host,
            start,
            end,
            literal: true,
        }));
    }
    let domain = Chain::read(text, mark.end, mark.evident);
    let mut host = (domain.labels > 1 && !domain.too_long)
        .then(|| Host::name(&domain.name))
        .flatten()
        .filter(|host| host.doubt.is_none())?;
    let spaced = refang::is_spaced_at(bytes, sign);
    if is_password(bytes, start, domain.end) || spaced && is_prose(text, start, sign, &domain) {
        return None;
    }
    let remote = at(bytes, domain.end) == b':' && class(at(bytes, domain.end + 1)) & (ALNUM | DASH) != 0;
    if remote || is_message_id(bytes, start, domain.end, &local) {
        return Some(AroundSign::Other(domain.end));
    }
    // Where words without blanks stand before the sign, nobody can tell which of them is the mailbox.
    let sentence = local.chars().filter(|c| is_unspaced(*c)).count() > 4;
    if sentence || cut::is_rest(text, floor, start, domain.end) {
        host.doubt = Some(Doubt::NotWhole);
    }
    Some(AroundSign::Address(Email {
        value: format!("{local}@{}", host.value),
        host: host.defanged(mark.evident || domain.evident || chain.is_some_and(|chain| chain.evident)),
        start,
        end: domain.end,
        literal: false,
    }))
}

/// `ops@[192.0.2.1]`: the address in the brackets, and their end.
fn literal(text: &str, mark: Mark) -> Option<(Host, usize)> {
    let bytes = text.as_bytes();
    if mark.evident || at(bytes, mark.end) != b'[' {
        return None;
    }
    let window = bytes.get(mark.end..bytes.len().min(mark.end + 60))?;
    let close = mark.end + memchr::memchr(b']', window)?;
    let inner = text.get(mark.end + 1..close)?;
    let host = match inner.parse() {
        Ok(address) => Host::v4(address, inner),
        Err(_) => Host::v6(inner.strip_prefix("IPv6:")?.parse().ok()?),
    };
    Some((host, close + 1))
}

/// Words before a lone `@` or `AT` that say where something is, and name no mailbox.
const PLACES: [&str; 44] = [
    "a",
    "all",
    "and",
    "available",
    "back",
    "based",
    "be",
    "call",
    "domain",
    "down",
    "file",
    "found",
    "here",
    "home",
    "host",
    "hosted",
    "in",
    "is",
    "it",
    "live",
    "located",
    "look",
    "me",
    "meet",
    "now",
    "offer",
    "online",
    "or",
    "out",
    "page",
    "reachable",
    "registered",
    "resolves",
    "seen",
    "served",
    "server",
    "site",
    "stored",
    "time",
    "up",
    "us",
    "was",
    "works",
    "you",
];

/// Whether a sign or a word between blanks is one of the sentence: `hosted @ evil.com`. A word needs a defanged domain beside it.
fn is_prose(text: &str, start: usize, sign: usize, domain: &Chain) -> bool {
    let local = text.get(start..sign).unwrap_or_default();
    let word = !text.get(sign..).unwrap_or_default().trim_start().starts_with('@');
    let lower = local.to_ascii_lowercase();
    let loud = local.bytes().any(|byte| byte.is_ascii_uppercase()) && local.to_ascii_uppercase() == local;
    word && (!domain.evident || loud)
        || local.len() < 2
        || PLACES.contains(&lower.as_str())
        || local.bytes().all(|byte| byte.is_ascii_digit())
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

/// Random-looking local parts in angle brackets, and what stands after the name of such a field.
fn is_message_id(bytes: &[u8], start: usize, end: usize, local: &str) -> bool {
    const FIELDS: Words<6> = Words::new([
        b"message-id",
        b"in-reply-to",
        b"references:",
        b"content-id",
        b"cid:",
        b"mid:",
    ]);
    let lead = line_before(bytes, start, 40);
    if FIELDS.are_in(lead) {
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
