//! Where a mail comes from: its sender, the side that received it, the servers in between, and what they found out about the sender.

use crate::config::Hosts;
use crate::domain::{Authentication, Checked, Fact, Outcome, host};
use crate::indicator::received::{self, Hop};
use crate::mail::{Address, Headers, Mail};
use crate::policy::authentication::authentication;
use crate::policy::flag::{is_mail_provider, is_same_brand};

/// Fields that the receiving server writes.
const DELIVERED: [&str; 4] = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Delivered-To"];

/// What the header says of both sides.
pub(super) struct Origin {
    /// Registrable domain of the address in From, in lower case. Empty without one.
    pub sender: String,
    from: Option<Address>,
    /// Registrable domains of the side that received the mail.
    receivers: Vec<String>,
    recipients: Vec<String>,
    is_own_sender: bool,
    authentication: Option<Authentication>,
    hops: Vec<Hop>,
}

impl Origin {
    pub(super) fn of(mail: &Mail, hosts: &Hosts) -> Self {
        let headers = &mail.headers;
        let from = headers
            .addresses("From")
            .into_iter()
            .find(|one| one.address.contains('@'));
        let sender = from
            .as_ref()
            .and_then(|from| domain_of(&from.address))
            .unwrap_or_default();
        let is_own_sender = from.as_ref().is_some_and(|from| {
            let domain = from.address.rsplit('@').next().unwrap_or_default();
            hosts.own.covers(domain)
        });
        let hops: Vec<Hop> = headers.received().into_iter().take(50).map(received::parse).collect();
        Self {
            receivers: receivers(headers, &hops),
            recipients: recipients(headers, &hops),
            is_own_sender,
            authentication: authentication(mail, &hosts.own),
            hops,
            sender,
            from,
        }
    }

    /// Whether a host is the sender's. A maker has domains in many countries.
    pub(super) fn is_senders(&self, host: &str) -> bool {
        !self.sender.is_empty() && (owner(host) == self.sender || is_same_brand(host, &self.sender))
    }

    /// Whether a mailbox is a recipient's, by the header or by a server that took the mail.
    pub(super) fn is_recipient(&self, address: &str) -> bool {
        self.recipients.iter().any(|one| one.eq_ignore_ascii_case(address))
    }

    /// The host of the sender's address.
    pub(super) fn host(&self) -> Option<&str> {
        let (_, host) = self.from.as_ref()?.address.rsplit_once('@')?;
        Some(host)
    }

    /// The name that the sender gives himself.
    pub(super) fn name(&self) -> &str {
        let name = self.from.as_ref().and_then(|from| from.name.as_deref());
        name.unwrap_or_default().trim()
    }

    /// Whether an address is the sender's.
    pub(super) fn is_address(&self, address: &str) -> bool {
        self.from
            .as_ref()
            .is_some_and(|from| from.address.eq_ignore_ascii_case(address))
    }

    /// Whether nobody but the sender is named as recipient.
    fn to_himself(&self, headers: &Headers) -> bool {
        let recipients = headers.addresses("To");
        recipients.len() == 1 && recipients.iter().any(|to| self.is_address(&to.address))
    }

    /// Whether the sender's domain is that of the receiving side. Everybody shares a public provider.
    fn same_side(&self) -> bool {
        self.is_own_sender || (self.receivers.contains(&self.sender) && !is_mail_provider(&self.sender))
    }
}

/// Suffixes, see `data/abused_suffixes.tsv`.
const ABUSED: &[&str] = include!(concat!(env!("OUT_DIR"), "/abused_suffixes.rs"));

/// Whether a host is under a top-level domain of which a large part is registered for abuse.
pub(super) fn is_abused(host: &str) -> bool {
    host.rsplit_once('.')
        .is_some_and(|(_, suffix)| ABUSED.contains(&suffix))
}

fn owner(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    host::in_same_hands(&host).unwrap_or(&host).to_owned()
}

fn domain_of(address: &str) -> Option<String> {
    let (_, domain) = address.rsplit_once('@')?;
    (!domain.is_empty()).then(|| owner(domain))
}

/// Those whom the receiving servers name.
fn delivered<'a>(headers: &'a Headers, hops: &'a [Hop]) -> impl Iterator<Item = String> + 'a {
    let of = |field: &&str| headers.addresses(field);
    let written = DELIVERED.iter().flat_map(of).map(|one| one.address);
    written.chain(hops.iter().filter_map(|hop| hop.recipient.clone()))
}

fn recipients(headers: &Headers, hops: &[Hop]) -> Vec<String> {
    let named = headers.addresses("To").into_iter().map(|one| one.address);
    named.take(50).chain(delivered(headers, hops).take(50)).collect()
}

/// Domains of the fields that the receiving server wrote. Without them of To, unless only the sender is in it: then of the mailbox
/// for which the last server took the mail.
fn receivers(headers: &Headers, hops: &[Hop]) -> Vec<String> {
    let of = |field: &&str| headers.addresses(field);
    let mut found: Vec<String> = DELIVERED.iter().flat_map(of).map(|one| one.address).collect();
    if found.is_empty() {
        found = headers.addresses("To").into_iter().map(|one| one.address).collect();
        let from = headers.addresses("From");
        let is_from = |to: &String| from.iter().any(|from| from.address.eq_ignore_ascii_case(to));
        let taken = hops.iter().find_map(|hop| hop.recipient.clone());
        if let Some(taken) = taken.filter(|_| found.iter().all(is_from)) {
            found = vec![taken];
        }
    }
    found.iter().take(50).filter_map(|one| domain_of(one)).collect()
}

