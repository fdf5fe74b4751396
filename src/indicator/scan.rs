//! The one pass over a text: from word to word, asking the families what begins there.

use std::ops::Range;
use std::sync::Arc;

use super::bytes::{at, before, class, is_alnum, run, ALNUM, DIGIT, HEX, HIGH, JOIN};
use super::found::Found;
use super::host::{Chain, Host};
use super::ip::{self, Dotted};
use super::lines::{HostLists, LineCounter};
use super::{bare, coin, email, hash, name, refang, url, Doubt, Indicator, Kind, Place};

/// What is scanned, and where.
pub struct Scan<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    part: Arc<str>,
    /// Fields are separated by commas.
    pub(super) fields: bool,
    lines: LineCounter,
    lists: HostLists,
    /// The line that all finds get, when the text is not that of the part.
    fixed_line: Option<u32>,
    /// Names up to here were judged: no word before it begins a name again.
    judged: usize,
    /// Nothing before this belongs to a new find.
    floor: usize,
    pub(super) found: &'a mut Found,
}

/// A find, before it has a place.
#[derive(Default)]
pub struct Find {
    /// See [`Indicator::host`].
    pub host: Option<String>,
    /// See [`Indicator::note`].
    pub note: Option<String>,
    /// See [`Indicator::doubt`].
    pub doubt: Option<Doubt>,
}

