//! What would become of a message, for a person to review. Runs the same stages as sending, without enrichment,
//! analysis of files and the outbox.

use std::collections::BTreeSet;
use std::hash::BuildHasher;
use std::sync::Arc;

use bytes::Bytes;
use hashbrown::{DefaultHashBuilder, HashTable};
use uuid::Uuid;

mod encryption;
mod several;

pub use self::encryption::Encryption;
use self::several::of_several;
use super::context::Lines;
use super::open::open;
use super::text::{Marked, Piece};
use super::{Handed, Prepared, Request, Walk, enrichment};
use crate::config::Settings;
use crate::contents::Watch;
use crate::domain::{Authentication, Judgement, Note, Remark, Said, Sealed, Sha256, Submission, TlpLevel};
use crate::event::derive;
use crate::file;
use crate::indicator::Indicator;
use crate::mail::{AttachmentRole, MailError};
use crate::policy::{Action, Detail, FileAction, FilePlan, Node, NodeFile, Plan};

#[derive(Debug)]
pub struct Preview {
    pub subject: Option<String>,
    pub from: Option<String>,
    /// ISO 8601, with the offset of the mail.
    pub date: Option<String>,
    pub message_id: Option<String>,
    /// In bytes.
    pub size: usize,
    pub encryption: Encryption,
    /// What it is taken for, and why.
    pub mode: Judgement,
    /// How many mails are inside it.
    pub attached: usize,
    /// The most restrictive TLP marking found in it. A person may not choose a level below.
    pub marking: Option<TlpLevel>,
    /// The hash that names all mails when they become one event.
    pub together: Option<Sha256>,
    /// One event; of a carrier one for each mail in it and one for its other files. What each of several mails brings to one event.
    pub events: Vec<Event>,
    /// Indicators and attachments, ordered by event.
    pub items: Vec<Item>,
    /// The text of all mails, with the places of the items.
    pub text: Vec<Piece>,
    /// Defects of all mails, and what MISP will warn of, each once.
    pub notes: Vec<Said>,
    /// What becomes of one's own people, each note once.
    pub about_people: Vec<Note>,
    /// Who was taken out. Only for the person who reviews.
    pub taken_out: BTreeSet<String>,
    /// The watch was over before all attached files were read.
    pub unread: bool,
}

/// An event that would be made.
#[derive(Debug)]
pub struct Event {
    /// Hash of its mail, see [`Submission::identity`].
    pub identity: Sha256,
    pub uuid: Uuid,
    /// Subject of its mail.
    pub subject: Option<String>,
    /// What is known of who sent its mail.
    pub authentication: Option<Authentication>,
    /// Title, levels, tags, `email` objects. [`Preview::items`] has the actions.
    pub plan: Plan,
}

/// Something that a person can tick.
#[derive(Debug)]
pub struct Item {
    /// Index into [`Preview::events`].
    pub event: usize,
    pub what: What,
}

#[derive(Debug)]
pub enum What {
    Indicator {
        found: Indicator,
        action: Action,
        /// The line in which it was found.
        context: Option<Arc<str>>,
    },
    File {
        /// How a person names it: [`NodeFile::chosen_by`].
        name: Option<String>,
        /// As the mail declares it.
        content_type: String,
        /// By its first bytes.
        filetype: Option<String>,
        size: usize,
        sha256: Sha256,
        /// The item of the file that it is in.
        inside: Option<usize>,
        /// What opened it.
        password: Option<String>,
        action: FileAction,
    },
}

/// Looks at what was handed over. `today` is `YYYY-MM-DD`. When `watch` is over, attached files are read no further, and a note says so.
pub fn preview(
    handed: impl Into<Handed>,
    request: Request,
    settings: &Settings,
    (today, watch): (&str, &dyn Watch),
) -> Result<Preview, MailError> {
    let handed = handed.into();
    if handed.members.is_empty() {
        return of_message(handed.raw, request, settings, (today, watch));
    }
    of_several(handed, request, settings, (today, watch))
}

