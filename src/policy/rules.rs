//! What follows from the rules of the configuration that a mail meets.

use std::collections::HashSet;

use super::own::{SENDERS, addresses};
use super::{Case, FileAction, NodePlan, Plan, Role, Sections};
use crate::config::{Names, Rule};
use crate::domain::{Mode, Note, TlpLevel};

/// The rules that apply, in the order of the settings. Of several that say something of one thing the last decides.
#[derive(Debug)]
pub(super) struct Applied<'s> {
    rules: Vec<&'s Rule>,
    /// As the marking or a tag says, the most restrictive.
    pub level: TlpLevel,
    /// The tag of the level, and those that were given or come from rules, each once.
    pub tags: Vec<String>,
}

/// Tags that are there without rules, and what the mails are marked as.
pub(super) struct Given {
    /// Those that stand before those of rules.
    pub before: Vec<String>,
    pub after: Vec<String>,
    pub marking: TlpLevel,
}

impl<'s> Applied<'s> {
    pub(super) fn title(&self) -> Option<&'s str> {
        self.last(|rule| rule.title.as_deref())
    }

    pub(super) fn threat_level(&self) -> Option<u8> {
        self.last(|rule| rule.threat_level)
    }

    pub(super) fn distribution(&self) -> Option<u8> {
        self.last(|rule| rule.distribution)
    }

    pub(super) fn publish(&self) -> Option<bool> {
        self.last(|rule| rule.publish)
    }

    fn last<T>(&self, effect: impl Fn(&'s Rule) -> Option<T>) -> Option<T> {
        self.rules.iter().rev().find_map(|rule| effect(rule))
    }

    /// Says of each rule what the event has from it. A person may have chosen the title.
    pub(super) fn notes(&self, plan: &Plan, is_titled: bool) -> Vec<Note> {
        let note = |rule: &&Rule| {
            let name = rule.name.clone();
            let effects = self.told(rule, plan, is_titled);
            if effects.is_empty() {
                Note::RuleWithoutEffect { rule: name }
            } else {
                Note::RuleApplied { rule: name, effects }
            }
        };
        self.rules.iter().map(note).collect()
    }

    /// The effects of a rule that hold in the plan, as the settings write them.
    fn told(&self, rule: &Rule, plan: &Plan, is_titled: bool) -> Vec<String> {
        let title = rule.title.as_deref();
        let title = title.filter(|title| !is_titled && self.title() == Some(title));
        let level = rule.threat_level.filter(|level| *level == plan.threat_level);
        let distribution = rule.distribution.filter(|level| *level == plan.distribution);
        let publish = rule.publish.filter(|publish| *publish == plan.publish);
        let is_there = |tag: &&String| plan.tags.iter().any(|one| one.eq_ignore_ascii_case(tag));
        let tags: Vec<&str> = rule.tags.iter().filter(is_there).map(String::as_str).collect();
        [
            title.map(|title| format!("title = {title}")),
            level.map(|level| format!("threat_level = {level}")),
            distribution.map(|level| format!("distribution = {level}")),
            publish.map(|publish| format!("publish = {publish}")),
            (!tags.is_empty()).then(|| format!("tags = {}", tags.join(", "))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// What rules ask about.
struct Facts<'a> {
    case: &'a Case<'a>,
    nodes: &'a [NodePlan],
    senders: Vec<String>,
    /// In lower case.
    subject: String,
    mode: Option<Mode>,
}

/// Applies the rules. A tag may raise the level, and the higher level may bring more tags. It only rises, so this ends.
pub(super) fn apply<'s>(case: &Case, settings: Sections<'s>, nodes: &[NodePlan], given: &Given) -> Applied<'s> {
    let facts = Facts::of(case, nodes);
    let met: Vec<&Rule> = settings.rules.iter().filter(|rule| facts.meet(rule)).collect();
    let at_once = met.iter().filter(|rule| rule.tagged.is_none());
    let of_rules = at_once.flat_map(|rule| &rule.tags);
    let first: Vec<&str> = given
        .before
        .iter()
        .chain(of_rules)
        .chain(&given.after)
        .map(String::as_str)
        .collect();
    let mut level = given.marking;
    let mut all = Vec::new();
    for _ in 0..TlpLevel::TAGS.len() {
        all = closure(level, &first, &met);
        match all.iter().filter_map(|tag| TlpLevel::of_tag(tag)).max() {
            Some(raised) if raised > level => level = raised,
            _ => break,
        }
    }
    let has = |tag: &String| all.iter().any(|one| one.eq_ignore_ascii_case(tag));
    let applies = |rule: &&Rule| rule.tagged.as_ref().is_none_or(|tags| tags.iter().any(has));
    Applied {
        rules: met.iter().copied().filter(applies).collect(),
        tags: all.iter().map(|tag| (*tag).to_owned()).collect(),
        level,
    }
}

/// The tags and all that come with them, each once, in order.
fn closure<'a>(level: TlpLevel, given: &[&'a str], rules: &[&'a Rule]) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut next: Vec<&str> = std::iter::once(level.tag()).chain(given.iter().copied()).collect();
    while !next.is_empty() {
        next.retain(|tag| !tag.trim().is_empty() && seen.insert(tag));
        all.extend(&next);
        let is_new = |tag: &String| next.iter().any(|one| one.eq_ignore_ascii_case(tag));
        let brought = rules
            .iter()
            .filter(|rule| rule.tagged.as_ref().is_some_and(|tags| tags.iter().any(is_new)));
        next = brought.flat_map(|rule| &rule.tags).map(String::as_str).collect();
    }
    all
}

