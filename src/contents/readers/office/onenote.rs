//! OneNote: the files that are embedded in a section, what is written in it, and its links.

use std::collections::HashSet;

use memchr::memmem;

use super::bytes::Bytes;
use super::external;
use crate::contents::{File, Inside, Reader, Stop, Trouble};
use crate::domain::Ending;
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
        let mut files = Vec::new();
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
                files.push(data);
            }
        }
        texts.push(rest);
        let names = read_texts(&texts, inside)?;
        embedded(&files, &names, inside)?;
        Ok(())
    }
}

/// Hands over pictures and other files. These have their names if there are as many names as files, for what else ties them together
/// is in the lists that are not followed.
fn embedded(files: &[&[u8]], names: &[String], inside: &mut Inside<'_>) -> Result<(), Stop> {
    let is_picture = |data: &[u8]| file::mimetype(data, None).starts_with("image/");
    let (pictures, files): (Vec<&[u8]>, Vec<&[u8]>) = files.iter().partition(|data| is_picture(data));
    for picture in pictures {
        inside.may_hold_files()?;
        inside.claim(picture.len())?;
        inside.part(Some("picture"), picture.to_vec())?;
    }
    let names = if names.len() == files.len() { names } else { &[] };
    for (index, data) in files.into_iter().enumerate() {
        inside.may_hold_files()?;
        inside.claim(data.len())?;
        inside.file(names.get(index).map(String::as_str), data.to_vec())?;
    }
    Ok(())
}

/// Whether a line is the name of a file and nothing else.
fn is_name(line: &str) -> bool {
    Ending::of_name(line).is_some()
        && line.len() < 128
        && !line.contains(['/', '\\', ':', '"', '<', '>', '|', '?', '*', '@'])
}

/// Hands over the texts, and gives the names of files among them, each once.
fn read_texts(pieces: &[&[u8]], inside: &mut Inside<'_>) -> Result<Vec<String>, Stop> {
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
    let mut known = HashSet::new();
    let names = shown.lines().filter(|line| is_name(line) && known.insert(*line));
    let names = names.map(str::to_owned).collect();
    // The name of a file looks like that of a host.
    let lines = shown.lines().filter(|line| !is_structure(line) && !is_name(line));
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    inside.text("", text);
    Ok(names)
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
