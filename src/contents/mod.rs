//! The `contents` stage: what is inside attached files. One [`Reader`] per format gives texts, links, codes, facts and further files,
//! which go round again. Pure: nothing is run, fetched or written to disk, and the caller's [`Watch`] is the only clock.
//!
//! It decodes and sorts, it does not judge: what counts as an indicator is decided in [`crate::indicator`], what is sent in
//! [`crate::policy`].

mod budget;
mod codes;
mod inside;
mod passwords;
mod reader;
mod readers;
mod round;
mod unravel;

use std::sync::Arc;

pub use budget::{Stop, Watch};
#[cfg(fuzzing)]
pub use codes::fuzzed;
pub use inside::Inside;
pub use passwords::{Named, Passwords};
pub use reader::{File, Reader, Trouble};
pub use round::{FAULT, read};

use crate::domain::{FoundAs, Said};
use crate::mail::{Body, Link};

/// What the attachments of one mail have inside.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// First every attachment in the order of the mail, then the files inside them, those of one file beside one another.
    pub files: Vec<Opened>,
    /// Codes that the mail's own texts draw or show. Their place is the whole [`crate::indicator::Place::part`].
    pub in_bodies: Vec<Piece>,
    /// What could not be read, and where a limit stopped the reading.
    pub notes: Vec<Said>,
    /// The watch was over before everything was read.
    pub is_cut: bool,
}

/// A file that was looked into.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    /// The attachment that it is or lies in: index into [`crate::mail::Mail::attachments`].
    pub attachment: usize,
    /// `None` of an attachment itself, whose bytes the mail has.
    pub inner: Option<Inner>,
    /// The names from the attachment down to it: `invoice.zip > invoice.pdf`.
    pub path: Arc<str>,
    /// Its type by content, else by name, as [`crate::file::mimetype`] tells it.
    pub mimetype: String,
    /// What was read in it, in its order.
    pub pieces: Vec<Piece>,
    /// Relations and values for the object that describes files of its format, such as `lnk`.
    pub facts: Vec<(&'static str, String)>,
    /// The password that opened it.
    pub password: Option<String>,
}

/// A file inside another.
#[derive(Clone, Debug)]
pub struct Inner {
    /// The file it lies in: index into [`Contents::files`].
    pub parent: usize,
    /// Its name there, without folders; `None` where it has none.
    pub name: Option<String>,
    pub bytes: Vec<u8>,
    /// What a document is made of (a font, a stream, a thumbnail, a macro's text): read like any other, and not sent as a file of its own.
    pub is_part: bool,
}

/// Something to read in a file.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Where in the file: `page 1`, `sheet Prices`; empty where the file is one text.
    pub place: String,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    /// A text, and how what is written in it was found.
    Text { text: String, found_as: FoundAs },
    /// A comma- or tab-separated table.
    Table(String),
    /// The values of a report for machines.
    Stated(Vec<Stated>),
    /// A page, read as the bodies of mails are.
    Page(Body),
    /// Links, and how each is reached.
    Links(Vec<Link>),
    /// A code in a picture, for a machine to read.
    Code(Code),
}

/// A value as a report for machines states it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// As written there.
    pub value: String,
    /// MISP's attribute type; empty where the report has no word for it.
    pub r#type: String,
    /// MISP's category, if there is one.
    pub category: String,
    pub comment: String,
    /// Whether it is for detection, if the report says so.
    pub to_ids: Option<bool>,
}

/// A code in a picture or a drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// `QR`, `Aztec`, `Data Matrix`, `PDF417`.
    pub symbology: &'static str,
    pub text: String,
    /// The picture as PNG if it is drawn and no file has it.
    pub drawn: Option<Vec<u8>>,
}

impl Opened {
    /// The [`crate::indicator::Place::part`] of what was found in this piece of it.
    pub fn part(&self, piece: &Piece) -> String {
        let separator = if piece.place.is_empty() { "" } else { ", " };
        format!("attachment {}{separator}{}", self.path, piece.place)
    }
}

/// Of a mail without attachments.
pub static NOTHING: Contents = Contents {
    files: Vec::new(),
    in_bodies: Vec::new(),
    notes: Vec::new(),
    is_cut: false,
};

impl Contents {
    /// The bytes of one of [`Contents::files`].
    pub fn bytes<'a>(&'a self, index: usize, mail: &'a crate::mail::Mail) -> &'a [u8] {
        let Some(file) = self.files.get(index) else { return &[] };
        match &file.inner {
            Some(inner) => &inner.bytes,
            None => mail
                .attachments
                .get(file.attachment)
                .map_or(&[], |attachment| &attachment.bytes),
        }
    }
}

#[cfg(test)]
mod tests;
