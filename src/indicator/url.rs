//! URLs: user information, host, port. The scheme before it is read in `scheme`, the tail after the host in `tail`; what a
//! link rewriter hides is found in `rewriter`.

use std::net::Ipv6Addr;

use super::bytes::{ALNUM, DIGIT, at, before, class, is_alnum, run, run_back, skip_blanks, starts_with};
use super::chain::Chain;
use super::host::Host;
pub use super::scheme::{Opening, opening};
use super::separator::Slashes;
use super::tail::{self, Setting};
use super::{Doubt, Kind, refang};

/// A URL.
#[derive(Debug)]
pub struct Url {
    /// Refanged and normalised.
    pub value: String,
    /// Its host.
    pub host: Host,
    /// Past its last byte.
    pub end: usize,
    /// It was defanged in the text.
    pub defanged: bool,
}

/// Reads what follows `opening`. `exact`: the text ends with the URL.
pub fn read(text: &str, opening: &Opening, setting: Setting) -> Option<Url> {
    let bytes = text.as_bytes();
    let separator = opening.separator;
    if separator.spaced && !opening.evident && !has_dot_soon(bytes, separator.end) {
        return None;
    }
    let user_end = user_information(text, separator.end, setting);
    let at_host = user_end.map_or(separator.end, |(_, end)| end);
    let loose = opening.evident || separator.spaced;
    let (host, end) = host(text, at_host, loose)?;
    if matches!(host.value.as_str(), "http" | "https") && at(bytes, end) == b':' {
        // `http://https://evil.com`: what is meant begins with the second scheme.
        return None;
    }
    if separator.damaged && host.doubt.is_some() {
        return None;
    }
    let mut value = String::with_capacity(opening.scheme.len() + "://".len() + host.in_url.len() + 32);
    value.push_str(opening.scheme);
    value.push_str("://");
    if let Some((end, _)) = user_end {
        value.push_str(text.get(separator.end..end)?);
        value.push('@');
    }
    value.push_str(&host.in_url);
    let mut defanged = opening.evident || host.defanged || user_end.is_some_and(|(sign, _)| at(bytes, sign) != b'@');
    let mut end = end;
    if let Some((port, past)) = port(text, end) {
        value.push(':');
        value.push_str(port);
        defanged |= at(bytes, end) != b':';
        end = past;
    } else if at(bytes, end) == b':' && at(bytes, end + 1) == b'/' {
        // A colon without a port says nothing.
        end += 1;
    }
    let setting = Setting {
        slashes: separator.slashes,
        ..setting
    };
    let (end, tail_defanged) = read_tail(text, end, setting, &mut value);
    let defanged = defanged || tail_defanged;
    let host = host.defanged(defanged);
    Some(Url {
        value,
        host,
        end,
        defanged,
    })
}

/// Appends the tail at `end`, if there is one, to `value`; gives where it ends, and whether it was defanged.
pub fn read_tail(text: &str, end: usize, setting: Setting, value: &mut String) -> (usize, bool) {
    let bytes = text.as_bytes();
    let begins = matches!(at(bytes, end), b'?' | b'#')
        || refang::slash(bytes, end).is_some()
        || setting.slashes == Slashes::Back && at(bytes, end) == b'\\';
    if !begins {
        return (end, false);
    }
    let slashes = match setting.slashes {
        Slashes::Plain if at(bytes, end) == b'\\' => Slashes::Escaped,
        slashes => slashes,
    };
    let tail = tail::read(text, end, Setting { slashes, ..setting });
    value.push_str(&tail.value);
    (tail.end, tail.defanged)
}

fn has_dot_soon(bytes: &[u8], start: usize) -> bool {
    bytes.get(start..bytes.len().min(start + 64)).is_some_and(|window| {
        window
            .iter()
            .take_while(|byte| !byte.is_ascii_whitespace())
            .any(|byte| *byte == b'.')
    })
}

/// Where the `@` after user information stands, and where it ends.
fn user_information(text: &str, start: usize, setting: Setting) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut found = None;
    let mut i = start;
    while i < start + 512 {
        match at(bytes, i) {
            0..=b' ' | b'/' | b'?' | b'#' | b'<' | b'>' | b'"' | b'\'' | b'`' | b'|' => break,
            b',' if setting.fields => break,
            b'\\' if at(bytes, i + 1) != b'@' => break,
            b'@' | b'[' | b'\\' => {
                if let Some(mark) = refang::at_sign(bytes, i).filter(|_| i > start) {
                    found = Some((i, mark.end));
                }
            }
            _ => {}
        }
        i += 1;
    }
    found.filter(|(_, end)| setting.exact || !is_next_column(text, start, *end))
}

/// Whether the `@` that ends at `sign` belongs to an address that stands beside a URL without a path:
/// `https://evil.top,abuse@x.ru`, `[site](https://evil.top)[mail](mailto:a@x.ru)`.
fn is_next_column(text: &str, start: usize, sign: usize) -> bool {
    let bytes = text.as_bytes();
    let Some((host, end)) = host(text, start, false) else {
        return false;
    };
    let end = port(text, end).map_or(end, |port| port.1);
    let parted = end < sign
        && matches!(
            at(bytes, end),
            b',' | b';' | b'(' | b')' | b'*' | b'=' | b'[' | b']' | b'{' | b'}' | b'&'
        );
    // `http://paypal.com;id=1@evil.com/login` leads to the last name.
    let leads_on = || {
        let end = Chain::read(text, sign, false).end;
        matches!(at(bytes, end), b'/' | b'?' | b'#') || port(text, end).is_some()
    };
    parted && host.doubt.is_none() && !leads_on()
}

