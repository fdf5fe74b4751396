//! Where objects and their streams begin and end in the bytes of a file.

use std::ops::Range;

use memchr::memmem;

use super::object::{Dict, Object};
use super::syntax::Parser;

/// The numbers in `12 0 obj`.
pub fn numbers_before(bytes: &[u8], at: usize) -> Option<(u32, u16)> {
    let before = bytes.get(at.saturating_sub(24)..at)?.trim_ascii_end();
    let (rest, generation) = last_number(before)?;
    let (_, number) = last_number(rest.trim_ascii_end())?;
    (rest.len() > rest.trim_ascii_end().len()).then_some((number, u16::try_from(generation).ok()?))
}

/// The digits at the end, and what is before them.
fn last_number(bytes: &[u8]) -> Option<(&[u8], u32)> {
    let start = bytes
        .iter()
        .rposition(|byte| !byte.is_ascii_digit())
        .map_or(0, |at| at + 1);
    let (rest, digits) = bytes.split_at_checked(start)?;
    Some((rest, std::str::from_utf8(digits).ok()?.parse().ok()?))
}

/// The bytes between `stream` and `endstream`.
pub fn stream_of(bytes: &[u8], parser: &mut Parser<'_>, dict: &Dict) -> Option<Range<usize>> {
    parser.skip_blanks();
    let after = parser.rest().strip_prefix(b"stream")?;
    let after = after
        .strip_prefix(b"\r\n")
        .or_else(|| after.strip_prefix(b"\n"))
        .or_else(|| after.strip_prefix(b"\r"))
        .unwrap_or(after);
    let start = bytes.len() - after.len();
    let told = dict
        .get("Length")
        .and_then(Object::as_count)
        .and_then(|length| start.checked_add(length));
    let ends = |end: &usize| {
        let rest = bytes.get(*end..).unwrap_or_default();
        let rest = rest.get(..rest.len().min(16)).unwrap_or_default().trim_ascii_start();
        rest.starts_with(b"endstream")
    };
    let end = told
        .filter(ends)
        .or_else(|| memmem::find(after, b"endstream").map(|length| start + length));
    Some(start..end.unwrap_or(bytes.len()))
}
