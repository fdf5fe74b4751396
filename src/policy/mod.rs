//! The `policy` stage: indicators and configuration in, decisions out. Pure.

use crate::config::{Attachments, EventSettings, Hosts, Rule, Tags, TextSettings, Tlp, Warninglists};
use crate::contents::Contents;
use crate::domain::{Authentication, Directive, Note, Overrides, Reason, Remark, Sealed, TlpLevel};
use crate::enrich::Knowledge;
use crate::indicator::Indicator;
use crate::mail::Mail;
use crate::mail::dkim::Signature;

mod attribute;
mod authentication;
mod choice;
mod dns;
mod edits;
mod email;
mod extracted;
mod file_objects;
mod files;
mod flag;
mod footer;
mod heading;
mod inside_objects;
pub mod mode;
mod node_file;
mod object;
mod own;
mod participants;
mod phishing;
mod redirect;
mod rules;
#[cfg(test)]
mod tests;
pub mod tlp;
mod wishes;

use own::{Own, Reporters};
use wishes::Wishes;

pub use authentication::authentication;
pub use edits::refused;
pub use extracted::Extracted;
pub use heading::{marking, pap_marking};
pub use node_file::NodeFile;
pub use object::{Content, Entry, ObjectPlan};
pub use own::recipients;
pub use redirect::Redirect;

/// What a mail is to the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Written by people about threats: its headers are no indicators.
    Report,
    /// The threat itself: it becomes an `email` object.
    Sample,
}

/// One mail of the case with what was found in it.
#[derive(Debug)]
pub struct Node<'a> {
    pub mail: &'a Mail,
    /// Index of the node that contains it, `None` for the outermost.
    pub parent: Option<usize>,
    pub role: Role,
    /// What is known of who sent it.
    pub authentication: Option<&'a Authentication>,
    /// Its DKIM signatures, to be checked where that is allowed.
    pub signatures: &'a [Signature],
    /// What is inside its attachments.
    pub contents: &'a Contents,
    /// In order of finding, without duplicates.
    pub indicators: Vec<Indicator>,
    /// How many finds were more than `text.max_indicators` allows.
    pub left_out: usize,
}

/// Everything that the earlier stages found in one submission.
#[derive(Debug)]
pub struct Case<'a> {
    /// Outermost mail first, then depth first.
    pub nodes: Vec<Node<'a>>,
    /// Directives of the outermost mail, keys already checked.
    pub directives: &'a [Directive],
    pub overrides: &'a Overrides,
    /// Mailboxes that the outermost mail went to, in lower case, also those of people who are taken out of it.
    pub recipients: &'a [String],
    pub knowledge: Knowledge,
}

impl Case<'_> {
    /// What became of the DKIM signatures of the node at `index`.
    fn sealed(&self, index: usize) -> &[Sealed] {
        self.knowledge.sealed.get(index).map_or(&[], Vec::as_slice)
    }
}

/// How much of the plan is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Everything.
    Full,
    /// No objects of attached files: hashing them takes longer than all the rest.
    WithoutFileObjects,
}

/// How an indicator is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeSpec {
    pub r#type: &'static str,
    pub category: &'static str,
    pub to_ids: bool,
    /// Why it has the IDS flag, or has none.
    pub why: Option<&'static Remark>,
    /// True if the value is too common to relate events to each other.
    pub disable_correlation: bool,
    /// They become the attribute's comment.
    pub remarks: Vec<Remark>,
    /// The value as MISP stores it, if that differs from the one found.
    pub value: Option<Box<str>>,
    /// Asks the server to drop the attribute if a warninglist has its value.
    pub enforce_warninglist: bool,
}

impl AttributeSpec {
    pub fn comment(&self) -> String {
        comment(&self.remarks)
    }

    /// The value as it is sent, of what was `found`.
    pub fn sent<'a>(&'a self, found: &'a str) -> &'a str {
        self.value.as_deref().unwrap_or(found)
    }
}

/// The text of an attribute's comment field.
pub fn comment(remarks: &[Remark]) -> String {
    let texts: Vec<_> = remarks.iter().map(Remark::text).collect();
    texts.join("; ")
}

/// The decision about an indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Add(AttributeSpec),
    /// Sent as an attribute of type `link`.
    Link(AttributeSpec),
    Skip(Reason),
}

impl Action {
    pub const fn is_sent(&self) -> bool {
        !matches!(self, Self::Skip(_))
    }
}

/// How an attachment is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileAction {
    /// As `malware-sample`, zipped.
    Sample,
    /// As plain `attachment`, without IDS flags.
    Benign,
    Skip(Reason),
}

