//! Schemes and the `://` after them, in all their disguises.

use super::bytes::{ALNUM, at, before, class, run_back};
use super::separator::{Separator, separator};

/// Schemes as written, in lower case, and what they mean; whether they are a disguise. What [`masked`] reads is not here.
const SCHEMES: [(&str, &str, bool); 28] = [
    ("http", "http", false),
    ("https", "https", false),
    ("ftp", "ftp", false),
    ("ftps", "ftps", false),
    ("sftp", "sftp", false),
    ("ws", "ws", false),
    ("wss", "wss", false),
    ("hxxp", "http", true),
    ("hxxps", "https", true),
    ("htxp", "http", true),
    ("htxps", "https", true),
    ("hxtp", "http", true),
    ("hxtps", "https", true),
    ("httx", "http", true),
    ("httxs", "https", true),
    ("xxxx", "http", true),
    ("xxxxs", "https", true),
    ("hxp", "http", true),
    ("htp", "http", true),
    ("hxxxp", "http", true),
    ("htttp", "http", true),
    ("ttp", "http", true),
    ("ttps", "https", true),
    ("meow", "http", true),
    ("meows", "https", true),
    ("fxp", "ftp", true),
    ("fxps", "ftps", true),
    ("f**p", "ftp", true),
];

/// Schemes beyond the web, which malware and its analysts use. Only with `://` directly after them.
const OTHERS: [&str; 59] = [
    "afp",
    "amqp",
    "amqps",
    "dns",
    "file",
    "git",
    "git+ssh",
    "gopher",
    "iiop",
    "imap",
    "imaps",
    "irc",
    "ircs",
    "jrmp",
    "ldap",
    "ldaps",
    "mms",
    "mongodb",
    "mongodb+srv",
    "mqtt",
    "mqtts",
    "mssql",
    "mysql",
    "news",
    "nfs",
    "nntp",
    "pop",
    "pop3",
    "pop3s",
    "pops",
    "postgres",
    "postgresql",
    "quic",
    "rdp",
    "redis",
    "rmi",
    "rsync",
    "rtmp",
    "rtsp",
    "rtsps",
    "scp",
    "smb",
    "smtp",
    "smtps",
    "socks",
    "socks4",
    "socks5",
    "ssh",
    "ssl",
    "stratum+ssl",
    "stratum+tcp",
    "svn",
    "svn+ssh",
    "tcp",
    "telnet",
    "tftp",
    "tls",
    "udp",
    "vnc",
];

/// A scheme and the `://` after it.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// First byte of the scheme.
    pub start: usize,
    /// What it means.
    pub scheme: &'static str,
    /// Disguised.
    pub evident: bool,
    /// What follows it.
    pub separator: Separator,
}

/// A scheme that ends with the word from `start` to `end`, followed by `://` in some form.
pub fn opening(text: &str, start: usize, end: usize) -> Option<Opening> {
    let bytes = text.as_bytes();
    // `[http]://`: the bracket around the scheme, if it is one.
    let closed = end + usize::from(matches!(at(bytes, end), b']' | b')' | b'}' | b'>'));
    match at(bytes, closed) {
        b':' | b'[' | b'(' | b'{' | b' ' | b'\\' | b'/' | b'_' | 0xef => {}
        b';' | b'.' if at(bytes, closed + 1) == b'/' => {}
        _ => return None,
    }
    if let Some(opening) = other(text, start, end) {
        return Some(opening);
    }
    // Every scheme of the web ends in one of these letters: most words are done with here.
    if !matches!(before(bytes, end) | 0x20, b'p' | b's' | b'w' | b'x') {
        return None;
    }
    let (start, scheme, evident) = of_the_web(text, start, end)?;
    let bracketed = closed > end;
    let start = start - usize::from(bracketed && matches!(before(bytes, start), b'[' | b'(' | b'{' | b'<'));
    // `http[s]://`
    let optional = matches!(bytes.get(end..end + 3), Some(b"[s]" | b"(s)" | b"[S]" | b"(S)"));
    let scheme = if optional && scheme == "http" { "https" } else { scheme };
    let separator_at = if optional { end + 3 } else { closed };
    let separator = separator(bytes, separator_at, matches!(scheme, "http" | "https"))?;
    Some(Opening {
        start,
        scheme,
        evident: evident || separator.evident || optional || bracketed,
        separator,
    })
}

