//! Plain texts and tables.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::contents::{File, Inside, Reader, Trouble, unravel};
use crate::domain::{Ending, EndingUse};
use crate::file::UNKNOWN_TYPE;

/// Reads what is text by its name (`.csv`, `.txt`, `.md`, `.log`, `.json`, …), of a nameless file by its type, and by its bytes. A name that
/// says nothing (`README`, `a.spec`) is no reason not to read what is declared as text, or has no ending.
pub struct Text;

impl Reader for Text {
    fn reads(&self, file: &File<'_>) -> bool {
        if let Some(ending) = ending(file) {
            return ending.is(EndingUse::Read);
        }
        let has_no_ending = file.name.is_some_and(|name| !name.contains('.'));
        is_text(file.mimetype) && !file.is_part && (file.declared.starts_with("text/") || has_no_ending)
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

/// By the bytes, as far as they say something.
fn is_text(mimetype: &str) -> bool {
    mimetype.starts_with("text/") || mimetype == UNKNOWN_TYPE
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
