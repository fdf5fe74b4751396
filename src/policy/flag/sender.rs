//! The rules for what the headers of a sample say: addresses, their domains, servers.

use std::net::IpAddr;

use super::{Proof, Rule, Verdict, first, known, named};
use crate::config::Hosts;
use crate::domain::{Remark, host};
use crate::indicator::received::Hop;
use crate::policy::own::Own;

/// What the rules ask of a mail's header.
pub(in crate::policy) struct Side<'a> {
    pub hosts: &'a Hosts,
    pub own: &'a Own<'a>,
    pub proof: &'a Proof,
}

/// A value of the header that may be the sender's.
struct Sender<'a> {
    side: &'a Side<'a>,
    /// Address of a mailbox, name or address of a server.
    value: &'a str,
    /// Its name or domain.
    host: &'a str,
    hop: Option<&'a Hop>,
    is_ours: bool,
}

impl Sender<'_> {
    fn on(&self, fits: impl Fn(&str) -> bool) -> bool {
        fits(self.host)
    }

    fn is_claimed(&self) -> bool {
        let address: Option<IpAddr> = self.value.parse().ok();
        let claimed = self.hop.map(|hop| &hop.claimed_addresses);
        address.is_some_and(|address| claimed.is_some_and(|claimed| claimed.contains(&address)))
    }

    /// The sender greets with a name of the domain that he forged.
    fn is_forged_greeting(&self) -> bool {
        let is_claimed = |hop: &Hop| hop.claimed.iter().any(|name| name == self.value);
        self.is_forged() && self.hop.is_some_and(is_claimed)
    }

    fn is_forged(&self) -> bool {
        self.on(|host| self.side.proof.is_forged(host))
    }

    fn is_proven(&self) -> bool {
        self.on(|host| self.side.proof.is_proven(host))
    }

    /// It is what a provider calls one of his customers, and it was the customer who sent the mail.
    fn is_customer(&self) -> bool {
        self.is_proven() && self.on(|host| known::customer(host).is_some())
    }

    /// It is a provider's, or an address that the receiving server says is one's. A greeting counts only where that server has
    /// not looked up the address, and of providers who are not known by their networks: everybody greets with famous names.
    fn is_provider(&self) -> bool {
        let is_address = self.value.parse::<IpAddr>().is_ok();
        let is_named = |hop: &Hop| {
            let mut greeted = hop.claimed.iter().filter(|_| !hop.looked_up);
            hop.proven().any(|name| known::is_sending_provider(name))
                || greeted.any(|name| known::is_greeting_of_provider(name))
        };
        known::is_sending_provider(self.host) || (is_address && self.hop.is_some_and(is_named))
    }
}

