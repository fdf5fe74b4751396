//! The `indicator` stage: from text and links to [`Indicator`]s, in one linear pass. Pure.
//!
//! It finds and names doubts, it does not judge: lists of hosts, the IDS flag and categories belong to [`crate::policy`].

mod at_name;
mod at_number;
mod at_url;
mod at_word;
mod bare;
mod browser;
mod bytes;
mod chain;
mod code;
mod coin;
mod columns;
mod contents;
mod cut;
mod data_uri;
mod email;
mod find;
mod finds;
mod hash;
mod host;
pub mod ip;
mod lines;
mod link;
mod local_part;
mod mailto;
mod mark;
mod name;
mod position;
pub mod received;
mod refang;
mod regkey;
mod rewriter;
mod scan;
mod scheme;
mod schemes;
mod separator;
mod split_hash;
mod stated;
mod tail;
#[cfg(test)]
mod tests;
mod texts;
mod url;
mod version;

use std::sync::Arc;

pub use contents::in_contents;
pub use link::PART as LINKS;
pub use position::Position;
pub use texts::{Text, texts};

use crate::config::TextSettings;
pub use crate::domain::Kind;
use crate::domain::{FoundAs, Reason, Remark};
use crate::mail::{AsideKind, Body, Link, LinkKind, Mail};
pub use find::head;
pub use finds::{Finds, weight};
use scan::Scan;

/// The [`Place::part`] of the address of the article that a mail was made of.
pub const ARTICLE: &str = "Content-Base";

/// Why something that looks like an indicator is none by default. It stays visible, so that a person can add it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// Private, loopback, link-local, multicast or otherwise never routed address.
    UnroutableAddress,
    /// A name without a public suffix (`.local`, `.internal`, `.lan`) or without a dot.
    UnroutableName,
    /// More likely a file name than a host (`setup.py`, `README.md`).
    FileName,
    /// Part of a version number, an OID or the number of a section.
    Version,
    /// A field of a record in program code (`t.id`).
    Code,
    /// The name of a commit.
    SourceCode,
    /// A hash of nothing, or one character repeated.
    TrivialHash,
    /// A page or host of a mail filter, without a link in it.
    FilterPage,
    /// A part of a value whose rest cannot be read: it might be another's.
    NotWhole,
}

impl Doubt {
    /// As the reason why it is left out.
    pub fn reason(self) -> Reason {
        match self {
            Self::UnroutableAddress => Reason::UnroutableAddress,
            Self::UnroutableName => Reason::UnroutableName,
            Self::FileName => Reason::FileName,
            Self::Version => Reason::VersionNumber,
            Self::Code => Reason::ProgramCode,
            Self::SourceCode => Reason::SourceCode,
            Self::TrivialHash => Reason::TrivialHash,
            Self::FilterPage => Reason::FilterPage,
            Self::NotWhole => Reason::NotWhole,
        }
    }
}

/// Where an indicator was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// `text/plain`, `text/html`, `Subject`, `attachment NAME`, …
    pub part: Arc<str>,
    /// Line of that part's text, from 1.
    pub line: u32,
    /// Where it begins in the [`texts`] of the mail.
    pub at: Position,
    /// As written in the text (of a link: its target as written), at most 300 characters; `None` where that is the value.
    pub written: Option<Arc<str>>,
}

/// An indicator of compromise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// What it is.
    pub kind: Kind,
    /// Refanged and normalised as MISP stores it. Composite values are joined by `|`.
    pub value: String,
    /// First place of finding.
    pub place: Place,
    /// What a reader should know: the Unicode form of an IDN, a link whose text shows another host, the coin's name, …
    pub remarks: Vec<Remark>,
    /// Set when it is none by default.
    pub doubt: Option<Doubt>,
    /// How it was found; of several ways the one that says most.
    pub found_as: FoundAs,
    /// The author took care that nobody clicks on it, which only somebody who reports it does.
    pub defanged: bool,
    /// It is a mail filter's or a sending provider's, who have the links of many others pass through it.
    pub passing: bool,
    /// Of a redirector: the URL, among the finds, that it leads to.
    pub redirects_to: Option<Arc<str>>,
    /// What a report for machines says of it.
    pub stated: Option<Box<stated::Claim>>,
    /// The host of a URL, lower-case, an address in its usual form. Of other kinds [`Indicator::host`] reads it off the value.
    pub url_host: Option<Box<str>>,
}

