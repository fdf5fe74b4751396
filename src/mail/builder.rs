//! From the MIME tree to a [`Mail`]: each leaf becomes a text body, an attachment or an embedded mail. What an attachment is
//! to the mail is told in [`super::role`], what is quoted in a text in [`super::forward`].

mod kept;
mod reported;
mod texts;

use std::collections::HashSet;
use std::ops::Range;

use bytes::Bytes;

use super::bounds::Bounds;
use super::content_type::Parameterised;
use super::leaf::Leaf;
use super::source::Source;
use super::structure::Structure;
use super::transfer::Transfer;
use super::{
    Attachment, AttachmentRole, Embedded, EmbeddedKind, Mail, canonical, forward, notice, outlook, role, rtf, signed,
    structure, tnef,
};
use crate::config::MailSettings;
use crate::domain::Defect;

/// Gathers what the parts of one mail hold.
pub(super) struct Builder<'l> {
    pub limits: &'l MailSettings,
    pub bounds: &'l Bounds<'l>,
    /// How many mails this one lies in.
    pub depth: usize,
    pub mail: Mail,
    /// What reports of abuse state.
    stated: Vec<(String, String)>,
}

impl<'l> Builder<'l> {
    pub fn new(limits: &'l MailSettings, bounds: &'l Bounds<'l>, depth: usize) -> Self {
        Self {
            limits,
            bounds,
            depth,
            mail: Mail::default(),
            stated: Vec::new(),
        }
    }

    /// Takes a whole message in: header fields and content.
    pub fn message(&mut self, raw: Source<'_>) {
        let mut structure = structure::read(raw.bytes(), self.bounds);
        if let Some(top) = structure.parts.first_mut() {
            let known = top.headers.fields.iter().any(|field| role::is_mail_field(&field.name));
            if !known && !top.is_multipart {
                // Without any field of a mail, the first lines are text, and none of it may get lost.
                top.headers = super::Headers::default();
                top.content_type = Parameterised::default();
                top.body = 0..raw.bytes().len();
                self.defect(Defect::NoHeader);
            }
            self.mail.headers.fields.clone_from(&top.headers.fields);
        }
        self.parts(raw, &structure);
    }

    /// Takes in the content of a MIME entity. Its header is not that of the mail.
    pub fn entity(&mut self, raw: &[u8]) {
        let structure = structure::read(raw, self.bounds);
        self.parts(Source::Lent(raw), &structure);
    }

    fn parts(&mut self, raw: Source<'_>, structure: &Structure) {
        for defect in structure.defects.iter().copied() {
            self.defect(defect);
        }
        for (index, part) in structure.parts.iter().enumerate() {
            if part.is_multipart {
                if part.content_type.value == "multipart/encrypted" {
                    self.defect(Defect::Encrypted);
                }
                continue;
            }
            let leaf = Leaf::of(structure, index, part);
            if !self.coded_multipart(raw.bytes(), part, &leaf) {
                self.leaf(raw, part.body.clone(), leaf);
            }
        }
    }

