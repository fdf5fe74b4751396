//! The people of a report and their hosts. Header, signatures, quotes and greetings bring their addresses and hosts into the
//! text; those are hardly ever what a report warns of. But the sender of a phish that is taken for a report must be kept.

use super::own::{Own, addresses, domain_of, owner};
use super::{Case, Node, Role};
use crate::domain::host;
use crate::indicator::{ARTICLE, Indicator, Kind};
use crate::mail::BodyKind;

/// How an indicator relates to the people of the mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// The address of one of them. In a report also a host, if it is in the signature or the report is evident.
    Theirs,
    /// A host of one of them that may still be what the mail warns of.
    Near,
    Stranger,
}

/// The people around one node.
pub(super) struct Participants<'a> {
    own: &'a Own<'a>,
    is_report: bool,
    /// Addresses of a report's senders.
    writers: Vec<String>,
    /// Names in whose hands those are. They may be the attacker's.
    senders: Vec<String>,
    /// The host of the article that a feed reader made the mail of: its author's.
    article: Option<String>,
    /// The mail is a report beyond doubt: indicators are defanged, hashes are listed, or the threat is attached.
    evident: bool,
    /// Line after which the signature begins, in `text/plain` and in `text/html`.
    signatures: [Option<u32>; 2],
}

impl<'a> Participants<'a> {
    /// The people of the node at `index`.
    pub(super) fn of(case: &Case, index: usize, own: &'a Own<'a>) -> Self {
        let mut people = Self {
            own,
            is_report: false,
            writers: Vec::new(),
            senders: Vec::new(),
            article: None,
            evident: false,
            signatures: [None; 2],
        };
        let Some(node) = case.nodes.get(index) else {
            return people;
        };
        if node.role == Role::Report {
            people.add_writers(node);
        }
        if node.parent.is_none() && node.mail.headers.article().is_some() {
            people.add_article(&node.indicators);
        }
        // A mail inside a mail is a threat, and the first one stands right behind the mail that it lies in.
        let is_threat = |inner: &Node<'_>| inner.parent == Some(index) && inner.role == Role::Sample;
        let mut finds = node.indicators.iter();
        people.evident = finds.any(|found| found.kind.is_hash() || found.defanged)
            || case.nodes.get(index + 1).is_some_and(is_threat);
        people
    }

    fn add_writers(&mut self, node: &Node<'_>) {
        self.is_report = true;
        self.writers = addresses(&node.mail.headers, &["From", "Sender", "Reply-To"]).collect();
        self.senders = self.writers.iter().filter_map(|mailbox| domain_of(mailbox)).collect();
        for (slot, kind) in self.signatures.iter_mut().zip([BodyKind::Plain, BodyKind::Html]) {
            let mut bodies = node.mail.bodies.iter().filter(|body| body.kind == kind);
            if let (Some(body), None) = (bodies.next(), bodies.next()) {
                let at = body.text.lines().position(|line| line.trim_end() == "--");
                *slot = at.and_then(|line| u32::try_from(line + 1).ok());
            }
        }
    }

    fn add_article(&mut self, found: &[Indicator]) {
        let article = found.iter().find(|found| is_at_article(found));
        self.article = article.and_then(Indicator::host).map(str::to_owned);
        self.senders.extend(self.article.iter().map(|host| owner(host)));
    }

    /// Whether it is the address of the article that the mail was made of.
    pub(super) fn is_article(&self, indicator: &Indicator) -> bool {
        self.article.is_some() && is_at_article(indicator)
    }

    pub(super) fn relation(&self, indicator: &Indicator) -> Relation {
        if indicator.kind == Kind::Email {
            let address = indicator.value.to_lowercase();
            let known = self.own.is_recipient(&address) || self.writers.contains(&address);
            return if known { Relation::Theirs } else { Relation::Stranger };
        }
        if self.article.is_some() && !indicator.defanged && indicator.host() == self.article.as_deref() {
            return Relation::Theirs;
        }
        let is_anybody_known = self.own.is_shown() || !self.senders.is_empty();
        let (Some(host), false, true) = (indicator.host(), indicator.defanged, is_anybody_known) else {
            return Relation::Stranger;
        };
        let Some(domain) = host::in_same_hands(host) else {
            return Relation::Stranger;
        };
        let trusted = self.own.received_at(host);
        if !trusted && !self.senders.iter().any(|sender| sender == domain) {
            return Relation::Stranger;
        }
        let plainly = self.evident && (host == domain || host.strip_prefix("www.") == Some(domain));
        match (
            self.is_report,
            plainly || self.in_signature(indicator),
            trusted || self.evident,
        ) {
            (true, true, _) => Relation::Theirs,
            (_, _, true) => Relation::Near,
            _ => Relation::Stranger,
        }
    }

    fn in_signature(&self, indicator: &Indicator) -> bool {
        let [plain, html] = self.signatures;
        let start = match &*indicator.place.part {
            "text/plain" => plain,
            "text/html" => html,
            _ => None,
        };
        start.is_some_and(|start| indicator.place.line > start)
    }
}

/// Whether it is a URL where only the address of an article stands.
fn is_at_article(indicator: &Indicator) -> bool {
    indicator.kind == Kind::Url && *indicator.place.part == *ARTICLE
}
