//! What the scan does where a name begins: e-mail addresses, URLs without scheme, hosts with and without port.

use std::ops::Range;

use super::bytes::{ALNUM, at, before, class, label_end};
use super::chain::Chain;
use super::find::Find;
use super::host::Host;
use super::scan::Scan;
use super::{Doubt, Kind, bare, cut, email, refang, rewriter, url};
use crate::domain::host;

/// A run of letters, digits and hyphens of this length holds nothing that is looked for.
const TOO_LONG: usize = 512;

impl Scan<'_> {
    /// A chain of labels: an address's local part, a URL without scheme, or a bare name.
    pub(super) fn name(&mut self, start: usize) -> Option<usize> {
        let end = label_end(self.text, start);
        if !refang::joins(self.text, end) {
            self.judged = self.judged.max(end);
            return (end > start + TOO_LONG).then_some(end);
        }
        let chain = Chain::read(self.text, start, false);
        // Behind a picture another name may begin.
        let judged = chain.picture.filter(|picture| *picture > start).unwrap_or(chain.end);
        self.judged = self.judged.max(judged);
        let chain = match sentence_end(self.text, &chain) {
            Some(www) => Chain::read(self.text, www, false),
            None => chain,
        };
        if let Some(mark) = refang::at_sign(self.bytes, chain.end)
            && let Some(end) = self.email(Some(&chain), chain.end, mark)
        {
            return Some(end);
        }
        if let Some(end) = self.glued_url(&chain) {
            return Some(end);
        }
        if chain.too_long || chain.labels < 2 || self.is_local_part(chain.end) {
            // So long a chain is no name, and there is nothing to look for in it label by label.
            return chain.too_long.then_some(chain.end);
        }
        if let Some(end) = self.not_whole(&chain) {
            return Some(end);
        }
        let chain = bare::as_name(self.text, chain);
        self.judged = self.judged.max(chain.end);
        self.bare_name(&chain)
    }

    /// A name without scheme, with what follows it: a port, a path, or nothing.
    fn bare_name(&mut self, chain: &Chain) -> Option<usize> {
        let start = chain.start;
        if let Some((port, past)) = url::device_port(self.text, start, chain.end) {
            let host = Host::name(&chain.name)
                .filter(|host| host.doubt.is_none())?
                .defanged(chain.evident);
            return Some(self.with_port(start..past, &host, port));
        }
        let port = url::port(self.text, chain.end);
        let path_at = port.map_or(chain.end, |port| port.1);
        let protocol = port.is_some() && url::is_protocol(self.bytes, path_at);
        let path = refang::slash(self.bytes, path_at).is_some() && !protocol;
        let (text, lists) = (self.text, &mut self.lists);
        let host = bare::judge(text, chain, path, || lists.contains(text, start))?.defanged(chain.evident);
        if path && port.is_none() {
            if bare::is_list_of_files(chain, self.text.get(path_at..).unwrap_or_default()) {
                let doubt = Some(Doubt::FileName);
                self.add_host(start..chain.end, Host { doubt, ..host });
                return Some(chain.end);
            }
            if let Some((second, other)) = self.alternative(chain, path_at) {
                self.add_host(start..chain.end, host);
                self.judged = self.judged.max(second.end);
                self.add_host(second.start..second.end, other);
                return Some(second.end);
            }
        }
        if path {
            let host = host.defanged(port.is_some() && at(self.bytes, chain.end) != b':');
            return Some(self.without_scheme(start, path_at, port.map(|port| port.0), host, &chain.name));
        }
        Some(self.host_or_port(start, chain.end, host))
    }

    /// A chain that is no name, or only the end of one that cannot be read: nothing of it is one.
    fn not_whole(&mut self, chain: &Chain) -> Option<usize> {
        let owner = host::registrable(&chain.name).and_then(|owner| owner.split('.').next());
        let no_name = chain.name.contains(".-") || owner.is_some_and(|label| label.ends_with('-'));
        if !no_name && !cut::is_rest(self.text, self.floor, chain.start, chain.end) {
            return None;
        }
        let host = Host::not_whole(chain)?;
        self.add_host(chain.start..chain.end, host);
        Some(chain.end)
    }

    /// `a.com/b.net`: what follows the slash is another name, written in the same way, and nothing more.
    fn alternative(&self, chain: &Chain, slash: usize) -> Option<(Chain, Host)> {
        const COMMON: [&str; 12] = [
            "com", "net", "org", "info", "biz", "ru", "cn", "de", "fr", "uk", "eu", "xyz",
        ];
        let bytes = self.bytes;
        let start = refang::slash(bytes, slash)?.end;
        let end = label_end(self.text, start);
        if end == start || at(bytes, end) == b'/' || refang::dot(self.text, end, false).is_none() {
            return None;
        }
        let other = Chain::read(self.text, start, false);
        let ends = matches!(at(bytes, other.end), 0..=b' ' | b',' | b';' | b')' | b'"' | b'\'')
            || matches!(at(bytes, other.end), b'.' | b':' | b'!' | b'?') && at(bytes, other.end + 1) <= b' ';
        let common = other.name.rsplit('.').next().is_some_and(|last| COMMON.contains(&last));
        let host = Host::name(&other.name).filter(|host| host.doubt.is_none())?;
        // With a name like `paypal.com` in its path a phish says whom it copies.
        let alike = other.evident == chain.evident && other.labels == chain.labels;
        let host = host.defanged(other.evident);
        (ends && common && alike).then_some((other, host))
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

    pub(super) fn email(&mut self, chain: Option<&Chain>, sign: usize, mark: refang::Mark) -> Option<usize> {
        let email = match email::read(self.text, chain, sign, mark, self.floor)? {
            email::AroundSign::Address(email) => email,
            email::AroundSign::Other(end) => {
                self.judged = self.judged.max(end);
                self.floor = end;
                return Some(end);
            }
        };
        let find = Find {
            remark: email.host.remark(),
            defanged: email.host.defanged,
            doubt: email.host.doubt,
            ..Find::default()
        };
        let span = email.start..email.end;
        self.add(span.clone(), Kind::Email, email.value, find);
        if email.literal {
            self.add_host(span, email.host);
        }
        self.floor = email.end;
        self.judged = self.judged.max(email.end);
        Some(email.end)
    }

    /// `host`, `host:port` or `[host]:port`.
    pub(super) fn host_or_port(&mut self, start: usize, end: usize, host: Host) -> usize {
        let bracketed = before(self.bytes, start) == b'[' && at(self.bytes, end) == b']';
        let port = url::port(self.text, end + usize::from(bracketed));
        let Some((port, past)) = port else {
            self.add_host(start..end, host);
            return end;
        };
        let host = host.defanged(at(self.bytes, end + usize::from(bracketed)) != b':');
        self.with_port(start - usize::from(bracketed)..past, &host, port)
    }

    /// Adds a host with its port; gives the end of both.
    pub(super) fn with_port(&mut self, span: Range<usize>, host: &Host, port: &str) -> usize {
        let value = format!("{}|{port}", host.value);
        let find = Find {
            remark: host.remark(),
            doubt: host.doubt,
            defanged: host.defanged,
            ..Find::default()
        };
        let end = span.end;
        self.add(span, bare::with_port(host.kind), value, find);
        end
    }

    pub(super) fn add_host(&mut self, span: Range<usize>, host: Host) {
        self.add_host_as(span, host, false);
    }

    /// Adds a host by [`Indicator::passing`](super::Indicator::passing).
    pub(super) fn add_host_as(&mut self, span: Range<usize>, host: Host, passing: bool) {
        let is_filters = rewriter::is_gateway(&host.value, &self.options.rewriters);
        let filters = is_filters.then_some(Doubt::FilterPage);
        let find = Find {
            of_host: host.is_name(),
            doubt: host.doubt.or(filters),
            defanged: host.defanged,
            passing,
            ..Find::default()
        };
        self.add(span, host.kind, host.value, find);
    }
}

/// `Virus-free.www.evil.com`, where a tag stood after the dot: the sentence's last word before `www` is no label. Gives
/// where `www` begins.
fn sentence_end(text: &str, chain: &Chain) -> Option<usize> {
    const LAST_WORDS: [&str; 6] = ["virus", "virus-free", "viren", "vírus", "wirusów", "free"];
    if chain.evident || chain.too_long {
        return None;
    }
    let (first, rest) = chain
        .name
        .split_once('.')
        .filter(|(_, rest)| rest.starts_with("www."))?;
    let written = text.get(chain.start..chain.start + first.len())?;
    let worded = !first.bytes().any(|byte| byte.is_ascii_digit() || byte == b'_');
    let titled = written.starts_with(char::is_uppercase) && written.contains(char::is_lowercase);
    let foreign = !first.is_ascii() && rest.is_ascii();
    let ends = worded && first != "www" && (titled || foreign || LAST_WORDS.contains(&first));
    ends.then_some(chain.start + first.len() + 1)
        .filter(|www| at(text.as_bytes(), *www) | 0x20 == b'w')
}
