//! Whose side a name or an address is on: that of the people who received the mail, or not.

use std::collections::BTreeSet;

use crate::domain::HostList;
use crate::indicator::host;
use crate::indicator::received::{self, Hop};
use crate::mail::Mail;

/// Names of the side that received the mail: configured ones, the recipients' domains, and the server that wrote the
/// topmost Received field, which no sender can forge.
pub(super) struct OwnNames<'a> {
    configured: &'a HostList,
    domains: BTreeSet<String>,
    mailboxes: BTreeSet<String>,
}

/// Providers whose domain says nothing about whose side a mailbox is on.
const SHARED_PROVIDERS: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "icloud.com",
    "me.com",
    "proton.me",
    "protonmail.com",
    "mail.ru",
    "yandex.ru",
    "qq.com",
    "163.com",
    "free.fr",
    "orange.fr",
    "libero.it",
    "t-online.de",
];

/// Whether anybody can have a mailbox in that domain.
pub(super) fn is_shared(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    let by_country = ["yahoo.", "hotmail.", "outlook.", "live."];
    SHARED_PROVIDERS.contains(&domain.as_str()) || by_country.iter().any(|provider| domain.starts_with(provider))
}

/// No name that DNS can hold has more.
const MAX_LABELS: usize = 127;

impl<'a> OwnNames<'a> {
    /// Those of a mail, besides the `configured` ones.
    pub(super) fn of(mail: &Mail, configured: &'a HostList) -> Self {
        let mut own = Self {
            configured,
            domains: BTreeSet::new(),
            mailboxes: BTreeSet::new(),
        };
        for field in ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"] {
            for address in mail.headers.addresses(field) {
                let mailbox = address.address.to_ascii_lowercase();
                if let Some((_, domain)) = mailbox.rsplit_once('@')
                    && !is_shared(domain)
                {
                    own.domains.insert(domain.to_owned());
                }
                own.mailboxes.insert(mailbox);
            }
        }
        // Above that qmail writes lines that name nobody at all.
        let hops = mail.headers.received().into_iter().map(received::parse);
        let first_hop = hops.into_iter().find(|hop| *hop != Hop::default());
        if let Some(by) = first_hop.and_then(|hop| hop.by) {
            let registrable = host::in_same_hands(&by).unwrap_or(&by).to_owned();
            own.domains.insert(registrable);
        }
        own
    }

    pub(super) fn has_host(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        // One look for each label: a mail may name thousands of senders and thousands of recipients.
        let above = host.rmatch_indices('.').take(MAX_LABELS).map(|(dot, _)| dot + 1);
        let mut names = std::iter::once(0).chain(above).filter_map(|start| host.get(start..));
        self.configured.covers(&host) || names.any(|name| self.domains.contains(name))
    }

    pub(super) fn has_address(&self, mailbox: &str) -> bool {
        let mailbox = mailbox.to_ascii_lowercase();
        self.mailboxes.contains(&mailbox)
            || mailbox
                .rsplit_once('@')
                .is_some_and(|(_, domain)| self.has_host(domain))
    }
}

/// Whether a name ends as names on the internet do; `mail.local` can be met nowhere else.
pub(super) fn is_public_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    !name.is_ascii() || host::is_public(&name)
}
