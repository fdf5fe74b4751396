//! What the scan does where a URL begins: it joins wrapped lines, follows the URL through rewriters, and adds it and its host.

use std::ops::Range;

use super::bytes::{Words, at, before, is_alnum, line_before, starts_with};
use super::find::Find;
use super::host::Host;
use super::rewriter::{self, Chain, End, Hop, Leads, Opaque};
use super::scan::Scan;
use super::tail::Setting;
use super::url::{self, Opening, Url};
use super::{Doubt, Kind, name};
use crate::domain::{Remark, RewriterRole};

/// MISP stores values up to this length.
const LONGEST: usize = 65_535;
/// How many lines a URL in angle brackets may be wrapped over.
const WRAPPED: usize = 20;

/// What stands before the name of an XML vocabulary or of a document type.
const VOCABULARY: Words<2> = Words::new([b"xmlns", b"schemalocation"]);
const DTD: Words<1> = Words::new([b"//dtd"]);
const DOCTYPE: Words<1> = Words::new([b"doctype"]);

impl Scan<'_> {
    /// A scheme and separator stand at `opening`; gives the end of the URL, if one follows.
    pub(super) fn url(&mut self, opening: &Opening) -> Option<usize> {
        if opening.start < self.floor {
            return None;
        }
        let setting = url::setting(self.bytes, opening.start, self.fields);
        let url = match self.wrapped(opening, setting) {
            Some(url) => url,
            None => url::read(self.text, opening, setting)?,
        };
        let end = url.end;
        // `tcp://8.8.8.8:443` names an address and its port, which MISP has a type for.
        let transport = matches!(opening.scheme, "tcp" | "udp" | "tls" | "ssl" | "quic");
        if transport && url.value.bytes().filter(|byte| *byte == b'/').count() == 2 {
            return None;
        }
        if self.is_boilerplate(opening.start, &url.host) {
            return Some(end);
        }
        self.linking = true;
        self.add_url(opening.start..end, url);
        self.linking = false;
        Some(end)
    }

    /// `<http://…` that goes on in the next lines until `>`.
    fn wrapped(&self, opening: &Opening, setting: Setting) -> Option<Url> {
        if setting.before != b'<' {
            return None;
        }
        let rest = self.text.get(opening.start..)?;
        let (first, mut rest) = rest.split_once('\n').filter(|(line, _)| !line.contains(['>', '<']))?;
        let quoted = line_before(self.bytes, opening.start, 80).first() == Some(&b'>');
        let mut joined = first.trim_end().to_owned();
        for _ in 0..WRAPPED {
            let line = rest.split('\n').next()?;
            let content = line.trim_start_matches(|c| c == ' ' || c == '\t' || quoted && c == '>' && line.len() > 1);
            match content.split_once('>') {
                Some((last, _)) => {
                    joined.push_str(last);
                    let end = self.text.len() - rest.len() + (line.len() - content.len()) + last.len();
                    return Self::joined_url(&joined, opening, end);
                }
                None => joined.push_str(content.trim_end()),
            }
            if content.contains(['<', ' ']) || content.trim().is_empty() || joined.len() > 8192 {
                return None;
            }
            rest = rest.get(line.len() + 1..)?;
        }
        None
    }

    fn joined_url(joined: &str, opening: &Opening, end: usize) -> Option<Url> {
        let offset = opening.start;
        let mut moved = *opening;
        moved.start = 0;
        moved.separator.end = opening.separator.end.checked_sub(offset)?;
        if joined.contains(char::is_whitespace) {
            return None;
        }
        let url = url::read(
            joined,
            &moved,
            Setting {
                before: b'<',
                ..Setting::default()
            },
        )?;
        Some(Url { end, ..url })
    }

    /// Names of XML vocabularies and document types are no places.
    fn is_boilerplate(&self, start: usize, host: &Host) -> bool {
        let lead = line_before(self.bytes, start, 64);
        let quoted = matches!(before(self.bytes, start), b'"' | b'\'');
        let vocabulary = quoted && VOCABULARY.are_in(lead);
        let dtd = || host.value == "www.w3.org" && quoted && DTD.are_in(lead);
        vocabulary || DOCTYPE.are_in(lead) || dtd()
    }

    /// Adds what the URL comes to: the links on its way through rewriters that count, the last one, and their hosts.
    pub(super) fn add_url(&mut self, span: Range<usize>, url: Url) {
        let chain = rewriter::follow(url, &self.options.rewriters);
        self.add_chain(span, chain, None);
    }

    /// Adds the links of a chain and their hosts; `remark` is about the link that a click opens.
    pub(super) fn add_chain(&mut self, span: Range<usize>, chain: Chain, mut remark: Option<Remark>) {
        let Chain { hops, last, end } = chain;
        let mut named = None;
        let mut hops = hops.into_iter().peekable();
        while let Some(Hop { url, leads }) = hops.next() {
            let next = hops.peek().map_or(&last, |hop| &hop.url);
            named = match leads {
                Leads::There(maker) => {
                    self.add_redirector(span.clone(), url, maker, next, named);
                    None
                }
                Leads::Perhaps(parameter) => {
                    let domain = url.host.value.clone();
                    self.add_page(span.clone(), url, named.or(remark.take()));
                    let parameter = parameter.to_owned();
                    Some(Remark::NamedInLink { parameter, domain })
                }
            };
        }
        let remark = named.or(remark);
        match end {
            End::Page => self.add_page(span, last, remark),
            End::Opaque(opaque) => self.add_opaque(span, last, opaque),
            End::Blank => {
                let find = Find {
                    doubt: Some(Doubt::FilterPage),
                    ..Find::default()
                };
                self.add_link(span, last, find);
            }
        }
    }

    /// A redirector's URL. Its host is no indicator, as it leads to whatever anybody wants.
    fn add_redirector(&mut self, span: Range<usize>, url: Url, name: String, next: &Url, remark: Option<Remark>) {
        let domain = next.host.value.clone();
        let find = Find {
            remark: remark.or(Some(Remark::Redirector { name, domain })),
            redirects_to: (next.value.len() <= LONGEST).then(|| next.value.as_str().into()),
            ..Find::default()
        };
        self.add_link(span, url, find);
    }

    /// A URL and its host.
    fn add_page(&mut self, span: Range<usize>, url: Url, remark: Option<Remark>) {
        let find = Find {
            remark,
            of_host: url.host.is_name(),
            ..Find::default()
        };
        let host = self.add_link(span.clone(), url, find);
        self.add_host(span, host);
    }

    /// A URL whose target its maker alone knows. The maker's own host is no indicator.
    fn add_opaque(&mut self, span: Range<usize>, url: Url, opaque: Opaque) {
        let name = opaque.maker;
        let remark = match opaque.host.clone() {
            Some(domain) => Remark::Rewritten { name, domain },
            None => Remark::RewrittenOpaque { name },
        };
        let find = Find {
            remark: Some(remark),
            passing: opaque.role == RewriterRole::Gateway,
            ..Find::default()
        };
        let host = self.add_link(span.clone(), url, find);
        if let Some(target) = opaque.host.and_then(|name| Host::in_url(&name.to_ascii_lowercase())) {
            self.add_host(span, target.defanged(host.defanged));
        } else if !opaque.makers_host {
            self.add_host_as(span, host, true);
        }
    }

    /// Adds a URL, unless it is longer than MISP takes; gives its host.
    fn add_link(&mut self, span: Range<usize>, url: Url, find: Find) -> Host {
        let host = url.host;
        if url.value.len() <= LONGEST {
            let find = Find {
                url_host: Some(host.value.as_str().into()),
                doubt: find.doubt.or(host.doubt),
                defanged: host.defanged,
                ..find
            };
            self.add_url_value(span, url.value, find);
        }
        host
    }

    /// Adds a URL, and the vulnerabilities that it names.
    fn add_url_value(&mut self, span: Range<usize>, value: String, find: Find) {
        let bytes = value.as_bytes();
        let named: Vec<String> = memchr::memchr2_iter(b'c', b'C', bytes)
            .filter(|i| starts_with(bytes, *i, b"cve") && !is_alnum(bytes, i.wrapping_sub(1)))
            .filter_map(|i| Some(name::cve(bytes, i)?.0))
            .collect();
        self.add(span.clone(), Kind::Url, value, find);
        for number in named {
            self.add(span.clone(), Kind::Vulnerability, number, Find::default());
        }
    }

    /// A URL whose scheme the author left out: it stays without one, which MISP's `url` allows, unless the port says it.
    pub(super) fn without_scheme(
        &mut self,
        start: usize,
        path_at: usize,
        port: Option<&str>,
        host: Host,
        written: &str,
    ) -> usize {
        let setting = url::setting(self.bytes, start, self.fields);
        let name = if host.kind == Kind::Ip {
            written
        } else {
            host.value.as_str()
        };
        let mut value = name.to_owned();
        if let Some(port) = port {
            value.push(':');
            value.push_str(port);
        }
        let (end, tail_defanged) = url::read_tail(self.text, path_at, setting, &mut value);
        let host = host.defanged(tail_defanged);
        let bare_slash = end <= path_at + 1 && at(self.bytes, path_at) == b'/';
        if bare_slash && port.is_none() {
            self.add_host(start..end, host);
            return end;
        }
        // The port of a scheme says which one is meant.
        let scheme = match port {
            Some("80") => "http://",
            Some("443") => "https://",
            _ => "",
        };
        let defanged = host.defanged;
        let url = Url {
            value: format!("{scheme}{value}"),
            host,
            end,
            defanged,
        };
        self.add_url(start..end, url);
        end
    }
}
