//! Plain texts and tables.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::contents::{File, Inside, Reader, Trouble, unravel};
use crate::domain::{Ending, EndingUse};

/// Reads what is text by its name (`.csv`, `.txt`, `.md`, `.log`, `.json`, …), of a nameless file by its type, and by its bytes.
pub struct Text;

impl Reader for Text {
    fn reads(&self, file: &File<'_>) -> bool {
        ending(file).is_some_and(|ending| ending.is(EndingUse::Read))
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        inside.claim(file.bytes.len())?;
        let Some(text) = decode(file.bytes) else {
            return Ok(());
        };
        match ending(file).and_then(Ending::mime) {
            Some("text/csv") => inside.table("", text),
            _ => inside.text("", text),
        }
        Ok(())
    }
}

fn ending(file: &File<'_>) -> Option<Ending> {
    Ending::of_file(file.name, file.declared)
}

/// UTF-8, UTF-16 with or without byte order mark, else Windows-1252; `None` of what has characters that no text has.
pub fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let decoded = match bytes {
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling_and_without_replacement(rest)?,
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling_and_without_replacement(rest)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).ok()?.into(),
        bytes => match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => text.into(),
            _ => unravel::wide(bytes)
                .map(Cow::Owned)
                .or_else(|| has_no_controls(bytes).then(|| WINDOWS_1252.decode_without_bom_handling(bytes).0))?,
        },
    };
    has_no_controls(decoded.as_bytes()).then_some(decoded)
}

fn has_no_controls(bytes: &[u8]) -> bool {
    let is_shown = |byte: &u8| *byte >= b' ' || matches!(byte, b'\n' | b'\r' | b'\t' | 0x0c | 0x1b);
    bytes.iter().all(is_shown)
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
