//! Plain texts and tables.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE};

use crate::contents::{File, Inside, Reader, Trouble};
use crate::domain::{Ending, EndingUse};
use crate::mail::calendar;

/// Reads what is text by its name (`.csv`, `.txt`, `.md`, `.log`, `.json`, …), of a nameless file by its type, and by its bytes.
pub struct Text;

impl Reader for Text {
    fn reads(&self, file: &File<'_>) -> bool {
        ending(file).is_some_and(|ending| ending.is(EndingUse::Read))
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let Some(text) = decode(file.bytes) else {
            return Ok(());
        };
        match ending(file).and_then(Ending::mime) {
            Some("text/csv") => inside.table("", text),
            Some("text/calendar") => inside.text("", calendar::readable(&text.replace("\r\n", "\n"))),
            _ => inside.text("", text),
        }
        Ok(())
    }
}

fn ending(file: &File<'_>) -> Option<Ending> {
    Ending::of_file(file.name, file.declared)
}

/// UTF-8, or UTF-16 with byte order mark; `None` of what has characters that no text has.
pub fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let decoded = match bytes {
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling_and_without_replacement(rest)?,
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling_and_without_replacement(rest)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).ok()?.into(),
        bytes => std::str::from_utf8(bytes).ok()?.into(),
    };
    let is_shown = |byte: u8| byte >= b' ' || matches!(byte, b'\n' | b'\r' | b'\t' | 0x0c | 0x1b);
    decoded.bytes().all(is_shown).then_some(decoded)
}
