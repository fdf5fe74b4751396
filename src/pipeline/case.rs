//! Turns a mail into the nodes of a case: the mail itself and every mail inside it, each with what was found in it.

use hashbrown::HashSet;

use super::private::Private;
use crate::config::{Settings, TextSettings};
use crate::contents::{self, Contents, Opened};
use crate::domain::{Mode, Overrides};
use crate::indicator::{self, Indicator};
use crate::mail::{Attachment, AttachmentRole, Mail};
use crate::policy::{Node, Role};

/// What was found in a mail.
#[derive(Debug, Default)]
pub struct Found {
    /// Each value once, as it was found first.
    pub indicators: Vec<Indicator>,
    /// How many finds were more than the settings allow.
    pub left_out: usize,
}

impl Found {
    /// Keeps what there is room for, of long values fewer; gives the room that is left.
    pub fn cut(&mut self, mut room: usize) -> usize {
        let has_room = |find: &&Indicator| {
            let had = room > 0;
            room = room.saturating_sub(indicator::weight(&find.value));
            had
        };
        let kept = self.indicators.iter().take_while(has_room).count();
        self.left_out += self.indicators.len() - kept;
        self.indicators.truncate(kept);
        room
    }
}

/// The mail and all mails inside it, outermost first, then depth first. `found` are the indicators of the outermost one, if they are
/// known already.
pub fn nodes<'a>(
    read: &'a Private,
    mode: Mode,
    overrides: &Overrides,
    settings: &Settings,
    found: Option<Found>,
) -> Vec<Node<'a>> {
    let role = if mode == Mode::Sample && !overrides.files_only {
        Role::Sample
    } else {
        Role::Report
    };
    let mut walk = Walk {
        nodes: Vec::new(),
        contents: &read.contents,
        options: &settings.text,
        room: settings.text.max_indicators,
    };
    if overrides.files_only {
        walk.push(&read.mail, None, role, Found::default());
        return walk.nodes;
    }
    let found = found.unwrap_or_else(|| found_in(&read.mail, role, of_node(&read.contents, 0), &settings.text));
    walk.add(&read.mail, None, role, found);
    let mut nodes = walk.nodes;
    for (node, sender) in nodes.iter_mut().zip(&read.senders) {
        node.authentication = sender.authentication.as_ref();
        node.signatures = &sender.signatures;
    }
    if let Some(taken_out) = &read.taken_out {
        for node in &mut nodes {
            let found = std::mem::take(&mut node.indicators).into_iter();
            node.indicators = without_repeats(found.filter_map(|found| taken_out.clean(found)).collect());
        }
    }
    nodes
}

/// Gathers the nodes of a mail and of those inside it.
struct Walk<'a, 's> {
    nodes: Vec<Node<'a>>,
    contents: &'a [Contents],
    options: &'s TextSettings,
    /// For how many finds more there is room.
    room: usize,
}

impl<'a> Walk<'a, '_> {
    /// Recursion is as deep as the mail stage opened mails, which is bounded.
    fn add(&mut self, mail: &'a Mail, parent: Option<usize>, role: Role, mut found: Found) {
        self.room = found.cut(self.room);
        let index = self.nodes.len();
        self.push(mail, parent, role, found);
        for embedded in &mail.embedded {
            let inside = of_node(self.contents, self.nodes.len());
            let found = found_in(&embedded.mail, Role::Sample, inside, self.options);
            self.add(&embedded.mail, Some(index), Role::Sample, found);
        }
    }

    fn push(&mut self, mail: &'a Mail, parent: Option<usize>, role: Role, found: Found) {
        self.nodes.push(Node {
            mail,
            parent,
            role,
            authentication: None,
            signatures: &[],
            contents: of_node(self.contents, self.nodes.len()),
            indicators: found.indicators,
            left_out: found.left_out,
        });
    }
}

/// What is inside the attachments of the node at `index`.
pub fn of_node(contents: &[Contents], index: usize) -> &Contents {
    contents.get(index).unwrap_or(&contents::NOTHING)
}

/// A report's subject is part of its text; a sample's subject is bait.
pub fn found_in(mail: &Mail, role: Role, contents: &Contents, options: &TextSettings) -> Found {
    let of_mail = indicator::in_mail(mail, role == Role::Report, options);
    // The card of who reports is no part of the report.
    let is_wanted = |file: &Opened| role == Role::Sample || !mail.attachments.get(file.attachment).is_some_and(is_card);
    let of_files = indicator::in_contents(contents, options, is_wanted);
    let left_out = of_mail.left_out() + of_files.left_out();
    let of_mail = joined(stated(mail, role, options), of_mail.into_vec());
    let mut found = Found {
        indicators: without_repeats(joined(of_mail, of_files.into_vec())),
        left_out,
    };
    found.cut(options.max_indicators);
    found
}

/// Whether a sample has the finds that the same mail has as a report: what is read in one of them only has none.
pub fn is_found_in_sample(mail: &Mail, report: &Found) -> bool {
    let in_subject = |one: &Indicator| &*one.place.part == "Subject";
    mail.notice.is_none() && !mail.attachments.iter().any(is_card) && !report.indicators.iter().any(in_subject)
}

fn is_card(attachment: &Attachment) -> bool {
    attachment.role == AttachmentRole::Contact
}

/// Both, one after the other, in the memory of the longer one.
fn joined(mut first: Vec<Indicator>, mut second: Vec<Indicator>) -> Vec<Indicator> {
    if first.len() < second.len() {
        second.splice(..0, first);
        return second;
    }
    first.append(&mut second);
    first
}

/// Each value as it was found first.
fn without_repeats(mut indicators: Vec<Indicator>) -> Vec<Indicator> {
    let mut known = HashSet::with_capacity(indicators.len());
    let is_first: Vec<bool> = indicators
        .iter()
        .map(|one| known.insert((one.kind, one.value.as_str())))
        .collect();
    drop(known);
    let mut is_first = is_first.into_iter();
    indicators.retain(|_| is_first.next() == Some(true));
    indicators
}

/// The indicators that a report of abuse states in its fields.
fn stated(mail: &Mail, role: Role, options: &TextSettings) -> Vec<Indicator> {
    let notice = mail.notice.iter().filter(|_| role == Role::Report);
    let fields = notice.flat_map(|notice| &notice.fields);
    fields
        .flat_map(|(name, value)| indicator::in_text(value, name, options))
        .collect()
}
