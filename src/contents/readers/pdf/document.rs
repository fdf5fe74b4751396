//! Finds the objects of a PDF file by looking for them, not by its table: so a file that is cut off, patched or has something before it is
//! read like any other, and what an older version of it says is read too.

use std::collections::HashMap;
use std::ops::Range;

use memchr::memmem;

use super::crypt::Key;
use super::filter::{self, Unpacked};
use super::object::{Dict, Object, Parser};
use crate::contents::{Inside, Trouble};

/// Most objects. A book has some ten thousand.
const MOST: usize = 500_000;

pub struct Entry {
    pub number: u32,
    generation: u16,
    pub object: Object,
    /// The bytes of its stream, packed and locked.
    stream: Option<Range<usize>>,
    /// It stood in a stream of objects, which is locked as a whole.
    is_inner: bool,
}

pub struct Document<'a> {
    bytes: &'a [u8],
    /// In the order of the file, those of streams of objects last.
    pub entries: Vec<Entry>,
    /// Where in `entries` the last object of each number is.
    latest: HashMap<u32, usize>,
    pub trailers: Vec<Dict>,
    key: Option<Key>,
}

impl<'a> Document<'a> {
    pub fn read(bytes: &'a [u8], inside: &mut Inside<'_>) -> Result<Self, Trouble> {
        let mut document = Self {
            bytes,
            entries: Vec::new(),
            latest: HashMap::new(),
            trailers: Vec::new(),
            key: None,
        };
        document.scan(inside)?;
        document.unlock(inside)?;
        document.open_streams(inside)?;
        Ok(document)
    }

    fn scan(&mut self, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let bytes = self.bytes;
        let finder = memmem::Finder::new(b"obj");
        let mut from = 0;
        while let Some(found) = bytes.get(from..).and_then(|rest| finder.find(rest)) {
            let at = from + found;
            from = at + 3;
            let Some((number, generation)) = numbers_before(bytes, at) else {
                continue;
            };
            inside.step(64)?;
            let mut parser = Parser::new(bytes, at + 3);
            let Some(object) = parser.object() else { continue };
            let stream = object.as_dict().and_then(|dict| stream_of(bytes, &mut parser, dict));
            from = stream.as_ref().map_or(parser.at, |stream| stream.end).max(from);
            self.add(Entry {
                number,
                generation,
                object,
                stream,
                is_inner: false,
            });
            if self.entries.len() >= MOST {
                break;
            }
        }
        for at in memmem::find_iter(bytes, b"trailer") {
            if let Some(Object::Dict(dict)) = Parser::new(bytes, at + 7).object() {
                self.trailers.push(dict);
            }
            inside.step(64)?;
        }
        let tables = self.entries.iter().filter_map(|entry| entry.object.as_dict());
        self.trailers
            .extend(tables.filter(|dict| dict.is("Type", "XRef")).cloned());
        if self.entries.is_empty() {
            Err(Trouble::broken("no objects"))
        } else {
            Ok(())
        }
    }

    fn add(&mut self, entry: Entry) {
        self.latest.insert(entry.number, self.entries.len());
        self.entries.push(entry);
    }

    fn unlock(&mut self, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let locked = self
            .trailers
            .iter()
            .rev()
            .find(|trailer| trailer.get("Encrypt").is_some_and(|one| *one != Object::Null));
        let Some(trailer) = locked.cloned() else { return Ok(()) };
        let Some(Object::Dict(encrypt)) = trailer.get("Encrypt").map(|one| self.follow(one).clone()) else {
            return Ok(());
        };
        let id = trailer.get("ID").map(|id| self.follow(id)).and_then(Object::as_array);
        let id = id
            .and_then(|id| id.first())
            .and_then(Object::as_text)
            .unwrap_or_default();
        let encrypt = Dict(
            encrypt
                .0
                .into_iter()
                .map(|(name, value)| (name, self.follow(&value).clone()))
                .collect(),
        );
        let passwords: Vec<String> = std::iter::once("")
            .chain(inside.passwords())
            .map(str::to_owned)
            .collect();
        for password in passwords {
            inside.step(1 << 12)?;
            if let Some(key) = Key::of(&encrypt, id, password.as_bytes()) {
                if !password.is_empty() {
                    inside.opened_with(&password);
                }
                self.key = Some(key);
                let encrypted = self.number_of_encrypt(&trailer);
                self.unlock_texts(encrypted);
                return Ok(());
            }
        }
        Err(Trouble::Locked)
    }

    fn number_of_encrypt(&self, trailer: &Dict) -> Option<u32> {
        match trailer.get("Encrypt") {
            Some(Object::Reference(number)) => Some(*number),
            _ => None,
        }
    }

    /// The texts of all objects but the one that says how they are locked.
    fn unlock_texts(&mut self, except: Option<u32>) {
        let Some(key) = &self.key else { return };
        for entry in &mut self.entries {
            if Some(entry.number) != except {
                unlock_object(&mut entry.object, key, (entry.number, entry.generation));
            }
        }
    }

