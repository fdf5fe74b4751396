//! OneNote: the files that are embedded in a section, what is written in it, and its links.

use memchr::memmem;

use super::bytes::Bytes;
use super::external;
use crate::contents::{File, Inside, Reader, Stop, Trouble};
use crate::file;
use crate::mail::LinkKind;

/// What stands before the length of an embedded file: `BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC`.
const FILE: [u8; 16] = [
    0xe7, 0x16, 0xe3, 0xbd, 0x65, 0x26, 0x11, 0x45, 0xa4, 0xc4, 0x8d, 0x4d, 0x0b, 0x7a, 0x9e, 0xac,
];

/// Before the target of a link in a text.
const LINK: char = '\u{fddf}';

/// Shortest text that is taken for one.
const SHORTEST: usize = 8;

/// Reads a section (`.one`). Its lists of objects are not followed: files and texts are found by their marks.
pub struct OneNote;

impl Reader for OneNote {
    fn reads(&self, file: &File<'_>) -> bool {
        file.mimetype == "application/onenote"
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let mut rest = file.bytes;
        let mut texts = Vec::new();
        while let Some(at) = memmem::find(rest, &FILE) {
            let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, &[]));
            texts.push(before);
            let mut tail = Bytes(tail.get(FILE.len()..).unwrap_or_default());
            rest = tail.0;
            let length = tail.length();
            // The upper half of the length, and what is not used.
            let data = tail.take(16).and(length).and_then(|length| tail.take(length));
            if let Some(data) = data {
                rest = tail.0;
                embedded(data, inside)?;
            }
        }
        texts.push(rest);
        read_texts(&texts, inside)?;
        Ok(())
    }
}

fn embedded(data: &[u8], inside: &mut Inside<'_>) -> Result<(), Stop> {
    inside.may_hold_files()?;
    inside.claim(data.len())?;
    if file::mimetype(data, None).starts_with("image/") {
        inside.part(Some("picture"), data.to_vec())
    } else {
        inside.file(None, data.to_vec())
    }
}

fn read_texts(pieces: &[&[u8]], inside: &mut Inside<'_>) -> Result<(), Stop> {
    let mut text = String::new();
    for piece in pieces {
        inside.step(piece.len())?;
        narrow(piece, &mut text);
        // Texts begin at even and at odd places.
        wide(piece, &mut text);
        wide(piece.get(1..).unwrap_or_default(), &mut text);
    }
    let mut shown = String::new();
    let mut pieces = text.split(LINK);
    shown.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        match piece.strip_prefix("HYPERLINK \"").and_then(|rest| rest.split_once('"')) {
            Some((target, after)) => {
                let name = after.lines().next().unwrap_or_default();
                external::target(inside, "", target, name.trim(), LinkKind::Anchor);
                shown.push_str(after);
            }
            None => shown.push_str(piece),
        }
    }
    let lines = shown.lines().filter(|line| !is_structure(line));
    let shown: String = lines.flat_map(|line| [line, "\n"]).collect();
    inside.text("", shown);
    Ok(())
}

/// Names of formats that the program writes itself.
fn is_structure(line: &str) -> bool {
    line.contains("schemas.") || line.contains("www.w3.org/") || line.starts_with("<resolutionId")
}

fn narrow(bytes: &[u8], text: &mut String) {
    for run in bytes.split(|byte| !matches!(byte, b' '..=b'~' | b'\t')) {
        if run.len() >= SHORTEST {
            text.extend(run.iter().copied().map(char::from));
            text.push('\n');
        }
    }
}

fn wide(bytes: &[u8], text: &mut String) {
    let mut run = String::new();
    let mut length = 0;
    let units = bytes
        .chunks_exact(2)
        .filter_map(|pair| pair.try_into().ok().map(u16::from_le_bytes));
    for c in char::decode_utf16(units).map(|c| c.unwrap_or('\0')).chain(['\0']) {
        // Letters of any script below the Chinese ones, which bytes of programs look like.
        if matches!(c, ' '..='~' | '\t' | '\u{a0}'..='\u{6ff}' | '\u{2010}'..='\u{203a}' | LINK) {
            run.push(c);
            length += 1;
            continue;
        }
        if length >= SHORTEST {
            text.push_str(&run);
            text.push('\n');
        }
        run.clear();
        length = 0;
    }
}

#[cfg(test)]
#[path = "onenote_tests.rs"]
mod tests;
