//! The facts in a mail that say whether it is a report or a sample. Each has its weight in [`super::verdict`].

use super::links::is_link;
use super::origin::{self, Origin};
use super::{Evidence, Question, brand, carrier, contact, links, listed, people, short, text};
use crate::domain::{Ending, EndingUse, Fact, Overrides};
use crate::file;
use crate::indicator::Indicator;
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
    listed::facts(mail, found, &mut facts);
    let is_analysis = |found: &Indicator| found.host().is_some_and(|host| question.hosts.external.covers(host));
    let (analysed, leading): (Vec<_>, Vec<_>) = found
        .iter()
        .filter(|found| is_link(found))
        .partition(|found| is_analysis(found));
    if !analysed.is_empty() {
        facts.push(Fact::AnalysisLinked);
    }
    brand::facts(&origin, leading.iter().copied(), &mut facts);
    links::facts(mail, &leading, found, &origin, &mut facts);
    files(mail, &mut facts);
    origin::facts(mail, &origin, &mut facts);
    look(mail, &mut facts);
    people::facts(mail, &mut facts);
    let said = text::facts(mail, &mut facts);
    contact::facts(found, &said, &origin, &mut facts);
    links::lure_to_link(&leading, &origin, &mut facts);
    short::facts(mail, &said, &leading, &origin, &mut facts);
    facts.into_iter().map(Evidence::of).collect()
}

/// What lies inside the mail, and what was made into it.
fn inside(mail: &Mail, facts: &mut Vec<Fact>) {
    if mail.headers.article().is_some() {
        facts.push(Fact::FromFeed);
    }
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
        // One's own people have programs that write nothing else.
        (false, true) if !facts.contains(&Fact::OwnPeople) => facts.push(Fact::HtmlAlone),
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
    if html.flat_map(|body| &body.links).any(holds_a_page) {
        facts.push(Fact::PageInLink);
    }
}

/// Whether a click shows what the link itself has inside.
fn holds_a_page(link: &crate::mail::Link) -> bool {
    let target = link.target.trim_start().as_bytes();
    let begins = |scheme: &str| {
        target
            .get(..scheme.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()))
    };
    link.kind == crate::mail::LinkKind::Anchor && (begins("data:text/html") || begins("javascript:location"))
}
