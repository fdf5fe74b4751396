//! The `mail` stage: from the raw bytes of a message to a [`Mail`]. Pure: no clock, no network, no file.
//!
//! It decodes and sorts, it does not judge: what counts as an indicator is decided in [`crate::indicator`], what is
//! sent in [`crate::policy`].

mod address;
mod attributes;
pub mod authentication;
mod bounds;
mod builder;
pub mod calendar;
mod canonical;
mod charset;
pub mod code_page;
mod content_type;
mod css;
mod date;
mod directive;
pub mod dkim;
mod element;
mod encoded_word;
mod encrypted;
mod forward;
mod header;
pub mod html;
mod in_text;
mod leaf;
mod lines;
mod link;
mod lzfu;
mod mapi;
mod mbox;
mod notice;
mod outlook;
mod role;
mod rtf;
mod signed;
mod source;
mod structure;
mod tnef;
mod transfer;

use std::borrow::Cow;

use crate::config::MailSettings;
use bounds::Bounds;
use bytes::Bytes;
pub use canonical::canonical_sha256;
pub use charset::{archive_name, page_text};
pub use date::MailDate;
pub use directive::{Directives, take_directives};
pub use encrypted::{is_encrypted, original};
pub use mbox::{looks_like_mbox, split_mbox};
pub use notice::Notice;
use source::Source;

use crate::domain::{Defect, Note};
use crate::file;

/// Mails inside one another are read by recursion; whatever the configuration says, no deeper than this.
const DEEPEST: usize = 32;

/// Takes a message apart. What is broken in it becomes a [`Defect`]; an error only says that there is no mail at all.
pub fn parse(raw: &[u8], limits: &MailSettings) -> Result<Mail, MailError> {
    let text = text(raw, limits)?;
    let limits = MailSettings {
        depth: limits.depth.min(DEEPEST),
        forward_words: limits.forward_words.clone().with_lines(&limits.forward_markers),
        ..limits.clone()
    };
    let bounds = Bounds::new(&limits);
    let mut builder = builder::Builder::new(&limits, &bounds, 0);
    match text {
        Some(text) => builder.message(Source::Lent(canonical::without_prefix(&text))),
        None => builder.outlook(raw),
    }
    let mut mail = builder.finish();
    mail.excess = bounds.excess();
    Ok(mail)
}

/// Only the header of a message. Fails when [`parse`] does, and decodes nothing else.
pub fn headers(raw: &[u8], limits: &MailSettings) -> Result<Headers, MailError> {
    let Some(text) = text(raw, limits)? else {
        return parse(raw, limits).map(|mail| mail.headers);
    };
    let structure = structure::read(canonical::without_prefix(&text), &Bounds::new(limits));
    Ok(structure
        .parts
        .into_iter()
        .next()
        .map(|top| top.headers)
        .unwrap_or_default())
}

/// The source of a message; `None` if it is a file of Outlook's.
fn text<'x>(raw: &'x [u8], limits: &MailSettings) -> Result<Option<Cow<'x, [u8]>>, MailError> {
    if raw.len() > limits.max_size {
        return Err(MailError::TooLarge {
            size: raw.len(),
            limit: limits.max_size,
        });
    }
    if raw.trim_ascii().is_empty() {
        return Err(MailError::Empty);
    }
    if outlook::is_msg(raw) {
        return Ok(None);
    }
    let text = charset::without_utf16(raw);
    not_a_file(&text)?;
    Ok(Some(text))
}

/// What a `winmail.dat` holds that lies in another file: its texts and files. `None` when it is none.
pub fn parse_tnef(bytes: &[u8], limits: &MailSettings) -> Option<Mail> {
    let bounds = Bounds::new(limits);
    let mut builder = builder::Builder::new(limits, &bounds, 0);
    (tnef::is_tnef(bytes) && builder.tnef(bytes)).then(|| builder.finish())
}

/// A text without the files that stand in it as code (uuencode, yEnc, `BinHex`).
pub fn without_files(text: &str) -> Cow<'_, str> {
    match in_text::take_out(text.as_bytes()) {
        Some((rest, _)) => Cow::Owned(charset::utf8_or_latin(rest)),
        None => Cow::Borrowed(text),
    }
}

/// Says that a picture, a program, an archive or random bytes are no mail.
fn not_a_file(raw: &[u8]) -> Result<(), MailError> {
    if role::mail_fields(raw) > 0 || !file::is_binary(raw) {
        return Ok(());
    }
    Err(MailError::NotAMail(match file::mimetype(raw, None).as_str() {
        file::UNKNOWN_TYPE => "it has no header and is no text".to_owned(),
        kind => format!("the file is {kind}"),
    }))
}

/// Why a message cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// There is nothing in it.
    #[error("the message is empty; give the whole mail, as its source (.eml) holds it")]
    Empty,
    /// Larger than [`MailSettings::max_size`].
    #[error("the message has {size} bytes, the limit is {limit}; raise `mail.max_size` to accept it")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Neither a header nor text could be made out.
    #[error("this is not a mail: {0}; give the mail as its source (.eml) or as Outlook keeps it (.msg)")]
    NotAMail(String),
}