fn of_message(
    raw: Bytes,
    request: Request,
    settings: &Settings,
    (today, watch): (&str, &dyn Watch),
) -> Result<Preview, MailError> {
    let size = raw.len();
    let opened = open(raw, request, watch, settings)?;
    let mail = &opened.read.mail;
    let field = |name| mail.headers.first(name).map(str::to_owned);
    let encryption = Encryption::of(mail, opened.whole.overrides.decrypted);
    let mut preview = Preview {
        subject: mail.headers.subject().map(str::to_owned),
        from: field("From"),
        date: mail.headers.date().map(|date| date.iso),
        message_id: mail.headers.message_id(),
        size,
        encryption,
        mode: opened.judgement.clone(),
        attached: mail.embedded.len(),
        marking: None,
        together: None,
        events: Vec::new(),
        items: Vec::new(),
        text: Vec::new(),
        notes: Vec::from_iter((encryption == Encryption::Decrypted).then(|| Remark::DecryptedByReader.into())),
        about_people: Vec::new(),
        taken_out: BTreeSet::new(),
        unread: false,
    };
    for prepared in opened.into_prepared(&[], settings) {
        preview.add(prepared, settings, (today, watch))?;
    }
    Ok(preview)
}

impl Preview {
    fn add(
        &mut self,
        prepared: Prepared,
        settings: &Settings,
        (today, watch): (&str, &dyn Watch),
    ) -> Result<(), MailError> {
        let walk = Walk::begin(prepared, watch, settings)?;
        let mut enricher = |nodes: &[Node<'_>]| enrichment::of_senders(nodes, settings);
        let (case, mut plan) = walk.decide(settings, today, Detail::WithoutFileObjects, &mut enricher);
        for remark in case
            .knowledge
            .sealed
            .iter()
            .filter_map(|of_mail| Sealed::remark(of_mail))
        {
            self.note(remark.into());
        }
        for note in &case.knowledge.notes {
            self.note(note.clone().into());
        }
        let Submission {
            identity,
            subject,
            profile,
            overrides,
            ..
        } = &walk.submission;
        let authentication = walk.authentication();
        let about_people = walk.about_people();
        self.about_people
            .extend(about_people.filter(|note| !self.about_people.contains(note)));
        let people = walk
            .read
            .taken_out
            .iter()
            .flat_map(|taken_out| taken_out.people.iter().cloned());
        self.taken_out.extend(people);
        self.marking = self.marking.max(plan.marking);
        for defect in case.nodes.iter().flat_map(|node| &node.mail.defects) {
            self.note((*defect).into());
        }
        for note in case.nodes.iter().flat_map(|node| &node.mail.excess) {
            self.note(note.clone().into());
        }
        let mut collector = Collector::new(self.events.len(), &mut self.items, &mut self.text);
        for (node, node_plan) in case.nodes.into_iter().zip(&mut plan.nodes) {
            collector.add(node, std::mem::take(&mut node_plan.actions), &node_plan.files);
        }
        let inside = walk
            .read
            .contents
            .iter()
            .flat_map(|contents| contents.notes.iter().cloned());
        for note in plan.notes.iter().cloned().chain(plan.misfit()) {
            self.note(note.into());
        }
        inside.for_each(|note| self.note(note));
        self.unread |= walk.read.contents.iter().any(|contents| contents.is_cut);
        let level = plan.tags.iter().find_map(|tag| TlpLevel::of_tag(tag));
        if let Some(kept) = settings.keeps_out_of_feed(level, overrides) {
            self.note(kept.into());
        }
        self.events.push(Event {
            identity: *identity,
            uuid: derive::event(*identity, profile.as_deref(), overrides.event.as_deref()),
            subject: subject.clone(),
            authentication,
            plan,
        });
        Ok(())
    }

    fn note(&mut self, note: Said) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// Collects the items of one event, each indicator once. If any of its places is sent, the item shows that one.
struct Collector<'a> {
    event: usize,
    items: &'a mut Vec<Item>,
    text: &'a mut Vec<Piece>,
    /// Where in `items` each indicator is.
    known: HashTable<usize>,
    hasher: DefaultHashBuilder,
}

impl<'a> Collector<'a> {
    fn new(event: usize, items: &'a mut Vec<Item>, text: &'a mut Vec<Piece>) -> Self {
        Self {
            event,
            items,
            text,
            known: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    fn add(&mut self, node: Node<'_>, actions: Vec<Action>, files: &[FilePlan]) {
        let node_files = node.files();
        let mut lines = Lines::new(node.mail, node.contents);
        let mut marked = Marked::new(node.mail);
        // A list that grows by itself may take twice the room. One that has more already than is coming grows seldom enough.
        if node.indicators.len() > self.items.len() {
            self.items.reserve_exact(node.indicators.len() + node_files.len());
        }
        for (mut found, action) in node.indicators.into_iter().zip(actions) {
            let place = self.place_of(&found);
            let is_sent = action.is_sent();
            let context = lines.context(&found);
            marked.mark(place.unwrap_or(self.items.len()), &found);
            // Nobody asks an item for that, and a review may be open for long.
            found.place.written = None;
            found.redirects_to = None;
            if is_sent {
                found.remarks = Vec::new();
            }
            let what = What::Indicator { found, action, context };
            match place {
                None => self.push_new(what),
                Some(place) if is_sent => {
                    if let Some(item) = self.items.get_mut(place).filter(|item| item.is_skipped()) {
                        item.what = what;
                    }
                }
                Some(_) => {}
            }
        }
        let files_part = Arc::from("attachment");
        let mut places: Vec<Option<usize>> = Vec::new();
        for (file, plan) in node_files.iter().zip(files) {
            // Mail programs do not show these parts, so nobody is asked about them.
            let is_shown = !matches!(file.role, AttachmentRole::Report | AttachmentRole::Signature);
            places.push(is_shown.then_some(self.items.len()));
            if is_shown {
                marked.name(self.items.len(), &files_part);
                let inside = file.inside.and_then(|inside| places.get(inside).copied().flatten());
                self.push(file_of(file, inside, &plan.action));
            }
        }
        marked.into_pieces(self.event, self.text);
    }

    /// Where the indicator is already.
    fn place_of(&self, found: &Indicator) -> Option<usize> {
        let key = key_of(found);
        let is_same = |place: &usize| self.items.get(*place).and_then(Item::indicator).map(key_of) == Some(key);
        self.known.find(self.hasher.hash_one(Some(key)), is_same).copied()
    }

    /// Adds an indicator that is not among the items yet.
    fn push_new(&mut self, what: What) {
        let place = self.items.len();
        self.push(what);
        let Self {
            items, known, hasher, ..
        } = self;
        let hash = |place: &usize| hasher.hash_one(items.get(*place).and_then(Item::indicator).map(key_of));
        known.insert_unique(hash(&place), place, hash);
    }

    fn push(&mut self, what: What) {
        self.items.push(Item {
            event: self.event,
            what,
        });
    }
}

/// What is shown once.
fn key_of(found: &Indicator) -> (&'static str, &str) {
    (found.misp_type(), &found.value)
}

impl Item {
    pub(super) fn indicator(&self) -> Option<&Indicator> {
        match &self.what {
            What::Indicator { found, .. } => Some(found),
            What::File { .. } => None,
        }
    }

    /// Whether it would not be sent.
    pub fn is_skipped(&self) -> bool {
        matches!(
            &self.what,
            What::Indicator {
                action: Action::Skip(_),
                ..
            } | What::File {
                action: FileAction::Skip(_),
                ..
            }
        )
    }
}

fn file_of(file: &NodeFile<'_>, inside: Option<usize>, action: &FileAction) -> What {
    let bytes = file.bytes;
    What::File {
        name: file.chosen_by().map(str::to_owned),
        content_type: file.content_type.to_owned(),
        filetype: (!bytes.is_empty()).then(|| file::mimetype(bytes, file.name)),
        inside,
        password: file.opened.and_then(|opened| opened.password.clone()),
        size: bytes.len(),
        sha256: Sha256::of(bytes),
        action: action.clone(),
    }
}

#[cfg(test)]
#[path = "preview_tests.rs"]
mod tests;
