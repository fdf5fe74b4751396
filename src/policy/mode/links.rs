//! Where the links of a mail lead, and what they show.

use std::net::IpAddr;

use super::origin::{self, Origin};
use crate::domain::{Ending, EndingUse, Fact, FoundAs, host};
use crate::indicator::{Indicator, Kind};
use crate::mail::Mail;
use crate::policy::flag::names_mailbox;

/// A mail with so many different links is made for reading on.
const NEWSLETTER: usize = 10;

/// Where the links lead that a person can click.
pub(super) fn facts(mail: &Mail, live: &[&Indicator], found: &[Indicator], origin: &Origin, facts: &mut Vec<Fact>) {
    let live = || live.iter().copied();
    if found
        .iter()
        .any(|found| found.kind == Kind::Url && found.found_as == FoundAs::Form)
    {
        facts.push(Fact::Form);
    }
    let in_html = || live().filter(|found| &*found.place.part == "text/html link");
    let different = in_html().count();
    if different >= NEWSLETTER {
        facts.push(Fact::ManyLinks { count: different });
    }
    let hosts = || in_html().filter_map(Indicator::host);
    let mut all = live()
        .filter_map(Indicator::host)
        .chain(std::iter::once(&*origin.sender));
    let abused = all.find(|host| origin::is_abused(host)).map(str::to_owned);
    let abused = abused.filter(|_| different < NEWSLETTER);
    facts.extend(abused.map(|domain| Fact::AbusedSuffix { domain }));
    if hosts().any(|host| origin.is_senders(host)) && !origin::is_abused(&origin.sender) {
        // Whoever goes by the name of another has his own site for it.
        let is_himself = !facts.iter().any(|fact| matches!(fact, Fact::NameOfBrand { .. }));
        facts.extend(is_himself.then_some(Fact::LinksToSender));
    } else if different > 0 && !origin.sender.is_empty() {
        facts.push(Fact::LiveLinks { count: different });
    }
    if live()
        .filter_map(Indicator::host)
        .any(|host| host.parse::<IpAddr>().is_ok())
    {
        facts.push(Fact::LinkToAddress);
    }
    let others = found
        .iter()
        .filter(|found| found.found_as == FoundAs::ShownOverLink && !found.defanged);
    let hosts: Vec<&str> = hosts().collect();
    let shown =
        others.filter(|shown| shown.kind == Kind::Url && shown.host().is_some_and(|shown| !among(shown, &hosts)));
    let count = shown.count();
    // Of a table of values that link to their analysis, each shows something else than its link.
    if count > 0 && !(hosts.is_empty() && facts.contains(&Fact::AnalysisLinked)) {
        facts.push(Fact::LinkOverLink { count });
    }
    let to_file = live().any(|found| leads_to_file(&found.value));
    facts.extend(to_file.then_some(Fact::LinkToFile));
    let is_personal = |found: &&Indicator| names_mailbox(&found.value, &|address| origin.is_recipient(address));
    let is_newsletter = different >= NEWSLETTER || mail.headers.first("List-Unsubscribe").is_some();
    let personal = !is_newsletter && live().take(NEWSLETTER).any(|found| is_personal(&found));
    facts.extend(personal.then_some(Fact::LinkNamesRecipient));
}

/// Whether a click fetches a program or an archive, by the path.
fn leads_to_file(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.splitn(4, '/').nth(3).and_then(|path| path.rsplit('/').next());
    name.and_then(Ending::of_name)
        .is_some_and(|ending| ending.is(EndingUse::Run) || ending.is(EndingUse::Pack))
}

/// Somebody asks for something, and a link leads to where it is to be done, which is not the sender's.
pub(super) fn lure_to_link(live: &[&Indicator], origin: &Origin, facts: &mut Vec<Fact>) {
    let lures = facts.iter().any(|fact| {
        matches!(
            fact,
            Fact::Lure { .. } | Fact::SomeLures { .. } | Fact::ManyLures { .. }
        )
    });
    let mut hosts = live.iter().filter_map(|found| found.host());
    if lures && hosts.any(|host| !origin.is_senders(host) || origin::is_abused(host)) {
        facts.push(Fact::LureToLink);
    }
}

/// Whether a click opens it, or a telephone that is held before it.
pub(super) fn is_link(found: &Indicator) -> bool {
    let live = found.kind == Kind::Url && !found.defanged && found.doubt.is_none();
    live && matches!(found.found_as, FoundAs::Link | FoundAs::Redirect | FoundAs::Code)
}

/// Whether one of the hosts is of the same owner.
fn among(host: &str, hosts: &[&str]) -> bool {
    let owner = host::in_same_hands(host).unwrap_or(host);
    hosts
        .iter()
        .take(200)
        .any(|known| host::in_same_hands(known).unwrap_or(known) == owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_program_or_an_archive_is_known_by_its_path() {
        for url in ["https://evil.example/nf/0004.zip", "http://evil.example/a.exe?x=1"] {
            assert!(leads_to_file(url), "{url}");
        }
        for url in [
            "https://evil.example",
            "https://evil.zip/",
            "https://evil.example/a?f=b.exe",
            "https://evil.example/a.html",
        ] {
            assert!(!leads_to_file(url), "{url}");
        }
    }
}