impl<'a> Sender<'a> {
    const ADDRESS: &'a [Rule<Self>] = &[
        Rule::spares(&Remark::OwnSide, |sender| sender.side.own.has_address(sender.value)),
        Rule::spares(&Remark::NamesRecipient, |sender| {
            named::names(sender.value, &|mailbox| sender.side.own.is_recipient(mailbox))
        }),
        Rule::flags(&Remark::ProvidersCustomer, Sender::is_customer),
        Rule::spares(&Remark::ForgedSender, Sender::is_forged),
        Rule::flags(&Remark::ProvenSender, |sender| {
            sender.on(known::is_mail_provider) && sender.is_proven()
        }),
        Rule::flags(&Remark::SendersAddress, |sender| sender.on(known::is_mail_provider)),
        Rule::spares(&Remark::SendingProvider, Sender::is_provider),
        Rule::spares(&Remark::SharedHost, |sender| {
            sender.on(|host| sender.side.hosts.shared.covers(host))
        }),
        Rule::spares(&Remark::WellKnownHost, |sender| {
            sender.on(|host| sender.side.hosts.no_ids.covers(host))
        }),
        Rule::spares(&Remark::WellKnownBrand, |sender| {
            sender.on(|host| known::is_brand(host) || known::is_page(host))
        }),
        Rule::flags(&Remark::ProvenSender, Sender::is_proven),
    ];

    const DOMAIN: &'a [Rule<Self>] = &[
        Rule::spares(&Remark::OwnSide, |sender| {
            sender.on(|host| sender.side.own.has_host(host))
        }),
        Rule::spares(&Remark::NotPublic, |sender| sender.on(|host| !host::is_public(host))),
        Rule::flags(&Remark::ProvidersCustomer, Sender::is_customer),
        Rule::spares(&Remark::ForgedSender, Sender::is_forged),
        Rule::spares(&Remark::MailProvider, |sender| sender.on(known::is_mail_provider)),
        Rule::spares(&Remark::SendingProvider, Sender::is_provider),
        Rule::spares(&Remark::HostingSuffix, |sender| sender.on(host::is_suffix_of_provider)),
        Rule::spares(&Remark::SharedHost, |sender| {
            sender.on(|host| sender.side.hosts.shared.covers(host))
        }),
        Rule::spares(&Remark::WellKnownHost, |sender| {
            sender.on(|host| sender.side.hosts.no_ids.covers(host))
        }),
        Rule::spares(&Remark::WellKnownBrand, |sender| {
            sender.on(|host| known::is_brand(host) || known::is_page(host))
        }),
        Rule::flags(&Remark::ProvenSender, Sender::is_proven),
    ];

    const SERVER: &'a [Rule<Self>] = &[
        Rule::spares(&Remark::OwnSide, |sender| {
            sender.is_ours || sender.on(|host| sender.side.own.has_host(host))
        }),
        Rule::spares(&Remark::NotPublic, |sender| {
            sender.value.parse::<IpAddr>().is_err() && sender.on(|host| !host::is_public(host))
        }),
        Rule::spares(&Remark::OnlyClaimed, Sender::is_claimed),
        Rule::spares(&Remark::ForgedSender, Sender::is_forged_greeting),
        Rule::spares(&Remark::SendingProvider, Sender::is_provider),
        Rule::spares(&Remark::HostingSuffix, |sender| sender.on(host::is_suffix_of_provider)),
        Rule::spares(&Remark::WellKnownHost, |sender| {
            sender.on(|host| sender.side.hosts.no_ids.covers(host))
        }),
        Rule::spares(&Remark::WellKnownBrand, |sender| {
            sender.on(|host| known::is_brand(host) || known::is_page(host))
        }),
    ];
}

/// A recipient's address or name: never for detection.
pub(in crate::policy) fn recipient() -> Verdict {
    Verdict {
        to_ids: false,
        why: &Remark::Recipient,
        is_told: false,
    }
}

impl Side<'_> {
    /// The address of a sender.
    pub fn address(&self, address: &str) -> Verdict {
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        let host = domain.to_ascii_lowercase();
        first(Sender::ADDRESS, &self.sender(address, &host), &Remark::SendersAddress)
    }

    /// The domain of a sender's address.
    pub fn domain(&self, domain: &str) -> Verdict {
        let host = domain.to_ascii_lowercase();
        first(Sender::DOMAIN, &self.sender(domain, &host), &Remark::SendersDomain)
    }

    /// Name or address of a server that handed the mail over; `is_ours` if that was one of the recipients' side.
    pub fn server(&self, value: &str, hop: &Hop, is_ours: bool) -> Verdict {
        let host = value.to_ascii_lowercase();
        let sender = Sender {
            hop: Some(hop),
            is_ours,
            ..self.sender(value, &host)
        };
        first(Sender::SERVER, &sender, &Remark::SendersServer)
    }

    /// The address of a client in a field of its own.
    pub fn client(&self, address: &str) -> Verdict {
        first(Sender::SERVER, &self.sender(address, address), &Remark::SendersServer)
    }

    fn sender<'s>(&'s self, value: &'s str, host: &'s str) -> Sender<'s> {
        Sender {
            side: self,
            value,
            host,
            hop: None,
            is_ours: false,
        }
    }
}