#[derive(Clone, Debug)]
pub struct FilePlan {
    pub action: FileAction,
    /// The `file` object, then that of an executable, then those of its sections. Empty if the file is not sent, and
    /// with [`Detail::WithoutFileObjects`].
    pub objects: Vec<ObjectPlan>,
    /// Those of what was read in it.
    pub inside: Vec<ObjectPlan>,
}

/// Decisions for one [`Node`], in the same order.
#[derive(Clone, Debug, Default)]
pub struct NodePlan {
    /// One for each indicator of the node.
    pub actions: Vec<Action>,
    /// One for each of [`Node::files`].
    pub files: Vec<FilePlan>,
    /// `None` for a report.
    pub email: Option<ObjectPlan>,
    /// The codes that its texts draw or hold. None of a report's, whose codes are about others.
    pub codes: Vec<ObjectPlan>,
}

/// Everything that is decided about the event.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Title of the event.
    pub info: String,
    /// 0 to 4.
    pub distribution: u8,
    /// Only with distribution 4.
    pub sharing_group: Option<u32>,
    /// 1 (high) to 4 (undefined).
    pub threat_level: u8,
    /// 0 (initial) to 2 (completed).
    pub analysis: u8,
    pub publish: bool,
    /// Tag names in order, the TLP tag first.
    pub tags: Vec<String>,
    /// The most restrictive TLP marking of the mails.
    pub marking: Option<TlpLevel>,
    /// `YYYY-MM-DD`
    pub date: String,
    /// One for each node of the case.
    pub nodes: Vec<NodePlan>,
    /// The `domain-ip` objects of names that were looked up.
    pub dns: Vec<ObjectPlan>,
    /// The `url` objects of redirectors.
    pub redirects: Vec<Redirect>,
    /// The `url` objects of links in files.
    pub extracted: Vec<Extracted>,
    /// The `phishing` objects of pages that a sample wants its reader to open.
    pub phishing: Vec<ObjectPlan>,
    /// What was asked for and does not happen.
    pub notes: Vec<Note>,
}

impl Plan {
    /// What MISP's pages will warn of: a marking and a distribution that do not fit each other.
    pub fn misfit(&self) -> Option<Note> {
        let level = self.tags.iter().find_map(|tag| TlpLevel::of_tag(tag))?;
        let distribution = usize::from(self.distribution);
        let tag = level.tag().to_owned();
        (!level.fits(self.distribution)).then_some(Note::MarkingDoesNotFit { tag, distribution })
    }
}

/// The sections of the settings that decisions follow.
#[derive(Clone, Copy, Debug)]
pub struct Sections<'s> {
    pub attachments: &'s Attachments,
    pub event: &'s EventSettings,
    pub hosts: &'s Hosts,
    pub rules: &'s [Rule],
    pub tags: &'s Tags,
    pub text: &'s TextSettings,
    pub tlp: &'s Tlp,
    pub warninglists: &'s Warninglists,
}

/// Decides about everything found. `today`, `YYYY-MM-DD`, becomes the event's date where the mail's own cannot be used.
pub fn decide(case: &Case, settings: Sections<'_>, today: &str, detail: Detail) -> Plan {
    let wishes = Wishes::of(case.overrides);
    let reporters = Reporters::of(case);
    let nodes = case.nodes.iter().enumerate().map(|(index, node)| {
        let files = files::decide(node, case, &wishes, settings, detail);
        let is_sample = node.role == Role::Sample && !case.overrides.urls_only;
        let own = Own::of(case, index, &reporters, &settings.hosts.own);
        NodePlan {
            actions: choice::decide(case, index, &own, &wishes, settings),
            email: is_sample.then(|| email::decide(case, index, &files, &own, settings)),
            codes: if is_sample && detail == Detail::Full {
                inside_objects::of_bodies(node)
            } else {
                Vec::new()
            },
            files,
        }
    });
    let mut plan = heading::decide(case, settings, today, nodes.collect());
    let count: usize = case.nodes.iter().map(|node| node.left_out).sum();
    let limit = settings.text.max_indicators;
    plan.notes
        .extend((count > 0).then_some(Note::IndicatorsLeftOut { count, limit }));
    if !case.overrides.urls_only {
        plan.dns = dns::decide(case, &plan.nodes);
        plan.redirects = redirect::decide(case, &plan.nodes);
        let known = plan.redirects.iter().map(|redirect| &*redirect.url).collect();
        plan.extracted = extracted::decide(case, &plan.nodes, &known);
        if settings.event.phishing {
            plan.phishing = phishing::decide(case, &plan.nodes);
        }
    }
    plan
}
