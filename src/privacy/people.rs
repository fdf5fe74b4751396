//! Who of one's own side is named in a mail: every address below one's own hosts, the people of the settings, and the names that
//! stand beside such addresses.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use memchr::memchr_iter;

use crate::domain::{HostList, coding};
use crate::file;
use crate::mail::Mail;

/// Fields with addresses, and names beside them.
pub(super) const ADDRESS_FIELDS: [&str; 17] = [
    "To",
    "Cc",
    "Bcc",
    "From",
    "Sender",
    "Reply-To",
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Delivered-To",
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

/// The people of one's own side that a mail may name.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Lower-case addresses.
    pub addresses: BTreeSet<String>,
    /// The same as written.
    pub spelled: BTreeSet<String>,
    /// Names of persons as written.
    pub names: BTreeSet<String>,
}

impl People {
    pub fn into_names(self) -> impl Iterator<Item = String> {
        self.addresses.into_iter().chain(self.names)
    }
}

/// Collects the people of a mail and of all mails in it.
pub(super) fn of(mail: &Mail, own: &HostList, known: &[String]) -> People {
    let mut people = People::default();
    for one in known.iter().map(|one| one.trim()).filter(|one| !one.is_empty()) {
        if one.contains('@') {
            people.addresses.insert(one.to_lowercase());
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
        for field in &mail.headers.fields {
            self.text(&field.value);
            self.text(&field.raw);
        }
        for address in ADDRESS_FIELDS.iter().flat_map(|field| mail.headers.addresses(field)) {
            let lower = address.address.to_lowercase();
            let domain = lower.rsplit_once('@').map_or("", |(_, domain)| domain);
            if self.own.covers(domain) || self.people.addresses.contains(&lower) {
                self.people.addresses.insert(lower);
                self.name(address.name.as_deref().unwrap_or_default());
            }
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
        if name.len() >= SHORTEST_NAME && name.contains(' ') && !name.contains('@') {
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
            for piece in [run, run.rsplit('/').next().unwrap_or(run)] {
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
        let bytes = text.as_bytes();
        for sign in memchr_iter(b'@', bytes) {
            let head = bytes.get(sign.saturating_sub(LOCAL)..sign).unwrap_or_default();
            let tail = bytes.get(sign + 1..).unwrap_or_default();
            let is_local =
                |byte: &u8| byte.is_ascii_alphanumeric() || b"._+-'!#$&*^~{}".contains(byte) || *byte >= 0x80;
            let local = head.iter().rev().take_while(|byte| is_local(byte)).count();
            let domain = tail
                .iter()
                .take(255)
                .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
                .count();
            let local = text
                .get(sign - local..sign)
                .unwrap_or_default()
                .trim_matches(['.', '\'', '-']);
            let domain = text
                .get(sign + 1..sign + 1 + domain)
                .unwrap_or_default()
                .trim_end_matches(['.', '-']);
            let domain = domain.to_ascii_lowercase();
            if !local.is_empty() && self.own.covers(&domain) {
                let written = text.get(sign - local.len()..sign + 1 + domain.len());
                self.people.spelled.extend(written.map(str::to_owned));
                self.people
                    .addresses
                    .insert(format!("{}@{domain}", local.to_lowercase()));
            }
        }
    }
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
