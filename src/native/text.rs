//! The texts of an answer: short enough to travel, whatever a mail or a server wrote, and without the API key.

use serde_json::Value;

use crate::domain::Secret;

/// Longest text, in characters. What is longer is of no use on a screen.
const LONGEST: usize = 1000;

/// Fields by which the extension names things when it asks again: they stay as they are.
const NAMES: [&str; 3] = ["type", "value", "name"];

/// Cuts all texts in `value` that are too long, except those that name something.
pub fn shorten(value: &mut Value) {
    each(value, "", &mut |field, text| {
        if !NAMES.contains(&field)
            && let Some((end, _)) = text.char_indices().nth(LONGEST)
        {
            text.truncate(end);
            text.push('…');
        }
    });
}

/// Takes the key out of what a server said: there are some that repeat it.
pub fn hide(value: &mut Value, key: &Secret) {
    each(value, "", &mut |_, text| {
        *text = key.hide_in(text);
    });
}

/// Shows `change` every text in `value`, with the name of the field that it is in.
fn each(value: &mut Value, field: &str, change: &mut impl FnMut(&str, &mut String)) {
    match value {
        Value::String(text) => change(field, text),
        Value::Array(values) => values.iter_mut().for_each(|value| each(value, field, change)),
        Value::Object(fields) => fields.iter_mut().for_each(|(field, value)| each(value, field, change)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters_and_names_stay() {
        let (long, cut) = ("ä".repeat(2000), "ä".repeat(LONGEST) + "…");
        let mut value =
            json!({"subject": long, "notes": [long, "short"], "value": long, "events": [{"info": long}], "line": 7});
        shorten(&mut value);
        let expected =
            json!({"subject": cut, "notes": [cut, "short"], "value": long, "events": [{"info": cut}], "line": 7});
        assert_eq!(value, expected);
    }

    #[test]
    fn a_key_is_hidden_wherever_it_stands() {
        let mut value = json!({"version": "2.5 k3y", "lists": {"a.example": ["list of k3y", "other"]}});
        hide(&mut value, &Secret::new("k3y"));
        assert_eq!(
            value,
            json!({"version": "2.5 ***", "lists": {"a.example": ["list of ***", "other"]}})
        );
    }
}