impl Indicator {
    /// Its MISP attribute type outside of objects.
    pub fn misp_type(&self) -> &'static str {
        let stated = self.stated.as_deref().and_then(|stated| stated.r#type);
        stated.unwrap_or_else(|| self.kind.misp_type())
    }

    /// As written in the text, at most 300 characters.
    pub fn written(&self) -> &str {
        self.place.written.as_deref().unwrap_or(&self.value)
    }

    /// The host that lists of hosts are asked about: without port or brackets.
    pub fn host(&self) -> Option<&str> {
        let host = match self.kind {
            Kind::Url => self.url_host.as_deref(),
            Kind::HostnamePort | Kind::IpPort => self.value.split('|').next(),
            Kind::Domain | Kind::Hostname | Kind::Ip | Kind::Cidr => Some(self.value.as_str()),
            Kind::Email => self.value.rsplit_once('@').map(|(_, host)| host),
            _ => None,
        };
        host.filter(|host| !host.is_empty())
    }
}

/// Finds the indicators of a plain text; `part` names it in [`Place::part`]. In the order of the text, nothing twice.
///
/// A URL that the author wrote without scheme stays without one (MISP's `url` allows it). A URL gives its host as well,
/// `host:port` gives the pair only, an e-mail address does not give its domain. What is [`Kind::Domain`] is decided by the
/// ICANN section of the public suffix list: `foo.github.io` is a hostname.
pub fn in_text(text: &str, part: &str, options: &TextSettings) -> Vec<Indicator> {
    scanned(text, part, options, Finds::default()).into_vec()
}

/// The same; no more than [`TextSettings::max_indicators`], and how many are left out.
pub fn in_long_text(text: &str, part: &str, options: &TextSettings) -> Finds {
    scanned(text, part, options, Finds::within(options.max_indicators))
}

fn scanned(text: &str, part: &str, options: &TextSettings, mut found: Finds) -> Finds {
    run(Scan::new(text, &Arc::from(part), options, &mut found));
    found
}

/// Finds what [`in_mail`] finds in a link with this target, whose words nobody knows.
pub fn in_link(target: &str, options: &TextSettings) -> Vec<Indicator> {
    let link = Link {
        target: target.to_owned(),
        original: None,
        shown: String::new(),
        kind: LinkKind::Anchor,
        line: 1,
    };
    link::read_all(&[&link], options, Finds::default()).into_vec()
}

/// Finds the indicators of a mail's own bodies: their text first, then the links of the HTML ones; before them the address of the
/// article that a feed reader made it of, and the subject, if asked for. Embedded mails and attachments are for the caller to hand in.
pub fn in_mail(mail: &Mail, with_subject: bool, options: &TextSettings) -> Finds {
    let mut found = Finds::within(options.max_indicators);
    if let Some(address) = mail.headers.article() {
        run(Scan::new(address, &Arc::from(ARTICLE), options, &mut found).found_as(FoundAs::Header));
    }
    for text in texts(mail) {
        let part = Arc::from(text.part);
        let scan = Scan::new(text.text, &part, options, &mut found).begins_at(text.start);
        match text.body {
            Some(body) => {
                run(scan);
                read_asides(body, &part, options, &mut found);
            }
            None if with_subject => run(scan.found_as(FoundAs::Header)),
            None => {}
        }
    }
    let links: Vec<&Link> = mail.bodies.iter().flat_map(|body| &body.links).collect();
    link::read_all(&links, options, found)
}

/// What no reader sees is not joined to what is seen, and only its links are finds.
fn read_asides(body: &Body, part: &Arc<str>, options: &TextSettings, found: &mut Finds) {
    for aside in &body.asides {
        let scan = Scan::new(&aside.text, part, options, found).on_line(aside.line);
        run(match aside.kind {
            AsideKind::Hidden => scan.found_as(FoundAs::Hidden),
            AsideKind::Outlook => scan,
        });
    }
}

/// Reads what of the text is to be read.
fn run(mut scan: Scan<'_>) {
    for stretch in lines::stretches(scan.text, scan.options) {
        scan.run(stretch);
    }
}
