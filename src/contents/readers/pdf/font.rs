//! Which characters the codes of a font stand for.

use std::collections::{BTreeMap, HashMap};

use super::document::Document;
use super::object::{Dict, Object};
use super::syntax::Parser;
use crate::contents::{Inside, Trouble};

/// Most codes of one font.
const MOST: usize = 70_000;
/// Bytes that one code stands for, such as a ligature.
const LONGEST: usize = 32;

#[derive(Default)]
pub struct Font {
    /// Bytes of a code.
    width: usize,
    characters: HashMap<u32, String>,
    /// The first code of a range: its last code, and the text of the first.
    ranges: BTreeMap<u32, (u32, String)>,
    /// Codes that are not in the list stand for themselves.
    is_plain: bool,
}

impl Font {
    pub fn read(dict: &Dict, document: &Document<'_>, inside: &mut Inside<'_>) -> Result<Self, Trouble> {
        let is_composite = dict.is("Subtype", "Type0");
        let mut font = Self {
            width: if is_composite { 2 } else { 1 },
            characters: HashMap::new(),
            ranges: BTreeMap::new(),
            is_plain: !is_composite,
        };
        if let Some(encoding) = dict
            .get("Encoding")
            .map(|one| document.follow(one))
            .and_then(Object::as_dict)
        {
            font.differences(
                encoding
                    .get("Differences")
                    .map(|one| document.follow(one))
                    .and_then(Object::as_array)
                    .unwrap_or_default(),
            );
        }
        if let Some(Object::Reference(number)) = dict.get("ToUnicode")
            && let Some(place) = document.place(*number)
            && let Some(unpacked) = document.stream(place, inside)?
        {
            font.map(&unpacked.bytes, inside)?;
        }
        Ok(font)
    }

    /// Names of characters for some codes.
    fn differences(&mut self, items: &[Object]) {
        let mut code = 0;
        for item in items {
            match item {
                Object::Number(_) => code = item.as_count().and_then(|code| u32::try_from(code).ok()).unwrap_or(0),
                Object::Name(name) => {
                    if let Some(character) = ligature(name) {
                        self.add(code, character.to_owned());
                    } else if let Some(character) = named(name) {
                        self.add(code, character.to_string());
                    }
                    code = code.saturating_add(1);
                }
                _ => {}
            }
        }
    }

    /// The list of a font for those who copy its text.
    fn map(&mut self, source: &[u8], inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let mut parser = Parser::new(source, 0);
        let mut operands: Vec<Object> = Vec::new();
        let mut before = 0;
        while let Some(object) = parser.object() {
            inside.step(parser.at - before)?;
            before = parser.at;
            let Object::Word(word) = object else {
                if operands.len() < MOST {
                    operands.push(object);
                }
                continue;
            };
            match &*word {
                // A simple font has codes of one byte, whatever its list says.
                b"endcodespacerange" if !self.is_plain => {
                    if let Some(Object::Text(code)) = operands.first() {
                        self.width = code.len().clamp(1, 4);
                    }
                }
                b"endbfchar" => {
                    for pair in operands.chunks(2) {
                        if let [Object::Text(code), Object::Text(target)] = pair {
                            self.add(number(code), utf16(target));
                        }
                    }
                }
                b"endbfrange" => {
                    for range in operands.chunks(3) {
                        if let [Object::Text(from), Object::Text(to), target] = range {
                            self.range(number(from), number(to), target);
                        }
                    }
                }
                _ => {}
            }
            operands.clear();
            parser.held = 0;
        }
        Ok(())
    }

    fn range(&mut self, from: u32, to: u32, target: &Object) {
        match target {
            Object::Array(items) => {
                for (code, item) in (from..=to).zip(items) {
                    if let Object::Text(text) = item {
                        self.add(code, utf16(text));
                    }
                }
            }
            // Kept as a range: twenty bytes may stand for all codes that there are.
            Object::Text(text) if self.ranges.len() < MOST => {
                let text = utf16(text);
                if text.len() < LONGEST {
                    self.ranges.insert(from, (to, text));
                }
            }
            _ => {}
        }
    }

    /// The text of a code: the last character counts on from the first code of its range.
    fn in_range(&self, code: u32) -> Option<String> {
        let (from, (to, text)) = self.ranges.range(..=code).next_back()?;
        if code > *to {
            return None;
        }
        let mut text = text.clone();
        let last = u32::from(text.pop()?);
        text.push(char::from_u32(last.checked_add(code - from)?)?);
        Some(text)
    }

    fn add(&mut self, code: u32, text: String) {
        if self.characters.len() < MOST && text.len() < LONGEST {
            self.characters.insert(code, text);
        }
    }

    pub fn decode(&self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len());
        for code in bytes.chunks(self.width.max(1)) {
            let number = number(code);
            let ranged = || self.in_range(number);
            match self.characters.get(&number).cloned().or_else(ranged) {
                Some(known) => text.push_str(&known),
                None if self.is_plain => text.push(windows_latin(code.first().copied().unwrap_or(b' '))),
                None => {}
            }
        }
        text
    }
}

fn number(code: &[u8]) -> u32 {
    code.iter()
        .take(4)
        .fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn utf16(bytes: &[u8]) -> String {
    encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0.into_owned()
}

fn windows_latin(byte: u8) -> char {
    let (text, _, _) = encoding_rs::WINDOWS_1252.decode(std::slice::from_ref(&byte));
    text.chars().next().unwrap_or(' ')
}

fn ligature(name: &[u8]) -> Option<&'static str> {
    ["ff", "fi", "fl", "ffi", "ffl"]
        .into_iter()
        .find(|known| known.as_bytes() == name)
}

/// The character with a name of Adobe's list; of those that make up addresses, and letters.
fn named(name: &[u8]) -> Option<char> {
    let text = std::str::from_utf8(name).ok()?;
    let mut letters = text.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return Some(letter);
    }
    if let Some(digits) = text.strip_prefix("uni").or_else(|| text.strip_prefix('u'))
        && let Ok(code) = u32::from_str_radix(digits, 16)
    {
        return char::from_u32(code);
    }
    NAMES
        .iter()
        .find(|(known, _)| *known == text)
        .map(|(_, letter)| *letter)
}

const NAMES: [(&str, char); 42] = [
    ("space", ' '),
    ("zero", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("period", '.'),
    ("comma", ','),
    ("colon", ':'),
    ("semicolon", ';'),
    ("slash", '/'),
    ("backslash", '\\'),
    ("hyphen", '-'),
    ("minus", '-'),
    ("underscore", '_'),
    ("question", '?'),
    ("equal", '='),
    ("ampersand", '&'),
    ("percent", '%'),
    ("numbersign", '#'),
    ("at", '@'),
    ("plus", '+'),
    ("asciitilde", '~'),
    ("exclam", '!'),
    ("asterisk", '*'),
    ("parenleft", '('),
    ("parenright", ')'),
    ("bracketleft", '['),
    ("bracketright", ']'),
    ("braceleft", '{'),
    ("braceright", '}'),
    ("quotesingle", '\''),
    ("quotedbl", '"'),
    ("dollar", '$'),
    ("bar", '|'),
    ("less", '<'),
    ("greater", '>'),
];