    /// Adds the objects that stand in streams of objects.
    fn open_streams(&mut self, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let streams: Vec<usize> = (0..self.entries.len())
            .filter(|index| {
                let dict = self.entries.get(*index).and_then(|entry| entry.object.as_dict());
                dict.is_some_and(|dict| dict.is("Type", "ObjStm"))
            })
            .collect();
        for index in streams {
            let Some(unpacked) = self.stream(index, inside)? else {
                continue;
            };
            let dict = self.entries.get(index).and_then(|entry| entry.object.as_dict());
            let count = |key: &str| {
                dict.and_then(|dict| dict.get(key))
                    .map(|one| self.follow(one))
                    .and_then(Object::as_count)
            };
            let (Some(count), Some(first)) = (count("N"), count("First")) else {
                continue;
            };
            let mut heads = Parser::new(&unpacked.bytes, 0);
            let mut read = 0_usize;
            for _ in 0..count.min(unpacked.bytes.len()) {
                let (Some(number), Some(offset)) = (heads.object(), heads.object()) else {
                    break;
                };
                let number = number.as_count().and_then(|number| u32::try_from(number).ok());
                let (Some(number), Some(offset)) = (number, offset.as_count()) else {
                    break;
                };
                let mut parser = Parser::new(&unpacked.bytes, first.saturating_add(offset));
                let start = parser.at;
                let Some(object) = parser.object() else { continue };
                // Offsets that overlap would have the same bytes read again and again.
                read = read.saturating_add(parser.at - start + 64);
                inside.step(parser.at - start + 64)?;
                if read > unpacked.bytes.len().saturating_mul(70) {
                    break;
                }
                self.add(Entry {
                    number,
                    generation: 0,
                    object,
                    stream: None,
                    is_inner: true,
                });
                if self.entries.len() >= MOST {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The object that a reference leads to, at most a few steps away.
    pub fn follow<'o>(&'o self, object: &'o Object) -> &'o Object {
        let mut object = object;
        for _ in 0..8 {
            let Object::Reference(number) = object else {
                return object;
            };
            match self.latest.get(number).and_then(|index| self.entries.get(*index)) {
                Some(entry) => object = &entry.object,
                None => return &Object::Null,
            }
        }
        &Object::Null
    }

    /// Where in `entries` the object of this number is.
    pub fn place(&self, number: u32) -> Option<usize> {
        self.latest.get(&number).copied()
    }

    /// What the stream of an entry holds, `None` of an object without one.
    pub fn stream(&self, index: usize, inside: &mut Inside<'_>) -> Result<Option<Unpacked>, Trouble> {
        let Some(entry) = self.entries.get(index) else {
            return Ok(None);
        };
        let (Some(range), Some(dict)) = (entry.stream.clone(), entry.object.as_dict()) else {
            return Ok(None);
        };
        let raw = self.bytes.get(range).unwrap_or_default();
        let dict = Dict(
            dict.0
                .iter()
                .filter(|(name, _)| matches!(&**name, b"Filter" | b"DecodeParms" | b"F" | b"DP" | b"Type"))
                .map(|(name, value)| (name.clone(), self.deep(value)))
                .collect(),
        );
        let is_table = dict.is("Type", "XRef");
        let unlocked = match self.key.as_ref().filter(|_| !entry.is_inner && !is_table) {
            Some(key) => {
                inside.claim(raw.len())?;
                key.stream(raw, (entry.number, entry.generation))
            }
            None => std::borrow::Cow::Borrowed(raw),
        };
        filter::undo(&unlocked, &dict, inside).map(Some)
    }

    /// The value with the references in it followed, one list deep: filters and their parameters.
    fn deep(&self, value: &Object) -> Object {
        let one = |value: &Object| match self.follow(value) {
            Object::Dict(dict) => Object::Dict(Dict(
                dict.0
                    .iter()
                    .map(|(name, value)| (name.clone(), self.follow(value).clone()))
                    .collect(),
            )),
            other => other.clone(),
        };
        match self.follow(value) {
            Object::Array(items) => Object::Array(items.iter().take(32).map(one).collect()),
            _ => one(value),
        }
    }
}

/// The numbers in `12 0 obj`.
fn numbers_before(bytes: &[u8], at: usize) -> Option<(u32, u16)> {
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
fn stream_of(bytes: &[u8], parser: &mut Parser<'_>, dict: &Dict) -> Option<Range<usize>> {
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

fn unlock_object(object: &mut Object, key: &Key, owner: (u32, u16)) {
    match object {
        Object::Text(text) => *text = key.text(text, owner).into_owned(),
        Object::Array(items) => items.iter_mut().for_each(|item| unlock_object(item, key, owner)),
        Object::Dict(dict) => dict
            .0
            .iter_mut()
            .for_each(|(_, value)| unlock_object(value, key, owner)),
        _ => {}
    }
}
