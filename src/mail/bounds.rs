//! How much of a message is kept, with everything inside it, and how much more there was.

use std::cell::Cell;

use crate::config::MailSettings;
use crate::domain::Note;

/// What a message has used of its limits.
pub(super) struct Bounds<'s> {
    limits: &'s MailSettings,
    mails: Tally,
    files: Tally,
    parts: Tally,
    fields: Cell<usize>,
    quoted: Cell<usize>,
}

/// Bytes of quoted mails that are read once more for mails quoted in them. Each level is as long as all below it.
const QUOTED: usize = 24 << 20;

/// How many were taken, and how many were not.
#[derive(Default)]
struct Tally {
    taken: Cell<usize>,
    beyond: Cell<usize>,
}

impl Tally {
    /// True if there is room for one more.
    fn take(&self, limit: usize) -> bool {
        let is_room = self.taken.get() < limit;
        let counter = if is_room { &self.taken } else { &self.beyond };
        counter.set(counter.get() + 1);
        is_room
    }

    fn beyond(&self) -> Option<usize> {
        Some(self.beyond.get()).filter(|count| *count > 0)
    }
}

impl<'s> Bounds<'s> {
    pub fn new(limits: &'s MailSettings) -> Self {
        Self {
            limits,
            mails: Tally::default(),
            files: Tally::default(),
            parts: Tally::default(),
            fields: Cell::new(0),
            quoted: Cell::new(0),
        }
    }

    /// True if one more mail inside may be opened.
    pub fn take_mail(&self) -> bool {
        self.mails.take(self.limits.mails)
    }

    /// How many more mails may be opened.
    pub fn mails_left(&self) -> usize {
        self.limits.mails.saturating_sub(self.mails.taken.get())
    }

    /// True if a quoted mail of so many bytes may be read for mails quoted in it.
    pub fn take_quoted(&self, bytes: usize) -> bool {
        self.quoted.set(self.quoted.get().saturating_add(bytes));
        self.quoted.get() <= QUOTED
    }

    /// Counts mails that were not opened.
    pub fn add_closed_mails(&self, count: usize) {
        self.mails.beyond.set(self.mails.beyond.get() + count);
    }

    /// True if one more file may be kept.
    pub fn take_file(&self) -> bool {
        self.files.take(self.limits.files)
    }

    /// True if one more part may be told apart.
    pub fn take_part(&self) -> bool {
        self.parts.take(self.limits.parts)
    }

    /// Counts header fields that were left out.
    pub fn add_fields(&self, count: usize) {
        self.fields.set(self.fields.get() + count);
    }

    pub fn header(&self) -> HeaderLimits {
        HeaderLimits {
            fields: self.limits.header_fields,
            bytes: self.limits.header_size,
        }
    }

    /// What was more than the limits allow.
    pub fn excess(&self) -> Vec<Note> {
        let limits = self.limits;
        let mails = self.mails.beyond().map(|count| Note::MailsNotOpened {
            count,
            limit: limits.mails,
        });
        let files = self.files.beyond().map(|count| Note::FilesLeftOut {
            count,
            limit: limits.files,
        });
        let parts = self.parts.beyond().map(|count| Note::PartsNotToldApart {
            count,
            limit: limits.parts,
        });
        let fields = Some(self.fields.get()).filter(|count| *count > 0);
        let fields = fields.map(|count| Note::FieldsLeftOut {
            count,
            limit: limits.header_fields,
            bytes: limits.header_size,
        });
        [mails, files, parts, fields].into_iter().flatten().collect()
    }
}

/// How much of one header is read.
#[derive(Clone, Copy)]
pub(super) struct HeaderLimits {
    pub fields: usize,
    pub bytes: usize,
}

impl HeaderLimits {
    /// For headers that something else limits already.
    pub const NONE: Self = Self {
        fields: usize::MAX,
        bytes: usize::MAX,
    };
}
