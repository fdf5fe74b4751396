//! The facts in a mail that say whether it is a report or a sample. Each has its weight in [`super::verdict`].

use std::collections::HashSet;
use std::net::IpAddr;

use super::origin::{self, Origin};
use super::{Evidence, Question, carrier, people, text};
use crate::domain::{Ending, EndingUse, Fact, FoundAs, Overrides, host};
use crate::file;
use crate::indicator::{Indicator, Kind};
use crate::mail::{AsideKind, AttachmentRole, BodyKind, EmbeddedKind, Mail};
use crate::policy::heading;

/// All facts of a mail that are known to say something.
pub(super) fn of(question: Question<'_>, found: &[Indicator]) -> Vec<Evidence> {
    let mail = question.mail;
    let origin = Origin::of(mail, question.hosts);
    let mut facts = Vec::new();
    inside(mail, &mut facts);
    let marking = heading::marking(std::iter::once(mail), &Overrides::default(), question.tlp);
    facts.extend(marking.map(|level| Fact::TlpMarked {
        level: level.tag().to_uppercase(),
    }));
    listed(found, &mut facts);
    if found
        .iter()
        .any(|found| is_link(found) && found.host().is_some_and(|host| question.hosts.external.covers(host)))
    {
        facts.push(Fact::AnalysisLinked);
    }
    links(found, &origin, &mut facts);
    files(mail, &mut facts);
    look(mail, &mut facts);
    origin::facts(mail, &origin, &mut facts);
    people::facts(mail, &mut facts);
    text::facts(mail, &mut facts);
    lure_to_link(found, &origin, &mut facts);
    little_text(mail, found, &mut facts);
    facts.into_iter().map(Evidence::of).collect()
}

/// What lies inside the mail.
fn inside(mail: &Mail, facts: &mut Vec<Fact>) {
    let holds = |kind| mail.embedded.iter().any(|inner| inner.kind == kind);
    if mail.notice.is_some() {
        facts.push(Fact::MachineNotice);
    } else if holds(EmbeddedKind::Attached) {
        facts.push(if carrier::says_nothing(mail) {
            Fact::AttachedAlone
        } else {
            Fact::AttachedBelowWords
        });
    }
    if holds(EmbeddedKind::InlineForward) {
        facts.push(Fact::ForwardedInline);
    }
}

/// Values that only somebody who reports them writes.
fn listed(found: &[Indicator], facts: &mut Vec<Fact>) {
    let count = |wanted: &dyn Fn(&Indicator) -> bool| found.iter().filter(|found| wanted(found)).count();
    let defanged = count(&|found| found.defanged && found.kind != Kind::Email);
    let hashes = count(&|found| found.kind.is_hash() && found.doubt.is_none());
    let vulnerabilities = count(&|found| found.kind == Kind::Vulnerability);
    let bare = |found: &Indicator| {
        matches!(
            found.kind,
            Kind::Domain | Kind::Hostname | Kind::Ip | Kind::HostnamePort | Kind::IpPort
        )
    };
    let of_url: HashSet<&str> = found
        .iter()
        .filter(|found| found.kind == Kind::Url)
        .filter_map(Indicator::host)
        .collect();
    let values = count(&|found| {
        bare(found)
            && found.doubt.is_none()
            && found.found_as == FoundAs::Prose
            && found.host().is_some_and(|host| !of_url.contains(host))
    });
    facts.extend((values >= LIST).then_some(Fact::ValuesListed { count: values }));
    let told = [
        (defanged, Fact::ValuesDefanged { count: defanged }),
        (hashes, Fact::HashesListed { count: hashes }),
        (vulnerabilities, Fact::VulnerabilitiesNamed { count: vulnerabilities }),
    ];
    facts.extend(told.into_iter().filter(|(count, _)| *count > 0).map(|(_, fact)| fact));
}

/// So many hosts and addresses that nobody can click are a list.
const LIST: usize = 3;

/// A text of fewer words says little.
const FEW: usize = 10;

/// A mail with so many different links is made for reading on.
const NEWSLETTER: usize = 10;

/// Where the links lead that a person can click.
fn links(found: &[Indicator], origin: &Origin, facts: &mut Vec<Fact>) {
    let live = || found.iter().filter(|found| is_link(found));
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
        facts.push(Fact::LinksToSender);
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
    if count > 0 {
        facts.push(Fact::LinkOverLink { count });
    }
}

