//! From the MIME tree to a [`Mail`]: each leaf becomes a text body, an attachment or an embedded mail. What an attachment is
//! to the mail is told in [`super::role`], what is quoted in a text in [`super::forward`].

mod reported;

use crate::config::MailSettings;
use std::ops::Range;

use super::content_type::Parameterised;
use super::leaf::Leaf;
use super::structure::Structure;
use super::transfer::Transfer;
use super::{
    Attachment, AttachmentRole, Body, BodyKind, Embedded, EmbeddedKind, Mail, calendar, charset, forward, html, lines,
    notice, outlook, role, rtf, signed, structure,
};

use crate::domain::Defect;

/// Gathers what the parts of one mail hold.
pub(super) struct Builder<'l> {
    pub limits: &'l MailSettings,
    /// How many mails this one lies in.
    pub depth: usize,
    pub mail: Mail,
    /// Content-ID and Content-Location of each attachment, as long as its role may still change.
    places: Vec<Vec<String>>,
    /// What reports of abuse state.
    stated: Vec<(String, String)>,
}

impl<'l> Builder<'l> {
    pub fn new(limits: &'l MailSettings, depth: usize) -> Self {
        Self {
            limits,
            depth,
            mail: Mail::default(),
            places: Vec::new(),
            stated: Vec::new(),
        }
    }

    /// Takes a whole message in: header fields and content.
    pub fn message(&mut self, raw: &[u8]) {
        let mut structure = structure::read(raw);
        if let Some(top) = structure.parts.first_mut() {
            let known = top.headers.fields.iter().any(|field| role::is_mail_field(&field.name));
            if !known && !top.is_multipart {
                // Something that is no header at all is text; nothing of it may get lost.
                top.headers = super::Headers::default();
                top.content_type = Parameterised::default();
                top.body = 0..raw.len();
                self.defect(Defect::NoHeader);
            }
            self.mail.headers.fields.clone_from(&top.headers.fields);
        }
        self.parts(raw, &structure);
    }

    /// Takes the content of a MIME entity in, whose header is not that of the mail.
    pub fn entity(&mut self, raw: &[u8]) {
        let structure = structure::read(raw);
        self.parts(raw, &structure);
    }

