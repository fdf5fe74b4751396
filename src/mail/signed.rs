//! Signed and encrypted content: PGP in the text, and S/MIME that carries the mail inside the signature (CMS, RFC 5652).
//! No signature is verified here: only the content is wanted.

/// What an S/MIME part holds.
pub(super) enum Content {
    /// The MIME entity that was signed.
    Signed(Vec<u8>),
    /// Enveloped: only the recipient can read it.
    Encrypted,
    /// A signature, or certificates, without what was signed.
    Detached,
    /// Anything else.
    Unknown,
}

/// True for an opaque S/MIME part; a detached signature is none.
pub(super) fn is_smime(content_type: &str, name: Option<&str>) -> bool {
    let by_type = matches!(content_type, "application/pkcs7-mime" | "application/x-pkcs7-mime");
    let by_name = name.is_some_and(|name| name.to_ascii_lowercase().ends_with(".p7m"));
    by_type || (by_name && content_type == "application/octet-stream")
}

const SIGNED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const ENVELOPED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03];
/// id-ct-authEnvelopedData, 1.2.840.113549.1.9.16.1.23
const AUTH_ENVELOPED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17];

/// One element of BER: its tag, its content, and what follows it. An element of indefinite length reaches to the end of the bytes
/// given; the caller looks for the two zeros that end it.
struct Element<'x> {
    tag: u8,
    content: &'x [u8],
    rest: &'x [u8],
    indefinite: bool,
}

fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let (tag, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0x80 => {
            return Some(Element {
                tag: *tag,
                content: rest,
                rest: &[],
                indefinite: true,
            });
        }
        0..0x80 => (usize::from(*length), rest),
        _ => {
            let (digits, rest) = rest
                .split_at_checked(usize::from(length & 0x7f))
                .filter(|(d, _)| d.len() <= 4)?;
            (
                digits
                    .iter()
                    .fold(0usize, |length, byte| length << 8 | usize::from(*byte)),
                rest,
            )
        }
    };
    // A truncated file gives what there is of it.
    let (content, rest) = rest.split_at_checked(length).unwrap_or((rest, &[]));
    Some(Element {
        tag: *tag,
        content,
        rest,
        indefinite: false,
    })
}

/// What lies in a CMS `ContentInfo`, DER or BER.
pub(super) fn content(bytes: &[u8]) -> Content {
    read(bytes).unwrap_or(Content::Unknown)
}

/// True for S/MIME in which nothing can be read, with nothing behind it.
pub(super) fn is_sealed(bytes: &[u8]) -> bool {
    let sealed = matches!(read(bytes), Some(Content::Detached | Content::Encrypted));
    sealed
        && element(bytes).is_some_and(|info| {
            let behind = if info.indefinite { info.content } else { info.rest };
            let behind = behind.trim_ascii_end();
            behind.is_empty() || (info.indefinite && behind.ends_with(&[0, 0]))
        })
}

fn read(bytes: &[u8]) -> Option<Content> {
    let info = element(bytes).filter(|e| e.tag == 0x30)?;
    let kind = element(info.content).filter(|e| e.tag == 0x06)?;
    if kind.content == ENVELOPED || kind.content == AUTH_ENVELOPED {
        return Some(Content::Encrypted);
    }
    if kind.content != SIGNED {
        return None;
    }
    let explicit = element(kind.rest).filter(|e| e.tag == 0xa0)?;
    let signed = element(explicit.content).filter(|e| e.tag == 0x30)?;
    let version = element(signed.content).filter(|e| e.tag == 0x02)?;
    let algorithms = element(version.rest).filter(|e| e.tag == 0x31)?;
    let after = if algorithms.indefinite {
        after_algorithms(algorithms.content)?
    } else {
        algorithms.rest
    };
    let encapsulated = element(after).filter(|e| e.tag == 0x30)?;
    let inner_kind = element(encapsulated.content).filter(|e| e.tag == 0x06)?;
    let Some(inner) = element(inner_kind.rest).filter(|e| e.tag == 0xa0) else {
        return Some(Content::Detached);
    };
    let mut octets = Vec::new();
    octet_string(inner.content, &mut octets)?;
    (!octets.is_empty()).then_some(Content::Signed(octets))
}

/// A set of algorithms of indefinite length: its members, each of definite length, then two zeros.
fn after_algorithms(content: &[u8]) -> Option<&[u8]> {
    let mut rest = content;
    loop {
        if let Some(after) = rest.strip_prefix(&[0, 0]) {
            return Some(after);
        }
        let member = element(rest)?;
        rest = if member.indefinite {
            // OID and parameters, then the zeros
            let kind = element(member.content)?;
            let parameters = element(kind.rest).filter(|e| e.tag != 0).map_or(kind.rest, |e| e.rest);
            parameters.strip_prefix(&[0, 0])?
        } else {
            member.rest
        };
    }
}

/// The octets of a primitive string, or of the pieces of a constructed one (one inside another is allowed for).
fn octet_string(bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut rest = bytes;
    let mut first = true;
    while let Some(piece) = element(rest) {
        match piece.tag {
            0x04 => {
                out.extend_from_slice(piece.content);
                rest = piece.rest;
            }
            // Goes on with the pieces inside. A definite length is part of the bytes that are skipped; the zeros of an indefinite one
            // are met later.
            0x24 => {
                rest = if piece.indefinite {
                    piece.content
                } else {
                    rest.get(rest.len() - piece.content.len() - piece.rest.len()..)?
                }
            }
            0x00 if !first => break,
            _ if first => return None,
            _ => break,
        }
        first = false;
    }
    Some(())
}

/// Where in a clear-signed text a line stands.
enum At {
    Outside,
    Hashes,
    Signed,
    Signature,
}

const SIGNED_BEGIN: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE_BEGIN: &str = "-----BEGIN PGP SIGNATURE-----";
const SIGNATURE_END: &str = "-----END PGP SIGNATURE-----";

/// A text with its PGP armour taken off: dash escapes undone, hash lines and signatures left out. `None` when there is none.
pub(super) fn cleartext(text: &str) -> Option<String> {
    if !text.contains(SIGNED_BEGIN) {
        return None;
    }
    let mut at = At::Outside;
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        match at {
            At::Outside if content == SIGNED_BEGIN => at = At::Hashes,
            At::Hashes if content.is_empty() => at = At::Signed,
            At::Hashes if content.starts_with("Hash:") || content.contains(": ") => {}
            At::Signed | At::Hashes if content == SIGNATURE_BEGIN => at = At::Signature,
            At::Signature if content == SIGNATURE_END => at = At::Outside,
            At::Signature if !is_armour(content) => {
                // A signature that is cut off must not swallow what follows.
                at = At::Outside;
                out.push_str(line);
            }
            At::Signature => {}
            At::Signed | At::Hashes => {
                at = At::Signed;
                out.push_str(line.strip_prefix("- ").unwrap_or(line));
            }
            At::Outside => out.push_str(line),
        }
    }
    Some(out)
}

fn is_armour(line: &str) -> bool {
    let header = ["Version:", "Comment:", "Hash:", "Charset:"]
        .iter()
        .any(|name| line.starts_with(name));
    header
        || line
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
}

/// True for a text that is a PGP message.
pub(super) fn is_inline_encrypted(text: &str) -> bool {
    text.contains("-----BEGIN PGP MESSAGE-----")
}

#[cfg(test)]
#[path = "tests/signed.rs"]
mod tests;