impl<'a> Scan<'a> {
    /// Prepares a pass over `text`.
    pub fn new(text: &'a str, part: &Arc<str>, found: &'a mut Found) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            part: Arc::clone(part),
            fields: false,
            lines: LineCounter::default(),
            lists: HostLists::default(),
            fixed_line: None,
            judged: 0,
            floor: 0,
            found,
        }
    }

    /// All finds are on this line.
    pub fn on_line(mut self, line: u32) -> Self {
        self.fixed_line = Some(line);
        self
    }

    /// Fields are separated by commas.
    pub fn with_fields(mut self, fields: bool) -> Self {
        self.fields = fields;
        self
    }

    /// Reads one stretch of the text.
    pub fn run(&mut self, stretch: Range<usize>) {
        let mut i = stretch.start;
        self.floor = stretch.start;
        // A find may not reach beyond the stretch: what follows is not to be read.
        let (text, bytes) = (self.text, self.bytes);
        self.text = text.get(..stretch.end).unwrap_or(text);
        self.bytes = self.text.as_bytes();
        while i < stretch.end {
            let class = class(at(self.bytes, i));
            if class & ALNUM != 0 {
                i = self.word(i);
            } else if class & HIGH != 0 {
                i = self.high(i);
            } else if class != 0 && at(self.bytes, i) == b':' && at(self.bytes, i + 1) == b':' {
                i = self.double_colon(i);
            } else {
                i += 1;
            }
        }
        self.text = text;
        self.bytes = bytes;
    }

    /// A word of ASCII letters and digits begins at `start`. Gives where to go on.
    fn word(&mut self, start: usize) -> usize {
        let bytes = self.bytes;
        let (mut end, mut all, mut union) = (start, HEX | DIGIT, 0);
        loop {
            let bits = class(at(bytes, end));
            if bits & ALNUM == 0 {
                break;
            }
            if bits & (HEX | DIGIT) == 0 {
                all = 0;
            }
            union |= bits;
            end += 1;
        }
        let length = end - start;
        if length >= 14 {
            if let Some(end) = self.long_word(start, end, all != 0) {
                return end;
            }
        }
        if length <= 20 {
            if let Some(end) = self.keyword(start, length) {
                return end;
            }
        }
        let next = at(bytes, end);
        if class(next) & JOIN == 0 && !(next == b' ' && matches!(at(bytes, end + 1), b'[' | b'(' | b'{' | b'D' | b':' | b' ')) {
            return end;
        }
        self.joined(start, end, all != 0).unwrap_or(end).max(end)
    }

    /// Hashes and coins.
    fn long_word(&mut self, start: usize, end: usize, hexadecimal: bool) -> Option<usize> {
        if hexadecimal && !self.is_host_label(end) {
            if let Some(hash) = hash::read(self.text, start, end) {
                self.add(start..end, hash.kind, hash.value, Find { doubt: hash.doubt, ..Find::default() });
                return Some(end);
            }
        } else if !matches!(before(self.bytes, start), b'-' | b'_' | b'/' | b'.') && at(self.bytes, end) != b'@' {
            if let Some(coin) = coin::read(self.text, start, end) {
                let note = coin.name.map(str::to_owned);
                self.add(start..end, coin.kind, coin.value, Find { note, ..Find::default() });
                return Some(end);
            }
        }
        None
    }

    /// Whether the word that ends at `end` is the first label of a longer name (which is no file of that hash).
    fn is_host_label(&self, end: usize) -> bool {
        let joined = at(self.bytes, end) == b'.' && is_alnum(self.bytes, end + 1);
        joined && {
            let next = super::bytes::label_end(self.text, end + 1);
            !bare::is_file_name(&format!("x.{}", self.text.get(end + 1..next).unwrap_or_default()))
        }
    }

    /// Words that begin something by their letters.
    fn keyword(&mut self, start: usize, length: usize) -> Option<usize> {
        let bytes = self.bytes;
        let (first, second) = (at(bytes, start) | 0x20, at(bytes, start + 1) | 0x20);
        let (kind, value, end) = match (first, second) {
            (b'c', b'v') if length >= 3 && at(bytes, start + 2) | 0x20 == b'e' && length == 3 => {
                let (value, end) = name::cve(bytes, start)?;
                (Kind::Vulnerability, value, end)
            }
            (b'a', b's') => {
                let (value, end) = name::autonomous_system(bytes, start)?;
                (Kind::As, value, end)
            }
            (b'h', b'k') => {
                let (value, end) = name::registry_key(self.text, start)?;
                (Kind::Regkey, value, end)
            }
            _ => return None,
        };
        self.add(start..end, kind, value, Find::default());
        self.floor = end;
        Some(end)
    }

    /// A word that something joins to what follows.
    fn joined(&mut self, start: usize, end: usize, hexadecimal: bool) -> Option<usize> {
        let bytes = self.bytes;
        let next = at(bytes, end);
        if let Some(opening) = url::opening(self.text, start, end) {
            if let Some(end) = self.url(&opening) {
                return Some(end);
            }
        }
        if hexadecimal && end - start <= 10 {
            if let Some(end) = self.groups(start, end) {
                return Some(end);
            }
        }
        if start < self.judged {
            return refang::at_sign(bytes, end).and_then(|mark| self.email(None, end, mark)).or_else(|| {
                // The last label of a judged name may still carry a scheme or a local part.
                (next == b'.').then_some(end)
            });
        }
        self.name(start)
    }

    /// Digits and letters of numbers: IPv4, ssdeep, MAC, IPv6.
    fn groups(&mut self, start: usize, end: usize) -> Option<usize> {
        let bytes = self.bytes;
        let next = at(bytes, end);
        let decimal = run(bytes, start, DIGIT) == end;
        if decimal && next == b':' {
            if let Some(end) = hash::ssdeep_end(bytes, start, end) {
                let value = self.text.get(start..end)?.to_owned();
                self.add(start..end, Kind::Ssdeep, value, Find::default());
                return Some(end);
            }
        }
        if let Some((value, end)) = name::mac(bytes, start) {
            self.add(start..end, Kind::Mac, value, Find::default());
            return Some(end);
        }
        if end - start <= 4 && refang::colon(bytes, end).is_some() {
            let colons = ip::read_v6(self.text, start);
            if let Some(address) = colons.address.filter(|_| !matches!(before(bytes, start), b':' | b'.' | b'-' | b'_')) {
                return Some(self.v6(start, address, colons.end));
            }
            // Pairs of a fingerprint, a time: looked at once.
            return (colons.end > end + 4).then_some(colons.end);
        }
        if decimal && start >= self.judged {
            match ip::read_v4(self.text, start) {
                Dotted::Address(v4) => return self.v4(start, &v4),
                Dotted::Number(end) => {
                    self.judged = end;
                    return Some(end);
                }
                Dotted::Other => {}
            }
        }
        None
    }

    /// A character beyond ASCII: perhaps the start of an IDN.
    fn high(&mut self, start: usize) -> usize {
        let Some(c) = super::bytes::char_at(self.text, start) else { return start + 1 };
        if !c.is_alphanumeric() {
            return start + c.len_utf8();
        }
        let end = super::bytes::label_end(self.text, start).max(start + c.len_utf8());
        let joined = class(at(self.bytes, end)) & JOIN != 0 && start >= self.judged;
        joined.then(|| self.name(start)).flatten().unwrap_or(end)
    }

    /// `::1`, `::ffff:1.2.3.4`
    fn double_colon(&mut self, start: usize) -> usize {
        let past = super::bytes::run_of(self.bytes, start, b':');
        let lead = before(self.bytes, start);
        if class(lead) & (ALNUM | HIGH) != 0 || matches!(lead, b'>' | b')' | b']' | b'_') || past != start + 2 {
            return past;
        }
        let colons = ip::read_v6(self.text, start);
        match colons.address {
            Some(address) => self.v6(start, address, colons.end),
            None => colons.end.max(past),
        }
    }

    /// A chain of labels: an address's local part, a URL without scheme, or a bare name.
    fn name(&mut self, start: usize) -> Option<usize> {
        let chain = Chain::read(self.text, start, false);
        self.judged = self.judged.max(chain.end);
        if let Some(mark) = refang::at_sign(self.bytes, chain.end) {
            if let Some(end) = self.email(Some(&chain), chain.end, mark) {
                return Some(end);
            }
        }
        if chain.labels < 2 || chain.too_long || self.is_local_part(chain.end) {
            return None;
        }
        if let Some(end) = self.glued_url(&chain) {
            return Some(end);
        }
        let bytes = self.bytes;
        let slash = refang::slash(bytes, chain.end).filter(|mark| {
            is_alnum(bytes, mark.end) || matches!(at(bytes, mark.end), b'?' | b'#' | b'~' | b'_' | b'.' | b'%' | b'-')
                || class(at(bytes, mark.end)) & HIGH != 0 || chain.labels > 1
        });
        let port = url::port(self.text, chain.end);
        let path_at = port.map_or(chain.end, |port| port.1);
        let path = slash.is_some() || port.is_some() && refang::slash(bytes, path_at).is_some();
        let (text, lists) = (self.text, &mut self.lists);
        let host = bare::judge(text, &chain, path, || lists.contains(text, start))?;
        if path {
            return Some(self.without_scheme(start, path_at, port.map(|port| port.0), &host, &chain.name));
        }
        Some(self.host_or_port(start, chain.end, host))
    }

    /// `text.http://evil.com`
    fn glued_url(&mut self, chain: &Chain) -> Option<usize> {
        if !matches!(at(self.bytes, chain.end), b':' | b'[') {
            return None;
        }
        let written = self.text.get(chain.start..chain.end)?;
        let last = chain.end - written.rsplit('.').next()?.len();
        let opening = url::opening(self.text, last, chain.end)?;
        self.url(&opening)
    }

    /// Whether what follows leads to an `@`: then this was no host but part of a local part.
    fn is_local_part(&self, end: usize) -> bool {
        let local = |byte: u8| class(byte) & ALNUM != 0 || matches!(byte, b'+' | b'.' | b'-' | b'_' | b'=' | b'%');
        if !matches!(at(self.bytes, end), b'+' | b'=' | b'%') {
            return false;
        }
        let window = self.bytes.get(end..self.bytes.len().min(end + 64)).unwrap_or_default();
        window.iter().find(|byte| !local(**byte)) == Some(&b'@')
    }

    fn email(&mut self, chain: Option<&Chain>, sign: usize, mark: refang::Mark) -> Option<usize> {
        let email = match email::read(self.text, chain, sign, mark, self.floor)? {
            email::Found::Address(email) => email,
            email::Found::Other(end) => {
                self.judged = self.judged.max(end);
                self.floor = end;
                return Some(end);
            }
        };
        let find = Find { host: Some(email.host.value), note: email.host.note, doubt: None };
        self.add(email.start..email.end, Kind::Email, email.value, find);
        self.floor = email.end;
        self.judged = self.judged.max(email.end);
        Some(email.end)
    }

    fn v4(&mut self, start: usize, v4: &ip::V4) -> Option<usize> {
        let (bytes, end) = (self.bytes, v4.end);
        // `1-2-3-4.isp.net` and `1.2.3.4-static.isp.net` are names.
        if matches!(at(bytes, end), b'-' | b'_') && !v4.evident {
            let chain = Chain::read(self.text, start, false);
            if chain.name.bytes().any(|byte| byte.is_ascii_alphabetic()) {
                return None;
            }
        }
        let mut host = Host::v4(v4.address, self.text.get(start..end).unwrap_or_default());
        if v4.evident {
            host.in_url.clone_from(&host.value);
        }
        let lead = before(bytes, start);
        let led_by_name = matches!(lead, b'/' | b'-' | b'_') && start >= 2 && class(at(bytes, start - 2)) & (ALNUM & !DIGIT) != 0
            && (at(bytes, start - 2).is_ascii_alphabetic());
        if !v4.evident && (led_by_name || says_version(super::bytes::line_before(bytes, start, 20))) {
            host.doubt = host.doubt.or(Some(Doubt::Version));
        }
        Some(self.address(start, end, host, 32))
    }

    fn v6(&mut self, start: usize, address: std::net::Ipv6Addr, end: usize) -> usize {
        let end = ip::zone_end(self.bytes, end);
        let host = Host::v6(address);
        let bracketed = before(self.bytes, start) == b'[' && at(self.bytes, end) == b']';
        if bracketed {
            if let Some((port, past)) = url::port(self.text, end + 1) {
                let value = format!("{}|{port}", host.value);
                let find = Find { host: Some(host.value), note: None, doubt: host.doubt };
                self.add(start - 1..past, Kind::IpPort, value, find);
                return past;
            }
        }
        self.address(start, end, host, 128)
    }

    /// An address: perhaps a block, with a port, or with a path.
    fn address(&mut self, start: usize, end: usize, host: Host, longest: u8) -> usize {
        let bytes = self.bytes;
        self.judged = self.judged.max(end);
        if let Some(mark) = refang::slash(bytes, end) {
            let past = run(bytes, mark.end, DIGIT);
            let length = self.text.get(mark.end..past).and_then(|digits| digits.parse::<u8>().ok());
            let ends = !is_alnum(bytes, past) && at(bytes, past) != b'/' && !(at(bytes, past) == b'.' && is_alnum(bytes, past + 1));
            if let Some(length) = length.filter(|length| *length <= longest && past - mark.end <= 3 && ends) {
                let value = format!("{}/{length}", host.value);
                self.add(start..past, Kind::Cidr, value, Find { host: Some(host.value), note: None, doubt: host.doubt });
                return past;
            }
            if longest == 32 && (is_alnum(bytes, mark.end) || matches!(at(bytes, mark.end), b'?' | b'~' | b'_' | b'.' | b'%')) {
                let written = host.in_url.clone();
                return self.without_scheme(start, end, None, &host, &written);
            }
        }
        if longest == 32 {
            if let Some((port, past)) = url::port(self.text, end) {
                if refang::slash(bytes, past).is_some() {
                    let written = host.in_url.clone();
                    return self.without_scheme(start, past, Some(port), &host, &written);
                }
            }
            return self.host_or_port(start, end, host);
        }
        self.add_host(start..end, host);
        end
    }

    /// `host` or `host:port`.
    fn host_or_port(&mut self, start: usize, end: usize, host: Host) -> usize {
        let Some((port, past)) = url::port(self.text, end) else {
            self.add_host(start..end, host);
            return end;
        };
        let value = format!("{}|{port}", host.value);
        let find = Find { host: Some(host.value), note: host.note, doubt: host.doubt };
        self.add(start..past, bare::with_port(host.kind), value, find);
        past
    }

    pub(super) fn add_host(&mut self, span: Range<usize>, host: Host) {
        let find = Find { host: Some(host.value.clone()), note: host.note, doubt: host.doubt };
        self.add(span, host.kind, host.value, find);
    }

    /// Adds a find that stands in `span`.
    pub(super) fn add(&mut self, span: Range<usize>, kind: Kind, value: String, find: Find) {
        let line = self.fixed_line.unwrap_or_else(|| self.lines.at(self.bytes, span.start));
        self.floor = self.floor.max(span.end);
        let written = self.text.get(span).unwrap_or_default();
        let cut = written.char_indices().nth(300).map_or(written.len(), |(cut, _)| cut);
        let place = Place { part: Arc::clone(&self.part), line, written: written.get(..cut).unwrap_or_default().into() };
        self.found.add(Indicator { kind, value, place, note: find.note, doubt: find.doubt, host: find.host });
    }
}

fn says_version(lead: &[u8]) -> bool {
    let lead = lead.trim_ascii_end();
    let lead = lead.strip_suffix(b":").unwrap_or(lead).to_ascii_lowercase();
    let words: [&[u8]; 10] =
        [b"version", b"ver", b"ver.", b" v", b"v.", b"release", b"build", b"oid", b"firmware", b"revision"];
    words.iter().any(|word| lead.ends_with(word)) || lead == b"v"
}
