//! Replaces people in the texts of a mail, and one's own hosts and networks in its header.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::people::{self, ADDRESS_FIELDS, People};
use super::{IN_URL, OWN_HOST, RECIPIENT, spelling};
use crate::domain::HostList;
use crate::file;
use crate::indicator::received;
use crate::mail::{HeaderField, Headers, Mail};

/// A URL is looked for so far before a person's address, in bytes.
const REACH: usize = 1024;

/// Searches for the people of one mail.
#[derive(Debug)]
pub(super) struct Cleaner {
    own: HostList,
    /// `None` when there is nobody.
    searcher: Option<AhoCorasick>,
    /// By the number of the pattern: the person, and how it is written.
    patterns: Vec<(String, Written)>,
    addresses: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    /// An address in one of its spellings.
    Address,
    /// A name, which must be a whole word.
    Name,
}

impl Cleaner {
    pub fn new(people: &People, own: HostList) -> Self {
        let mut patterns = Vec::new();
        let mut words = Vec::new();
        for (address, spelled) in &people.addresses {
            let coded = spelled.iter().chain([address]).flat_map(|one| spelling::in_base64(one));
            for word in spelling::of_address(address).into_iter().chain(coded) {
                patterns.push((address.clone(), Written::Address));
                words.push(word);
            }
        }
        for name in &people.names {
            patterns.push((name.clone(), Written::Name));
            words.push(name.clone());
        }
        let mut builder = AhoCorasick::builder();
        builder
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest);
        Self {
            own,
            searcher: (!words.is_empty()).then(|| builder.build(words).ok()).flatten(),
            patterns,
            addresses: people.addresses.iter().map(|(address, _)| address.clone()).collect(),
        }
    }

    /// Recursion is as deep as the mail stage opened mails, which is bounded.
    pub fn mail(&self, mail: &mut Mail, replaced: &mut BTreeSet<String>) {
        self.headers(&mut mail.headers, replaced);
        for body in &mut mail.bodies {
            self.change(&mut body.text, replaced);
            body.source.iter_mut().for_each(|source| self.change(source, replaced));
            body.asides
                .iter_mut()
                .for_each(|aside| self.change(&mut aside.text, replaced));
            for link in &mut body.links {
                self.change(&mut link.shown, replaced);
                if let Some(target) = self.replace(&link.target, |_| IN_URL, replaced) {
                    link.target = target;
                }
                let original = link
                    .original
                    .as_deref()
                    .and_then(|url| self.replace(url, |_| IN_URL, replaced));
                link.original = original.map(Into::into).or(link.original.take());
            }
        }
        for file in &mut mail.attachments {
            file.name.iter_mut().for_each(|name| self.change(name, replaced));
            // A program or a page keeps its content, and so its hashes. In a note nobody looks for those.
            let is_note = matches!(
                file::mimetype(&file.bytes, file.name.as_deref()).as_str(),
                "text/plain" | "text/csv" | "text/calendar" | "text/vcard"
            );
            let text = std::str::from_utf8(&file.bytes).ok().filter(|_| is_note);
            if let Some(cleaned) = text.and_then(|text| self.text(text, replaced)) {
                file.bytes = cleaned.into_bytes();
            }
        }
        for inner in &mut mail.embedded {
            inner.name.iter_mut().for_each(|name| self.change(name, replaced));
            self.mail(&mut inner.mail, replaced);
        }
        for (_, value) in mail.notice.iter_mut().flat_map(|notice| &mut notice.fields) {
            self.change(value, replaced);
        }
    }

    fn headers(&self, headers: &mut Headers, replaced: &mut BTreeSet<String>) {
        for field in &mut headers.fields {
            if ADDRESS_FIELDS.iter().any(|name| name.eq_ignore_ascii_case(&field.name)) {
                self.address_field(field, replaced);
            }
        }
        for field in &mut headers.fields {
            self.change(&mut field.value, replaced);
            self.change(&mut field.raw, replaced);
            field.value = self.without_own_hosts(&field.value);
            field.raw = self.without_own_hosts(&field.raw);
        }
    }

    /// Writes an address field anew if it names one of the people: names stand beside their addresses in many ways.
    fn address_field(&self, field: &mut HeaderField, replaced: &mut BTreeSet<String>) {
        let alone = Headers {
            fields: vec![field.clone()],
        };
        let addresses = alone.addresses(&field.name);
        if !addresses.iter().any(|one| self.is_person(&one.address)) {
            return;
        }
        let kept = addresses.into_iter().map(|one| match one.name {
            _ if self.is_person(&one.address) => {
                replaced.insert(one.address.to_lowercase());
                RECIPIENT.to_owned()
            }
            Some(name) => format!("\"{}\" <{}>", name.replace(['"', '\\'], ""), one.address),
            None => one.address,
        });
        field.value = kept.collect::<Vec<_>>().join(", ");
        field.raw.clone_from(&field.value);
    }

    fn is_person(&self, address: &str) -> bool {
        let is_own = |(_, domain): (&str, &str)| self.own.covers(domain);
        address.rsplit_once('@').is_some_and(is_own) || self.addresses.contains(&address.to_lowercase())
    }

    fn change(&self, text: &mut String, replaced: &mut BTreeSet<String>) {
        if let Some(cleaned) = self.text(text, replaced) {
            *text = cleaned;
        }
    }

    /// A text without the people; `None` when there are none in it.
    pub fn text(&self, text: &str, replaced: &mut BTreeSet<String>) -> Option<String> {
        let placeholder = |start: usize| if is_in_url(text, start) { IN_URL } else { RECIPIENT };
        self.replace(text, placeholder, replaced)
    }

    /// The same of a text that is a URL, or nothing but a value.
    pub fn url(&self, url: &str) -> Option<String> {
        self.replace(url, |_| IN_URL, &mut BTreeSet::new())
    }

    fn replace(
        &self,
        text: &str,
        placeholder: impl Fn(usize) -> &'static str,
        replaced: &mut BTreeSet<String>,
    ) -> Option<String> {
        let mut places: Vec<Range<usize>> = Vec::new();
        for found in self.searcher.iter().flat_map(|searcher| searcher.find_iter(text)) {
            let Some((person, written)) = self.patterns.get(found.pattern().as_usize()) else {
                continue;
            };
            if *written == Written::Address || is_word(text, found.start(), found.end()) {
                places.push(found.range());
                if !replaced.contains(person) {
                    replaced.insert(person.clone());
                }
            }
        }
        // Those of a long list, who are in no pattern.
        if self.addresses.len() >= people::MOST {
            places.extend(people::addresses_in(text, &self.own));
            places.sort_by_key(|place| (place.start, place.end));
        }
        let mut out = String::new();
        let mut copied = 0;
        for place in &places {
            if place.start >= copied {
                out.push_str(text.get(copied..place.start)?);
                out.push_str(placeholder(place.start));
            }
            copied = copied.max(place.end);
        }
        out.push_str(text.get(copied..)?);
        (!places.is_empty()).then_some(out)
    }

    /// Own hosts, and addresses of networks that nobody outside can reach.
    fn without_own_hosts(&self, value: &str) -> String {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '_');
        let mut out = String::with_capacity(value.len());
        let mut rest = value;
        while let Some(start) = rest.find(is_part) {
            let (before, from) = rest.split_at(start);
            let (word, after) = from.split_at(from.find(|c| !is_part(c)).unwrap_or(from.len()));
            out.push_str(before);
            let host = word.trim_matches(['.', ':', '-']);
            out.push_str(if self.is_own(host) { OWN_HOST } else { word });
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn is_own(&self, host: &str) -> bool {
        match host.parse::<IpAddr>() {
            Ok(address) => !received::is_public(address) || self.own.covers(host),
            Err(_) => host.contains('.') && self.own.covers(host),
        }
    }
}

/// Whether the letters before `start` belong to a URL.
fn is_in_url(text: &str, start: usize) -> bool {
    let head = text
        .get(text.ceil_char_boundary(start.saturating_sub(REACH))..start)
        .unwrap_or_default();
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`');
    let word = head.rsplit(ends).next().unwrap_or_default();
    word.contains("//") || word.contains("www.") || word.contains("[:]//") || word.contains("[://]")
}

/// Whether neither a letter nor a digit stands directly before or behind.
fn is_word(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|head| head.chars().next_back());
    let behind = text.get(end..).and_then(|tail| tail.chars().next());
    ![before, behind].into_iter().flatten().any(char::is_alphanumeric)
}
