//! Who wrote a mail and who received it. Signatures, quotes and greetings bring their addresses and hosts into the
//! text; those are hardly ever what a report warns of. But the sender of a phish that is taken for a report must be kept.

use super::{Case, Node, Role};
use crate::domain::host;
use crate::indicator::{Indicator, Kind};
use crate::mail::{BodyKind, Headers};

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
#[derive(Debug, Default)]
pub(super) struct Participants {
    /// Addresses that are never indicators.
    addresses: Vec<String>,
    /// Registrable mail domains of people who cannot be the attacker.
    trusted: Vec<String>,
    /// Registrable mail domain of the sender, who may be the attacker.
    senders: Vec<String>,
    /// The mail is a report beyond doubt: indicators are defanged, hashes are listed, or the threat is attached.
    evident: bool,
    /// Line after which the signature begins, in `text/plain` and in `text/html`.
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
        // Every parent comes before its children, so this ends.
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

    /// In a sample only recipients count. A mail from a domain to itself may be the attacker's, with the victims in
    /// Bcc: there only the fields that the receiving server wrote count.
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

/// The addresses in the fields with these names, in lower case.
fn addresses(headers: &Headers, fields: &[&str]) -> Vec<String> {
    let read = fields.iter().flat_map(|name| headers.addresses(name));
    let whole = read.filter(|one| {
        let (local, domain) = one.address.split_once('@').unwrap_or_default();
        !local.is_empty() && domain.contains('.')
    });
    // More than that is a mailing list, not people.
    whole.take(500).map(|one| one.address.to_lowercase()).collect()
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
