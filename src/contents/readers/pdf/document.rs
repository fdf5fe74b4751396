//! Finds the objects of a PDF file by looking for them, not by its table: so a file that is cut off, patched or has something before it is
//! read like any other, and what an older version of it says is read too.

use std::collections::HashMap;
use std::ops::Range;

use memchr::memmem;

use super::crypt::Key;
use super::filter::{self, Unpacked};
use super::object::{Dict, Object};
use super::scan::{numbers_before, stream_of};
use super::syntax::Parser;
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
    /// Where in `entries` what it stands in is, or it itself: the later one of two with a number counts.
    order: usize,
}

pub struct Document<'a> {
    bytes: &'a [u8],
    /// In the order of the file, those of streams of objects last.
    pub entries: Vec<Entry>,
    /// Where in `entries` the last object of each number is.
    latest: HashMap<u32, usize>,
    pub trailers: Vec<Dict>,
    key: Option<Key>,
    /// Items in all objects.
    held: usize,
}

impl<'a> Document<'a> {
    pub fn read(bytes: &'a [u8], inside: &mut Inside<'_>) -> Result<Self, Trouble> {
        let mut document = Self {
            bytes,
            entries: Vec::new(),
            latest: HashMap::new(),
            trailers: Vec::new(),
            key: None,
            held: 0,
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
            parser.held = self.held;
            let Some(object) = parser.object() else { continue };
            self.held = parser.held;
            inside.step(parser.at - at)?;
            let stream = object.as_dict().and_then(|dict| stream_of(bytes, &mut parser, dict));
            from = stream.as_ref().map_or(parser.at, |stream| stream.end).max(from);
            self.add(Entry {
                number,
                generation,
                object,
                stream,
                is_inner: false,
                order: self.entries.len(),
            });
            if self.entries.len() >= MOST {
                break;
            }
        }
        self.find_trailers(inside)?;
        let tables = self.entries.iter().filter_map(|entry| entry.object.as_dict());
        self.trailers
            .extend(tables.filter(|dict| dict.is("Type", "XRef")).cloned());
        if self.entries.is_empty() {
            return Err(Trouble::broken("no objects"));
        }
        Ok(())
    }

    /// Each begins behind the end of the one before, or a thousand that are never closed would be read a thousand times.
    fn find_trailers(&mut self, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let finder = memmem::Finder::new(b"trailer");
        let mut from = 0;
        while let Some(found) = self.bytes.get(from..).and_then(|rest| finder.find(rest)) {
            let start = from + found + 7;
            let mut parser = Parser::new(self.bytes, start);
            parser.held = self.held;
            let object = parser.object();
            self.held = parser.held;
            from = parser.at.max(start);
            inside.step(from - start + 64)?;
            if let Some(Object::Dict(dict)) = object {
                self.trailers.push(dict);
            }
        }
        Ok(())
    }

    fn add(&mut self, entry: Entry) {
        let known = self
            .latest
            .get(&entry.number)
            .and_then(|index| self.entries.get(*index));
        if known.is_none_or(|known| known.order <= entry.order) {
            self.latest.insert(entry.number, self.entries.len());
        }
        self.entries.push(entry);
    }

    fn unlock(&mut self, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let locked = self
            .trailers
            .iter()
            .rev()
            .find(|trailer| trailer.get("Encrypt").is_some_and(|one| *one != Object::Null));
        let Some(trailer) = locked.cloned() else { return Ok(()) };
        let Some(Object::Dict(encrypt)) = trailer.get("Encrypt").map(|one| self.deep(one)) else {
            return Ok(());
        };
        let id = trailer.get("ID").map(|id| self.follow(id)).and_then(Object::as_array);
        let id = id
            .and_then(|id| id.first())
            .and_then(Object::as_text)
            .unwrap_or_default();
        let passwords: Vec<String> = std::iter::once("")
            .chain(inside.passwords())
            .map(str::to_owned)
            .collect();
        for password in passwords {
            inside.step(1 << 12)?;
            // Old locks take a byte for a letter, new ones UTF-8.
            let latin = encoding_rs::mem::encode_latin1_lossy(&password);
            let key = Key::of(&encrypt, id, password.as_bytes());
            let is_latin = password.chars().all(|letter| letter <= '\u{ff}') && !password.is_ascii();
            if let Some(key) = key.or_else(|| is_latin.then(|| Key::of(&encrypt, id, &latin))?) {
                if !password.is_empty() {
                    inside.opened_with(&password);
                }
                self.key = Some(key);
                let encrypted = match trailer.get("Encrypt") {
                    Some(Object::Reference(number)) => Some(*number),
                    _ => None,
                };
                self.unlock_texts(encrypted);
                return Ok(());
            }
        }
        Err(Trouble::Locked)
    }

    /// The texts of all objects but the one that says how they are locked.
    fn unlock_texts(&mut self, except: Option<u32>) {
        let Some(key) = &self.key else { return };
        for entry in &mut self.entries {
            if Some(entry.number) != except {
                key.object(&mut entry.object, (entry.number, entry.generation));
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
                parser.held = self.held;
                let Some(object) = parser.object() else { continue };
                self.held = parser.held;
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
                    order: index,
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
        let unlocked = match self
            .key
            .as_ref()
            .filter(|_| !entry.is_inner && !dict.is("Type", "XRef"))
        {
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