    /// Takes in a multipart that is encoded as a whole, which MIME does not allow. True when the part was one.
    fn coded_multipart(&mut self, raw: &[u8], part: &structure::Part, leaf: &Leaf) -> bool {
        let declared = part.headers.content_type();
        let coded = matches!(leaf.transfer, Transfer::Base64 | Transfer::QuotedPrintable);
        if !coded || !declared.value.starts_with("multipart/") || self.depth >= self.limits.depth {
            return false;
        }
        let body = raw.get(part.body.clone()).unwrap_or_default();
        let field = part
            .headers
            .fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case("content-type"));
        let mut entity = field
            .map(|field| format!("Content-Type: {}\r\n\r\n", field.raw))
            .unwrap_or_default()
            .into_bytes();
        entity.extend(leaf.transfer.decode(body).bytes);
        let structure = structure::read(&entity, self.bounds);
        if structure.parts.len() < 2 {
            return false;
        }
        self.depth += 1;
        self.parts(Source::Lent(&entity), &structure);
        self.depth -= 1;
        true
    }

    fn leaf(&mut self, raw: Source<'_>, range: Range<usize>, leaf: Leaf) {
        let bytes = match leaf.transfer {
            Transfer::Identity => raw.part(range),
            coded => {
                let decoded = coded.decode(raw.bytes().get(range).unwrap_or_default());
                if decoded.broken {
                    self.defect(Defect::WrongEncoding);
                }
                decoded.bytes.into()
            }
        };
        if let Some(report) = notice::report(&self.mail.headers, &leaf, &bytes) {
            self.report(report, leaf, bytes);
        } else if leaf.is_text() && role::is_shown(&leaf, &bytes) {
            if leaf.is_file_too() {
                self.text(bytes.to_vec(), &leaf);
                self.file(bytes, leaf);
            } else {
                self.text(bytes.into(), &leaf);
            }
        } else if leaf.is_rich_alternative(&bytes) {
            let (kind, text) = rtf::text(&bytes);
            self.body(kind, text, None);
        } else {
            self.file(bytes, leaf);
        }
    }

    fn file(&mut self, bytes: Bytes, leaf: Leaf) {
        let kind = leaf.content_type.value.as_str();
        if signed::is_smime(kind, leaf.name.as_deref()) && self.opaque(&bytes) {
            return;
        }
        if tnef::is_tnef(&bytes) && self.tnef(&bytes) {
            return;
        }
        let is_mail = role::is_embedded_mail(&leaf, &bytes) || notice::is_header_of_a_mail(kind, &bytes);
        let is_msg = !is_mail && outlook::is_msg(&bytes);
        if is_mail || is_msg {
            if self.depth >= self.limits.depth {
                self.defect(Defect::TooDeepAttached);
            } else if self.bounds.take_mail() {
                self.embed(bytes, leaf.name, is_msg);
                return;
            }
        }
        let is_image = role::is_image(&leaf, &bytes);
        let attachment = Attachment {
            role: role::of(&leaf, &bytes),
            places: if is_image { leaf.places } else { Vec::new() },
            name: leaf.name,
            content_type: leaf.content_type.value,
            bytes: bytes.into(),
        };
        self.keep(attachment);
    }

    /// Keeps a file, unless the mail has too many.
    fn keep(&mut self, attachment: Attachment) {
        if self.bounds.take_file() {
            self.mail.attachments.push(attachment);
        }
    }

    /// For a mail inside this one.
    fn inner(&self) -> Self {
        Self::new(self.limits, self.bounds, self.depth + 1)
    }

    fn embed(&mut self, bytes: Bytes, name: Option<String>, is_msg: bool) {
        let mut inner = self.inner();
        if is_msg {
            inner.outlook(&bytes);
        } else {
            let prefix = bytes.len() - canonical::without_prefix(&bytes).len();
            inner.message(Source::Shared(&bytes.slice(prefix..)));
        }
        self.mail.embedded.push(Embedded {
            kind: EmbeddedKind::Attached,
            name,
            raw: bytes,
            mail: inner.finish(),
        });
    }

    /// An attachment that did not come as a MIME part.
    pub fn attach(&mut self, name: Option<String>, content_type: &str, bytes: Vec<u8>, place: Option<String>) {
        let leaf = Leaf {
            content_type: Parameterised::parse(content_type),
            name,
            attached: true,
            transfer: Transfer::Identity,
            around: Vec::new(),
            base: None,
            is_whole: false,
            places: place.into_iter().collect(),
        };
        self.file(bytes.into(), leaf);
    }

    /// Opens opaque S/MIME. True when its content was taken in, so that nothing is left to attach.
    fn opaque(&mut self, bytes: &[u8]) -> bool {
        match signed::content(bytes) {
            signed::Content::Signed(_) if self.depth >= self.limits.depth => {
                self.defect(Defect::TooDeepSigned);
                false
            }
            signed::Content::Signed(content) => {
                self.depth += 1;
                self.entity(&content);
                self.depth -= 1;
                true
            }
            signed::Content::Encrypted => {
                self.defect(Defect::EncryptedSmime);
                false
            }
            signed::Content::Detached => false,
            signed::Content::Unknown => {
                self.defect(Defect::SmimeBroken);
                false
            }
        }
    }

    pub fn defect(&mut self, defect: Defect) {
        if !self.mail.defects.contains(&defect) {
            self.mail.defects.push(defect);
        }
    }

    /// The mail. Images that its HTML shows get their role, and a mail that both alternatives quote is there once.
    pub fn finish(mut self) -> Mail {
        if self
            .mail
            .attachments
            .iter()
            .any(|attachment| !attachment.places.is_empty())
        {
            let links = self.mail.bodies.iter().flat_map(|body| &body.links);
            let target = |link: &'_ super::Link| link.target.strip_prefix("cid:").unwrap_or(&link.target).to_owned();
            let shown: HashSet<String> = links.map(target).collect();
            for attachment in &mut self.mail.attachments {
                let is_shown = attachment.places.iter().any(|place| shown.contains(place));
                if attachment.role == AttachmentRole::File && is_shown {
                    attachment.role = AttachmentRole::InlineImage;
                }
            }
        }
        forward::merge_alternatives(&mut self.mail.embedded);
        self.mail.notice = notice::of(&self.mail, self.stated);
        self.mail
    }
}
