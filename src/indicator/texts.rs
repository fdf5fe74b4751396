//! The texts of a mail in which indicators are looked for, one after the other.

use crate::mail::{Body, BodyKind, Mail};

/// One of the texts.
#[derive(Clone, Copy, Debug)]
pub struct Text<'m> {
    /// As [`super::Place::part`] names it.
    pub part: &'static str,
    /// All of it.
    pub text: &'m str,
    /// How many bytes the texts before it have, and one between any two.
    pub start: usize,
    /// None of a subject.
    pub body: Option<&'m Body>,
}

/// The subjects, then the bodies. Asides and the targets of links stand in none of them.
pub fn texts(mail: &Mail) -> Vec<Text<'_>> {
    let is_subject = |name: &str| name.eq_ignore_ascii_case("subject");
    let subjects = mail.headers.fields.iter().filter(|field| is_subject(&field.name));
    let subjects = subjects.map(|field| ("Subject", &*field.value, None));
    let bodies = mail.bodies.iter().map(|body| {
        let part = match body.kind {
            BodyKind::Plain => "text/plain",
            BodyKind::Html => "text/html",
        };
        (part, &*body.text, Some(body))
    });
    let mut start = 0;
    let placed = subjects.chain(bodies).map(|(part, text, body)| {
        let this = Text {
            part,
            text,
            start,
            body,
        };
        start += text.len() + 1;
        this
    });
    placed.collect()
}
