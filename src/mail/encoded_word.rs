//! RFC 2047 encoded words, as they are written rather than as they should be: adjacent words are joined at the level of
//! bytes (a character may be split between them), blanks inside and missing padding are forgiven. Linear.
//!
//! [`transfer`] and [`charset`] decode the bytes of a word. Where a word begins and ends is found here, since mail-parser's `MessageStream::parse_unstructured` takes 2.5 s for 160 KB of `=?aa?Q?x`, puts a
//! blank into `=?utf-8?Q?evil?=.com`, and loses a character that two words share.

use super::{charset, transfer};

/// What a header value is made of.
enum Piece<'v> {
    Plain(&'v str),
    /// A `=?` that begins no word.
    Stray,
    /// Adjacent words of one charset, decoded.
    Word(String),
}

/// Decodes every encoded word of `value`; the rest stays as it is.
pub(super) fn decode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    take_apart(value, |piece| match piece {
        Piece::Plain(text) => out.push_str(text),
        Piece::Stray => out.push_str("=?"),
        Piece::Word(text) => out.push_str(&text),
    });
    out
}

/// The value of a field in which each raw byte beyond ASCII inside a word is coded as `=XX`: it is in the word's charset, not
/// in that of the field. Words in base64 have no such bytes.
pub(super) fn with_coded_bytes(value: Vec<u8>) -> Vec<u8> {
    use std::io::Write;
    if value.is_ascii() {
        return value;
    }
    let mut out = Vec::with_capacity(value.len());
    let (mut copied, mut position) = (0, 0);
    let from = |at: usize| value.get(at..).unwrap_or_default();
    while let Some(at) = memchr::memmem::find(from(position), b"=?") {
        let head = position + at + 2;
        position = head;
        let Some(text) = quoted_text(from(head)).map(|length| head + length) else {
            continue;
        };
        let Some(end) = memchr::memmem::find(from(text), b"?=").map(|length| text + length) else {
            break;
        };
        out.extend_from_slice(value.get(copied..text).unwrap_or_default());
        for byte in value.get(text..end).unwrap_or_default() {
            if byte.is_ascii() {
                out.push(*byte);
            } else {
                let _ = write!(out, "={byte:02X}"); // writing to a vector cannot fail
            }
        }
        (copied, position) = (end, end + 2);
    }
    out.extend_from_slice(from(copied));
    out
}

/// Where the text of a word in quoted-printable begins, behind its charset.
fn quoted_text(head: &[u8]) -> Option<usize> {
    let label = head.iter().take(64).position(|byte| *byte == b'?')?;
    matches!(head.get(label + 1..label + 3)?, b"Q?" | b"q?").then_some(label + 3)
}

/// The value with every word in one form, base64 of UTF-8, which has none of the characters that part addresses.
pub(super) fn normalise(value: &str) -> String {
    use base64::Engine;
    let mut out = String::with_capacity(value.len());
    take_apart(value, |piece| match piece {
        Piece::Plain(text) => out.push_str(text),
        // With a blank inside it is not taken for the beginning of a word later.
        Piece::Stray => out.push_str("= ?"),
        Piece::Word(text) => {
            out.push_str("=?utf-8?B?");
            base64::engine::general_purpose::STANDARD.encode_string(text, &mut out);
            out.push_str("?=");
        }
    });
    out
}

fn take_apart<'v>(value: &'v str, mut found: impl FnMut(Piece<'v>)) {
    let mut pending: Option<(String, Vec<u8>)> = None;
    let mut ends = Ends { value, next: Some(0) };
    let mut rest = 0;
    while let Some(at) = value.get(rest..).and_then(|tail| tail.find("=?")) {
        let start = rest + at;
        let between = value.get(rest..start).unwrap_or_default();
        let Some((word, end)) = Word::at(value, start, &mut ends) else {
            found_word(&mut found, &mut pending);
            found(Piece::Plain(between));
            found(Piece::Stray);
            rest = start + 2;
            continue;
        };
        match &mut pending {
            Some((charset, bytes)) if between.trim().is_empty() && *charset == word.charset => {
                bytes.extend_from_slice(&word.bytes);
            }
            _ => {
                let adjacent = pending.is_some() && between.trim().is_empty();
                found_word(&mut found, &mut pending);
                if !adjacent {
                    found(Piece::Plain(between));
                }
                pending = Some((word.charset, word.bytes));
            }
        }
        rest = end;
    }
    found_word(&mut found, &mut pending);
    found(Piece::Plain(value.get(rest..).unwrap_or_default()));
}

