//! The texts of a mail: decoded, joined, rendered, without what a forward quotes.

use super::super::leaf::Leaf;
use super::super::{
    Body, BodyKind, Embedded, EmbeddedKind, calendar, charset, forward, html, in_text, lines, link, signed,
};
use super::Builder;
use crate::domain::Defect;

impl Builder<'_> {
    /// Takes a text part in; files that stand in it as code are attachments.
    pub(super) fn text(&mut self, bytes: Vec<u8>, leaf: &Leaf) {
        let (bytes, files) = match in_text::take_out(&bytes).filter(|_| leaf.content_type.value == "text/plain") {
            Some((rest, files)) => (rest, files),
            None => (bytes, Vec::new()),
        };
        let label = label_of(leaf, &bytes);
        self.decoded(charset::decode(bytes, label.as_deref()), leaf);
        for file in files {
            self.attach(file.name, "application/octet-stream", file.bytes, None);
        }
    }

    fn decoded(&mut self, text: String, leaf: &Leaf) {
        let kind = match leaf.content_type.value.as_str() {
            "text/calendar" => return self.invitation(text),
            _ if leaf.is_page() => BodyKind::Html,
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
        let before = self.mail.bodies.len();
        self.body(kind, text, flowed.then_some(delsp));
        for body in self.mail.bodies.iter_mut().skip(before) {
            link::resolve(&mut body.links, leaf.base.as_deref());
        }
    }

    fn invitation(&mut self, text: String) {
        let source = lines::with_line_feeds(text);
        let text = calendar::readable(&source);
        if !text.is_empty() {
            self.mail.bodies.push(Body {
                kind: BodyKind::Plain,
                source: (text != source).then_some(source),
                text,
                asides: Vec::new(),
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
        let told = forward::Told::of(&self.mail.headers, &self.limits.forward_words);
        let split = if deeper {
            forward::split(kind, &text, told, self.bounds.mails_left())
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
        self.bounds.add_closed_mails(split.beyond);
        for quoted in split.quoted {
            self.bounds.take_mail();
            let raw = quoted.rebuild(kind);
            let mut inner = self.inner();
            inner.mail.headers = quoted.headers;
            if !self.bounds.take_quoted(quoted.text.len()) {
                // As of one that lies too deep, all of its text is kept, but not taken apart.
                inner.depth = self.limits.depth;
            }
            inner.body(kind, quoted.text, flowed);
            self.mail.embedded.push(Embedded {
                kind: EmbeddedKind::InlineForward,
                name: None,
                raw,
                mail: inner.finish(),
            });
        }
    }
}

/// The declared charset; where none is declared, that which a page declares in itself, unless it is plainly UTF-8.
fn label_of(leaf: &Leaf, bytes: &[u8]) -> Option<String> {
    let declared = leaf.content_type.decoded("charset");
    if declared.is_some() || !leaf.is_page() || (!bytes.is_ascii() && std::str::from_utf8(bytes).is_ok()) {
        return declared;
    }
    charset::declared_in_html(bytes)
}

fn make_body(kind: BodyKind, text: String, flowed: Option<bool>) -> Body {
    match kind {
        BodyKind::Html => {
            let html::Rendered {
                text: rendered,
                asides,
                links,
                ..
            } = html::render(&text);
            Body {
                kind,
                text: rendered,
                source: Some(text),
                asides,
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
                asides: Vec::new(),
                links: Vec::new(),
            }
        }
    }
}
