//! yEnc (<http://www.yenc.org/yenc-draft.1.3.txt>): bytes moved by 42, with `=` before the few that a line cannot hold.

use super::Block;
use crate::mail::lines::Lines;

/// The file, or the part of one, that begins with the first line.
pub(super) fn block(mut lines: Lines<'_>) -> Option<Block> {
    let begin = lines.next()?.content.strip_prefix(b"=ybegin ")?;
    let at = memchr::memmem::find(begin, b"name=")?;
    let (facts, name) = begin.split_at_checked(at)?;
    memchr::memmem::find(facts, b"size=")?;
    let name = name.strip_prefix(b"name=")?.trim_ascii().to_vec();
    if lines.peek()?.content.starts_with(b"=ypart ") {
        lines.next();
    }
    let mut bytes = Vec::new();
    while let Some(line) = lines.next() {
        if line.content.starts_with(b"=yend ") {
            return Some(Block {
                end: lines.offset(),
                name,
                bytes,
            });
        }
        // No line of code begins so: this is the next file, and the one before has no end.
        if line.content.starts_with(b"=y") {
            return None;
        }
        decode(line.content, &mut bytes);
    }
    // Without its end it is prose about yEnc, or not whole.
    None
}

fn decode(line: &[u8], bytes: &mut Vec<u8>) {
    let mut coded = line.iter();
    while let Some(byte) = coded.next() {
        bytes.push(match (byte, coded.as_slice().first()) {
            (b'=', Some(escaped)) => {
                coded.next();
                escaped.wrapping_sub(64 + 42)
            }
            _ => byte.wrapping_sub(42),
        });
    }
}