/// The host at `i` and where it ends.
fn host(text: &str, i: usize, loose: bool) -> Option<(Host, usize)> {
    let bytes = text.as_bytes();
    if at(bytes, i) == b'[' {
        let window = bytes.get(i + 1..bytes.len().min(i + 70))?;
        let close = i + 1 + memchr::memchr(b']', window)?;
        let inner = text.get(i + 1..close)?;
        let address = inner.split('%').next()?;
        if let Ok(address) = address.parse::<Ipv6Addr>() {
            return Some((Host::v6(address), close + 1));
        }
        // `http://[evil.com]/`
        let chain = Chain::read(text, i + 1, false);
        return (chain.end == close && chain.labels > 1)
            .then(|| Some((Host::in_url(&chain.name)?.defanged(true), close + 1)))?;
    }
    if class(at(bytes, i)) & (super::bytes::HIGH | ALNUM) == 0 && at(bytes, i) != b'_' {
        return percent_coded(text, i);
    }
    let chain = Chain::after_scheme(text, i, loose);
    if chain.too_long || chain.name.is_empty() {
        return None;
    }
    if at(bytes, chain.end) == b'%' {
        return percent_coded(text, i);
    }
    // A root dot before the path belongs to the host: `http://evil.com./x`.
    let rooted = at(bytes, chain.end) == b'.' && at(bytes, chain.end + 1) == b'/';
    // `https://https://evil.com`: the scheme is there twice.
    if matches!(chain.name.as_str(), "http" | "https")
        && bytes
            .get(chain.end..)
            .is_some_and(|rest| rest.starts_with(b":/") || rest.starts_with(b"//"))
    {
        return None;
    }
    let mut host = Host::in_url(&chain.name).or_else(|| Host::not_whole(&chain))?;
    // `http://45.77. 65.211/a` is no address with two numbers.
    if host.kind == Kind::Ip && matches!(chain.labels, 2 | 3) && at(bytes, chain.end) == b'.' {
        host.doubt = Some(Doubt::NotWhole);
    }
    Some((host.defanged(chain.evident), chain.end + usize::from(rooted)))
}

/// A host with percent codes, as only browsers understand it.
fn percent_coded(text: &str, i: usize) -> Option<(Host, usize)> {
    let bytes = text.as_bytes();
    let mut end = i;
    while end < i + 256 && (class(at(bytes, end)) & ALNUM != 0 || matches!(at(bytes, end), b'%' | b'.' | b'-' | b'_')) {
        end += 1;
    }
    let written = text.get(i..end).filter(|written| written.contains('%'))?;
    let parsed = url::Host::parse(written).ok()?;
    Some((Host::in_url(&parsed.to_string())?, end))
}

/// A port with its colon at `i`, as written.
pub fn port(text: &str, i: usize) -> Option<(&str, usize)> {
    let bytes = text.as_bytes();
    let mark = refang::colon(bytes, i)?;
    let start = if mark.evident {
        skip_blanks(bytes, mark.end, 1)
    } else {
        mark.end
    };
    let end = run(bytes, start, DIGIT);
    let port = text.get(start..end)?;
    let valid = port.len() <= 5 && port.parse::<u16>().is_ok_and(|port| port > 0);
    let whole =
        class(at(bytes, end)) & ALNUM == 0 && !(at(bytes, end) == b':' && class(at(bytes, end + 1)) & DIGIT != 0);
    (valid && whole).then_some((port, end))
}

/// Whether `/tcp` or `/udp` stands at `i`: after a port it is no path.
pub fn is_protocol(bytes: &[u8], i: usize) -> bool {
    [&b"/tcp"[..], b"/udp"].iter().any(|name| starts_with(bytes, i, name)) && !is_alnum(bytes, i + 4)
}

/// The port behind the host of `/dev/tcp/HOST/PORT`, a shell's name for a connection: `host` begins at `start` and ends at `end`.
pub fn device_port(text: &str, start: usize, end: usize) -> Option<(&str, usize)> {
    let bytes = text.as_bytes();
    let device = bytes.get(start.checked_sub(9)?..start)?;
    if !matches!(device, b"/dev/tcp/" | b"/dev/udp/") || at(bytes, end) != b'/' {
        return None;
    }
    let past = run(bytes, end + 1, DIGIT);
    let port = text.get(end + 1..past).filter(|port| port.len() <= 5)?;
    port.parse::<u16>().is_ok_and(|port| port > 0).then_some((port, past))
}

/// Whether `tcp/` or another protocol stands before `start`: what follows it is no part of a path.
pub fn led_by_protocol(bytes: &[u8], start: usize) -> bool {
    const NAMES: [&[u8]; 9] = [
        b"tcp", b"udp", b"http", b"https", b"tls", b"ssl", b"ssh", b"rdp", b"ftp",
    ];
    let Some(slash) = start.checked_sub(1).filter(|slash| at(bytes, *slash) == b'/') else {
        return false;
    };
    let begin = run_back(bytes, slash, 6);
    let name = bytes.get(begin..slash).unwrap_or_default();
    // `~/.ssh/id_rsa.pub` is a path.
    let path = matches!(before(bytes, begin), b'.' | b'\\' | b'-' | b'_');
    !path && NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// How the URL that begins at `start` stands in the text.
pub fn setting(bytes: &[u8], start: usize, fields: bool) -> Setting {
    Setting {
        before: before(bytes, start),
        fields,
        ..Setting::default()
    }
}
