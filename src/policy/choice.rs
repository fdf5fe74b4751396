//! Decides what becomes of each indicator: it is sent, sent as a link, or left out with a reason.

use super::attribute::{admit, is_bare_host, link, specify, warninglists};
use super::flag::{self, Facts, Find};
use super::footer::Footers;
use super::own::Own;
use super::participants::{Participants, Relation};
use super::wishes::Wishes;
use super::{Action, Case, Role, Sections};
use crate::config;
use crate::domain::{Reason, Remark, halves};
use crate::indicator::{Indicator, Kind};

/// Decides about the indicators of the node at `index`: one action for each, in their order.
pub(super) fn decide(
    case: &Case,
    index: usize,
    own: &Own<'_>,
    wishes: &Wishes<'_>,
    settings: Sections<'_>,
) -> Vec<Action> {
    let Some(node) = case.nodes.get(index) else {
        return Vec::new();
    };
    let facts = Facts::of(node, case.sealed(index), own, settings.hosts);
    let choice = Choice {
        case,
        settings,
        facts: &facts,
        of_machine: node.role == Role::Report && node.mail.notice.is_some(),
        people: Participants::of(case, index, own),
        footers: Footers::of(&node.indicators),
        wishes,
    };
    halves::map(&node.indicators, |indicator| choice.action(indicator))
}

struct Choice<'a> {
    case: &'a Case<'a>,
    settings: Sections<'a>,
    facts: &'a Facts<'a>,
    /// A machine wrote the text, and it is about the mail inside.
    of_machine: bool,
    people: Participants<'a>,
    footers: Footers,
    wishes: &'a Wishes<'a>,
}

impl Choice<'_> {
    fn action(&self, indicator: &Indicator) -> Action {
        let overrides = self.case.overrides;
        if self.wishes.deselect(indicator) {
            return Action::Skip(Reason::Deselected);
        }
        if overrides.files_only {
            return Action::Skip(Reason::OnlyFilesAsked);
        }
        if overrides.urls_only && indicator.kind != Kind::Url {
            return Action::Skip(Reason::OnlyUrlsAsked);
        }
        let relation = self.relation(indicator);
        let listed = self.link_category(indicator);
        let find = Find::new(
            indicator,
            self.facts,
            relation != Relation::Stranger,
            &self.case.knowledge,
        );
        if !self.wishes.select(indicator)
            && let Some(reason) = self.reason_to_skip(&find, relation, listed)
        {
            return Action::Skip(reason);
        }
        let mut spec = specify(&find, flag::of_find(&find), self.settings);
        if self.people.is_article(indicator) {
            spec.remarks = vec![Remark::Article];
        }
        let decided = match listed.filter(|_| indicator.kind == Kind::Url) {
            Some(category) => {
                admit(self.wishes.edits.apply(link(spec, category), indicator), indicator).map(Action::Link)
            }
            None => admit(self.wishes.edits.apply(spec, indicator), indicator).map(Action::Add),
        };
        decided.unwrap_or_else(Action::Skip)
    }

    /// How the indicator relates to the participants, as far as `hosts.participants` lets that count.
    fn relation(&self, indicator: &Indicator) -> Relation {
        let relation = self.people.relation(indicator);
        match self.settings.hosts.participants {
            config::Participants::NoIds if relation == Relation::Theirs => Relation::Near,
            config::Participants::NoIds | config::Participants::Skip => relation,
            config::Participants::Add => Relation::Stranger,
        }
    }

    /// The category of the link when the host is one of `hosts.internal` or `hosts.external`, or the URL that of the article that the
    /// mail was made of, else `None`.
    fn link_category(&self, indicator: &Indicator) -> Option<&'static str> {
        if self.people.is_article(indicator) {
            return Some("External analysis");
        }
        let host = indicator.host().filter(|_| indicator.kind != Kind::Email)?;
        if self.settings.hosts.internal.covers(host) {
            Some("Internal reference")
        } else if self.settings.hosts.external.covers(host) {
            Some("External analysis")
        } else {
            None
        }
    }

    fn reason_to_skip(&self, find: &Find<'_>, relation: Relation, listed: Option<&str>) -> Option<Reason> {
        let indicator = find.indicator;
        let hosts = &self.settings.hosts;
        if indicator.host().is_some_and(|host| hosts.exclude.covers(host)) {
            return Some(Reason::HostExcluded);
        }
        match listed {
            // A URL of a listed host becomes a link even if its name is private, as that of a wiki in the own network.
            Some(_) if indicator.kind == Kind::Url => return None,
            Some("Internal reference") => return Some(Reason::HostInternal),
            Some(_) => return Some(Reason::HostExternal),
            None => {}
        }
        if let Some(doubt) = indicator.doubt {
            return Some(doubt.reason());
        }
        if self.footers.hold(indicator) {
            return Some(Reason::MailProgramFooter);
        }
        if relation == Relation::Theirs {
            return Some(Reason::Participant);
        }
        if find.is_shown_only() {
            return Some(Reason::ShownOnly);
        }
        if self.of_machine && is_in_text(indicator) {
            return Some(Reason::ReportingProgram);
        }
        let lists = warninglists(&self.case.knowledge, indicator);
        let is_telling = || indicator.kind != Kind::Url || is_bare_host(indicator);
        (self.settings.warninglists.skip && !lists.is_empty() && is_telling())
            .then(|| Reason::OnWarninglists { lists: lists.to_vec() })
    }
}

/// True if the find is neither in a file nor in a field of a report.
fn is_in_text(indicator: &Indicator) -> bool {
    matches!(
        &*indicator.place.part,
        "Subject" | "text/plain" | "text/html" | "text/html link"
    )
}