fn found_word<'v>(found: &mut impl FnMut(Piece<'v>), pending: &mut Option<(String, Vec<u8>)>) {
    if let Some((label, bytes)) = pending.take() {
        let text = charset::decode(bytes, Some(&label));
        found(Piece::Word(
            text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
        ));
    }
}

struct Word {
    charset: String,
    bytes: Vec<u8>,
}

impl Word {
    /// The word that begins at `start` (where `=?` stands) and the position after it.
    fn at(value: &str, start: usize, ends: &mut Ends<'_>) -> Option<(Self, usize)> {
        let head = value.get(start + 2..)?;
        let label_len = head.bytes().take(64).position(|b| b == b'?')?;
        let label = head.get(..label_len)?;
        if label.is_empty() || label.contains(|c: char| c.is_whitespace() || c == '=') {
            return None;
        }
        let encoding = *head.as_bytes().get(label_len + 1)?;
        if head.as_bytes().get(label_len + 2) != Some(&b'?') {
            return None;
        }
        let text_at = start + 2 + label_len + 3;
        let end = ends.from(text_at)?;
        let text = value.get(text_at..end)?;
        if text.len() > 4096 || text.contains("=?") {
            return None;
        }
        let bytes = match encoding {
            b'b' | b'B' => transfer::Transfer::Base64.decode(text.as_bytes()).bytes,
            b'q' | b'Q' => transfer::quoted_printable(text.replace('_', " ").as_bytes()).bytes,
            _ => return None,
        };
        let charset = label.split('*').next().unwrap_or_default().to_ascii_lowercase();
        Some((Self { charset, bytes }, end + 2))
    }
}

/// Finds each `?=` only once, so that the whole stays linear.
struct Ends<'v> {
    value: &'v str,
    next: Option<usize>,
}

impl Ends<'_> {
    fn from(&mut self, at: usize) -> Option<usize> {
        let known = self.next?;
        if known < at || known == 0 {
            self.next = self
                .value
                .get(at..)
                .and_then(|tail| tail.find("?="))
                .map(|found| at + found);
        }
        self.next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raw_byte_in_a_word_is_in_its_charset() {
        let facts: &[(&[u8], &[u8])] = &[
            (b"=?iso-8859-1?Q?f\xfcr?= \xfc", b"=?iso-8859-1?Q?f=FCr?= \xfc"),
            (b"\xfc =?x?q?\xfc?==?x?B?\xfc?=", b"\xfc =?x?q?=FC?==?x?B?\xfc?="),
            (b"=?x?Q?\xfc", b"=?x?Q?\xfc"),
            (b"=?\xfc", b"=?\xfc"),
        ];
        for (written, coded) in facts {
            assert_eq!(with_coded_bytes(written.to_vec()), *coded);
        }
    }

    #[test]
    fn words_are_decoded_as_readers_see_them() {
        let facts = [
            ("plain", "plain"),
            ("=?utf-8?Q?caf=C3=A9_au?= lait", "café au lait"),
            ("=?UTF-8?B?Y2Fmw6k=?=", "café"),
            ("=?utf-8?B?Y2Fmww==?= =?UTF-8?B?qQ==?=", "café"),
            ("=?utf-8?Q?a=C3?= =?utf-8?Q?=A9b?=", "aéb"),
            ("=?iso-8859-1?Q?=E9?= =?utf-8?Q?=C3=A9?=", "éé"),
            ("=?utf-8?Q?a b c?=", "a b c"),
            ("=?utf-8*en?Q?a?= b", "a b"),
            ("x =?utf-8?Q?open", "x =?utf-8?Q?open"),
            ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
            ("a =?utf-8?q?b?=c", "a bc"),
            ("=?utf-8?Q?=41?=", "A"),
            ("=?nonsense?Q?caf=E9?=", "café"),
            ("=?utf-8?Q?evil?=.com", "evil.com"),
            ("=?utf-8?Q?100=%?=", "100=%"),
        ];
        for (written, read) in facts {
            assert_eq!(decode(written), read, "{written}");
        }
    }
}
