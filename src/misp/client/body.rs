//! Request bodies and feed files: JSON without a character that MISP's database cannot hold.

use std::io::{self, Write};

use serde::Serialize;

/// Serialises once, straight into the bytes that are sent.
pub(crate) fn to_json(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(1024);
    serde_json::to_writer(ThreeBytes(&mut bytes), value)?;
    Ok(bytes)
}

/// Replaces each character of four UTF-8 bytes by U+FFFD on the way to the writer below: in a title, a comment, a
/// source or a report it makes MISP answer 500 and leave half an event behind.
///
/// Sits below the JSON serialiser, so that no field can be forgotten and nothing is copied. That one writes whole
/// characters only.
pub(crate) struct ThreeBytes<W>(pub(crate) W);

impl<W: Write> Write for ThreeBytes<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.write_all(buffer)?;
        Ok(buffer.len())
    }

    fn write_all(&mut self, buffer: &[u8]) -> io::Result<()> {
        let mut rest = buffer;
        while let Some((before, after)) = rest
            .iter()
            .position(|byte| *byte >= 0xF0)
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
    use super::to_json;

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
        }
    }
}