/// Somebody asks for something, and a link leads to where it is to be done, which is not the sender's.
fn lure_to_link(found: &[Indicator], origin: &Origin, facts: &mut Vec<Fact>) {
    let lures = facts.iter().any(|fact| {
        matches!(
            fact,
            Fact::Lure { .. } | Fact::SomeLures { .. } | Fact::ManyLures { .. }
        )
    });
    let mut hosts = found.iter().filter(|found| is_link(found)).filter_map(Indicator::host);
    if lures && hosts.any(|host| !origin.is_senders(host) || origin::is_abused(host)) {
        facts.push(Fact::LureToLink);
    }
}

/// Few words, and one of them a link.
fn little_text(mail: &Mail, found: &[Indicator], facts: &mut Vec<Fact>) {
    let longest = mail
        .bodies
        .iter()
        .map(|body| body.text.split_whitespace().take(FEW).count())
        .max();
    let says_more = facts.iter().any(|fact| matches!(fact, Fact::AboutThreats { .. }));
    let says_more = says_more || facts.iter().any(|fact| matches!(fact, Fact::ValuesListed { .. }));
    if !says_more && longest.is_some_and(|words| words < FEW) && mail.embedded.is_empty() && found.iter().any(is_link) {
        facts.push(Fact::HardlyMoreThanALink);
    }
}

/// Whether a click opens it.
fn is_link(found: &Indicator) -> bool {
    let live = found.kind == Kind::Url && !found.defanged && found.doubt.is_none();
    live && matches!(found.found_as, FoundAs::Link | FoundAs::Redirect)
}

/// Whether one of the hosts is of the same owner.
fn among(host: &str, hosts: &[&str]) -> bool {
    let owner = host::in_same_hands(host).unwrap_or(host);
    hosts
        .iter()
        .take(200)
        .any(|known| host::in_same_hands(known).unwrap_or(known) == owner)
}

/// Types of files that run.
const PROGRAMS: [&str; 6] = [
    "application/vnd.microsoft.portable-executable",
    "application/x-dosexec",
    "application/x-ms-shortcut",
    "application/hta",
    "text/javascript",
    "text/x-encoded-script",
];

/// Attached files that a click opens.
fn files(mail: &Mail, facts: &mut Vec<Fact>) {
    let files = mail.attachments.iter().filter(|file| file.role == AttachmentRole::File);
    let mut told = [false; 3];
    for file in files.take(50) {
        let name = file.name.clone().unwrap_or_default();
        let is = |wanted| Ending::of_name(&name).is_some_and(|known| known.is(wanted));
        let kind = file::mimetype(&file.bytes, file.name.as_deref());
        let (slot, fact): (usize, fn(String) -> Fact) = if is(EndingUse::Run) || PROGRAMS.contains(&kind.as_str()) {
            (0, |name| Fact::ProgramAttached { name })
        } else if matches!(kind.as_str(), "text/html" | "image/svg+xml" | "application/xhtml+xml") {
            (1, |name| Fact::PageAttached { name })
        } else if is(EndingUse::Pack) {
            (2, |name| Fact::ArchiveAttached { name })
        } else {
            continue;
        };
        if let Some(told) = told.get_mut(slot).filter(|told| !**told) {
            *told = true;
            facts.push(fact(file.label().to_owned()));
        }
    }
}

/// How the bodies look.
fn look(mail: &Mail, facts: &mut Vec<Fact>) {
    let has = |kind| {
        mail.bodies
            .iter()
            .any(|body| body.kind == kind && !body.text.trim().is_empty())
    };
    let pictures = |body: &crate::mail::Body| {
        body.links
            .iter()
            .filter(|link| link.kind == crate::mail::LinkKind::Image)
            .count()
    };
    let html = mail.bodies.iter().filter(|body| body.kind == BodyKind::Html);
    match (has(BodyKind::Plain), html.clone().next().is_some()) {
        (false, true) => facts.push(Fact::HtmlAlone),
        (true, false) => facts.push(Fact::PlainText),
        _ => {}
    }
    if html
        .clone()
        .any(|body| pictures(body) > 0 && body.text.split_whitespace().take(60).count() < 60)
    {
        facts.push(Fact::PicturesForText);
    }
    let hidden = |body: &crate::mail::Body| {
        body.asides
            .iter()
            .any(|aside| aside.kind == AsideKind::Hidden && aside.text.split_whitespace().count() > 2)
    };
    if html.clone().any(hidden) {
        facts.push(Fact::TextHidden);
    }
}
