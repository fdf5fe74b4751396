//! Who of one's own side is named in a mail: every address below one's own hosts, the people of the settings, and the names that
//! stand beside such addresses.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use memchr::memchr_iter;

use crate::domain::{HostList, coding};
use crate::file;
use crate::mail::Mail;

/// Fields with addresses, and names beside them; first those that a receiving server writes.
pub(super) const ADDRESS_FIELDS: [&str; 17] = [
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Delivered-To",
    "To",
    "Cc",
    "Bcc",
    "From",
    "Sender",
    "Reply-To",
    "Resent-To",
    "Resent-From",
    "Disposition-Notification-To",
    "Return-Path",
    "Errors-To",
    "X-Forwarded-To",
];
/// Longest local part that is read, in bytes.
const LOCAL: usize = 128;
/// Shorter names, such as "Ana", are words of the text too often.
const SHORTEST_NAME: usize = 6;
/// Text files longer than this are not looked through for addresses.
const LONGEST_FILE: usize = 4 << 20;

/// So many people are looked for in every coding; of a list that is longer, the rest only where they are written plainly.
pub(super) const MOST: usize = 100;

/// The people of one's own side that a mail names, in the order of finding.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Lower-case addresses, each with its spellings in capitals.
    pub addresses: Vec<(String, BTreeSet<String>)>,
    /// Names of persons as written.
    pub names: BTreeSet<String>,
}

impl People {
    fn add(&mut self, written: &str) {
        let address = written.to_lowercase();
        let Some((_, spelled)) = self.addresses.iter_mut().find(|(known, _)| *known == address) else {
            if self.addresses.len() < MOST {
                self.addresses.push((address, BTreeSet::from([written.to_owned()])));
            }
            return;
        };
        if spelled.len() < SPELLINGS {
            spelled.insert(written.to_owned());
        }
    }
}

/// Most spellings of an address that are looked for in base64.
const SPELLINGS: usize = 4;

/// Collects the people of a mail and of all mails in it.
pub(super) fn of(mail: &Mail, own: &HostList, known: &[String]) -> People {
    let mut people = People::default();
    for one in known.iter().map(|one| one.trim()).filter(|one| !one.is_empty()) {
        if one.contains('@') {
            people.add(one);
        } else {
            people.names.insert(one.to_owned());
        }
    }
    Search {
        own,
        people: &mut people,
    }
    .mail(mail);
    people
}

struct Search<'a> {
    own: &'a HostList,
    people: &'a mut People,
}

impl Search<'_> {
    /// Recursion is as deep as the mail stage opened mails, which is bounded.
    fn mail(&mut self, mail: &Mail) {
        for address in ADDRESS_FIELDS.iter().flat_map(|field| mail.headers.addresses(field)) {
            let lower = address.address.to_lowercase();
            let domain = lower.rsplit_once('@').map_or("", |(_, domain)| domain);
            if self.own.covers(domain) || self.people.addresses.iter().any(|(known, _)| *known == lower) {
                self.people.add(&address.address);
                self.name(address.name.as_deref().unwrap_or_default());
            }
        }
        for field in &mail.headers.fields {
            self.text(&field.value);
            self.text(&field.raw);
        }
        for body in &mail.bodies {
            self.text(&body.text);
            self.text(body.source.as_deref().unwrap_or_default());
            body.asides.iter().for_each(|aside| self.text(&aside.text));
            for link in &body.links {
                self.text(&link.target);
                self.text(link.original.as_deref().unwrap_or_default());
            }
        }
        for file in &mail.attachments {
            self.text(file.name.as_deref().unwrap_or_default());
            if file.bytes.len() <= LONGEST_FILE && !file::is_binary(&file.bytes) {
                self.text(&String::from_utf8_lossy(&file.bytes));
            }
        }
        mail.embedded.iter().for_each(|inner| self.mail(&inner.mail));
    }

    fn name(&mut self, name: &str) {
        let name = name.trim().trim_matches(['"', '\'']);
        let is_name = name.len() >= SHORTEST_NAME && name.contains(' ') && !name.contains('@');
        if is_name && self.people.names.len() < MOST {
            self.people.names.insert(name.to_owned());
        }
    }

    /// Looks through a text, and through what its codings hold.
    fn text(&mut self, text: &str) {
        self.plain(text);
        if text.contains('%') {
            let once = coding::percent_text(text);
            let twice = coding::percent_text(&once);
            self.plain(&once);
            self.plain(&twice);
            self.coded(&once);
        }
        self.coded(text);
        if let Cow::Owned(written_out) = with_plain_marks(text) {
            self.plain(&written_out);
        }
    }

    /// Runs of base64 and hexadecimal digits.
    fn coded(&mut self, text: &str) {
        let runs = text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '/' | '-' | '_'));
        for run in runs.filter(|run| run.len() >= 12) {
            let behind_path = run.rsplit_once('/').map(|(_, last)| last);
            for piece in std::iter::once(run).chain(behind_path) {
                if let Some(bytes) = decoded(piece) {
                    self.plain(&String::from_utf8_lossy(&bytes));
                }
            }
            if let Some(bytes) = coding::unhex(run) {
                self.plain(&String::from_utf8_lossy(&bytes));
            }
        }
    }

    /// The addresses that stand in a text as they are.
    fn plain(&mut self, text: &str) {
        for place in addresses_in(text, self.own) {
            self.people.add(text.get(place).unwrap_or_default());
        }
    }
}

/// Where addresses below one's own hosts stand in a text.
pub(super) fn addresses_in<'a>(text: &'a str, own: &'a HostList) -> impl Iterator<Item = Range<usize>> + 'a {
    let bytes = text.as_bytes();
    memchr_iter(b'@', bytes).filter_map(move |sign| {
        let head = bytes.get(sign.saturating_sub(LOCAL)..sign)?;
        let tail = bytes.get(sign + 1..)?;
        let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._+-'!#$&*^~{}".contains(byte) || *byte >= 0x80;
        let local = head.iter().rev().take_while(|byte| is_local(byte)).count();
        let is_host = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        let domain = tail.iter().take(255).take_while(is_host).count();
        let start = text.ceil_char_boundary(sign - local);
        let local = text.get(start..sign)?.trim_start_matches(['.', '\'', '-']);
        let domain = text.get(sign + 1..sign + 1 + domain)?.trim_end_matches(['.', '-']);
        (!local.is_empty() && own.covers(domain)).then(|| sign - local.len()..sign + 1 + domain.len())
    })
}

/// The text with `@` and dots where they are written out or escaped.
fn with_plain_marks(text: &str) -> Cow<'_, str> {
    const MARKS: [(&str, &str); 11] = [
        ("=40", "@"),
        ("&#64;", "@"),
        ("&#x40;", "@"),
        ("&commat;", "@"),
        ("\\u0040", "@"),
        ("[@]", "@"),
        ("[at]", "@"),
        ("(at)", "@"),
        (" at ", "@"),
        ("[.]", "."),
        ("[dot]", "."),
    ];
    let mut out = Cow::Borrowed(text);
    for (written, mark) in MARKS {
        if out.contains(written) {
            out = Cow::Owned(out.replace(written, mark));
        }
    }
    out
}

fn decoded(run: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let whole = run.get(..run.len() - usize::from(run.len() % 4 == 1))?;
    [alphabet::STANDARD, alphabet::URL_SAFE]
        .iter()
        .find_map(|alphabet| GeneralPurpose::new(alphabet, config).decode(whole).ok())
}
