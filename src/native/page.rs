//! Long lists in pieces that fit into a frame.

use serde::Serialize;
use serde_json::Value;

use super::{frame, text};

/// Bytes of JSON in a result; the frame has room for what is around it.
pub const WHOLE: usize = frame::LONGEST_OUT - (4 << 10);

/// Bytes of JSON in a page of a longer list.
pub const FULL: usize = 640 << 10;

/// Takes from `items`, from `offset` on, as many as fit into `full` bytes, at most `most` and at least one; gives them, their
/// texts short, and the offset of the next.
pub fn of<T, J: Serialize>(
    items: &[T],
    offset: usize,
    most: usize,
    full: usize,
    json: impl Fn(&T) -> J,
) -> (Vec<Value>, Option<usize>) {
    let mut page = Vec::new();
    let mut size = 0;
    for item in items.iter().skip(offset).take(most) {
        let value = short(json(item));
        size += value.to_string().len();
        if size > full && !page.is_empty() {
            break;
        }
        page.push(value);
    }
    let next = offset.saturating_add(page.len());
    (page, (next < items.len()).then_some(next))
}

/// As many of `items` as there is room for, at most `most`, their texts short; takes the room away.
pub fn fitting<T: Serialize>(items: &[T], most: usize, room: &mut usize) -> Vec<Value> {
    let fits = |item| {
        let value = short(item);
        *room = room.checked_sub(value.to_string().len())?;
        Some(value)
    };
    items.iter().take(most).map_while(fits).collect()
}

fn short(item: impl Serialize) -> Value {
    // Only what cannot be JSON fails, and nothing of ours is that.
    let mut value = serde_json::to_value(item).unwrap_or_default();
    text::shorten(&mut value);
    value
}

/// A piece of a text from byte `offset` on, cut between characters; gives it and the offset of the next.
pub fn of_text(text: &str, offset: usize) -> (&str, Option<usize>) {
    // In JSON a character may take six times its bytes.
    let start = text.floor_char_boundary(offset.min(text.len()));
    let end = text.floor_char_boundary((start + FULL / 4).min(text.len()));
    (
        text.get(start..end).unwrap_or_default(),
        (end < text.len()).then_some(end),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pages_hold_everything_once_and_in_order() {
        let items: Vec<Value> = (0..1000)
            .map(|n| json!({"value": format!("{n} {}", "x".repeat(3000))}))
            .collect();
        let mut seen: Vec<Value> = Vec::new();
        let mut offset = Some(0);
        while let Some(at) = offset {
            let (page, next) = of(&items, at, 500, FULL, Value::clone);
            assert!(serde_json::to_string(&page).unwrap().len() < 1 << 20);
            seen.extend(page);
            offset = next;
        }
        assert_eq!(seen.len(), items.len());
        assert_eq!(seen, items);
        assert_eq!(of(&items, 1000, 500, FULL, Value::clone), (Vec::new(), None));
    }

    #[test]
    fn what_fits_takes_the_room_away() {
        let mut room = 20;
        assert_eq!(fitting(&["12345678", "123"], 1, &mut room), ["12345678"]);
        assert_eq!(fitting(&["12345678", "123"], 9, &mut room), ["12345678"]);
        assert!(fitting(&["123"], 9, &mut room).is_empty());
        assert_eq!(room, 0);
    }

    #[test]
    fn text_is_cut_between_characters() {
        let text = "ä".repeat(FULL);
        let mut whole = String::new();
        let mut offset = Some(0);
        while let Some(at) = offset {
            let (piece, next) = of_text(&text, at);
            whole.push_str(piece);
            offset = next;
        }
        assert_eq!(whole, text);
    }
}
