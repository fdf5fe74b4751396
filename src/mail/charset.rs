//! Bytes in some charset to text. Never fails: what is declared wrongly or not at all is guessed, what cannot be
//! decoded becomes U+FFFD. Which charset a part declares is read elsewhere.

mod code_page;
mod label;
mod meta;
mod shifted;
mod utf7;

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use label::Decoder;
pub(super) use meta::declared_in_html;

/// Decodes `bytes` by the declared `label`; a byte order mark wins over it. NUL characters are dropped, since readers
/// do not show them and they only serve to split a URL.
pub(super) fn decode(bytes: Vec<u8>, label: Option<&str>) -> String {
    let mut text = decode_raw(bytes, label);
    if text.contains('\0') {
        text.retain(|c| c != '\0');
    }
    text
}

fn decode_raw(bytes: Vec<u8>, label: Option<&str>) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(&bytes) {
        return encoding.decode_with_bom_removal(&bytes).0.into_owned();
    }
    let Some(decoder) = label.and_then(Decoder::of) else {
        return utf8_or_latin(bytes);
    };
    match decoder {
        Decoder::Encoding(encoding) if encoding == UTF_8 => {
            String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
        }
        Decoder::Encoding(encoding) => encoding.decode_without_bom_handling(&bytes).0.into_owned(),
        // Such a label over plain ASCII is a lie: no letter is written in that way.
        Decoder::Utf16(_) | Decoder::Page(_, code_page::First::Zero) if is_plain_ascii(&bytes) => utf8_or_latin(bytes),
        Decoder::Utf16(order) => utf16(order, &bytes).decode_without_bom_handling(&bytes).0.into_owned(),
        Decoder::Page(page, _) => code_page::decode(page, &bytes),
        Decoder::Ascii => utf8_or_latin(bytes),
        Decoder::Utf7 => utf7::decode(&bytes),
        Decoder::Iso2022 => shifted::iso_2022(&bytes),
        Decoder::Hz => shifted::hz(&bytes),
    }
}

fn is_plain_ascii(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .all(|byte| matches!(byte, b'\t' | b'\r' | b'\n' | b' '..=b'~'))
}

/// The UTF-16 that bytes are, by their label or their mark: such text cannot be searched as bytes.
pub(super) fn wide(label: Option<&str>, bytes: &[u8]) -> Option<&'static Encoding> {
    match (label.and_then(Decoder::of), bytes) {
        (Some(Decoder::Utf16(order)), _) => Some(utf16(order, bytes)),
        (_, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) => Some(utf16(Order::Unknown, bytes)),
        _ => None,
    }
}

/// A whole file in UTF-8 when it was saved as UTF-16, which its mark tells.
pub(super) fn without_utf16(bytes: &[u8]) -> Cow<'_, [u8]> {
    match wide(None, bytes) {
        Some(encoding) => Cow::Owned(encoding.decode_with_bom_removal(bytes).0.into_owned().into_bytes()),
        None => Cow::Borrowed(bytes),
    }
}

/// The order of the two bytes of a character, so far as a label tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Unknown,
    Little,
    Big,
}

/// The byte order of UTF-16 without a mark: big endian by RFC 2781, but where the zeros are tells better.
fn utf16(order: Order, bytes: &[u8]) -> &'static Encoding {
    let zeros = |from: usize| {
        bytes
            .iter()
            .skip(from)
            .step_by(2)
            .take(512)
            .filter(|byte| **byte == 0)
            .count()
    };
    match (bytes, order) {
        ([0xfe, 0xff, ..], _) => UTF_16BE,
        ([0xff, 0xfe, ..], _) | (_, Order::Little) => UTF_16LE,
        (_, Order::Unknown) if zeros(1) > zeros(0) => UTF_16LE,
        (_, Order::Unknown | Order::Big) => UTF_16BE,
    }
}

/// Text that declares no charset, a wrong or an unknown one: UTF-8 if it is that, else Windows-1252.
pub(super) fn utf8_or_latin(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|e| WINDOWS_1252.decode_without_bom_handling(e.as_bytes()).0.into_owned())
}

/// A name in an archive, which does not say its charset: UTF-8 if it is that, else as DOS wrote it. Letters of Cyrillic stand beside each
/// other, those with accents alone.
pub fn archive_name(bytes: &[u8]) -> String {
    let is_cyrillic = |byte: &u8| matches!(byte, 0x80..=0xaf | 0xe0..=0xf1);
    let all_cyrillic = bytes.iter().filter(|byte| !byte.is_ascii()).all(is_cyrillic);
    let has_word = bytes.windows(2).any(|pair| pair.iter().all(is_cyrillic));
    let page = if all_cyrillic && has_word { "ibm866" } else { "cp437" };
    match std::str::from_utf8(bytes) {
        Ok(name) => name.to_owned(),
        Err(_) => decode(bytes.to_vec(), Some(page)),
    }
}

/// The text of a page that is a file: by its mark, by what it declares in itself, else guessed.
pub fn page_text(bytes: &[u8]) -> String {
    let label = declared_in_html(bytes);
    let zeros = bytes.iter().take(512).filter(|byte| **byte == 0).count();
    let label = if zeros > 64 { Some("utf-16".to_owned()) } else { label };
    decode(bytes.to_vec(), label.as_deref())
}

/// Text whose charset another part of the mail declares: UTF-8 if it is that, else by the label when every byte has a
/// meaning there. `None` when the label says nothing about it.
pub(super) fn as_elsewhere(bytes: &[u8], label: &str) -> Option<String> {
    let escaped = bytes.contains(&0x1b) || bytes.windows(2).any(|pair| pair == b"~{");
    let text = match Decoder::of(label)? {
        Decoder::Iso2022 | Decoder::Hz if escaped => decode(bytes.to_vec(), Some(label)),
        _ if std::str::from_utf8(bytes).is_ok() => return None,
        Decoder::Encoding(encoding) if encoding != UTF_8 => encoding
            .decode_without_bom_handling_and_without_replacement(bytes)?
            .into_owned(),
        Decoder::Page(page, code_page::First::Eighty) => code_page::decode(page, bytes),
        _ => return None,
    };
    (!text.contains('\u{fffd}')).then_some(text)
}

#[cfg(test)]
#[path = "tests/charset.rs"]
mod tests;
