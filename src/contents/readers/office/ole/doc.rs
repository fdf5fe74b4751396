//! The text of Word's old format, with its fields.

use super::store::Store;
use crate::contents::readers::office::bytes::{Bytes, decode, u16_at, u32_at, wide};
use crate::contents::readers::office::field::Fields;
use crate::contents::{Inside, Stop, Trouble};

/// Where the file information block says what it says.
const FLAGS: usize = 0x0a;
const TEXT: usize = 0x18;
const TABLE_OF_PIECES: usize = 0x1a2;

/// Hands over the text of a document, and what its fields link to or load.
pub fn read(store: &mut Store<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    const ENCRYPTED: u16 = 0x0100;
    const SECOND_TABLE: u16 = 0x0200;
    let Some(document) = store.top("WordDocument", inside)? else {
        return Ok(());
    };
    let flags = u16_at(&document, FLAGS).unwrap_or_default();
    if flags & ENCRYPTED != 0 {
        return Err(Trouble::Locked);
    }
    let name = if flags & SECOND_TABLE == 0 { "0Table" } else { "1Table" };
    let table = store.top(name, inside)?.unwrap_or_default();
    let mut fields = Fields::default();
    let pieces = pieces(&document, &table);
    if pieces.is_empty() {
        let (from, to) = (u32_at(&document, TEXT), u32_at(&document, TEXT + 4));
        let text = document.get(from.unwrap_or(0)..to.unwrap_or(0)).unwrap_or_default();
        add(&decode(text, 1252), &mut fields, inside)?;
    }
    for piece in pieces {
        let Some(bytes) = document.get(piece.from..piece.from.saturating_add(piece.length)) else {
            continue;
        };
        // Pieces may lie over one another.
        inside.claim(piece.length)?;
        let text = if piece.is_wide {
            wide(bytes)
        } else {
            decode(bytes, 1252)
        };
        add(&text, &mut fields, inside)?;
    }
    let text = fields.finish(inside, "");
    inside.text("", text);
    Ok(())
}

struct Piece {
    from: usize,
    length: usize,
    is_wide: bool,
}

/// Says that the characters of a piece are single bytes.
const NARROW: usize = 1 << 30;

/// Where the text lies, in its order.
fn pieces(document: &[u8], table: &[u8]) -> Vec<Piece> {
    let from = u32_at(document, TABLE_OF_PIECES).unwrap_or_default();
    let length = u32_at(document, TABLE_OF_PIECES + 4).unwrap_or_default();
    let Some(mut rest) = table.get(from..from.saturating_add(length)).map(Bytes) else {
        return Vec::new();
    };
    // Formats come before the pieces.
    while rest.0.first() == Some(&1) {
        let skipped = rest
            .take(1)
            .and_then(|_| rest.u16())
            .and_then(|length| rest.take(usize::from(length)));
        if skipped.is_none() {
            return Vec::new();
        }
    }
    let plc = (rest.u8() == Some(2)).then(|| rest.length()).flatten();
    let Some(plc) = plc.and_then(|length| rest.take(length.min(rest.0.len()))) else {
        return Vec::new();
    };
    let count = plc.len().saturating_sub(4) / 12;
    let piece = |index: usize| {
        let (begin, end) = (u32_at(plc, index * 4)?, u32_at(plc, index * 4 + 4)?);
        let at = u32_at(plc, (count + 1) * 4 + index * 8 + 2)?;
        let characters = end.checked_sub(begin)?;
        Some(if at & NARROW == 0 {
            Piece {
                from: at,
                length: characters.checked_mul(2)?,
                is_wide: true,
            }
        } else {
            Piece {
                from: (at & !NARROW) / 2,
                length: characters,
                is_wide: false,
            }
        })
    };
    (0..count).filter_map(piece).collect()
}

/// Adds text with Word's own control characters.
fn add(text: &str, fields: &mut Fields, inside: &mut Inside<'_>) -> Result<(), Stop> {
    inside.step(text.len())?;
    for c in text.chars() {
        match c {
            '\u{13}' => fields.begin(),
            '\u{14}' => fields.separate(),
            '\u{15}' => {
                fields.end(inside, "");
            }
            '\r' | '\u{b}' | '\u{c}' => fields.push("\n"),
            '\u{7}' => fields.push("\t"),
            '\u{1e}' => fields.push("-"),
            c if c < ' ' && c != '\t' => {}
            c => fields.push(c.encode_utf8(&mut [0; 4])),
        }
    }
    Ok(())
}