    fn parts(&mut self, raw: &[u8], structure: &Structure) {
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
            self.leaf(raw, part.body.clone(), leaf);
        }
    }

    fn leaf(&mut self, raw: &[u8], range: Range<usize>, leaf: Leaf) {
        let body = raw.get(range).unwrap_or_default();
        let decoded = leaf.transfer.decode(body);
        if decoded.broken {
            self.defect(Defect::WrongEncoding);
        }
        if let Some(report) = notice::report(&self.mail.headers, &leaf, &decoded.bytes) {
            self.report(report, leaf, decoded.bytes);
        } else if leaf.is_text() {
            self.text(decoded.bytes, &leaf);
        } else if leaf.is_rich_alternative() {
            let (kind, text) = rtf::text(&decoded.bytes);
            self.body(kind, text, None);
        } else {
            self.file(decoded.bytes, leaf);
        }
    }

    fn text(&mut self, bytes: Vec<u8>, leaf: &Leaf) {
        let text = charset::decode(bytes, leaf.content_type.parameter("charset"));
        let kind = match leaf.content_type.value.as_str() {
            "text/calendar" => return self.invitation(text),
            "text/html" | "text/x-amp-html" | "text/watch-html" => BodyKind::Html,
            _ => BodyKind::Plain,
        };
        let parameter = |name: &str| {
            leaf.content_type
                .parameter(name)
                .unwrap_or_default()
                .to_ascii_lowercase()
        };
        let flowed = kind == BodyKind::Plain && parameter("format") == "flowed";
        let delsp = parameter("delsp") == "yes";
        self.body(kind, text, flowed.then_some(delsp));
    }

    fn invitation(&mut self, text: String) {
        let source = lines::with_line_feeds(text);
        let text = calendar::readable(&source);
        if !text.is_empty() {
            self.mail.bodies.push(Body {
                kind: BodyKind::Plain,
                source: (text != source).then_some(source),
                text,
                links: Vec::new(),
            });
        }
    }

    /// Adds a text, line ends made `\n`, without what a forward quotes; that becomes an embedded mail.
    pub fn body(&mut self, kind: BodyKind, text: String, flowed: Option<bool>) {
        let text = lines::with_line_feeds(text);
        let text = match signed::cleartext(&text).filter(|_| kind == BodyKind::Plain) {
            Some(inner) => inner,
            None => text,
        };
        if kind == BodyKind::Plain && signed::is_inline_encrypted(&text) {
            self.defect(Defect::EncryptedPgp);
        }
        if kind == BodyKind::Plain
            && let Some(said) = self.without_copy(&text)
        {
            self.mail.bodies.push(make_body(kind, said.to_owned(), flowed));
            return;
        }
        let deeper = self.depth < self.limits.depth;
        let split = if deeper {
            forward::split(
                kind,
                &text,
                forward::Told::of(&self.mail.headers, &self.limits.forward_words),
            )
        } else {
            None
        };
        let Some(split) = split else {
            self.mail.bodies.push(make_body(kind, text, flowed));
            return;
        };
        if !split.comment.trim().is_empty() {
            let body = make_body(kind, split.comment, flowed);
            if !body.text.trim().is_empty() || !body.links.is_empty() {
                self.mail.bodies.push(body);
            }
        }
        for quoted in split.quoted {
            let raw = quoted.rebuild(kind);
            let mut inner = Builder::new(self.limits, self.depth + 1);
            inner.mail.headers = quoted.headers;
            inner.body(kind, quoted.text, flowed);
            self.mail.embedded.push(Embedded {
                kind: EmbeddedKind::InlineForward,
                name: None,
                raw,
                mail: inner.finish(),
            });
        }
    }

    fn file(&mut self, bytes: Vec<u8>, leaf: Leaf) {
        let kind = leaf.content_type.value.as_str();
        if signed::is_smime(kind, leaf.name.as_deref()) && self.opaque(&bytes) {
            return;
        }
        let is_mail = role::is_embedded_mail(&leaf, &bytes) || notice::is_header_of_a_mail(kind, &bytes);
        let is_msg = !is_mail && outlook::is_msg(&bytes);
        if is_mail || is_msg {
            if self.depth < self.limits.depth {
                self.embed(bytes, leaf.name, is_msg);
                return;
            }
            self.defect(Defect::TooDeepAttached);
        }
        self.places.push(leaf.places.clone());
        self.mail.attachments.push(Attachment {
            role: role::of(&leaf, &bytes),
            name: leaf.name,
            content_type: leaf.content_type.value,
            bytes,
        });
    }

    fn embed(&mut self, bytes: Vec<u8>, name: Option<String>, is_msg: bool) {
        let mut inner = Builder::new(self.limits, self.depth + 1);
        if is_msg {
            outlook::read(&bytes, &mut inner);
        } else {
            inner.message(super::canonical::without_prefix(&bytes));
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
            places: place.into_iter().collect(),
        };
        self.file(bytes, leaf);
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

    /// The mail, with the images known that its HTML shows, and one copy of each quoted mail.
    pub fn finish(mut self) -> Mail {
        let shown = |links: &[super::Link], place: &str| {
            links.iter().any(|link| {
                let target = link.target.strip_prefix("cid:").unwrap_or(&link.target);
                target == place
            })
        };
        for (attachment, places) in self.mail.attachments.iter_mut().zip(&self.places) {
            let image = attachment.role == AttachmentRole::File && attachment.content_type.starts_with("image/");
            if image
                && places
                    .iter()
                    .any(|place| self.mail.bodies.iter().any(|body| shown(&body.links, place)))
            {
                attachment.role = AttachmentRole::InlineImage;
            }
        }
        forward::merge_alternatives(&mut self.mail.embedded);
        self.mail.notice = notice::of(&self.mail, self.stated);
        self.mail
    }
}

pub(super) fn make_body(kind: BodyKind, text: String, flowed: Option<bool>) -> Body {
    match kind {
        BodyKind::Html => {
            let (rendered, links) = html::render(&text);
            Body {
                kind,
                text: rendered,
                source: Some(text),
                links,
            }
        }
        BodyKind::Plain => {
            let joined = flowed
                .map(|delsp| lines::join_flowed(&text, delsp))
                .filter(|joined| *joined != text);
            let (text, source) = match joined {
                Some(joined) => (joined, Some(text)),
                None => (text, None),
            };
            Body {
                kind,
                text,
                source,
                links: Vec::new(),
            }
        }
    }
}
