//! What a part is to the mail: a file, an image of the layout, a signature, a contact, a report, a mail.

use super::AttachmentRole;
use super::leaf::Leaf;
use super::lines::Lines;

/// The role of a part that is no text of the mail, so far as it shows by itself and its place.
pub(super) fn of(leaf: &Leaf, bytes: &[u8]) -> AttachmentRole {
    let kind = leaf.content_type.value.as_str();
    let name = leaf.name.as_deref().unwrap_or_default().to_ascii_lowercase();
    match kind {
        "application/pgp-signature"
        | "application/pgp-keys"
        | "application/pgp-encrypted"
        | "application/pkcs7-signature"
        | "application/x-pkcs7-signature"
        | "application/pkcs7-mime"
        | "application/x-pkcs7-mime" => return AttachmentRole::Signature,
        "text/vcard" | "text/x-vcard" | "text/directory" => return AttachmentRole::Contact,
        "message/delivery-status"
        | "message/disposition-notification"
        | "message/feedback-report"
        | "message/global-delivery-status"
        | "message/global-headers"
        | "message/global-disposition-notification"
        | "message/tracking-status"
        | "text/rfc822-headers" => return AttachmentRole::Report,
        _ => {}
    }
    let parent = leaf.around.first().map(String::as_str).unwrap_or_default();
    if parent == "multipart/encrypted" || is_pgp_block(bytes) || matches!(name.as_str(), "smime.p7s" | "smime.p7m") {
        return AttachmentRole::Signature;
    }
    if bytes
        .trim_ascii_start()
        .get(..11)
        .is_some_and(|head| head.eq_ignore_ascii_case(b"BEGIN:VCARD"))
    {
        return AttachmentRole::Contact;
    }
    if kind.starts_with("image/") && parent == "multipart/related" {
        return AttachmentRole::InlineImage;
    }
    AttachmentRole::File
}

/// An armoured signature, key or message of PGP. The content decides, since a name can lie.
fn is_pgp_block(bytes: &[u8]) -> bool {
    let head = bytes.trim_ascii_start();
    ["SIGNATURE", "PUBLIC KEY BLOCK", "MESSAGE"].iter().any(|what| {
        let rest = head.strip_prefix(b"-----BEGIN PGP ");
        rest.is_some_and(|rest| rest.starts_with(what.as_bytes()))
    })
}

/// A mail by its type, its name or its first lines.
pub(super) fn is_embedded_mail(leaf: &Leaf, bytes: &[u8]) -> bool {
    let kind = leaf.content_type.value.as_str();
    if matches!(
        kind,
        "message/rfc822" | "message/global" | "message/news" | "message/x-emlx"
    ) {
        return !bytes.trim_ascii().is_empty();
    }
    let name = leaf.name.as_deref().unwrap_or_default().to_ascii_lowercase();
    let is_eml = matches!(name.rsplit('.').next(), Some("eml" | "emlx")) && name.contains('.');
    let may_be = matches!(
        kind,
        "text/plain" | "application/octet-stream" | "application/x-octet-stream" | "application/eml"
    ) || kind.starts_with("message/") && !matches!(of(leaf, bytes), AttachmentRole::Report);
    let fields = mail_fields(bytes);
    (is_eml && fields > 0) || (may_be && fields >= 4)
}

/// How many different well-known fields the header block at the start holds; 0 when it starts with something else.
fn mail_fields(bytes: &[u8]) -> usize {
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
