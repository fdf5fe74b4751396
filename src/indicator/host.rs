//! Names with dots: reading a chain of labels out of the text, and naming what it is by the public suffix list.
//! Whether a bare name in prose is one at all is decided in `bare`.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::bytes::{ALNUM, DASH, at, class, is_alnum, is_invisible, is_typeset_hyphen, label_end};
use super::{Doubt, Kind, ip, refang};
use crate::domain::{Remark, host};

/// Longest name worth keeping; DNS allows 253 octets, an IDN may be longer as written.
const LONGEST: usize = 512;

/// Labels joined by dots, as they stand in the text.
#[derive(Debug)]
pub struct Chain {
    /// Refanged, lower-case, invisible characters removed.
    pub name: String,
    /// First byte.
    pub start: usize,
    /// Past the last byte.
    pub end: usize,
    /// How many labels.
    pub labels: usize,
    /// A dot was defanged.
    pub evident: bool,
    /// Longer than any name can be: only `end` can be relied on.
    pub too_long: bool,
}

impl Chain {
    /// Reads from `start` as far as labels and dots go. `loose` allows blanks around dots.
    pub fn read(text: &str, start: usize, loose: bool) -> Self {
        let mut chain = Self {
            name: String::new(),
            start,
            end: start,
            labels: 0,
            evident: false,
            too_long: false,
        };
        let mut from = start;
        // Who writes one dot without blanks ends a sentence with ` . `.
        let mut tight = false;
        loop {
            let end = label_end(text, from);
            chain.push(text.get(from..end).unwrap_or_default());
            if chain.too_long {
                chain.end = past_labels(text.as_bytes(), end);
                return chain;
            }
            chain.end = end;
            chain.labels += 1;
            let spaced = refang::is_spaced_dot(text.as_bytes(), end);
            let dot = refang::dot(text, end, loose || chain.evident);
            let Some(mark) = dot.filter(|_| !(spaced && tight)) else {
                break;
            };
            tight |= !spaced;
            if chain.evident && !mark.evident && begins_sentence(text, from, mark.end) {
                break;
            }
            chain.evident |= mark.evident;
            chain.name.push('.');
            from = mark.end;
        }
        while chain.name.ends_with(['-', '_']) && chain.end > start {
            chain.name.pop();
            chain.end -= 1;
        }
        chain
    }

    fn push(&mut self, label: &str) {
        if self.name.len() + label.len() > LONGEST {
            self.too_long = true;
            self.name.clear();
        } else if label.is_ascii() {
            self.name.push_str(label);
            let from = self.name.len() - label.len();
            if let Some(added) = self.name.get_mut(from..) {
                added.make_ascii_lowercase();
            }
        } else {
            let plain = |c| if is_typeset_hyphen(c) { '-' } else { c };
            let shown = label.chars().filter(|c| !is_invisible(*c)).map(plain);
            self.name.extend(shown.flat_map(char::to_lowercase));
        }
    }
}

/// `evil[.]com.It is`: a capital after a plain dot, where the label before has none.
fn begins_sentence(text: &str, label: usize, next: usize) -> bool {
    let bytes = text.as_bytes();
    at(bytes, next).is_ascii_uppercase()
        && at(bytes, next + 1).is_ascii_lowercase()
        && at(bytes, label).is_ascii_lowercase()
}

/// Past plain labels and dots, for chains that no name can be.
fn past_labels(bytes: &[u8], mut i: usize) -> usize {
    while class(at(bytes, i)) & (ALNUM | DASH) != 0 || at(bytes, i) == b'.' && is_alnum(bytes, i + 1) {
        i += 1;
    }
    i
}

/// A host and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Punycode name or canonical address.
    pub value: String,
    /// [`Kind::Domain`], [`Kind::Hostname`] or [`Kind::Ip`].
    pub kind: Kind,
    /// Set when it cannot be reached from the internet.
    pub doubt: Option<Doubt>,
    /// The Unicode form of an IDN.
    pub unicode: Option<String>,
    /// How it stands in a URL.
    pub in_url: String,
    /// It was defanged in the text.
    pub defanged: bool,
}

impl Host {
    /// An IPv4 address; `written` is how it stands in a URL.
    pub fn v4(address: Ipv4Addr, written: &str) -> Self {
        let doubt = ip::doubt_v4(address);
        Self {
            value: address.to_string(),
            kind: Kind::Ip,
            doubt,
            unicode: None,
            in_url: written.to_owned(),
            defanged: false,
        }
    }

    /// An IPv6 address; a mapped IPv4 address is that address.
    pub fn v6(address: Ipv6Addr) -> Self {
        let in_url = format!("[{address}]");
        if let Some(v4) = address.to_ipv4_mapped() {
            Self::v4(v4, &in_url)
        } else {
            let doubt = ip::doubt_v6(address);
            Self {
                value: address.to_string(),
                kind: Kind::Ip,
                doubt,
                unicode: None,
                in_url,
                defanged: false,
            }
        }
    }

    /// The same host, which was defanged in the text if `defanged` says so.
    pub fn defanged(self, defanged: bool) -> Self {
        let defanged = self.defanged || defanged;
        Self { defanged, ..self }
    }

    /// What stands as host in a URL: any address notation, any name; without a public suffix it has a doubt.
    pub fn in_url(name: &str) -> Option<Self> {
        if let Ok(address) = name.parse() {
            return Some(Self::v4(address, name));
        }
        let last = name.rsplit('.').next()?;
        if last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x") {
            // Decimal, octal and hexadecimal notations: what a browser makes of them is the host.
            return match url::Host::parse(name) {
                Ok(url::Host::Ipv4(address)) => Some(Self::v4(address, name)),
                _ => None,
            };
        }
        Self::name(name)
    }

    /// The Unicode form, as something to tell.
    pub fn remark(&self) -> Option<Remark> {
        self.unicode.clone().map(|text| Remark::Verbatim { text })
    }

    /// A name, with or without public suffix.
    pub fn name(name: &str) -> Option<Self> {
        let ascii = host::canonical(name)?.into_owned();
        let unicode = host::unicode(&ascii);
        let (kind, doubt) = match host::registrable(&ascii) {
            _ if ascii.rsplit('.').next() == Some("onion") => (Kind::Hostname, None),
            // The home network (RFC 8375) and the names of look-ups turned round (RFC 6761).
            _ if ascii.rsplit('.').next() == Some("arpa") => (Kind::Hostname, Some(Doubt::UnroutableName)),
            Some(registrable) if registrable.len() == ascii.len() => (Kind::Domain, None),
            Some(_) => (Kind::Hostname, None),
            None => (Kind::Hostname, Some(Doubt::UnroutableName)),
        };
        Some(Self {
            in_url: ascii.clone(),
            value: ascii,
            kind,
            doubt,
            unicode,
            defanged: false,
        })
    }
}
