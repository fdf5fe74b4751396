//! What follows from the rules of the configuration that a mail meets.

use super::own::{SENDERS, addresses};
use super::{Case, FileAction, NodePlan, Role, Sections};
use crate::config::{Names, Rule};
use crate::domain::Mode;

/// What the rules say; of several that say something of one thing the last.
#[derive(Debug, Default)]
pub(super) struct Effects<'s> {
    pub title: Option<&'s str>,
    pub threat_level: Option<u8>,
    pub distribution: Option<u8>,
    pub tags: Vec<&'s str>,
    pub publish: Option<bool>,
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

pub(super) fn effects<'s>(case: &Case, settings: Sections<'s>, nodes: &[NodePlan]) -> Effects<'s> {
    let mut effects = Effects::default();
    if settings.rules.is_empty() {
        return effects;
    }
    let outermost = case.nodes.first();
    let headers = outermost.map(|node| &node.mail.headers);
    let facts = Facts {
        case,
        nodes,
        senders: headers
            .map(|headers| addresses(headers, &SENDERS).collect())
            .unwrap_or_default(),
        subject: headers
            .and_then(|headers| headers.subject())
            .unwrap_or_default()
            .to_lowercase(),
        mode: outermost.map(|node| match node.role {
            Role::Report => Mode::Report,
            Role::Sample => Mode::Sample,
        }),
    };
    for rule in settings.rules.iter().filter(|rule| facts.meet(rule)) {
        effects.title = rule.title.as_deref().or(effects.title);
        effects.threat_level = rule.threat_level.or(effects.threat_level);
        effects.distribution = rule.distribution.or(effects.distribution);
        effects.tags.extend(rule.tags.iter().map(String::as_str));
        effects.publish = rule.publish.or(effects.publish);
    }
    effects
}

impl Facts<'_> {
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
            sent.any(|one| names.has(one.kind.misp_type()) || one.host().is_some_and(|host| names.covers(host)))
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
