//! Reads the attachments of a mail, then what came out of them, until nothing more comes.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use super::budget::{Budget, Stop, Watch};
use super::inside::{Found, Inside};
use super::passwords::Passwords;
use super::reader::{File, Trouble};
use super::readers::READERS;
use super::{Contents, Inner, Opened, codes};
use crate::config::ContentsSettings;
use crate::domain::contained::contained;
use crate::domain::{Note, Sha256};
use crate::file;
use crate::mail::{AttachmentRole, Mail};

/// Looks into every attachment of a mail. What a limit cuts off is told in [`Contents::notes`]; reading goes on beside it as far as the
/// limit allows.
pub fn read(mail: &Mail, passwords: &Passwords<'_>, limits: &ContentsSettings, watch: &dyn Watch) -> Contents {
    let mut round = Round {
        contents: Contents::default(),
        depths: Vec::new(),
        queue: VecDeque::new(),
        known: HashSet::new(),
    };
    for (index, attachment) in mail.attachments.iter().enumerate() {
        round.attachment(index, attachment.label());
        // Of these the mail stage has read what they say.
        let is_read = matches!(attachment.role, AttachmentRole::Signature | AttachmentRole::Report);
        if limits.enabled && !is_read {
            round.queue.push_back(index);
        }
    }
    let mut budget = Budget::new(limits, watch);
    while let Some(index) = round.queue.pop_front() {
        budget = round.open(index, mail, passwords, budget);
    }
    if limits.enabled && limits.codes {
        round.bodies(mail, passwords, budget);
    }
    round.contents
}

struct Round {
    contents: Contents,
    /// For each of its files, how many it lies in.
    depths: Vec<usize>,
    /// Files to be read, those of the mail first.
    queue: VecDeque<usize>,
    /// Those that were read. A file that is there twice is read once, and one that contains itself too.
    known: HashSet<Sha256>,
}

impl Round {
    /// Codes that the texts of the mail draw, and in pictures that they hold themselves or show beside one another.
    fn bodies(&mut self, mail: &Mail, passwords: &Passwords<'_>, budget: Budget<'_>) {
        let mut inside = Inside {
            opened: Opened::default(),
            found: Vec::new(),
            budget,
            passwords,
            size: 0,
            given: 0,
            depth: 0,
            stopped: None,
            is_lent: false,
        };
        let looked = codes::in_mail(mail, &str::to_owned, &mut inside);
        self.contents.in_bodies = inside.opened.pieces;
        self.tell("text", looked.err().map(Trouble::Stopped));
    }

    fn attachment(&mut self, index: usize, label: &str) {
        self.contents.files.push(Opened {
            attachment: index,
            path: Arc::from(label),
            ..Opened::default()
        });
        self.depths.push(0);
    }

    fn open<'w>(&mut self, index: usize, mail: &Mail, passwords: &'w Passwords<'w>, budget: Budget<'w>) -> Budget<'w> {
        let bytes = self.contents.bytes(index, mail);
        let is_new = self.known.insert(Sha256::of(bytes));
        let Some(opened) = self.contents.files.get(index).filter(|_| is_new && !bytes.is_empty()) else {
            return budget;
        };
        let (name, declared) = match &opened.inner {
            Some(inner) => (inner.name.as_deref(), ""),
            None => mail
                .attachments
                .get(opened.attachment)
                .map_or((None, ""), |attachment| {
                    (attachment.name.as_deref(), &*attachment.content_type)
                }),
        };
        let mimetype = file::mimetype(bytes, name);
        let file = File {
            bytes,
            name,
            mimetype: &mimetype,
            declared,
            is_part: opened.inner.as_ref().is_some_and(|inner| inner.is_part),
        };
        let mut inside = Inside {
            opened: Opened {
                mimetype: mimetype.clone(),
                path: Arc::clone(&opened.path),
                ..Opened::default()
            },
            found: Vec::new(),
            budget,
            passwords,
            size: bytes.len(),
            given: 0,
            depth: self.depths.get(index).copied().unwrap_or_default(),
            stopped: None,
            is_lent: false,
        };
        let trouble = read_file(&file, &mut inside).err();
        if mimetype == "image/svg+xml"
            && let Ok(source) = std::str::from_utf8(bytes)
        {
            let drawn = codes::in_page(&str::to_owned, source, &|_| None, &mut inside);
            inside.stopped = inside.stopped.or(drawn.err());
        }
        let Inside {
            opened: read,
            found,
            budget,
            depth,
            stopped,
            ..
        } = inside;
        let trouble = trouble
            .filter(|trouble| *trouble != Trouble::TooMuch)
            .or(stopped.map(Trouble::Stopped));
        let path = Arc::clone(&read.path);
        if let Some(opened) = self.contents.files.get_mut(index) {
            opened.mimetype = read.mimetype;
            opened.pieces = read.pieces;
            opened.facts = read.facts;
            opened.password = read.password;
        }
        self.tell(&path, trouble);
        for inner in found {
            self.inner(index, &path, depth + 1, inner);
        }
        budget
    }

    fn inner(&mut self, parent: usize, path: &str, depth: usize, found: Found) {
        let attachment = self.contents.files.get(parent).map_or(0, |parent| parent.attachment);
        let label = found.name.as_deref().unwrap_or(match &*found.declared {
            "" => "file",
            declared => declared,
        });
        let index = self.contents.files.len();
        self.contents.files.push(Opened {
            attachment,
            path: Arc::from(format!("{path} > {label}")),
            inner: Some(Inner {
                parent,
                name: found.name,
                bytes: found.bytes,
                is_part: found.is_part,
            }),
            ..Opened::default()
        });
        self.depths.push(depth);
        self.queue.push_back(index);
    }

    fn tell(&mut self, path: &str, trouble: Option<Trouble>) {
        let file = path.to_owned();
        let note = match trouble {
            None | Some(Trouble::TooMuch) => return,
            Some(Trouble::Locked) => Note::ContentsLocked { file },
            Some(Trouble::Stopped(Stop::Time)) => {
                self.contents.is_cut = true;
                Note::ContentsTime { file }
            }
            Some(Trouble::Stopped(stop)) => Note::ContentsStopped {
                file,
                setting: stop.setting().to_owned(),
            },
            Some(Trouble::Broken(error)) => Note::ContentsBroken { file, error },
            Some(Trouble::Unsupported(format)) => Note::ContentsUnsupported {
                file,
                format: format.to_owned(),
            },
        };
        let note = note.into();
        if self.contents.notes.len() < MOST_NOTES && !self.contents.notes.contains(&note) {
            self.contents.notes.push(note);
        }
    }
}

/// What is told of a file in which a reader panicked. All others are read.
pub const FAULT: &str = "a fault in mispigeon";

/// Lets the readers try that are for such a file.
fn read_file(file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    inside.budget.look()?;
    let mut outcome = Ok(());
    for reader in READERS.iter().filter(|reader| reader.reads(file)) {
        let mut read = || reader.read(file, inside);
        // Who looks for panics wants to see where they come from.
        let read = if cfg!(fuzzing) { Some(read()) } else { contained(read) };
        outcome = read.unwrap_or_else(|| {
            tracing::error!("the reader of {} panicked", file.mimetype);
            Err(Trouble::broken(FAULT))
        });
        // What is broken for one may be whole for the next.
        if !matches!(outcome, Err(Trouble::Broken(_) | Trouble::Unsupported(_))) {
            break;
        }
    }
    outcome
}

/// Most notes of a mail: a thousand broken files are told by the first of them.
const MOST_NOTES: usize = 20;
