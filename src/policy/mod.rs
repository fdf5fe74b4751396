//! The `policy` stage: indicators and configuration in, decisions out. Pure.

use crate::config::{Attachments, EventSettings, Hosts, Tags, TextSettings, Tlp, Warninglists};
use crate::domain::{Directive, Overrides, Reason, Remark};
use crate::enrich::Knowledge;
use crate::indicator::Indicator;
use crate::mail::Mail;

mod attribute;
mod choice;
mod dns;
mod email;
mod file_objects;
mod files;
mod footer;
mod heading;
mod mode;
mod object;
mod own;
mod participants;
#[cfg(test)]
mod tests;
pub mod tlp;

pub use heading::marking;
pub use mode::resolve_mode;
pub use object::{Content, Entry, ObjectPlan};

/// What a mail of the case is to the event.
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
    /// The mail.
    pub mail: &'a Mail,
    /// Index of the node that contains it, `None` for the outermost.
    pub parent: Option<usize>,
    /// What it is.
    pub role: Role,
    /// Found in it, in order of finding, without doubles.
    pub indicators: Vec<Indicator>,
}

/// All that the stages before found out about one submission.
#[derive(Debug)]
pub struct Case<'a> {
    /// Outermost mail first, then depth first.
    pub nodes: Vec<Node<'a>>,
    /// Directives of the outermost mail, keys already checked.
    pub directives: &'a [Directive],
    /// Changes for this submission.
    pub overrides: &'a Overrides,
    /// What enrichment brought.
    pub knowledge: Knowledge,
}

/// How much is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// All that is sent.
    Full,
    /// All but the objects of attached files: hashing them takes long beside everything else.
    WithoutFileObjects,
}

/// What is sent of an indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeSpec {
    /// MISP attribute type.
    pub r#type: &'static str,
    /// MISP category.
    pub category: &'static str,
    /// The IDS flag.
    pub to_ids: bool,
    /// The value is too common to lead from one event to another.
    pub disable_correlation: bool,
    /// For the analyst: the comment.
    pub remarks: Vec<Remark>,
    /// The value as MISP stores it, where that is another one than was found.
    pub value: Option<Box<str>>,
    /// The server is to drop it when it is on one of its warninglists.
    pub enforce_warninglist: bool,
}

impl AttributeSpec {
    /// The remarks in a line.
    pub fn comment(&self) -> String {
        comment(&self.remarks)
    }
}

/// Remarks in a line.
pub fn comment(remarks: &[Remark]) -> String {
    let texts: Vec<_> = remarks.iter().map(Remark::text).collect();
    texts.join("; ")
}

/// What becomes of an indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Sent as attribute.
    Add(AttributeSpec),
    /// Sent as attribute of type `link`.
    Link(AttributeSpec),
    /// Not sent.
    Skip(Reason),
}

impl Action {
    /// Whether it is sent, in whatever form.
    pub const fn is_sent(&self) -> bool {
        !matches!(self, Self::Skip(_))
    }
}

/// How an attachment is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileAction {
    /// As `malware-sample`, zipped.
    Sample,
    /// As plain `attachment`, no IDS flags.
    Benign,
    /// Not sent.
    Skip(Reason),
}

/// What becomes of one attachment.
#[derive(Clone, Debug)]
pub struct FilePlan {
    /// How it is sent.
    pub action: FileAction,
    /// Its `file` object; behind it that of an executable and those of its sections. Empty when it is not sent, and when
    /// nobody asked for them.
    pub objects: Vec<ObjectPlan>,
}

/// Decisions for one [`Node`], in the same order.
#[derive(Clone, Debug, Default)]
pub struct NodePlan {
    /// One for each indicator of the node.
    pub actions: Vec<Action>,
    /// One for each attachment of the mail.
    pub files: Vec<FilePlan>,
    /// The `email` object of a sample.
    pub email: Option<ObjectPlan>,
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
    /// Publish after delivery.
    pub publish: bool,
    /// Tag names in order, the TLP tag first.
    pub tags: Vec<String>,
    /// `YYYY-MM-DD`
    pub date: String,
    /// One for each node of the case.
    pub nodes: Vec<NodePlan>,
    /// The `domain-ip` objects of names that were looked up.
    pub dns: Vec<ObjectPlan>,
}

/// The sections of the settings that decisions follow.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Sections<'s> {
    pub attachments: &'s Attachments,
    pub event: &'s EventSettings,
    pub hosts: &'s Hosts,
    pub tags: &'s Tags,
    pub text: &'s TextSettings,
    pub tlp: &'s Tlp,
    pub warninglists: &'s Warninglists,
}

/// Decides about everything that was found. `today` is the day of sending, `YYYY-MM-DD`, for mails without a date of their
/// own.
pub fn decide(case: &Case, settings: Sections<'_>, today: &str, detail: Detail) -> Plan {
    let nodes = case.nodes.iter().enumerate().map(|(index, node)| {
        let files = files::decide(node, case, settings, detail);
        let is_sample = node.role == Role::Sample && !case.overrides.urls_only;
        NodePlan {
            actions: choice::decide(case, index, settings),
            email: is_sample.then(|| email::decide(case, index, node.mail, &files, settings)),
            files,
        }
    });
    let mut plan = heading::decide(case, settings, today, nodes.collect());
    if !case.overrides.urls_only {
        plan.dns = dns::decide(case, &plan.nodes);
    }
    plan
}
