//! Schemes and the `://` after them, in all their disguises.

use super::bytes::{ALNUM, at, before, class, run_back};
use super::refang::{self, Separator};

/// Schemes as written (lower-case, the letters of `h**p` included) and what they mean; whether they are a disguise.
const SCHEMES: [(&str, &str, bool); 26] = [
    ("http", "http", false),
    ("https", "https", false),
    ("ftp", "ftp", false),
    ("ftps", "ftps", false),
    ("sftp", "sftp", false),
    ("ws", "ws", false),
    ("wss", "wss", false),
    ("hxxp", "http", true),
    ("hxxps", "https", true),
    ("h**p", "http", true),
    ("h**ps", "https", true),
    ("h__p", "http", true),
    ("h__ps", "https", true),
    ("htxp", "http", true),
    ("htxps", "https", true),
    ("hxtp", "http", true),
    ("hxtps", "https", true),
    ("httx", "http", true),
    ("httxs", "https", true),
    ("hzzp", "http", true),
    ("hzzps", "https", true),
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

/// A scheme at `start` (a word that ends at `end`), or as the end of that word, followed by `://` in some form.
pub fn opening(text: &str, start: usize, end: usize) -> Option<Opening> {
    let bytes = text.as_bytes();
    let mut end = end;
    if end - start == 1 && matches!(at(bytes, end), b'*' | b'_') {
        // `h**p`
        while end < start + 5 && (matches!(at(bytes, end), b'*' | b'_') || class(at(bytes, end)) & ALNUM != 0) {
            end += 1;
        }
    }
    if end < start + 2 || !matches!(at(bytes, end), b':' | b'[' | b'(' | b'{' | b' ' | 0xef) {
        return None;
    }
    if let Some(opening) = other(text, start, end) {
        return Some(opening);
    }
    // Every scheme of the web ends in one of these letters: most words are done with here.
    if !matches!(before(bytes, end) | 0x20, b'p' | b's' | b'w' | b'x') {
        return None;
    }
    let word = text.get(start.max(end.saturating_sub(16))..end)?;
    let find = |word: &str| SCHEMES.iter().find(|known| known.0.eq_ignore_ascii_case(word));
    let (written, scheme, evident) = find(word).or_else(|| glued(word).and_then(find))?;
    let start = end - written.len();
    // `http[s]://`
    let optional = matches!(bytes.get(end..end + 3), Some(b"[s]" | b"(s)" | b"[S]" | b"(S)"));
    let scheme = if optional && *scheme == "http" { "https" } else { scheme };
    let separator = refang::separator(bytes, if optional { end + 3 } else { end })?;
    let evident = *evident || separator.evident || optional;
    Some(Opening {
        start,
        scheme,
        evident,
        separator,
    })
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
    let separator = refang::separator(bytes, end)?;
    Some(Opening {
        start,
        scheme,
        evident: separator.evident,
        separator,
    })
}

/// `Linkhttp`: a scheme that follows a word without a blank.
fn glued(word: &str) -> Option<&str> {
    ["https", "http", "hxxps", "hxxp"].into_iter().find_map(|scheme| {
        let from = word.len().checked_sub(scheme.len())?;
        word.get(from..).filter(|tail| tail.eq_ignore_ascii_case(scheme))
    })
}
