//! A forward stands in each alternative of a mail, plain and HTML: the two are one mail with two bodies.

use std::collections::HashMap;

use crate::mail::{Embedded, EmbeddedKind, Mail};

/// Puts the bodies of the same quoted mail together, in the order of the message.
pub(in crate::mail) fn merge_alternatives(embedded: &mut Vec<Embedded>) {
    if embedded.len() < 2 {
        return;
    }
    let mut kept: Vec<Embedded> = Vec::with_capacity(embedded.len());
    let mut first_of: HashMap<(String, String), usize> = HashMap::new();
    for this in embedded.drain(..) {
        if this.kind != EmbeddedKind::InlineForward {
            kept.push(this);
            continue;
        }
        let position = *first_of.entry(key(&this.mail)).or_insert(kept.len());
        match kept.get_mut(position) {
            Some(first) if differs(&first.mail, &this.mail) => join(&mut first.mail, this.mail),
            _ => kept.push(this),
        }
    }
    *embedded = kept;
}

/// Subject and sender.
fn key(mail: &Mail) -> (String, String) {
    let subject = mail.headers.subject().unwrap_or_default();
    let from = mail.headers.addresses("From");
    let from = from.first().map(|address| address.address.to_lowercase());
    (
        subject.split_whitespace().collect::<Vec<_>>().join(" "),
        from.unwrap_or_default(),
    )
}

/// No kind of text that both have.
fn differs(one: &Mail, other: &Mail) -> bool {
    let has = |mail: &Mail, kind| mail.bodies.iter().any(|body| body.kind == kind);
    !other.bodies.iter().any(|body| has(one, body.kind))
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
