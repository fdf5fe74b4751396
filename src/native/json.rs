//! Answers as JSON. Cuts texts that are too long for a screen, wherever they are.

use std::io::{Result, Write};

use serde::ser::{Error, Serialize, Serializer};
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};
use serde_json::value::{RawValue, to_raw_value};

/// Longest text, in characters.
const LONGEST: usize = 1000;

/// Fields that the extension sends back to name something, so they are never cut.
const NAMES: [&str; 3] = ["type", "value", "name"];

/// A value as JSON. Cuts long texts, except in [`NAMES`] and [`Whole`].
pub fn json(value: &impl Serialize) -> serde_json::Result<Box<RawValue>> {
    // It is read once more to see that it is JSON, which takes as long as writing it.
    RawValue::from_string(to_text(value)?)
}

/// The same as text, which is not read once more.
pub fn to_text(value: &impl Serialize) -> serde_json::Result<String> {
    let mut json = Vec::with_capacity(512);
    value.serialize(&mut serde_json::Serializer::with_formatter(
        &mut json,
        Shortening::default(),
    ))?;
    String::from_utf8(json).map_err(Error::custom)
}

/// A value whose texts are not cut.
pub struct Whole<T>(pub T);

impl<T: Serialize> Serialize for Whole<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        to_raw_value(&self.0).map_err(Error::custom)?.serialize(serializer)
    }
}

/// Writes compact JSON and cuts texts meanwhile.
#[derive(Default)]
struct Shortening {
    /// Name of the current field.
    field: String,
    /// Whether to write text in full: it is the name of a field, or the value of one in [`NAMES`].
    is_kept: bool,
    /// Characters of the text so far. If the text is cut, [`LONGEST`] and one more.
    written: usize,
}

impl Shortening {
    fn cut<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        if self.written > LONGEST {
            return Ok(());
        }
        self.written = LONGEST + 1;
        writer.write_all("…".as_bytes())
    }
}

impl Formatter for Shortening {
    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.field.clear();
        self.is_kept = true;
        CompactFormatter.begin_object_key(writer, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> Result<()> {
        self.is_kept = NAMES.contains(&self.field.as_str());
        Ok(())
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.is_kept = false;
        CompactFormatter.end_object(writer)
    }

    fn begin_string<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.written = 0;
        CompactFormatter.begin_string(writer)
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> Result<()> {
        if self.is_kept {
            self.field.push_str(fragment);
            return writer.write_all(fragment.as_bytes());
        }
        let room = LONGEST.saturating_sub(self.written);
        let Some((end, _)) = fragment.char_indices().nth(room) else {
            self.written += fragment.chars().count();
            return writer.write_all(fragment.as_bytes());
        };
        writer.write_all(fragment.get(..end).unwrap_or_default().as_bytes())?;
        self.cut(writer)
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> Result<()> {
        if !self.is_kept && self.written >= LONGEST {
            return self.cut(writer);
        }
        self.written += 1;
        CompactFormatter.write_char_escape(writer, escape)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn written(value: &impl Serialize) -> Value {
        serde_json::from_str(super::json(value).unwrap().get()).unwrap()
    }

    #[test]
    fn long_texts_are_cut_between_characters_and_names_stay() {
        for character in ["ä", "\n", "a\"", "\u{1}", "ä\\😀"] {
            let (long, exact) = (character.repeat(2000), character.chars().cycle().take(LONGEST));
            let exact: String = exact.collect();
            let cut = format!("{exact}…");
            let with = |text: &str| {
                json!({
                    "subject": text, "notes": [text, "short", exact], "value": [long, long], "line": 7,
                    "events": [{"type": 1, "info": text}, text],
                })
            };
            assert_eq!(written(&with(&long)), with(&cut));
            assert_eq!(written(&json!({long.as_str(): long})), json!({long.as_str(): cut}));
        }
    }

    #[test]
    fn what_must_not_be_cut_is_not() {
        let long = "ä\n".repeat(2000);
        assert_eq!(written(&Whole(json!({"text": [long]}))), json!({"text": [long]}));
        let within = json(&[long.as_str()]).unwrap();
        assert_eq!(json(&[&within]).unwrap().get(), format!("[{}]", within.get()));
    }
}
