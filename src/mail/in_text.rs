//! Files that stand in the text of a mail as code: uuencode, yEnc and `BinHex`. Mail programs show them as attachments; as text
//! they would be full of things that look like names and addresses.

mod binhex;
pub(super) mod uuencode;
mod yenc;

use super::content_type::clean_name;
use super::lines::Lines;

/// A file that was found in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub name: Option<String>,
    pub bytes: Vec<u8>,
}

/// A block of code: where it ends in the text, and the file.
struct Block {
    end: usize,
    name: Vec<u8>,
    bytes: Vec<u8>,
}

/// A mail with more files in its text than this is no mail of a person; the rest stays text.
const MOST: usize = 1000;

/// The text without the code, and the files. `None` when there are none.
pub(super) fn take_out(text: &[u8]) -> Option<(Vec<u8>, Vec<Found>)> {
    let (mut rest, mut files) = (Vec::new(), Vec::new());
    let mut copied = 0;
    let mut lines = Lines::of(text);
    while let Some(line) = lines.next().filter(|_| files.len() < MOST) {
        if line.start < copied {
            continue;
        }
        let from_here = || lines.from(line.start);
        let block = match line.content {
            [b'b', b'e', b'g', b'i', b'n', b' ' | b'-', ..] => uuencode::block(from_here()),
            [b'=', b'y', b'b', ..] => yenc::block(from_here()),
            [b'(', ..] => binhex::block(from_here()),
            _ => None,
        };
        let Some(block) = block else { continue };
        rest.extend_from_slice(text.get(copied..line.start).unwrap_or_default());
        copied = block.end;
        lines.go_to(copied);
        files.push(Found {
            name: clean_name(&super::charset::utf8_or_latin(block.name)),
            bytes: block.bytes,
        });
    }
    if files.is_empty() {
        return None;
    }
    rest.extend_from_slice(text.get(copied..).unwrap_or_default());
    Some((rest, files))
}

#[cfg(test)]
#[path = "tests/in_text.rs"]
mod tests;
