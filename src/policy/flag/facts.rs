//! What the rules ask of a mail, gathered once for each.

use hashbrown::HashSet;

use super::brand::Claims;
use super::known;
use super::proof::Proof;
use crate::config::Hosts;
use crate::domain::{FoundAs, Remark, Sealed, host};
use crate::indicator::{Indicator, Kind};
use crate::mail::Headers;
use crate::policy::own::Own;
use crate::policy::{Node, Role};

/// How close a link is to what the mail wants of its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// On a host that nobody knows.
    Strange,
    /// On a host where anybody can publish.
    Published,
    /// On a site on which makers have pages, and others too.
    Page,
    /// A well-known maker's own.
    Brand,
}

/// The facts of one mail.
pub(in crate::policy) struct Facts<'a> {
    pub(super) hosts: &'a Hosts,
    pub(super) own: &'a Own<'a>,
    pub(super) is_sample: bool,
    /// Hosts of URLs that a reader opens: links, forms, what is typed off.
    opened: HashSet<&'a str>,
    /// Registrable names of links, forms and redirects of the sender's.
    clicked: HashSet<String>,
    /// Registrable names of the sender's addresses.
    senders: HashSet<String>,
    claims: Claims,
    proof: Proof,
    /// Registrable names of the addresses to which mail is returned: an envelope is forged less often than a name.
    envelope: HashSet<String>,
    /// A link leads to a host of nobody's brand: that is what the mail is for.
    has_call: bool,
}

impl<'a> Facts<'a> {
    pub(in crate::policy) fn of(node: &'a Node<'_>, sealed: &[Sealed], own: &'a Own<'a>, hosts: &'a Hosts) -> Self {
        let mut facts = Self {
            hosts,
            own,
            is_sample: node.role == Role::Sample,
            opened: HashSet::new(),
            clicked: HashSet::new(),
            senders: HashSet::new(),
            claims: Claims::default(),
            proof: Proof::default(),
            envelope: HashSet::new(),
            has_call: false,
        };
        let headers = &node.mail.headers;
        let is_loaded = |find: &Indicator| find.found_as == FoundAs::Loaded;
        if !facts.is_sample && !node.indicators.iter().any(is_loaded) {
            // No rule asks for the rest, which takes a while.
            return facts;
        }
        if facts.is_sample {
            facts.claims = Claims::of(headers);
            facts.proof = Proof::of(headers, node.authentication, sealed);
            let envelope = domains(headers, &["Return-Path"]).filter(|domain| !facts.proof.is_forged(domain));
            facts.envelope = envelope.map(|domain| owner(&domain)).collect();
        }
        // Several links go to the same host, and each question about a host takes a while.
        facts.opened = node.indicators.iter().filter_map(opened).collect();
        let passing = node.indicators.iter().filter(|find| find.passing);
        let passing: HashSet<&str> = passing.filter_map(Indicator::host).collect();
        let opened: Vec<&str> = facts.opened.difference(&passing).copied().collect();
        facts.has_call = opened.iter().any(|host| match facts.standing(host) {
            Standing::Strange => !facts.claims.name(host) && !facts.proof.is_forged(host),
            Standing::Published => true,
            Standing::Page | Standing::Brand => false,
        });
        facts.clicked = opened
            .iter()
            .filter(|host| {
                facts.standing(host) == Standing::Strange && !facts.is_copied(host) && !facts.is_forged_beside(host)
            })
            .map(|host| owner(host))
            .collect();
        facts.senders = facts.of_senders(headers);
        facts
    }

    fn of_senders(&self, headers: &Headers) -> HashSet<String> {
        let theirs = domains(headers, &["From", "Sender", "Reply-To", "Return-Path"]).filter(|domain| {
            !known::is_mail_provider(domain)
                && !known::is_sending_provider(domain)
                && !self.own.has_host(domain)
                && self.standing(domain) == Standing::Strange
                && !self.is_copied(domain)
                && !self.proof.is_forged(domain)
        });
        theirs.map(|domain| owner(&domain)).collect()
    }

    fn standing(&self, host: &str) -> Standing {
        if known::is_page(host) {
            Standing::Page
        } else if self.hosts.shared.covers(host) || host::is_suffix_of_provider(host) {
            Standing::Published
        } else if known::is_brand(host) || known::is_furniture(host) || self.own.has_host(host) {
            Standing::Brand
        } else {
            Standing::Strange
        }
    }

    /// A well-known maker's own, where not anybody can publish.
    pub(super) fn is_brand(&self, host: &str) -> bool {
        known::is_brand(host) && !known::is_page(host) && !self.hosts.shared.covers(host)
    }

    /// The host bears the name that the mail claims, while the mail calls elsewhere.
    pub(super) fn is_copied(&self, host: &str) -> bool {
        self.has_call && self.claims.name(host) && !self.envelope.contains(&owner(host)) && !self.proof.is_proven(host)
    }

    /// Of the domain that the sender only claims.
    pub(super) fn is_forged(&self, host: &str) -> bool {
        self.proof.is_forged(host)
    }

    /// The same, while the mail calls elsewhere.
    pub(super) fn is_forged_beside(&self, host: &str) -> bool {
        self.has_call && self.proof.is_forged(host)
    }

    /// On a site for everybody, while the mail calls elsewhere.
    pub(super) fn is_page_beside(&self, host: &str) -> bool {
        self.has_call && known::is_page(host)
    }

    pub(super) fn opens(&self, host: &str) -> bool {
        self.opened.contains(host)
    }

    /// Whether the sender has a link to there, or an address there.
    pub(super) fn is_of_link_or_sender(&self, host: &str) -> bool {
        let owner = owner(host);
        self.clicked.contains(&owner) || self.senders.contains(&owner)
    }
}

/// The host of a URL that a reader opens, where that is the sender's choice: not the counter of a sending provider. One without a scheme is no link in every mail program, but is typed off.
fn opened(find: &Indicator) -> Option<&str> {
    let is_opened = match find.found_as {
        FoundAs::Link | FoundAs::Form | FoundAs::Redirect | FoundAs::Code => true,
        FoundAs::Prose => !crate::policy::attribute::is_bare_host(find),
        _ => false,
    };
    let is_opened = is_opened
        && !find
            .remarks
            .iter()
            .any(|remark| matches!(remark, Remark::RewrittenOpaque { .. }));
    let is_meant = find.kind == Kind::Url && is_opened && find.doubt.is_none();
    find.url_host.as_deref().filter(|_| is_meant)
}

/// The domains of the addresses in these fields.
fn domains(headers: &Headers, fields: &[&str]) -> impl Iterator<Item = String> {
    let addresses = fields.iter().flat_map(|field| headers.addresses(field));
    addresses.filter_map(|one| Some(one.address.rsplit_once('@')?.1.to_ascii_lowercase()))
}

fn owner(name: &str) -> String {
    host::in_same_hands(name).unwrap_or(name).to_owned()
}
