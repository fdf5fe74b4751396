//! What a part is to the mail: a file, an image of the layout, a signature, a contact, a report, a mail.
//!
//! The sender chooses the declared type, the name and the place of a part. They say what a part may be; it is that only
//! when its bytes are. What they do not bear out is a file, so that no header hides one.

mod evidence;

pub(super) use evidence::is_statement;

use super::AttachmentRole;
use super::leaf::Leaf;
use super::lines::Lines;
use crate::domain::{Ending, EndingUse};
use crate::file;

/// Endings of names under which such parts come. A name that ends otherwise asks for another program to open the file, which
/// may take it for something else.
const SIGNATURES: [&str; 14] = [
    "asc", "sig", "sign", "pgp", "gpg", "key", "pub", "p7s", "p7m", "p7c", "p7b", "txt", "dat", "bin",
];
const CONTACTS: [&str; 3] = ["vcf", "vcard", "txt"];
const REPORTS: [&str; 6] = ["txt", "dat", "bin", "eml", "hdr", "json"];
const IMAGES: [&str; 15] = [
    "png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp", "webp", "tif", "tiff", "ico", "emf", "wmf", "heic", "avif",
];

/// The role of a part that is no text of the mail, so far as it shows by itself and its place.
pub(super) fn of(leaf: &Leaf, bytes: &[u8]) -> AttachmentRole {
    let kind = leaf.content_type.value.as_str();
    let is_control = kind == "application/pgp-encrypted" && evidence::is_pgp_version(bytes);
    if is_named(leaf, &SIGNATURES) && (is_control || evidence::is_signature(bytes)) {
        AttachmentRole::Signature
    } else if is_named(leaf, &CONTACTS) && evidence::is_contact(bytes) {
        AttachmentRole::Contact
    } else if declares_report(kind) && is_named(leaf, &REPORTS) && is_statement(bytes) {
        AttachmentRole::Report
    } else if leaf.around.first().is_some_and(|parent| parent == "multipart/related") && is_image(leaf, bytes) {
        AttachmentRole::InlineImage
    } else {
        AttachmentRole::File
    }
}

/// Whether a part is an image in every respect: declared as one, named like one, and one.
pub(super) fn is_image(leaf: &Leaf, bytes: &[u8]) -> bool {
    let ending = leaf.name.as_deref().and_then(Ending::of_name);
    let other = ending.is_some_and(|ending| ending.is(EndingUse::File)) && !is_named(leaf, &IMAGES);
    leaf.content_type.value.starts_with("image/") && !other && evidence::is_picture(bytes)
}

/// Has no name, or one that ends like this, or without an ending.
fn is_named(leaf: &Leaf, endings: &[&str]) -> bool {
    let name = leaf.name.as_deref().unwrap_or_default();
    let Some((_, ending)) = name.rsplit_once('.') else {
        return true;
    };
    endings.iter().any(|known| known.eq_ignore_ascii_case(ending.trim()))
}

fn declares_report(kind: &str) -> bool {
    matches!(
        kind,
        "message/delivery-status"
            | "message/disposition-notification"
            | "message/feedback-report"
            | "message/global-delivery-status"
            | "message/global-headers"
            | "message/global-disposition-notification"
            | "message/tracking-status"
            | "text/rfc822-headers"
    )
}

/// A mail by its type, its name or its first lines.
pub(super) fn is_embedded_mail(leaf: &Leaf, bytes: &[u8]) -> bool {
    let kind = leaf.content_type.value.as_str();
    if matches!(
        kind,
        "message/rfc822" | "message/global" | "message/news" | "message/x-emlx"
    ) {
        return !bytes.trim_ascii().is_empty() && (mail_fields(bytes) > 0 || !file::is_binary(bytes));
    }
    let name = leaf.name.as_deref().unwrap_or_default().to_ascii_lowercase();
    // A page that a browser saved has the header of a mail.
    if matches!(name.rsplit('.').next(), Some("mht" | "mhtml")) {
        return false;
    }
    let is_eml = matches!(name.rsplit('.').next(), Some("eml" | "emlx")) && name.contains('.');
    let may_be = matches!(
        kind,
        "text/plain" | "application/octet-stream" | "application/x-octet-stream" | "application/eml"
    ) || kind.starts_with("message/") && !declares_report(kind);
    let fields = mail_fields(bytes);
    (is_eml && fields > 0) || (may_be && fields >= 4)
}

/// Whether a part that is declared as a text is shown as one: its bytes are text, and if it has a name, no attached mail.
pub(super) fn is_shown(leaf: &Leaf, bytes: &[u8]) -> bool {
    !file::is_binary(bytes) && (leaf.name.is_none() || !is_embedded_mail(leaf, bytes))
}

/// How many different well-known fields the header block at the start holds; 0 when it starts with something else.
pub(super) fn mail_fields(bytes: &[u8]) -> usize {
    let bytes = super::canonical::without_prefix(bytes.get(..65536).unwrap_or(bytes));
    let mut seen = Vec::new();
    for line in Lines::of(bytes).take(400) {
        let content = line.content;
        if content.is_empty() {
            if seen.is_empty() && line.start < 8 {
                continue;
            }
            break;
        }
        if matches!(content.first(), Some(b' ' | b'\t')) {
            continue;
        }
        let Some((name, _)) = super::header::field(content) else {
            break;
        };
        let name = name.to_ascii_lowercase();
        if is_mail_field(&name) && !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen.len()
}

/// A field that makes a header of a mail out of a line.
pub(super) fn is_mail_field(name: &str) -> bool {
    const FIELDS: [&str; 20] = [
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "message-id",
        "received",
        "return-path",
        "delivered-to",
        "reply-to",
        "sender",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "dkim-signature",
        "in-reply-to",
        "references",
        "user-agent",
        "x-mailer",
    ];
    FIELDS.iter().any(|field| field.eq_ignore_ascii_case(name))
}

#[cfg(test)]
#[path = "tests/role.rs"]
mod tests;
