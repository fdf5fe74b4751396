use serde_json::{Value, json};

use super::*;
use crate::native::json::to_text;

#[test]
fn pages_hold_everything_once_and_in_order() {
    let items: Vec<Value> = (0..1000)
        .map(|n| json!({"value": format!("{n} {}", "x".repeat(3000))}))
        .collect();
    let mut seen: Vec<Value> = Vec::new();
    let mut offset = Some(0);
    while let Some(at) = offset {
        let (page, next) = of(&items, at, 500, FULL, to_text).unwrap();
        assert!(page.get().len() <= FULL + 2);
        seen.extend(serde_json::from_str::<Vec<Value>>(page.get()).unwrap());
        offset = next;
    }
    assert_eq!(seen, items);
    assert!(matches!(of(&items, 1000, 500, FULL, to_text), Ok((page, None)) if page.get() == "[]"));
}

#[test]
fn an_item_that_is_larger_than_a_page_has_one_of_its_own() {
    let items = [json!({"value": "x".repeat(FULL + 9)}), json!(1)];
    let (page, next) = of(&items, 0, 500, FULL, to_text).unwrap();
    let page: Vec<Value> = serde_json::from_str(page.get()).unwrap();
    assert_eq!((page.len(), next), (1, Some(1)));
}

#[test]
fn what_fits_takes_the_room_away() {
    let mut room = 20;
    let mut fit = |items: &[&str]| fitting(items, &mut room).unwrap().len();
    assert_eq!(fit(&["12345678", "1234567"]), 1);
    assert_eq!(fit(&["123", "x"]), 1);
    assert_eq!(fit(&[""]), 1);
    assert_eq!(fit(&[""]), 0);
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
