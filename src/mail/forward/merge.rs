//! A forward stands in each alternative of a mail, plain and HTML: the two are one mail with two bodies.

use crate::mail::{Embedded, EmbeddedKind, Mail};

/// Puts the bodies of the same quoted mail together, in the order of the message.
pub(in crate::mail) fn merge_alternatives(embedded: &mut Vec<Embedded>) {
    let mut at = 0;
    while at < embedded.len() {
        let Some(position) = (at > 0).then(|| twin(embedded, at)).flatten() else {
            at += 1;
            continue;
        };
        let other = embedded.remove(at).mail;
        if let Some(first) = embedded.get_mut(position) {
            join(&mut first.mail, other);
        }
    }
}

/// The mail before `at` that is the same as the one there, in another kind of text.
fn twin(embedded: &[Embedded], at: usize) -> Option<usize> {
    let this = embedded.get(at)?;
    // Whoever forwards more than that at once writes them into one text.
    let from = at.saturating_sub(64);
    let same = |other: &&Embedded| {
        other.kind == EmbeddedKind::InlineForward
            && this.kind == other.kind
            && key(&other.mail) == key(&this.mail)
            && differs(&other.mail, &this.mail)
    };
    embedded
        .get(from..at)?
        .iter()
        .position(|other| same(&other))
        .map(|found| from + found)
}

fn key(mail: &Mail) -> (Option<String>, Option<String>) {
    let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let from = mail
        .headers
        .addresses("From")
        .first()
        .map(|address| address.address.to_lowercase());
    (mail.headers.subject().map(squeeze), from)
}

/// No kind of text that both have.
fn differs(one: &Mail, other: &Mail) -> bool {
    !one.bodies
        .iter()
        .any(|body| other.bodies.iter().any(|twin| twin.kind == body.kind))
}

fn join(first: &mut Mail, other: Mail) {
    first.bodies.extend(other.bodies);
    for field in other.headers.fields {
        if first.headers.first(&field.name).is_none() {
            first.headers.fields.push(field);
        }
    }
    first.embedded.extend(other.embedded);
    merge_alternatives(&mut first.embedded);
}
