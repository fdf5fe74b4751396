//! The text of pages, as their content streams show it.

use std::collections::HashMap;
use std::rc::Rc;

use super::document::Document;
use super::drawing::Drawing;
use super::font::Font;
use super::object::{Dict, Object, Parser};
use crate::contents::{Inside, Trouble};

/// How deep forms lie in forms.
const DEEPEST: usize = 8;

/// A text of the file itself, such as an address: UTF-16 or UTF-8 with its mark, else a byte a character.
pub fn decoded(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => encoding_rs::mem::decode_latin1(bytes).into_owned(),
    }
}

/// What a page shows.
#[derive(Default)]
pub struct Shown {
    pub text: String,
    pub drawing: Drawing,
    /// Entries of the pictures on it, in order.
    pub pictures: Vec<usize>,
}

/// Where the next word is shown, and how.
#[derive(Clone, Default)]
struct State {
    font: Option<Rc<Font>>,
    size: f64,
    leading: f64,
    /// Where the line begins, and where the last word ended, as far as it is known.
    line: (f64, f64),
    shown: Option<(f64, f64)>,
}

pub struct Reader<'d, 'b> {
    document: &'d Document<'b>,
    /// Fonts by the place of their entry.
    fonts: HashMap<usize, Rc<Font>>,
    /// Forms that are being read, so that one that contains itself ends.
    open: Vec<usize>,
}

impl<'d, 'b> Reader<'d, 'b> {
    pub fn new(document: &'d Document<'b>) -> Self {
        Self {
            document,
            fonts: HashMap::new(),
            open: Vec::new(),
        }
    }

    /// What the page at this place shows; `resources` are those of the pages around it, if it has none of its own.
    pub fn page(
        &mut self,
        page: usize,
        resources: Option<&'d Dict>,
        inside: &mut Inside<'_>,
    ) -> Result<Shown, Trouble> {
        let mut shown = Shown::default();
        let Some(dict) = self.document.entries.get(page).and_then(|entry| entry.object.as_dict()) else {
            return Ok(shown);
        };
        let own = dict
            .get("Resources")
            .map(|one| self.document.follow(one))
            .and_then(Object::as_dict);
        let mut content = Vec::new();
        for stream in self.streams(dict.get("Contents")) {
            if let Some(unpacked) = self.document.stream(stream, inside)? {
                content.extend_from_slice(&unpacked.bytes);
                content.push(b'\n');
            }
        }
        self.content(&content, own.or(resources), &mut shown, inside)?;
        Ok(shown)
    }

    fn streams(&self, contents: Option<&Object>) -> Vec<usize> {
        let place = |object: &Object| match object {
            Object::Reference(number) => self.document.place(*number),
            _ => None,
        };
        match contents {
            Some(Object::Array(items)) => items.iter().filter_map(place).collect(),
            Some(one) => match self.document.follow(one) {
                Object::Array(items) => items.iter().filter_map(place).collect(),
                _ => place(one).into_iter().collect(),
            },
            None => Vec::new(),
        }
    }

    fn content(
        &mut self,
        content: &[u8],
        resources: Option<&'d Dict>,
        shown: &mut Shown,
        inside: &mut Inside<'_>,
    ) -> Result<(), Trouble> {
        let mut parser = Parser::new(content, 0);
        let mut operands: Vec<Object> = Vec::new();
        let mut state = State::default();
        let mut saved: Vec<State> = Vec::new();
        let mut before = 0;
        while let Some(object) = parser.object() {
            inside.step(parser.at - before)?;
            before = parser.at;
            let Object::Word(word) = object else {
                if operands.len() < 64 {
                    operands.push(object);
                }
                continue;
            };
            match &*word {
                b"q" => {
                    shown.drawing.save();
                    if saved.len() < 64 {
                        saved.push(state.clone());
                    }
                }
                b"Q" => {
                    shown.drawing.restore();
                    state = saved.pop().unwrap_or(state);
                }
                b"Tf" => self.choose_font(&operands, resources, &mut state, inside)?,
                b"Do" => self.show_object(&operands, resources, shown, inside)?,
                b"BI" => skip_picture(&mut parser),
                word => {
                    shown.drawing.operate(word, &operands);
                    state.operate(word, &operands, &mut shown.text);
                }
            }
            operands.clear();
        }
        Ok(())
    }

    fn choose_font(
        &mut self,
        operands: &[Object],
        resources: Option<&'d Dict>,
        state: &mut State,
        inside: &mut Inside<'_>,
    ) -> Result<(), Trouble> {
        let [Object::Name(name), size, ..] = operands else {
            return Ok(());
        };
        state.size = size.as_number().unwrap_or(10.0).abs();
        let fonts = resources
            .and_then(|one| one.get("Font"))
            .map(|one| self.document.follow(one));
        let name = String::from_utf8_lossy(name);
        state.font = match fonts.and_then(Object::as_dict).and_then(|fonts| fonts.get(&name)) {
            Some(Object::Reference(number)) => match self.document.place(*number) {
                Some(place) => Some(self.font(place, inside)?),
                None => None,
            },
            Some(Object::Dict(dict)) => Some(Rc::new(Font::read(dict, self.document, inside)?)),
            _ => None,
        };
        Ok(())
    }

