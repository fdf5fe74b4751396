//! Decides about the event as a whole: title, date, levels and tags.

use jiff::civil::Date;

use super::edits;
use super::rules::{self, Applied, Given};
use super::tlp::Scanner;
use super::{Case, NodePlan, Plan, Role, Sections};
use crate::config::{EventDate, Tlp};
use crate::domain::{Authentication, Directive, Edits, Note, Outcome, Overrides, PapLevel, TlpLevel};
use crate::mail::Mail;

/// Makes the plan around the decided `nodes`, which some of the tags depend on.
pub(super) fn decide(case: &Case, settings: Sections<'_>, today: &str, nodes: Vec<NodePlan>) -> Plan {
    let marking = marking(case.nodes.iter().map(|node| node.mail), case.overrides, settings.tlp);
    let (ruled, tags) = tags(case, settings, &nodes, marking.unwrap_or(settings.tlp.default));
    let level = tags.iter().find_map(|tag| TlpLevel::of_tag(tag));
    let edits = &case.overrides.edits;
    let title = edits.title.as_deref().map(words).filter(|title| !title.is_empty());
    let mut plan = Plan {
        info: title.unwrap_or_else(|| info(case, settings, ruled.title())),
        distribution: distribution_of(level, settings)
            .or(ruled.distribution())
            .unwrap_or(settings.event.distribution),
        threat_level: ruled.threat_level().unwrap_or(settings.event.threat_level),
        analysis: settings.event.analysis,
        publish: ruled.publish().unwrap_or(settings.event.publish),
        date: date(case, settings, today),
        marking,
        ..Plan::default()
    };
    plan.follow(case.directives);
    if level == Some(TlpLevel::Red) {
        plan.keep_inside(case.overrides);
    }
    if let Some(level @ 0..=4) = case.overrides.distribution {
        plan.distribution = level;
    }
    if let Some(level @ 1..=4) = edits.threat_level {
        plan.threat_level = level;
    }
    // MISP refuses distribution 4 without a sharing group; "your organisation only" is the safe choice.
    match (plan.distribution, edits.sharing_group.or(settings.event.sharing_group)) {
        (4, Some(group)) => plan.sharing_group = Some(group),
        (4, None) => plan.distribution = 0,
        _ => {}
    }
    plan.tags = tags;
    plan.notes.extend(ruled.notes(&plan, edits.title.is_some()));
    plan.nodes = nodes;
    plan.notes.extend(by_hand(case.overrides));
    plan.notes.extend(edits::note(edits));
    plan
}

impl Plan {
    fn follow(&mut self, directives: &[Directive]) {
        for directive in directives {
            match *directive {
                Directive::Publish(publish) => self.publish = publish,
                Directive::Distribution(level @ 0..=4) => self.distribution = level,
                Directive::ThreatLevel(level @ 1..=4) => self.threat_level = level,
                Directive::Analysis(level @ 0..=2) => self.analysis = level,
                _ => {}
            }
        }
    }

    /// What is TLP:RED goes to nobody else because of a setting or a line in a mail. A person may choose a distribution.
    fn keep_inside(&mut self, overrides: &Overrides) {
        if std::mem::take(&mut self.publish) {
            self.notes.push(Note::RedNotPublished);
        }
        let distribution = std::mem::take(&mut self.distribution);
        if distribution != 0 && overrides.distribution.is_none() {
            let distribution = usize::from(distribution);
            self.notes.push(Note::RedKeptInside { distribution });
        }
    }
}

/// What `tlp.distribution` says about the marking.
fn distribution_of(level: Option<TlpLevel>, settings: Sections<'_>) -> Option<u8> {
    let level = level?;
    let mut chosen = settings.tlp.distribution.iter();
    chosen
        .find(|(of, _)| of.rank() == level.rank())
        .map(|(_, wanted)| *wanted)
}

fn subject<'a>(case: &'a Case) -> &'a str {
    case.nodes
        .first()
        .and_then(|node| node.mail.headers.subject())
        .unwrap_or_default()
}

fn info(case: &Case, settings: Sections<'_>, prefix: Option<&str>) -> String {
    // The markings are tags of the event.
    let subject = Scanner::tlp(&settings.tlp.spellings).without_markings(subject(case));
    let subject = Scanner::pap().without_markings(&subject).into_owned();
    let cleaned = settings.text.subject_remove.remove(&subject);
    let mut title = words(&cleaned);
    if title.is_empty() {
        title = "(no subject)".into();
    }
    // A prefix configured with a dash at its end does not get a second one.
    let prefix = prefix
        .unwrap_or(&settings.event.prefix)
        .trim()
        .trim_end_matches('-')
        .trim_end();
    if prefix.is_empty() {
        title
    } else {
        format!("{prefix} - {title}")
    }
}

