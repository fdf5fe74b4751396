//! A copy of a mail from which people were taken out: its header, its texts and its files as they are now. The mail itself cannot be
//! kept, since people may be named in it in ways that only show when it is decoded.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::domain::Sha256;
use crate::mail::{AttachmentRole, BodyKind, EmbeddedKind, Mail};

/// Digits on a line.
const LINE: usize = 76;

/// Puts copies in place of the messages inside a mail.
pub fn copy_inside(mail: &mut Mail) {
    for inner in &mut mail.embedded {
        copy_inside(&mut inner.mail);
        inner.raw = copy(&inner.mail).into();
    }
}

/// The mail as a message.
pub fn copy(mail: &Mail) -> Vec<u8> {
    let mut out = String::new();
    mail.headers.write_without_encoding(&mut out);
    let boundary = Sha256::of(out.as_bytes()).to_string();
    let boundary = boundary.get(..32).unwrap_or(&boundary);
    out.push_str("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"");
    out.push_str(boundary);
    out.push_str("\"\r\n");
    let mut part = |kind: &str, name: Option<&str>, bytes: &[u8]| {
        out.push_str("\r\n--");
        out.push_str(boundary);
        out.push_str("\r\nContent-Type: ");
        out.push_str(kind);
        if let Some(name) = name {
            out.push_str("\r\nContent-Disposition: attachment; filename=\"");
            out.extend(name.chars().map(|c| if matches!(c, '"' | '\\') { '_' } else { c }));
            out.push('"');
        }
        out.push_str("\r\nContent-Transfer-Encoding: base64\r\n");
        let digits = STANDARD.encode(bytes);
        let mut rest = digits.as_str();
        while !rest.is_empty() {
            let (line, after) = rest.split_at(rest.len().min(LINE));
            out.push_str("\r\n");
            out.push_str(line);
            rest = after;
        }
    };
    for body in &mail.bodies {
        let kind = match body.kind {
            BodyKind::Plain => "text/plain; charset=utf-8",
            BodyKind::Html => "text/html; charset=utf-8",
        };
        part(kind, None, body.source.as_deref().unwrap_or(&body.text).as_bytes());
    }
    for file in mail
        .attachments
        .iter()
        .filter(|file| file.role != AttachmentRole::Report)
    {
        part(&file.content_type, Some(file.label()), &file.bytes);
    }
    for inner in mail
        .embedded
        .iter()
        .filter(|inner| inner.kind == EmbeddedKind::Attached)
    {
        part(
            "message/rfc822",
            Some(inner.name.as_deref().unwrap_or("mail.eml")),
            &inner.raw,
        );
    }
    out.push_str("\r\n--");
    out.push_str(boundary);
    out.push_str("--\r\n");
    out.into_bytes()
}
