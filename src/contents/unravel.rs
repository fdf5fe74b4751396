//! What programs and pages put together before they use it: texts in pieces, in codes, backwards, whole files in base64. Nothing is run.
//! A text whose making can be followed in the source is made; what comes out is read in the same way, a few rounds deep.

mod blob;
mod call;
mod eval;
mod lexer;
mod page;
mod shell;
mod uri;
mod value;

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Inside, Stop};
use crate::mail::LinkKind;

pub use blob::wide;

/// Rounds: a text that comes out of a text that comes out of a text.
const ROUNDS: usize = 6;

/// Most texts that come out of one file.
const TEXTS: usize = 400;

/// What is unravelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Page,
    Script,
}

/// Something that was put together.
#[derive(Debug, PartialEq)]
enum Made {
    Text(String),
    Bytes(Vec<u8>),
    /// The program goes or sends there.
    Link(String, LinkKind),
    /// What the file is called that it saves.
    Name(String),
    /// A file of this type.
    File(String, Vec<u8>),
}

/// Reads a page, the programs in it, and what they put together.
pub fn page(place: &str, source: &str, inside: &mut Inside<'_>) -> Result<(), Stop> {
    inside.html(place, source);
    run(Kind::Page, place, source, inside)
}

/// Reads a program and what it puts together.
pub fn script(place: &str, source: &str, inside: &mut Inside<'_>) -> Result<(), Stop> {
    inside.script(place, source);
    run(Kind::Script, place, source, inside)
}

struct Unraveller<'p, 'i, 'w> {
    inside: &'i mut Inside<'w>,
    place: &'p str,
    queue: VecDeque<(Kind, String, usize)>,
    known: HashSet<u64>,
    /// Texts that came out, for one piece.
    texts: Vec<String>,
    /// Files that came out, and their declared types.
    files: Vec<(String, Vec<u8>)>,
    name: Option<String>,
}

fn run(kind: Kind, place: &str, source: &str, inside: &mut Inside<'_>) -> Result<(), Stop> {
    let mut all = Unraveller {
        inside,
        place,
        queue: VecDeque::new(),
        known: HashSet::from([hash(source.as_bytes())]),
        texts: Vec::new(),
        files: Vec::new(),
        name: None,
    };
    let read = all.rounds(kind, source);
    // What came out before a limit stopped it is kept.
    let told = all.tell();
    read.and(told)
}

impl Unraveller<'_, '_, '_> {
    fn rounds(&mut self, kind: Kind, source: &str) -> Result<(), Stop> {
        self.one(kind, source, 0)?;
        while let Some((kind, source, round)) = self.queue.pop_front() {
            self.one(kind, &source, round)?;
        }
        Ok(())
    }

    fn one(&mut self, kind: Kind, source: &str, round: usize) -> Result<(), Stop> {
        self.inside.step(source.len())?;
        let mut made = Vec::new();
        uri::in_text(source, &mut made);
        blob::in_text(source, &mut made);
        if kind == Kind::Page {
            for script in page::scripts(source) {
                eval::run(&script, &mut made);
            }
        } else {
            eval::run(source, &mut made);
            if let Some(plain) = shell::plain(source) {
                eval::run(&plain, &mut made);
                made.push(Made::Text(plain));
            }
        }
        for one in made {
            self.take(one, round)?;
        }
        Ok(())
    }

    fn take(&mut self, made: Made, round: usize) -> Result<(), Stop> {
        match made {
            Made::Name(name) => {
                self.name.get_or_insert(name);
            }
            Made::Link(target, kind) => {
                if self.is_new(target.as_bytes()) {
                    self.inside.claim(target.len())?;
                    self.inside.link(self.place, target, "", kind);
                }
            }
            Made::Bytes(bytes) => self.file(String::new(), bytes)?,
            Made::File(declared, bytes) => self.file(declared, bytes)?,
            Made::Text(text) => self.text(text, round)?,
        }
        Ok(())
    }

    fn file(&mut self, declared: String, bytes: Vec<u8>) -> Result<(), Stop> {
        if self.is_new(&bytes) {
            self.inside.claim(bytes.len())?;
            self.files.push((declared, bytes));
        }
        Ok(())
    }

    fn text(&mut self, text: String, round: usize) -> Result<(), Stop> {
        if text.trim().len() < 4 || self.texts.len() >= TEXTS || !self.is_new(text.as_bytes()) {
            return Ok(());
        }
        self.inside.claim(text.len())?;
        let kind = if page::is_markup(&text) {
            Kind::Page
        } else {
            Kind::Script
        };
        if kind == Kind::Page {
            self.inside.html(self.place_of("decoded"), &text);
        }
        if round < ROUNDS {
            self.queue.push_back((kind, text.clone(), round + 1));
        }
        if kind == Kind::Script {
            self.texts.push(text);
        }
        Ok(())
    }

    /// Hands over the files and texts that came out.
    fn tell(&mut self) -> Result<(), Stop> {
        let worth = |text: &&String| text.contains("://") || text.contains("www.") || text.len() >= 24;
        let texts: Vec<&str> = self.texts.iter().filter(worth).map(|text| text.as_str()).collect();
        let texts = texts.join("\n");
        self.inside.script(self.place_of("decoded"), texts);
        for (declared, bytes) in std::mem::take(&mut self.files) {
            let name = self.name.as_deref();
            self.inside.file_declared(name, &declared, bytes)?;
        }
        Ok(())
    }

    fn place_of(&self, what: &str) -> String {
        match self.place {
            "" => what.to_owned(),
            place => format!("{place}, {what}"),
        }
    }

    fn is_new(&mut self, bytes: &[u8]) -> bool {
        self.known.insert(hash(bytes))
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
#[path = "unravel_tests.rs"]
mod tests;