/// The text in one line, with single spaces.
fn words(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What a person chose for the event as a whole, by MISP's names.
fn by_hand(overrides: &Overrides) -> Option<Note> {
    let edits = &overrides.edits;
    let changed = [
        (edits.title.is_some(), "info"),
        (overrides.tlp.is_some() && !edits.is_tlp_carried, "TLP"),
        (edits.pap.is_some(), "PAP"),
        (!edits.tags_added.is_empty() || !edits.tags_removed.is_empty(), "tags"),
        (overrides.distribution.is_some(), "distribution"),
        (edits.sharing_group.is_some(), "sharing_group_id"),
        (edits.threat_level.is_some(), "threat_level_id"),
    ];
    let named = changed.iter().filter(|(is_changed, _)| *is_changed);
    let fields: Vec<String> = named.map(|(_, name)| (*name).to_owned()).collect();
    (!fields.is_empty()).then_some(Note::ChangedByHand { fields })
}

/// The day of the mail's Date header if the settings want it and it lies between 1990 and in two days, else today.
fn date(case: &Case, settings: Sections<'_>, today: &str) -> String {
    let now: Option<Date> = today.parse().ok();
    let of_mail = case.nodes.first().filter(|_| settings.event.date == EventDate::Mail);
    let of_mail = of_mail.and_then(|node| node.mail.headers.date()).map(|date| date.day);
    let latest = now.and_then(|now| now.checked_add(jiff::Span::new().days(2)).ok());
    let plausible = |day: &Date| day.year() >= 1990 && latest.is_none_or(|latest| *day <= latest);
    of_mail
        .filter(plausible)
        .map_or_else(|| today.to_owned(), |day| day.to_string())
}

/// The most restrictive TLP level among the markings of the mails and a person's choice; `None` if there is neither.
pub fn marking<'m>(mails: impl Iterator<Item = &'m Mail>, overrides: &Overrides, tlp: &Tlp) -> Option<TlpLevel> {
    strictest(&Scanner::tlp(&tlp.spellings), mails, overrides.tlp.as_deref())
}

/// The most restrictive PAP level among the markings of the mails and of the carrier that they came in.
pub fn pap_marking<'m>(mails: impl Iterator<Item = &'m Mail>, overrides: &Overrides) -> Option<PapLevel> {
    strictest(Scanner::pap(), mails, overrides.pap.as_deref()).map(PapLevel::from)
}

fn strictest<'m>(scanner: &Scanner, mails: impl Iterator<Item = &'m Mail>, given: Option<&str>) -> Option<TlpLevel> {
    let of_mails = mails.filter_map(|mail| {
        let texts = mail.bodies.iter().flat_map(|body| {
            // A marking counts although a style hides it: nothing may make it weaker.
            let asides = body.asides.iter().map(|aside| &aside.text);
            std::iter::once(&body.text).chain(asides)
        });
        let bodies = texts.filter_map(|text| scanner.text(text));
        bodies.chain(scanner.headers(&mail.headers)).max()
    });
    let given = given.and_then(|tag| scanner.line(tag));
    of_mails.chain(given).max()
}

/// The rules that apply, and the tags of the event.
fn tags<'s>(case: &Case, settings: Sections<'s>, nodes: &[NodePlan], marking: TlpLevel) -> (Applied<'s>, Vec<String>) {
    let edits = &case.overrides.edits;
    let of_mails = pap_marking(case.nodes.iter().map(|node| node.mail), case.overrides);
    let of_event = settings.event.tags.iter().cloned();
    let mut ruled = rules::apply(
        case,
        settings,
        nodes,
        &Given {
            before: of_event.chain(of_authentication(case, settings)).collect(),
            after: edits
                .tags_added
                .iter()
                .map(String::as_str)
                .chain(edits.pap.map(PapLevel::name))
                .chain(of_mails.map(PapLevel::name))
                .map(str::to_owned)
                .collect(),
            marking,
        },
    );
    let all = std::mem::take(&mut ruled.tags);
    let tags = with_one_level_each(ruled.level, of_mails, &all, edits);
    (ruled, tags)
}

/// The tags without those that a person removed, a level of the TLP and one of the PAP first; of each only the most restrictive.
/// A person's PAP goes before that of the settings, but not below that `of_mails`.
fn with_one_level_each(level: TlpLevel, of_mails: Option<PapLevel>, all: &[String], edits: &Edits) -> Vec<String> {
    let pap = match edits.pap {
        Some(chosen) => Some(chosen).max(of_mails),
        None => all.iter().filter_map(|tag| PapLevel::of_tag(tag)).max(),
    };
    let is_removed = |tag: &str| {
        edits
            .tags_removed
            .iter()
            .any(|removed| removed.eq_ignore_ascii_case(tag))
    };
    let is_level = |tag: &str| TlpLevel::of_tag(tag).is_some() || PapLevel::of_tag(tag).is_some();
    let others = all
        .iter()
        .map(String::as_str)
        .filter(|tag| !is_level(tag) && !is_removed(tag));
    let levels = std::iter::once(level.tag()).chain(pap.map(PapLevel::name));
    levels.chain(others).map(str::to_owned).collect()
}

/// What one's own servers found out about the sender of a sample, or this program. What others write there may be the sender's.
fn of_authentication(case: &Case, settings: Sections<'_>) -> Vec<String> {
    let sample = case.nodes.first().filter(|node| node.role == Role::Sample);
    let Some(sample) = sample.filter(|_| settings.tags.authentication) else {
        return Vec::new();
    };
    let known = sample.authentication.filter(|found| found.trusted);
    let mut found: Vec<(&str, Outcome)> = known.into_iter().flat_map(Authentication::summary).collect();
    // A server saw the mail when its keys were still in the DNS.
    let is_told = found.iter().any(|(method, _)| *method == "dkim");
    let sealed = case.sealed(0).iter().filter_map(|one| one.seal.outcome());
    found.extend(
        sealed
            .min_by_key(|outcome| *outcome != Outcome::Pass)
            .filter(|_| !is_told)
            .map(|outcome| ("dkim", outcome)),
    );
    let word = |(method, result): (&str, Outcome)| format!("authentication:{method}=\"{}\"", result.name());
    found.into_iter().map(word).collect()
}
