//! What Outlook keeps as properties, taken into a mail: a whole .msg file, and the TNEF of a mail.

use super::super::header::{self, Place};
use super::super::lines::Lines;
use super::super::mapi::{Content, Message};
use super::super::{BodyKind, Embedded, EmbeddedKind, forward, outlook, tnef};
use super::Builder;

impl Builder<'_> {
    /// Takes an Outlook file in.
    pub(in crate::mail) fn outlook(&mut self, bytes: &[u8]) {
        let message = outlook::read(bytes, self.levels_left());
        self.kept(message);
    }

    /// Takes in what TNEF holds: the texts that the mail does not have yet, and the files. True when there was anything.
    pub(in crate::mail) fn tnef(&mut self, bytes: &[u8]) -> bool {
        let Some(mut message) = tnef::read(bytes, self.levels_left()) else {
            return false;
        };
        let lines = |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
        let known: Vec<_> = self
            .mail
            .bodies
            .iter()
            .map(|body| (body.kind, lines(&body.text)))
            .collect();
        message
            .bodies
            .retain(|(kind, text)| *kind != BodyKind::Plain || !known.contains(&(*kind, lines(text))));
        self.content(message);
        true
    }

    fn levels_left(&self) -> usize {
        self.limits.depth.saturating_sub(self.depth)
    }

    /// A message as its properties tell it.
    fn kept(&mut self, message: Message) {
        self.mail.headers.clone_from(&message.headers);
        self.content(message);
    }

    fn content(&mut self, message: Message) {
        for defect in message.defects {
            self.defect(defect);
        }
        for (kind, text) in message.bodies {
            self.body(kind, text, None);
        }
        let alone = message.files.len() == 1;
        for file in message.files {
            match file.content {
                Content::Bytes(bytes) if message.is_signed && alone => {
                    self.signed_file(file.name, &file.content_type, bytes);
                }
                Content::Bytes(bytes) => self.attach(file.name, &file.content_type, bytes, file.place),
                Content::Message(inner) => self.kept_inside(file.name, *inner),
            }
        }
    }

    /// The file in which Outlook keeps a signed mail whole: the signature beside its content, or around it.
    fn signed_file(&mut self, name: Option<String>, content_type: &str, bytes: Vec<u8>) {
        let header = header::read(&mut Lines::of(&bytes), Place::Top, self.bounds.header()).headers;
        if header.content_type().value.starts_with("multipart/") {
            self.entity(&bytes);
        } else if bytes.first() == Some(&0x30) {
            self.attach(name, "application/pkcs7-mime", bytes, None);
        } else {
            self.attach(name, content_type, bytes, None);
        }
    }

    fn kept_inside(&mut self, name: Option<String>, message: Message) {
        if !self.bounds.take_mail() {
            return;
        }
        let mut inner = self.inner();
        inner.kept(message);
        let mail = inner.finish();
        let body = mail.bodies.first();
        let kind = body.map_or(BodyKind::Plain, |body| body.kind);
        let text = body.map(|body| body.source.clone().unwrap_or_else(|| body.text.clone()));
        let rebuilt = forward::Quoted {
            headers: mail.headers.clone(),
            text: text.unwrap_or_default(),
        };
        self.mail.embedded.push(Embedded {
            kind: EmbeddedKind::Attached,
            name,
            raw: rebuilt.rebuild(kind),
            mail,
        });
    }
}
