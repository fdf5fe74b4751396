//! Attachments that are text: which ones they are, and their characters.

use encoding_rs::{UTF_16BE, UTF_16LE};

use crate::domain::{Ending, EndingUse};

/// What a text attachment says.
#[derive(Debug)]
pub struct Text {
    /// Decoded.
    pub text: String,
    /// Fields are separated by commas.
    pub fields: bool,
}

/// The text of an attachment, when its name and its bytes both say that it is text.
pub fn text(name: &str, bytes: &[u8]) -> Option<Text> {
    let ending = Ending::of_name(name).filter(|ending| ending.is(EndingUse::Read))?;
    let decoded = match bytes {
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling_and_without_replacement(rest)?,
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling_and_without_replacement(rest)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).ok()?.into(),
        _ => std::str::from_utf8(bytes).ok()?.into(),
    };
    let readable = !decoded
        .bytes()
        .any(|byte| byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t' | 0x0c | 0x1b));
    readable.then(|| Text {
        text: decoded.into_owned(),
        fields: ending.mime() == Some("text/csv"),
    })
}
