//! Who wrote a mail and who got it. Their addresses and hosts come into the text by signatures, quotes and greetings and
//! are hardly ever what the mail is about; yet the sender of a phish that is taken for a report must not vanish.

use super::{Case, Node, Role};
use crate::domain::host;
use crate::indicator::{Indicator, Kind};
use crate::mail::{BodyKind, Headers};

/// What an indicator is to the people of the mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// It is the address of one of them, or plainly the host of one of them in a signature.
    Theirs,
    /// A host of one of them, though it may be what the mail is about.
    Near,
    Stranger,
}

/// The people around one node.
#[derive(Debug, Default)]
pub(super) struct Participants {
    /// Addresses that are never indicators.
    addresses: Vec<String>,
    /// Registrable mail domains of people who are surely none of the attackers.
    trusted: Vec<String>,
    /// Registrable mail domain of the sender, who may be the attacker.
    senders: Vec<String>,
    /// The mail plainly is a report: indicators are defanged, hashes are listed, or the threat is attached.
    evident: bool,
    /// Line of `text/plain` and `text/html` after which the signature stands.
    signatures: [Option<u32>; 2],
}

const SENDERS: [&str; 3] = ["from", "sender", "reply-to"];
const RECIPIENTS: [&str; 5] = ["to", "cc", "delivered-to", "x-original-to", "envelope-to"];
const DELIVERED: [&str; 3] = ["delivered-to", "x-original-to", "envelope-to"];

impl Participants {
    /// The people of the node at `index` and of the reports around it.
    pub(super) fn of(case: &Case, index: usize) -> Self {
        let mut people = Self::default();
        let Some(node) = case.nodes.get(index) else {
            return people;
        };
        match node.role {
            Role::Report => people.of_report(node),
            Role::Sample => people.of_sample(&node.mail.headers),
        }
        people.evident = node
            .indicators
            .iter()
            .any(|found| found.kind.is_hash() || found.defanged)
            || case
                .nodes
                .iter()
                .any(|inner| inner.parent == Some(index) && inner.role == Role::Sample);
        // Every parent stands before its children, so this ends.
        let mut inner = index;
        while let Some(parent) = case
            .nodes
            .get(inner)
            .and_then(|node| node.parent)
            .filter(|parent| *parent < inner)
        {
            if let Some(outer) = case.nodes.get(parent).filter(|outer| outer.role == Role::Report) {
                let around = addresses(&outer.mail.headers, &[&SENDERS[..], &RECIPIENTS[..]].concat());
                people
                    .trusted
                    .extend(around.iter().filter_map(|address| registrable_of(address)));
                people.addresses.extend(around);
            }
            inner = parent;
        }
        people
    }

    fn of_report(&mut self, node: &Node) {
        let headers = &node.mail.headers;
        let senders = addresses(headers, &SENDERS);
        let recipients = addresses(headers, &RECIPIENTS);
        self.senders = senders.iter().filter_map(|address| registrable_of(address)).collect();
        self.trusted = recipients
            .iter()
            .filter_map(|address| registrable_of(address))
            .collect();
        self.addresses = [senders, recipients].concat();
        for (slot, kind) in self.signatures.iter_mut().zip([BodyKind::Plain, BodyKind::Html]) {
            let mut bodies = node.mail.bodies.iter().filter(|body| body.kind == kind);
            if let (Some(body), None) = (bodies.next(), bodies.next()) {
                let at = body.text.lines().position(|line| line.trim_end() == "--");
                *slot = at.and_then(|line| u32::try_from(line + 1).ok());
            }
        }
    }

    /// Of a sample only who got it. A mail from a domain to itself may be the attacker's own with the victims in Bcc, so
    /// there only what the receiving server wrote counts.
    fn of_sample(&mut self, headers: &Headers) {
        let senders = addresses(headers, &SENDERS);
        let attackers: Vec<String> = senders.iter().filter_map(|address| registrable_of(address)).collect();
        let delivered: Vec<String> = addresses(headers, &DELIVERED)
            .iter()
            .filter_map(|address| registrable_of(address))
            .collect();
        let recipients = addresses(headers, &RECIPIENTS);
        let domains = recipients.iter().filter_map(|address| registrable_of(address));
        self.trusted = domains
            .filter(|domain| delivered.contains(domain) || !attackers.contains(domain))
            .collect();
        self.addresses = recipients
            .into_iter()
            .filter(|address| !senders.contains(address))
            .collect();
    }

    /// What `indicator` is to them.
    pub(super) fn relation(&self, indicator: &Indicator) -> Relation {
        if indicator.kind == Kind::Email {
            let known = self
                .addresses
                .iter()
                .any(|address| address.eq_ignore_ascii_case(&indicator.value));
            return if known { Relation::Theirs } else { Relation::Stranger };
        }
        let (Some(host), false) = (indicator.host(), indicator.defanged) else {
            return Relation::Stranger;
        };
        let Some(domain) = registrable(host) else {
            return Relation::Stranger;
        };
        let trusted = self.trusted.contains(&domain);
        if !trusted && !self.senders.contains(&domain) {
            return Relation::Stranger;
        }
        let plainly = self.evident && (host == domain || host.strip_prefix("www.") == Some(&domain));
        let is_report = !self.senders.is_empty();
        match (
            is_report,
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

/// Addresses of these fields, in lower case. The words of a field that have an `@`, without what encloses them.
fn addresses(headers: &Headers, fields: &[&str]) -> Vec<String> {
    let named = headers
        .fields
        .iter()
        .filter(|field| fields.iter().any(|name| field.name.eq_ignore_ascii_case(name)));
    let words = named.flat_map(|field| {
        field
            .raw
            .split(|c: char| c.is_whitespace() || "<>,;\"'():[]".contains(c))
    });
    let plain = words.filter(|word| {
        word.split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
    });
    // A field with thousands of addresses is a list, not people.
    plain.take(500).map(str::to_lowercase).collect()
}

fn registrable_of(address: &str) -> Option<String> {
    registrable(address.rsplit_once('@')?.1)
}

fn registrable(host: &str) -> Option<String> {
    if host.parse::<std::net::IpAddr>().is_ok() || !host.is_ascii() {
        return None;
    }
    host::in_same_hands(&host.to_ascii_lowercase()).map(str::to_owned)
}