/// A scheme of the web at the end of the word: where it begins, what it means, whether it is disguised.
fn of_the_web(text: &str, start: usize, end: usize) -> Option<(usize, &'static str, bool)> {
    let bytes = text.as_bytes();
    let find = |word: &str| SCHEMES.iter().find(|known| known.0.eq_ignore_ascii_case(word));
    // The letters alone may be a word of the table, though `h**p` was meant: `[tt]p`.
    if let Some((begin, secure)) = masked(bytes, end) {
        let disguised = bytes
            .get(begin..end)
            .is_none_or(|written| !written.is_ascii() || !plain(written));
        return Some((begin, if secure { "https" } else { "http" }, disguised));
    }
    let word = text.get(start.max(end.saturating_sub(16))..end)?;
    let (written, scheme, evident) = find(word).or_else(|| starred_ftp(bytes, end).then(|| find("f**p")).flatten())?;
    Some((end - written.len(), scheme, *evident))
}

fn plain(written: &[u8]) -> bool {
    written.eq_ignore_ascii_case(b"http") || written.eq_ignore_ascii_case(b"https")
}

/// `f**p`
fn starred_ftp(bytes: &[u8], end: usize) -> bool {
    end >= 4
        && bytes
            .get(end - 4..end)
            .is_some_and(|written| written.eq_ignore_ascii_case(b"f**p"))
}

/// `http`, `https`, `hxxp`, `h00p`, `h**p`, `h..p`, `h[tt]p`, `hxx[p]`: an h, twice the same (or `xt`, `tx`), a p, perhaps an s,
/// that end at `end`. Where the h stands, and whether there is an s. After a word it has to be one that people write.
fn masked(bytes: &[u8], end: usize) -> Option<(usize, bool)> {
    let mut i = end;
    let mut previous = || {
        loop {
            i = i.checked_sub(1)?;
            match at(bytes, i) {
                b'[' | b']' | b'(' | b')' | b'{' | b'}' => {}
                byte => return Some((byte.to_ascii_lowercase(), i)),
            }
        }
    };
    let (mut last, _) = previous()?;
    let secure = last == b's';
    if secure {
        last = previous()?.0;
    }
    let ((second, _), (first, _), (h, start)) = (previous()?, previous()?, previous()?);
    let filled =
        first == second && first.is_ascii_graphic() && !matches!(first, b'/' | b'\\' | b'<' | b'>' | b'"' | b'\'');
    let alone = class(before(bytes, start)) & ALNUM == 0;
    let usual = matches!(first, b't' | b'x') && start + 4 + usize::from(secure) == end;
    (last == b'p' && filled && h == b'h' && (alone || usual)).then_some((start, secure))
}

/// One of [`OTHERS`] that ends at `end`, where `://` stands, with brackets at most.
fn other(text: &str, start: usize, end: usize) -> Option<Opening> {
    let bytes = text.as_bytes();
    let (first, second) = (at(bytes, end), at(bytes, end + 1));
    if end > start + 12 || !(first == b':' && second == b'/' || matches!(first, b'[' | b'(') && second == b':') {
        return None;
    }
    // `stratum+tcp`
    let start = match before(bytes, start) {
        b'+' => run_back(bytes, start - 1, 8),
        _ => start,
    };
    let word = text.get(start..end)?;
    let scheme = OTHERS.iter().find(|known| known.eq_ignore_ascii_case(word))?;
    let separator = separator(bytes, end, false)?;
    Some(Opening {
        start,
        scheme,
        evident: separator.evident,
        separator,
    })
}
