//! Whose side a host or a mailbox is on: that of the people who received the mail, or not. The one answer for attributes,
//! objects and reports.

use hashbrown::HashSet;

use super::flag::{is_mail_provider, is_sending_provider};
use super::{Case, Node, Role};
use crate::domain::{HostList, host};
use crate::indicator::received::{self, Hop};
use crate::mail::{Headers, Mail};

/// Fields that the sender writes.
pub(super) const SENDERS: [&str; 4] = ["From", "Sender", "Reply-To", "Return-Path"];
/// Fields that the sender of a sample writes as he likes, and the author of a report as he means.
const ADDRESSED: [&str; 2] = ["To", "Cc"];
/// Fields that the server writes that puts the mail into a mailbox.
const DELIVERED: [&str; 3] = ["Delivered-To", "X-Original-To", "Envelope-To"];
/// More people than that are a mailing list.
const PEOPLE: usize = 500;

/// People, and their hosts.
#[derive(Debug, Default)]
struct Group {
    /// Names of hosts in the same hands, see [`host::in_same_hands`].
    domains: HashSet<String>,
    mailboxes: HashSet<String>,
}

impl Group {
    fn add(&mut self, mailbox: String) {
        if let Some((_, domain)) = mailbox.rsplit_once('@').filter(|(_, domain)| !is_mail_provider(domain)) {
            self.domains.insert(owner(domain));
        }
        self.mailboxes.insert(mailbox);
    }
}

/// The people of each report of a case, by node. They are read once, however many mails a report has inside.
#[derive(Debug)]
pub(super) struct Reporters(Vec<Option<Group>>);

impl Reporters {
    pub(super) fn of(case: &Case) -> Self {
        let has_mails_inside = |index: usize| {
            let next = case.nodes.get(index + 1);
            next.is_some_and(|inner: &Node<'_>| inner.parent == Some(index))
        };
        let of_node = |(index, node): (usize, &Node<'_>)| {
            (node.role == Role::Report && has_mails_inside(index)).then(|| {
                let mut group = Group::default();
                people_around(&node.mail.headers).for_each(|mailbox| group.add(mailbox));
                group
            })
        };
        Self(case.nodes.iter().enumerate().map(of_node).collect())
    }
}

/// The side that received a mail: `hosts.own`, where the mail was delivered to, the servers that took it, and the people of
/// the reports around it.
#[derive(Debug)]
pub(super) struct Own<'a> {
    configured: &'a HostList,
    received: Group,
    /// Those of the reports around it, the innermost first.
    around: Vec<&'a Group>,
    /// Those whom the mail is addressed to, whether that is true or not.
    addressed: HashSet<String>,
}

impl<'a> Own<'a> {
    /// That of the node at `index`, besides the `configured` hosts.
    pub(super) fn of(case: &Case, index: usize, reporters: &'a Reporters, configured: &'a HostList) -> Self {
        let mut own = Self {
            configured,
            received: Group::default(),
            around: Vec::new(),
            addressed: HashSet::new(),
        };
        if let Some(node) = case.nodes.get(index) {
            own.add_received(&node.mail.headers);
            own.add_addressed(node);
        }
        // Every parent comes before its children, so this ends.
        let parent = |index: usize| case.nodes.get(index)?.parent.filter(|parent| *parent < index);
        let outer = std::iter::successors(parent(index), |index| parent(*index));
        own.around = outer.filter_map(|outer| reporters.0.get(outer)?.as_ref()).collect();
        own
    }

    /// Takes in what the receiving servers wrote: no sender can forge the topmost field, nor those that a server of the same
    /// side wrote below.
    fn add_received(&mut self, headers: &Headers) {
        for mailbox in addresses(headers, &DELIVERED) {
            self.add(mailbox);
        }
        let mut is_first = true;
        for line in headers.received() {
            let hop = received::parse(line);
            // qmail puts lines that name no server above the first one that does.
            if hop == Hop::default() {
                continue;
            }
            if let Some(by) = hop.by.as_deref().filter(|by| is_first && !is_sending_provider(by)) {
                self.received.domains.insert(owner(by));
            }
            is_first = false;
            if let Some(mailbox) = &hop.recipient {
                self.add(mailbox.clone());
            }
            if !self.hands_over(&hop) {
                break;
            }
        }
    }

