//! Splits long lists into pieces that fit into a frame. Measures the JSON that is sent, so the limits are exact.

use serde::Serialize;
use serde_json::value::RawValue;

use super::fault::Fault;
use super::frame;
use super::json::to_text;

/// Most bytes of JSON in a result. The frame has room for the envelope.
pub const WHOLE: usize = frame::LONGEST_OUT - (4 << 10);

/// Most bytes of JSON in a page of a longer list.
pub const FULL: usize = 640 << 10;

/// Takes items from `offset` on: as many as fit into `full` bytes, at most `most` and at least one. Returns them as an array,
/// and the offset of the next.
pub fn of<T>(
    items: &[T],
    offset: usize,
    most: usize,
    full: usize,
    json: impl Fn(&T) -> serde_json::Result<String>,
) -> Result<(Box<RawValue>, Option<usize>), Fault> {
    let mut page = String::from("[");
    let mut next = offset;
    for item in items.iter().skip(offset).take(most) {
        let json = json(item)?;
        if next > offset {
            if page.len() + json.len() > full {
                break;
            }
            page.push(',');
        }
        page.push_str(&json);
        next += 1;
    }
    page.push(']');
    Ok((RawValue::from_string(page)?, (next < items.len()).then_some(next)))
}

/// The page of a list without items.
pub fn empty() -> serde_json::Result<Box<RawValue>> {
    RawValue::from_string("[]".to_owned())
}

/// Takes the first items, as many as fit into `room`, and reduces `room`. In bytes of JSON.
pub fn fitting<T: Serialize>(items: impl IntoIterator<Item = T>, room: &mut usize) -> Result<Vec<T>, Fault> {
    let mut first = Vec::new();
    for item in items {
        let Some(left) = room.checked_sub(to_text(&item)?.len() + 1) else {
            break;
        };
        *room = left;
        first.push(item);
    }
    Ok(first)
}

/// A piece of `text` from byte `offset` on, cut between characters, and the offset of the next piece.
pub fn of_text(text: &str, offset: usize) -> (&str, Option<usize>) {
    // A character may be six times as long in JSON.
    let start = text.floor_char_boundary(offset.min(text.len()));
    let end = text.floor_char_boundary((start + FULL / 4).min(text.len()));
    (
        text.get(start..end).unwrap_or_default(),
        (end < text.len()).then_some(end),
    )
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