pub(super) fn facts(mail: &Mail, origin: &Origin, facts: &mut Vec<Fact>) {
    let proven = checks(origin, facts);
    if origin.same_side() {
        own_side(mail, origin, proven, facts);
    } else if !origin.sender.is_empty() {
        facts.push(Fact::SenderOutside);
        let is_told = origin.to_himself(&mail.headers)
            && delivered(&mail.headers, &origin.hops).any(|address| !origin.is_address(&address));
        facts.extend(is_told.then_some(Fact::ToHimself));
    }
    let provider = &origin.sender;
    if is_mail_provider(provider) {
        facts.push(Fact::PublicProvider);
        let through = |hop: &Hop| hop.names.iter().chain(&hop.by).any(|name| owner(name) == *provider);
        if !proven && !origin.hops.is_empty() && !origin.hops.iter().any(through) {
            facts.push(Fact::NotByItsProvider {
                domain: provider.clone(),
            });
        }
    }
    let nameless = |hop: &Hop| {
        let public = hop.peers().any(|address| received::is_public(*address));
        public && hop.looked_up && hop.proven().next().is_none()
    };
    if origin.hops.iter().any(nameless) {
        facts.push(Fact::NamelessServer);
    }
    sender(mail, origin, facts);
}

/// What servers found out about the sender. True if one has proven that the mail is of the domain in From.
fn checks(origin: &Origin, facts: &mut Vec<Fact>) -> bool {
    let Some(found) = &origin.authentication else {
        return false;
    };
    let is_aligned = |checked: &Checked| {
        checked.passed()
            && checked
                .domain
                .as_deref()
                .is_some_and(|domain| origin.is_senders(domain))
    };
    let aligned = found.dmarc.as_ref().is_some_and(Checked::passed)
        || found.dkim.iter().any(is_aligned)
        || found.spf.as_ref().is_some_and(is_aligned);
    if found.dmarc.as_ref().is_some_and(Checked::failed) {
        facts.push(Fact::DmarcFailed);
        return false;
    }
    if aligned {
        // The name of one's own side is nobody's business, and anybody can have a mailbox at a provider.
        let tells = !origin.same_side() && !is_mail_provider(&origin.sender);
        facts.extend(tells.then(|| Fact::SenderProven {
            domain: origin.sender.clone(),
        }));
        return true;
    }
    let soft = |checked: &Checked| checked.failed() || checked.result == Outcome::SoftFail;
    if found.spf.as_ref().is_some_and(soft) {
        facts.push(Fact::SpfFailed);
    }
    if !found.dkim.is_empty() && found.dkim.iter().all(Checked::failed) {
        facts.push(Fact::DkimFailed);
    }
    facts.push(Fact::NotAuthenticated);
    false
}

/// From may name any domain. A mail to the sender's own address, in the name of one's own side, is a trick as old as it is common.
fn own_side(mail: &Mail, origin: &Origin, proven: bool, facts: &mut Vec<Fact>) {
    let to_himself = origin.to_himself(&mail.headers);
    let trusted = origin.authentication.as_ref().is_some_and(|found| found.trusted);
    if !proven && origin.authentication.is_some() {
        facts.push(Fact::OwnSideForged);
    } else if proven && trusted {
        facts.push(Fact::OwnPeopleProven);
    } else if proven || !to_himself {
        facts.push(Fact::OwnPeople);
    }
}

/// What the sender's fields show and hide.
fn sender(mail: &Mail, origin: &Origin, facts: &mut Vec<Fact>) {
    let Some(from) = &origin.from else {
        return;
    };
    let name = origin.name();
    if name.is_empty() || name.trim_matches(['"', '\'']).eq_ignore_ascii_case(&from.address) {
        facts.extend((!origin.same_side()).then_some(Fact::SenderWithoutName));
    } else if let Some(shown) = other_address(name, &origin.sender) {
        facts.push(Fact::NameShowsOther { shown });
    }
    let answers = mail.headers.addresses("Reply-To");
    let elsewhere = answers
        .iter()
        .find_map(|answer| domain_of(&answer.address).filter(|domain| *domain != origin.sender));
    // A mailing list has answers sent to itself.
    if let Some(domain) = elsewhere.filter(|domain| !origin.receivers.contains(domain)) {
        facts.push(if is_mail_provider(&domain) && !is_mail_provider(&origin.sender) {
            Fact::AnswersToMailbox { domain }
        } else {
            Fact::AnswersElsewhere { domain }
        });
    }
    if !is_abused(&origin.sender)
        && mail
            .headers
            .message_id()
            .is_some_and(|id| domain_of(id.trim_end_matches('>')).as_ref() == Some(&origin.sender))
    {
        facts.push(Fact::IdOfSender);
    }
}

/// The address or site in a display name, if it is not the sender's.
fn other_address(name: &str, sender: &str) -> Option<String> {
    let words = name.split(|c: char| c.is_whitespace() || "()<>\"',;".contains(c));
    words.take(20).find_map(|word| {
        let host = word.rsplit('@').next()?;
        let is_host =
            word.contains('@') && host.contains('.') && host::registrable(&host.to_ascii_lowercase()).is_some();
        (is_host && owner(host) != sender).then(|| word.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table;

    #[test]
    fn every_suffix_of_the_table_is_known() {
        for row in table::rows("abused_suffixes") {
            let url = url::Url::parse(&row["example"]).unwrap();
            let host = url.host_str().unwrap();
            assert!(host.ends_with(&row["suffix"]) && is_abused(host), "{row:?}");
        }
        assert!(!is_abused("top.example.com") && !is_abused("top"));
    }
}