    /// Whether one's own side, or its provider, handed the mail on, so that the line below was written there as well.
    fn hands_over(&self, hop: &Hop) -> bool {
        let mut peers = hop.peers().filter(|address| received::is_public(**address)).peekable();
        let is_inside = peers.peek().is_none() && hop.proven().next().is_none();
        let by = hop.by.as_deref().map(owner);
        is_inside
            || hop.proven().any(|name| self.has_host(name) || Some(owner(name)) == by)
            || peers.any(|address| self.has_host(&address.to_string()) || is_sending_provider(&address.to_string()))
    }

    /// The sender of a sample is not among those whom he addresses, though he may write so. Whom a report addresses is on
    /// its author's side; a mail to its own sender may be a phish that is taken for a report.
    fn add_addressed(&mut self, node: &Node<'_>) {
        let headers = &node.mail.headers;
        let senders: HashSet<String> = addresses(headers, &SENDERS).collect();
        let sending: HashSet<String> = senders.iter().filter_map(|mailbox| domain_of(mailbox)).collect();
        for mailbox in addresses(headers, &ADDRESSED) {
            let is_stranger = || domain_of(&mailbox).is_some_and(|domain| !sending.contains(&domain));
            if node.role == Role::Report && is_stranger() {
                self.add(mailbox);
            } else if node.role == Role::Report || !senders.contains(&mailbox) {
                self.addressed.insert(mailbox);
            }
        }
    }

    fn add(&mut self, mailbox: String) {
        self.received.add(mailbox);
    }

    fn groups(&self) -> impl Iterator<Item = &Group> {
        std::iter::once(&self.received).chain(self.around.iter().copied())
    }

    fn has_mailbox(&self, mailbox: &str) -> bool {
        self.groups().any(|group| group.mailboxes.contains(mailbox))
    }

    pub(super) fn has_host(&self, host: &str) -> bool {
        self.configured.covers(host) || self.received_at(host)
    }

    /// Whether the mail itself shows anything of whose side somebody is on.
    pub(super) fn is_shown(&self) -> bool {
        self.groups().any(|group| !group.domains.is_empty())
    }

    /// Whether the mail itself shows that the host is on that side.
    pub(super) fn received_at(&self, host: &str) -> bool {
        if !self.is_shown() {
            return false;
        }
        let host = host::lower(host);
        let domain = host::in_same_hands(&host).unwrap_or(&host);
        self.groups().any(|group| group.domains.contains(domain))
    }

    pub(super) fn has_address(&self, mailbox: &str) -> bool {
        let mailbox = mailbox.to_lowercase();
        let domain = mailbox.rsplit_once('@').map_or("", |(_, domain)| domain);
        self.has_mailbox(&mailbox) || (!domain.is_empty() && self.has_host(domain))
    }

    /// Whether the mail was sent to that mailbox, or says so.
    pub(super) fn is_recipient(&self, mailbox: &str) -> bool {
        let mailbox = mailbox.to_lowercase();
        self.has_mailbox(&mailbox) || self.addressed.contains(&mailbox)
    }
}

/// The mailboxes that a mail says that it went to, in lower case.
pub fn recipients(mail: &Mail) -> Vec<String> {
    let fields: Vec<&str> = ADDRESSED.into_iter().chain(DELIVERED).collect();
    addresses(&mail.headers, &fields).collect()
}

/// The mailboxes of all people of a report.
fn people_around(headers: &Headers) -> impl Iterator<Item = String> {
    let written = ["From", "Sender", "Reply-To", "To", "Cc"].into_iter().chain(DELIVERED);
    addresses(headers, &written.collect::<Vec<_>>())
        .collect::<Vec<_>>()
        .into_iter()
}

/// The mailboxes in the fields with these names, in lower case.
pub(super) fn addresses(headers: &Headers, fields: &[&str]) -> impl Iterator<Item = String> {
    let read = fields.iter().flat_map(|name| headers.addresses(name));
    let whole = read.filter(|one| {
        let (local, domain) = one.address.split_once('@').unwrap_or_default();
        !local.is_empty() && domain.contains('.')
    });
    whole.take(PEOPLE).map(|one| one.address.to_lowercase())
}

/// The name in whose hands a mailbox is.
pub(super) fn domain_of(mailbox: &str) -> Option<String> {
    Some(owner(mailbox.rsplit_once('@')?.1))
}

pub(super) fn owner(name: &str) -> String {
    host::in_same_hands(name).unwrap_or(name).to_owned()
}
