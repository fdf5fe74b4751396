//! Whose side a name or an address is on: that of the people who received the mail, or not.

use std::collections::BTreeSet;

use crate::domain::{HostList, host};
use crate::indicator::received::{self, Hop};
use crate::mail::Mail;

/// Names of the side that received the mail: configured ones, the recipients' domains, and the server that wrote the
/// topmost Received field, which no sender can forge.
pub(super) struct OwnNames<'a> {
    configured: &'a HostList,
    domains: BTreeSet<String>,
    mailboxes: BTreeSet<String>,
}

/// Patterns of domains, from `data/mail_providers.tsv`.
const PROVIDERS: &[&str] = include!(concat!(env!("OUT_DIR"), "/mail_providers.rs"));

/// Whether anybody can have a mailbox in that domain.
pub(super) fn is_shared(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    PROVIDERS.iter().any(|pattern| host::fits(pattern, &domain))
}

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
        // qmail puts lines that name no server above the first one that does.
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
        // One look-up per label keeps this linear: a mail may name thousands of senders and thousands of recipients.
        self.configured.covers(&host) || host::and_above(&host).any(|name| self.domains.contains(name))
    }

    pub(super) fn has_address(&self, mailbox: &str) -> bool {
        let mailbox = mailbox.to_ascii_lowercase();
        self.mailboxes.contains(&mailbox)
            || mailbox
                .rsplit_once('@')
                .is_some_and(|(_, domain)| self.has_host(domain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table;

    #[test]
    fn every_provider_of_the_table_is_known() {
        for row in table::rows("mail_providers") {
            let (_, domain) = row["example"].split_once('@').unwrap();
            assert!(host::fits(&row["domain"], domain) && is_shared(domain), "{row:?}");
        }
        assert!(!is_shared("live.evil.com") && !is_shared("evil.com"));
    }
}