/// A message, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    /// Header fields in the order of the message.
    pub headers: Headers,
    /// Every text that a reader could be shown, alternatives included, in the order of the message.
    /// What an inline forward quotes is moved to [`Mail::embedded`].
    pub bodies: Vec<Body>,
    /// Every part that is a file, and parts that no reader shows.
    pub attachments: Vec<Attachment>,
    /// Attached and forwarded mails.
    pub embedded: Vec<Embedded>,
    /// A machine wrote it about another mail.
    pub notice: Option<Notice>,
    /// What was found broken and did not stop it from being read.
    pub defects: Vec<Defect>,
    /// What was more than the limits allow; of a mail inside another, the outermost one says it.
    pub excess: Vec<Note>,
}

/// Header fields, in order, names as written.
#[derive(Clone, Debug, Default)]
pub struct Headers {
    /// All fields.
    pub fields: Vec<HeaderField>,
}

/// One header field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderField {
    /// The name as written.
    pub name: String,
    /// The value unfolded, with RFC 2047 words decoded.
    pub value: String,
    /// The value unfolded but otherwise as written (bytes that are no UTF-8 taken as Latin-1).
    pub raw: String,
}

/// One mailbox of an address field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Display name, decoded.
    pub name: Option<String>,
    /// `local@domain` as written, without angle brackets.
    pub address: String,
}

/// Kind of a text body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// text/plain and every other text type shown as it is.
    Plain,
    /// text/html.
    Html,
}

/// One text body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Plain or HTML.
    pub kind: BodyKind,
    /// What the reader sees, lines separated by `\n`: charset decoded, format=flowed joined, HTML rendered to text.
    /// Text split by tags is joined, block elements and `<br>` end a line, a table cell ends with a tab; script,
    /// style, comments and hidden text are not in it.
    pub text: String,
    /// The decoded source where it differs from `text` (always for HTML).
    pub source: Option<String>,
    /// What stands in the source of an HTML body and is no part of `text`.
    pub asides: Vec<Aside>,
    /// Every link of an HTML body, in order.
    pub links: Vec<Link>,
}

/// A text of HTML that not every reader sees. It is never joined to what all see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// As written, entities decoded.
    pub text: String,
    /// Line of [`Body::text`] (from 1) at which it stands.
    pub line: u32,
    /// Who sees it.
    pub kind: AsideKind,
}

/// Who sees an [`Aside`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsideKind {
    /// Nobody: a style or an attribute hides it.
    Hidden,
    /// Readers of Outlook: it stands in a conditional comment.
    Outlook,
}

/// Where in HTML a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `<a href>`, `<area href>`.
    Anchor,
    /// `<form action>`, `formaction`.
    Form,
    /// `<meta http-equiv=refresh>`.
    Refresh,
    /// `img`, `srcset`, `background`, CSS `url()`: fetched when the mail is shown.
    Image,
    /// `iframe`, `script`, `link`, `object`, `embed`, …
    Resource,
}

/// A link of an HTML body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it goes: entities decoded, line ends inside (and indentation after them) removed, a blank inside as `%20`,
    /// resolved against `<base>`. Any scheme.
    pub target: String,
    /// Where a mail filter that rewrote the link says it went before (`originalsrc`). Anybody can write that.
    pub original: Option<Box<str>>,
    /// The text that the reader sees for it, empty for images.
    pub shown: String,
    /// Kind of element.
    pub kind: LinkKind,
    /// Line of [`Body::text`] (from 1) at which it stands.
    pub line: u32,
}

/// What an attachment is to the mail, by its type and place, not by its danger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachmentRole {
    /// A file that someone attached.
    File,
    /// An image that the HTML body shows (by Content-ID or location), or that stands in multipart/related.
    InlineImage,
    /// PGP or S/MIME signature, encryption control part, PGP public key.
    Signature,
    /// vCard.
    Contact,
    /// Delivery status, message headers and the like: machine-readable parts of a report.
    Report,
}

/// A file in the mail.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Decoded file name (RFC 2231, RFC 2047, charset), without path and control characters. `None` where none was given.
    pub name: Option<String>,
    /// Content type as declared, lower-case, `application/octet-stream` where none is given.
    pub content_type: String,
    /// The exact bytes after the transfer encoding is undone; text parts are not re-encoded.
    pub bytes: Vec<u8>,
    /// What it is to the mail.
    pub role: AttachmentRole,
    /// Of an image what HTML may call it: its Content-ID, its Content-Location.
    pub places: Vec<String>,
}

impl Attachment {
    /// Its name, or its type where it has none.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.content_type)
    }
}

/// How a mail lay inside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmbeddedKind {
    /// A message/rfc822 part, or an .eml or .msg file under any content type.
    Attached,
    /// Quoted in the text by a mail client's «forward».
    InlineForward,
}

/// A mail inside a mail.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// How it lay there.
    pub kind: EmbeddedKind,
    /// File name of the part, if any.
    pub name: Option<String>,
    /// Its bytes: exact for `Attached` (of a .msg: the file's), for `InlineForward` the message rebuilt from the quoted text.
    pub raw: Bytes,
    /// The mail taken apart.
    pub mail: Mail,
}

#[cfg(test)]
mod tests;