impl<'a> Facts<'a> {
    fn of(case: &'a Case<'a>, nodes: &'a [NodePlan]) -> Self {
        let outermost = case.nodes.first();
        let headers = outermost.map(|node| &node.mail.headers);
        let subject = headers.and_then(|headers| headers.subject());
        Self {
            case,
            nodes,
            senders: headers
                .map(|headers| addresses(headers, &SENDERS).collect())
                .unwrap_or_default(),
            subject: subject.unwrap_or_default().to_lowercase(),
            mode: outermost.map(|node| match node.role {
                Role::Report => Mode::Report,
                Role::Sample => Mode::Sample,
            }),
        }
    }

    /// Whether all conditions hold, save that on tags.
    fn meet(&self, rule: &Rule) -> bool {
        let subject = |words: &Vec<String>| words.iter().any(|word| self.subject.contains(word));
        rule.sender.as_ref().is_none_or(|names| has_any(names, &self.senders))
            && rule
                .recipient
                .as_ref()
                .is_none_or(|names| has_any(names, self.case.recipients))
            && rule.subject.as_ref().is_none_or(subject)
            && rule.mode.is_none_or(|mode| self.mode == Some(mode))
            && rule.found.as_ref().is_none_or(|names| self.is_sent(names))
    }

    /// Whether anything with one of these types or hosts becomes part of the event.
    fn is_sent(&self, names: &Names) -> bool {
        self.case.nodes.iter().zip(self.nodes).any(|(node, plan)| {
            let decided = node.indicators.iter().zip(&plan.actions);
            let mut sent = decided
                .filter(|(_, action)| action.is_sent())
                .map(|(indicator, _)| indicator);
            let mut files = plan.files.iter().filter_map(|file| match file.action {
                FileAction::Sample => Some("malware-sample"),
                FileAction::Benign => Some("attachment"),
                FileAction::Skip(_) => None,
            });
            sent.any(|one| names.has(one.misp_type()) || one.host().is_some_and(|host| names.covers(host)))
                || files.any(|r#type| names.has(r#type))
        })
    }
}

fn has_any(names: &Names, mailboxes: &[String]) -> bool {
    mailboxes.iter().any(|mailbox| {
        let host = mailbox.rsplit_once('@').map(|(_, host)| host);
        names.has(mailbox) || host.is_some_and(|host| names.covers(host))
    })
}
