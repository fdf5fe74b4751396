//! The rules for what the headers of a sample say: addresses, their domains, servers.

use std::net::IpAddr;

use super::{Rule, Verdict, first, known, named};
use crate::config::Hosts;
use crate::domain::{Remark, host};
use crate::indicator::received::Hop;
use crate::policy::own::Own;

/// A value of the header that may be the sender's.
pub(in crate::policy) struct Sender<'a> {
    pub hosts: &'a Hosts,
    pub own: &'a Own<'a>,
    /// Address of a mailbox, name or address of a server.
    pub value: &'a str,
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
        Rule::spares(&Remark::OwnSide, |sender| sender.own.has_address(sender.value)),
        Rule::spares(&Remark::NamesRecipient, |sender| {
            named::names(sender.value, &|mailbox| sender.own.is_recipient(mailbox))
        }),
        Rule::flags(&Remark::SendersAddress, |sender| sender.on(known::is_mail_provider)),
        Rule::spares(&Remark::SendingProvider, Sender::is_provider),
        Rule::spares(&Remark::SharedHost, |sender| {
            sender.on(|host| sender.hosts.shared.covers(host))
        }),
        Rule::spares(&Remark::WellKnownHost, |sender| {
            sender.on(|host| sender.hosts.no_ids.covers(host))
        }),
        Rule::spares(&Remark::WellKnownBrand, |sender| {
            sender.on(|host| known::is_brand(host) || known::is_page(host))
        }),
    ];

    const DOMAIN: &'a [Rule<Self>] = &[
        Rule::spares(&Remark::OwnSide, |sender| sender.on(|host| sender.own.has_host(host))),
        Rule::spares(&Remark::NotPublic, |sender| sender.on(|host| !host::is_public(host))),
        Rule::spares(&Remark::MailProvider, |sender| sender.on(known::is_mail_provider)),
        Rule::spares(&Remark::SendingProvider, Sender::is_provider),
        Rule::spares(&Remark::HostingSuffix, |sender| sender.on(host::is_suffix_of_provider)),
        Rule::spares(&Remark::SharedHost, |sender| {
            sender.on(|host| sender.hosts.shared.covers(host))
        }),
        Rule::spares(&Remark::WellKnownHost, |sender| {
            sender.on(|host| sender.hosts.no_ids.covers(host))
        }),
        Rule::spares(&Remark::WellKnownBrand, |sender| {
            sender.on(|host| known::is_brand(host) || known::is_page(host))
        }),
    ];

    const SERVER: &'a [Rule<Self>] = &[
        Rule::spares(&Remark::OwnSide, |sender| {
            sender.is_ours || sender.on(|host| sender.own.has_host(host))
        }),
        Rule::spares(&Remark::NotPublic, |sender| {
            sender.value.parse::<IpAddr>().is_err() && sender.on(|host| !host::is_public(host))
        }),
        Rule::spares(&Remark::OnlyClaimed, Sender::is_claimed),
        Rule::spares(&Remark::SendingProvider, Sender::is_provider),
        Rule::spares(&Remark::HostingSuffix, |sender| sender.on(host::is_suffix_of_provider)),
        Rule::spares(&Remark::WellKnownHost, |sender| {
            sender.on(|host| sender.hosts.no_ids.covers(host))
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

/// The address of a sender.
pub(in crate::policy) fn of_address(address: &str, own: &Own<'_>, hosts: &Hosts) -> Verdict {
    let host = address
        .rsplit_once('@')
        .map_or("", |(_, domain)| domain)
        .to_ascii_lowercase();
    first(
        Sender::ADDRESS,
        &sender(address, &host, own, hosts),
        &Remark::SendersAddress,
    )
}

/// The domain of a sender's address.
pub(in crate::policy) fn of_domain(domain: &str, own: &Own<'_>, hosts: &Hosts) -> Verdict {
    let host = domain.to_ascii_lowercase();
    first(
        Sender::DOMAIN,
        &sender(domain, &host, own, hosts),
        &Remark::SendersDomain,
    )
}

/// Name or address of a server that handed the mail over; `is_ours` if that was one of the recipients' side.
pub(in crate::policy) fn of_server(value: &str, hop: &Hop, is_ours: bool, own: &Own<'_>, hosts: &Hosts) -> Verdict {
    let host = value.to_ascii_lowercase();
    let sender = Sender {
        hop: Some(hop),
        is_ours,
        ..sender(value, &host, own, hosts)
    };
    first(Sender::SERVER, &sender, &Remark::SendersServer)
}

/// The address of a client in a field of its own.
pub(in crate::policy) fn of_client(address: &str, own: &Own<'_>, hosts: &Hosts) -> Verdict {
    first(
        Sender::SERVER,
        &sender(address, address, own, hosts),
        &Remark::SendersServer,
    )
}

fn sender<'a>(value: &'a str, host: &'a str, own: &'a Own<'a>, hosts: &'a Hosts) -> Sender<'a> {
    Sender {
        hosts,
        own,
        value,
        host,
        hop: None,
        is_ours: false,
    }
}
