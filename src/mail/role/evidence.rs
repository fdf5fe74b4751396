//! What the bytes of a part bear out of the role that its header claims.

use serde::de::IgnoredAny;

use super::super::header;
use super::super::lines::Lines;
use super::super::signed;
use crate::file;

/// A signature, key or encrypted message of PGP, or a signature or encrypted message of S/MIME, and nothing besides.
pub(super) fn is_signature(bytes: &[u8]) -> bool {
    is_armour(bytes) || signed::is_sealed(bytes)
}

/// The control part before an encrypted message (RFC 3156): `Version: 1`.
pub(super) fn is_pgp_version(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii();
    text.len() < 80 && text.starts_with(b"Version:") && !text.contains(&b'\n')
}

/// Where in PGP's armour a line stands.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Outside,
    Fields,
    Code,
}

/// Every line belongs to armour of PGP. One that is cut off is armour still; a script behind a first line of armour is none.
fn is_armour(bytes: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 3] = [
        b"-----BEGIN PGP SIGNATURE",
        b"-----BEGIN PGP PUBLIC KEY",
        b"-----BEGIN PGP MESSAGE",
    ];
    let mut at = At::Outside;
    let mut any = false;
    for line in Lines::of(bytes) {
        let content = line.content.trim_ascii();
        at = match at {
            At::Outside if content.is_empty() => At::Outside,
            At::Outside if BEGINNINGS.iter().any(|begin| content.starts_with(begin)) => {
                any = true;
                At::Fields
            }
            At::Fields if content.is_empty() => At::Code,
            At::Fields if is_field(content) => At::Fields,
            At::Fields | At::Code if content.starts_with(b"-----END PGP ") => At::Outside,
            At::Fields | At::Code if is_code(content) => At::Code,
            _ => return false,
        };
    }
    any
}

fn is_field(line: &[u8]) -> bool {
    header::field(line).is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

fn is_code(line: &[u8]) -> bool {
    line.len() <= 80 && line.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b))
}

/// One vCard or several, from the first line to the last, in text.
pub(super) fn is_contact(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let begins = text
        .get(..11)
        .is_some_and(|start| start.eq_ignore_ascii_case(b"BEGIN:VCARD"));
    let end = text.len().checked_sub(9).and_then(|at| text.get(at..));
    let ends = end.is_some_and(|end| end.eq_ignore_ascii_case(b"END:VCARD"));
    begins && ends && !file::is_binary(text)
}

/// What machines state about a delivery, or about abuse: nothing but header fields, or JSON.
pub(in crate::mail) fn is_statement(bytes: &[u8]) -> bool {
    // YAML may begin with a rule.
    let fields = bytes.strip_prefix(b"---").unwrap_or(bytes).trim_ascii_start();
    is_fields(fields) || serde_json::from_slice::<IgnoredAny>(bytes).is_ok()
}

fn is_fields(bytes: &[u8]) -> bool {
    let mut any = false;
    let mut lines = Lines::of(bytes);
    let fits = lines.all(|line| {
        let content = line.content;
        let folded = any && matches!(content, [b' ' | b'\t', ..]);
        let is_field = header::field(content).is_some();
        any |= is_field;
        content.trim_ascii().is_empty() || folded || is_field || header::is_mbox_line(content)
    });
    any && fits && !file::is_binary(bytes)
}

/// An image of points or lines. SVG is a document that may hold scripts.
pub(super) fn is_picture(bytes: &[u8]) -> bool {
    let kind = file::mimetype(bytes, None);
    kind.starts_with("image/") && kind != "image/svg+xml"
}
