//! The text and the links of PowerPoint's old format.

use super::store::Store;
use crate::contents::readers::office::bytes::{Bytes, decode, wide};
use crate::contents::readers::office::external;
use crate::contents::{Inside, Trouble};
use crate::mail::LinkKind;

const TEXT: u16 = 0x0fa0;
const NARROW_TEXT: u16 = 0x0fa8;
const STRING: u16 = 0x0fba;
/// A compressed object, with the length that it unpacks to before it.
const OBJECT: u16 = 0x1011;

/// Hands over text, links and embedded objects of a presentation.
pub fn read(store: &mut Store<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let Some(document) = store.top("PowerPoint Document", inside)? else {
        return Ok(());
    };
    let mut text = String::new();
    let mut rest = Bytes(&document);
    while let (Some(version), Some(kind), Some(length)) = (rest.u16(), rest.u16(), rest.length()) {
        inside.step(8)?;
        // What contains further records is gone into; the others are taken.
        if version & 0x0f == 0x0f {
            continue;
        }
        let instance = version >> 4;
        let Some(data) = rest.take(length) else { break };
        match kind {
            TEXT => text.push_str(&wide(data)),
            NARROW_TEXT => text.push_str(&decode(data, 1252)),
            // Of a link: 1 is its target, 0 what it is called.
            STRING if instance == 1 => {
                external::target(inside, "", &wide(data), "", LinkKind::Anchor);
                continue;
            }
            OBJECT => {
                object(instance, data, inside)?;
                continue;
            }
            _ => continue,
        }
        text.push('\n');
    }
    inside.text("", text.replace(['\r', '\u{b}'], "\n"));
    Ok(())
}

/// Hands over an embedded object, which is a compound file.
fn object(instance: u16, data: &[u8], inside: &mut Inside<'_>) -> Result<(), Trouble> {
    inside.may_hold_files()?;
    let bytes = if instance == 1 {
        inside.unpack(flate2::read::ZlibDecoder::new(data.get(4..).unwrap_or_default()))?
    } else {
        inside.claim(data.len())?;
        data.to_vec()
    };
    inside.part(Some("object"), bytes)?;
    Ok(())
}
