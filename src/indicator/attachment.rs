//! Which attachments are text, and what they say.

use std::sync::Arc;

use encoding_rs::{UTF_16BE, UTF_16LE};

use super::Indicator;
use super::finds::Finds;
use super::scan::Scan;
use crate::config::TextSettings;
use crate::domain::{Ending, EndingUse, FoundAs};
use crate::mail::{Attachment, calendar};

/// What a text attachment says.
#[derive(Debug)]
struct Text {
    /// The decoded text.
    text: String,
    /// Fields are separated by commas.
    fields: bool,
}

/// Finds the indicators of an attachment that is text by its name (`.csv`, `.txt`, `.md`, `.log`, `.json`, …), of a nameless
/// one by its type, and by its bytes (UTF-8, or UTF-16 with byte order mark); nothing in any other.
pub fn in_attachment(file: &Attachment, options: &TextSettings) -> Vec<Indicator> {
    let mut found = Finds::default();
    if let Some(Text { text, fields }) = text(file) {
        let part = Arc::from(format!("attachment {}", file.label()));
        let scan = Scan::new(&text, &part, options, &mut found).found_as(FoundAs::Attachment);
        super::run(scan.with_fields(fields));
    }
    found.into_vec()
}

/// The text of an attachment that [`in_attachment`] reads, `None` of any other: [`super::Place::line`] counts its lines.
pub fn text_of_attachment(file: &Attachment) -> Option<String> {
    text(file).map(|text| text.text)
}

/// The text of an attachment. Its name has to say that it is text (or its declared type, if it has no name), and its bytes too.
fn text(file: &Attachment) -> Option<Text> {
    let ending = Ending::of_file(file.name.as_deref(), &file.content_type)?;
    if !ending.is(EndingUse::Read) {
        return None;
    }
    let decoded = match file.bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling_and_without_replacement(rest)?,
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling_and_without_replacement(rest)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).ok()?.into(),
        bytes => std::str::from_utf8(bytes).ok()?.into(),
    };
    let readable = !decoded
        .bytes()
        .any(|byte| byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t' | 0x0c | 0x1b));
    readable.then(|| Text {
        text: match ending.mime() {
            Some("text/calendar") => calendar::readable(&decoded.replace("\r\n", "\n")),
            _ => decoded.into_owned(),
        },
        fields: ending.mime() == Some("text/csv"),
    })
}
