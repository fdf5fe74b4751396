//! Where a reader puts what it finds.

use std::collections::HashMap;
use std::io::Read;

use super::budget::{Budget, Stop};
use super::passwords::Passwords;
use super::reader::Trouble;
use super::{Code, Opened, Piece, Stated, What, codes};
use crate::domain::FoundAs;
use crate::mail::{Body, BodyKind, Link, LinkKind, Mail, html};

/// What comes out of the file that is being read, within the limits of the mail.
pub struct Inside<'w> {
    pub(super) opened: Opened,
    pub(super) found: Vec<Found>,
    pub(super) budget: Budget<'w>,
    pub(super) passwords: &'w Passwords<'w>,
    /// Bytes of the file.
    pub(super) size: usize,
    /// Bytes that came out of it.
    pub(super) given: usize,
    /// How many files it lies in.
    pub(super) depth: usize,
    /// What stopped a look for codes, or the unpacking of one piece, while the reader went on.
    pub(super) stopped: Option<Stop>,
    /// Whether what is claimed is given back soon.
    pub(super) is_lent: bool,
}

/// A file that lies in the one that is being read.
pub(super) struct Found {
    pub name: Option<String>,
    pub declared: String,
    pub bytes: Vec<u8>,
    pub is_part: bool,
}

impl Inside<'_> {
    /// A text that the file shows to its reader. `place` says where in the file, and is empty where it is one text.
    pub fn text(&mut self, place: impl Into<String>, text: impl Into<String>) {
        self.text_as(place, text, FoundAs::Attachment);
    }

    /// What a program runs: a macro, a script, a command line.
    pub fn script(&mut self, place: impl Into<String>, text: impl Into<String>) {
        self.text_as(place, text, FoundAs::Script);
    }

    pub fn text_as(&mut self, place: impl Into<String>, text: impl Into<String>, found_as: FoundAs) {
        let text = text.into();
        if text.trim().is_empty() {
            return;
        }
        let place = place.into();
        if found_as == FoundAs::Attachment {
            let drawn = codes::in_text(&|drawing| within(&place, drawing), &text, self);
            self.stop(drawn);
        }
        self.piece(place, What::Text { text, found_as });
    }

    /// The values of a report for machines.
    pub fn stated(&mut self, values: Vec<Stated>) {
        if !values.is_empty() {
            self.piece(String::new(), What::Stated(values));
        }
    }

    /// A comma- or tab-separated table.
    pub fn table(&mut self, place: impl Into<String>, text: impl Into<String>) {
        self.piece(place, What::Table(text.into()));
    }

    /// HTML, read as a mail's body is.
    pub fn html(&mut self, place: impl Into<String>, source: &str) {
        let place = place.into();
        let drawn = codes::in_page(&|drawing| within(&place, drawing), source, &|_| None, self);
        self.stop(drawn);
        let rendered = html::render(source);
        let body = Body {
            kind: BodyKind::Html,
            text: rendered.text,
            source: None,
            asides: rendered.asides,
            links: rendered.links,
        };
        self.body(place, body);
    }

    pub fn body(&mut self, place: impl Into<String>, body: Body) {
        self.piece(place, What::Page(body));
    }

    /// A link that the file shows ([`LinkKind::Anchor`]), sends a form to, opens by itself ([`LinkKind::Refresh`]) or loads from
    /// ([`LinkKind::Image`], [`LinkKind::Resource`]). `shown` is the text that a person clicks on, empty if unknown.
    pub fn link(&mut self, place: impl Into<String>, target: impl Into<String>, shown: &str, kind: LinkKind) {
        let link = Link {
            target: target.into(),
            original: None,
            shown: shown.to_owned(),
            kind,
            line: 1,
        };
        let place = place.into();
        match self.opened.pieces.last_mut() {
            Some(Piece {
                place: last,
                what: What::Links(links),
            }) if *last == place => links.push(link),
            _ => self.piece(place, What::Links(vec![link])),
        }
    }

    /// The targets of the links that were found so far, by their places, each list in order.
    pub fn links(&self) -> HashMap<String, Vec<String>> {
        let mut by_place: HashMap<String, Vec<String>> = HashMap::new();
        for piece in &self.opened.pieces {
            if let What::Links(links) = &piece.what {
                let targets = links.iter().map(|link| link.target.clone());
                by_place.entry(piece.place.clone()).or_default().extend(targets);
            }
        }
        for targets in by_place.values_mut() {
            targets.sort();
        }
        by_place
    }

    /// A code that was read in a picture. The same one at another place of the file says nothing new.
    pub fn code(&mut self, place: impl Into<String>, code: Code) {
        let is_known = |piece: &Piece| matches!(&piece.what, What::Code(known) if known.text == code.text);
        if !self.opened.pieces.iter().any(is_known) {
            self.piece(place, What::Code(code));
        }
    }

    /// Whether codes in pictures are to be read.
    pub fn reads_codes(&self) -> bool {
        self.budget.limits.codes
    }

    /// How many bytes a picture may take while it is looked at.
    pub fn picture_room(&self) -> usize {
        self.budget.picture_room()
    }

    /// Counts bytes of a picture, which are given back when it was looked at, as are those that its decoder takes `beside` it. To be asked
    /// before it is decoded. Drawings of few colours shrink a thousandfold, so this is not held against the size of the file.
    pub fn claim_picture(&mut self, bytes: usize, beside: usize) -> Result<(), Stop> {
        if bytes.saturating_add(beside) > self.budget.picture_room() {
            return Err(Stop::Size);
        }
        self.budget.take_picture(bytes);
        self.budget.step(bytes)
    }

    /// Does work in which all that is claimed counts as that of a picture.
    pub fn lent<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.is_lent = true;
        let outcome = work(self);
        self.is_lent = false;
        outcome
    }

    /// Tells what stopped one piece of the file. The reader goes on with the others.
    pub fn leave_out(&mut self, stop: Stop) {
        self.stopped = self.stopped.or(Some(stop));
    }

    fn piece(&mut self, place: impl Into<String>, what: What) {
        let place = place.into();
        self.opened.pieces.push(Piece { place, what });
    }

    fn stop(&mut self, looked: Result<(), Stop>) {
        if let Err(stop) = looked {
            self.leave_out(stop);
        }
    }

    /// A value for the object that describes files of this format.
    pub fn fact(&mut self, relation: &'static str, value: impl Into<String>) {
        self.opened.facts.push((relation, value.into()));
    }

    /// A file that lies in this one, whose bytes came from [`Inside::unpack`] or stand in this file as they are.
    pub fn file(&mut self, name: Option<&str>, bytes: Vec<u8>) -> Result<(), Stop> {
        self.add(name, "", bytes, false)
    }

    /// The same, with a declared type.
    pub fn file_declared(&mut self, name: Option<&str>, declared: &str, bytes: Vec<u8>) -> Result<(), Stop> {
        self.add(name, declared, bytes, false)
    }

    /// Something that the file is made of (a stream, a font, a macro's text): it is read as a file and not sent as one.
    pub fn part(&mut self, name: Option<&str>, bytes: Vec<u8>) -> Result<(), Stop> {
        self.add(name, "", bytes, true)
    }

    /// A mail that lies in this file: its texts, and its attachments as files.
    pub fn mail(&mut self, place: &str, mail: Mail) -> Result<(), Stop> {
        let under = |name: &str| within(place, name);
        codes::in_mail(&mail, &under, self)?;
        if let Some(subject) = mail.headers.subject() {
            self.text_as(under("Subject"), subject, FoundAs::Header);
        }
        for body in mail.bodies {
            self.body(under("text"), body);
        }
        for attachment in mail.attachments {
            self.add(
                attachment.name.as_deref(),
                &attachment.content_type,
                attachment.bytes,
                false,
            )?;
        }
        // As deep as the mail stage opened mails, which is bounded.
        for embedded in mail.embedded {
            self.mail(&under("mail inside"), embedded.mail)?;
        }
        Ok(())
    }

    fn add(&mut self, name: Option<&str>, declared: &str, bytes: Vec<u8>, is_part: bool) -> Result<(), Stop> {
        self.may_hold_files()?;
        self.budget.files += 1;
        self.budget.look()?;
        self.found.push(Found {
            name: name.map(without_folders).filter(|name| !name.is_empty()),
            declared: declared.to_owned(),
            bytes,
            is_part,
        });
        Ok(())
    }

    /// Whether one more file may come out of this one. To be asked before a file is unpacked.
    pub fn may_hold_files(&self) -> Result<(), Stop> {
        if self.depth >= self.budget.limits.depth {
            return Err(Stop::Depth);
        }
        if self.budget.files >= self.budget.limits.files {
            return Err(Stop::Files);
        }
        Ok(())
    }

    /// How many bytes more may come out of this file, and the limit that stops it then.
    pub fn room(&self) -> (usize, Stop) {
        self.budget.room(self.size, self.given)
    }

    /// How many files more may come out of the mail.
    pub fn files_left(&self) -> usize {
        self.budget.limits.files.saturating_sub(self.budget.files)
    }

    /// Counts work of about so many bytes that gives nothing, so that time is kept.
    pub fn step(&mut self, bytes: usize) -> Result<(), Stop> {
        self.budget.step(bytes)
    }

    /// Counts bytes that came out of this file by other means than [`Inside::unpack`]. To be asked before they are made, as soon as their
    /// number is known.
    pub fn claim(&mut self, bytes: usize) -> Result<(), Stop> {
        if self.is_lent {
            return self.claim_picture(bytes, 0);
        }
        let (room, stop) = self.budget.room(self.size, self.given);
        if bytes > room {
            return Err(stop);
        }
        self.given += bytes;
        self.budget.take(bytes);
        self.budget.step(bytes)
    }

    /// All bytes of a decoder, as far as the limits allow. A decoder that fails gives what it had until then, when that is something. Of one
    /// that gives too much nothing is kept.
    pub fn unpack(&mut self, decoder: impl Read) -> Result<Vec<u8>, Trouble> {
        match self.drain(decoder)? {
            (bytes, Some(error)) if bytes.is_empty() => Err(Trouble::broken(error)),
            (bytes, _) => Ok(bytes),
        }
    }

    /// The same of a decoder whose failure means that the bytes before it are wrong too: those of a wrong password.
    pub fn unpack_whole(&mut self, decoder: impl Read) -> Result<Vec<u8>, Trouble> {
        match self.drain(decoder)? {
            (_, Some(error)) => Err(Trouble::broken(error)),
            (bytes, None) => Ok(bytes),
        }
    }

    /// What a decoder gives until it ends, and the error that it ended with.
    fn drain(&mut self, mut decoder: impl Read) -> Result<(Vec<u8>, Option<std::io::Error>), Trouble> {
        const PIECE: usize = 1 << 16;
        let mut bytes = Vec::new();
        loop {
            let before = bytes.len();
            let read = decoder.by_ref().take(PIECE as u64).read_to_end(&mut bytes);
            match self.claim(bytes.len() - before) {
                Err(stop @ (Stop::Ratio | Stop::Size)) => return Err(self.too_much(before, stop)),
                claimed => claimed?,
            }
            match read {
                Ok(0) => return Ok((bytes, None)),
                Ok(_) => {}
                Err(error) => return Ok((bytes, Some(error))),
            }
        }
    }

    /// Gives back what one piece took before it was too large, so that it does not hide the others.
    fn too_much(&mut self, taken: usize, stop: Stop) -> Trouble {
        if !self.is_lent {
            if !self.budget.give_back(taken) {
                return Trouble::Stopped(stop);
            }
            self.given -= taken;
        }
        self.leave_out(stop);
        Trouble::TooMuch
    }

    /// Passwords to try, the likeliest first.
    pub fn passwords(&self) -> impl Iterator<Item = &str> + use<'_> {
        self.passwords.iter()
    }

    /// Says which password opened the file.
    pub fn opened_with(&mut self, password: &str) {
        self.opened.password = Some(password.to_owned());
    }
}

/// A place inside another.
fn within(place: &str, inner: &str) -> String {
    if place.is_empty() {
        inner.to_owned()
    } else {
        format!("{place}, {inner}")
    }
}

/// Archives name folders too, with either slash.
fn without_folders(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).collect()
}
