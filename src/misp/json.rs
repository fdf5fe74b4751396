//! JSON for MISP: requests, feed files, and the output of a dry run. It has no character of four UTF-8 bytes.
//!
//! In a title, a comment, a source or a report such a character makes MISP answer 500 and leave half an event behind.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

/// Serialises into the bytes that are sent, without a copy.
pub fn to_json(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(1024);
    serde_json::to_writer(ThreeBytes(&mut bytes), value)?;
    Ok(bytes)
}

/// Replaces each character of four bytes by U+FFFD, as [`to_json`] will. Call it for text that is compared with MISP's
/// answer or that a uuid is derived from.
pub fn three_bytes(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.bytes().any(is_lead_of_four) {
        return Cow::Borrowed(text);
    }
    let kept = |c: char| {
        if c.len_utf8() == 4 {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    Cow::Owned(text.chars().map(kept).collect())
}

/// In UTF-8 exactly the characters beyond the Basic Multilingual Plane begin with such a byte.
const fn is_lead_of_four(byte: u8) -> bool {
    byte >= 0xF0
}

/// Replaces each character of four UTF-8 bytes by U+FFFD before it writes to the inner writer.
///
/// It sits below the JSON serialiser, so that no field can be forgotten. The serialiser writes whole characters only, and a
/// `BufWriter` between the two keeps each write whole: it spares a look at every few bytes.
pub struct ThreeBytes<W>(pub W);

impl<W: Write> Write for ThreeBytes<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.write_all(buffer)?;
        Ok(buffer.len())
    }

    fn write_all(&mut self, buffer: &[u8]) -> io::Result<()> {
        // Nearly everything is ASCII, which is checked many bytes at a time.
        if buffer.is_ascii() {
            return self.0.write_all(buffer);
        }
        let mut rest = buffer;
        while let Some((before, after)) = rest
            .iter()
            .position(|byte| is_lead_of_four(*byte))
            .and_then(|at| rest.split_at_checked(at))
        {
            self.0.write_all(before)?;
            self.0.write_all("\u{FFFD}".as_bytes())?;
            rest = after.get(4..).unwrap_or_default();
        }
        self.0.write_all(rest)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_four_bytes_are_replaced_and_all_others_kept() {
        for (text, sent) in [
            ("", r#""""#),
            ("ä€\u{FFFD}漢", "\"ä€\u{FFFD}漢\""),
            ("😀", "\"\u{FFFD}\""),
            ("a😀\n𝒷\"c", "\"a\u{FFFD}\\n\u{FFFD}\\\"c\""),
            ("\u{10FFFF}", "\"\u{FFFD}\""),
        ] {
            assert_eq!(String::from_utf8(to_json(&text).unwrap()).unwrap(), sent);
            assert_eq!(serde_json::to_string(&three_bytes(text)).unwrap(), sent);
        }
        assert!(matches!(three_bytes("漢字 €\u{ffff}"), Cow::Borrowed(_)));
    }
}