    fn font(&mut self, place: usize, inside: &mut Inside<'_>) -> Result<Rc<Font>, Trouble> {
        if let Some(known) = self.fonts.get(&place) {
            return Ok(Rc::clone(known));
        }
        let dict = self
            .document
            .entries
            .get(place)
            .and_then(|entry| entry.object.as_dict());
        let font = match dict {
            Some(dict) => Font::read(dict, self.document, inside)?,
            None => Font::default(),
        };
        let font = Rc::new(font);
        self.fonts.insert(place, Rc::clone(&font));
        Ok(font)
    }

    /// A form is read like the page that shows it; a picture is noted.
    fn show_object(
        &mut self,
        operands: &[Object],
        resources: Option<&'d Dict>,
        shown: &mut Shown,
        inside: &mut Inside<'_>,
    ) -> Result<(), Trouble> {
        let Some(Object::Name(name)) = operands.first() else {
            return Ok(());
        };
        let name = String::from_utf8_lossy(name);
        let objects = resources
            .and_then(|one| one.get("XObject"))
            .map(|one| self.document.follow(one));
        let Some(Object::Reference(number)) = objects.and_then(Object::as_dict).and_then(|all| all.get(&name)) else {
            return Ok(());
        };
        let Some(place) = self.document.place(*number) else {
            return Ok(());
        };
        let Some(dict) = self
            .document
            .entries
            .get(place)
            .and_then(|entry| entry.object.as_dict())
        else {
            return Ok(());
        };
        if dict.is("Subtype", "Image") {
            shown.pictures.push(place);
        } else if dict.is("Subtype", "Form") && self.open.len() < DEEPEST && !self.open.contains(&place) {
            self.open.push(place);
            if let Some(unpacked) = self.document.stream(place, inside)? {
                let own = dict
                    .get("Resources")
                    .map(|one| self.document.follow(one))
                    .and_then(Object::as_dict);
                self.content(&unpacked.bytes, own.or(resources), shown, inside)?;
            }
            self.open.pop();
        }
        Ok(())
    }
}

/// A picture that stands in the content itself.
fn skip_picture(parser: &mut Parser<'_>) {
    let rest = parser.rest();
    let end = memchr::memmem::find(rest, b"EI").map_or(rest.len(), |end| end + 2);
    parser.at += end;
}

impl State {
    fn operate(&mut self, word: &[u8], operands: &[Object], text: &mut String) {
        let number = |index: usize| operands.get(index).and_then(Object::as_number).unwrap_or(0.0);
        match word {
            b"BT" => self.line = (0.0, 0.0),
            b"TL" => self.leading = number(0),
            b"Td" => self.move_line(number(0), number(1)),
            b"TD" => {
                self.leading = -number(1);
                self.move_line(number(0), number(1));
            }
            b"Tm" => {
                // The size of the letters is scaled by the matrix.
                self.line = (number(4), number(5));
            }
            b"T*" => self.move_line(0.0, -self.leading),
            b"Tj" => self.show(operands.first(), text),
            b"'" => {
                self.move_line(0.0, -self.leading);
                self.show(operands.first(), text);
            }
            b"\"" => {
                self.move_line(0.0, -self.leading);
                self.show(operands.get(2), text);
            }
            b"TJ" => {
                for item in operands.first().and_then(Object::as_array).unwrap_or_default() {
                    match item {
                        Object::Number(gap) if *gap < -180.0 => self.blank(text),
                        item => self.show(Some(item), text),
                    }
                }
            }
            _ => {}
        }
    }

    fn move_line(&mut self, x: f64, y: f64) {
        self.line = (self.line.0 + x, self.line.1 + y);
    }

    fn blank(&self, text: &mut String) {
        if !text.ends_with([' ', '\n']) && !text.is_empty() {
            text.push(' ');
        }
    }

    fn show(&mut self, object: Option<&Object>, text: &mut String) {
        let Some(bytes) = object.and_then(Object::as_text) else {
            return;
        };
        let written = match &self.font {
            Some(font) => font.decode(bytes),
            None => decoded(bytes),
        };
        // Letters are about half as wide as high; nearer than a third of that is the same word.
        let width = |letters: usize| self.size.max(1.0) * 0.5 * f64::from(u32::try_from(letters).unwrap_or(u32::MAX));
        if let Some((x, y)) = self.shown {
            if (y - self.line.1).abs() > self.size.max(1.0) * 0.4 {
                if !text.ends_with('\n') && !text.is_empty() {
                    text.push('\n');
                }
            } else if self.line.0 > x + width(1) {
                self.blank(text);
            }
        }
        text.push_str(&written);
        let start = self
            .shown
            .filter(|(x, y)| *x >= self.line.0 && (y - self.line.1).abs() < 0.01)
            .map_or(self.line.0, |(x, _)| x);
        self.shown = Some((start + width(written.chars().count()), self.line.1));
    }
}
