//! The text of pages, as their content streams show it.

use std::collections::HashMap;
use std::rc::Rc;

use super::document::Document;
use super::drawing::Drawing;
use super::font::Font;
use super::object::{Dict, Object};
use super::syntax::Parser;
use super::words::State;
use crate::contents::{Inside, Trouble};

/// How deep forms lie in forms.
const DEEPEST: usize = 8;

/// What a page shows.
#[derive(Default)]
pub struct Shown {
    pub text: String,
    pub drawing: Drawing,
    /// Entries of the pictures on it, in order.
    pub pictures: Vec<usize>,
}

pub struct Reader<'d, 'b> {
    document: &'d Document<'b>,
    /// Fonts by where their dictionaries are.
    fonts: HashMap<*const Dict, Rc<Font>>,
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
                    if let Some(saved) = saved.pop() {
                        state.back_to(saved);
                    }
                }
                b"Tf" => self.choose_font(&operands, resources, &mut state, inside)?,
                b"Do" => self.show_object(&operands, resources, shown, inside)?,
                b"BI" => skip_picture(&mut parser),
                word => {
                    shown.drawing.operate(word, &operands);
                    state.operate(word, &operands, &mut shown.text, inside)?;
                }
            }
            operands.clear();
            parser.held = 0;
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
        let fonts = fonts.and_then(Object::as_dict);
        inside.step(fonts.map_or(1, |fonts| fonts.0.len()))?;
        let font = fonts
            .and_then(|fonts| fonts.get(&name))
            .map(|one| self.document.follow(one));
        state.font = match font.and_then(Object::as_dict) {
            Some(dict) => Some(self.font(dict, inside)?),
            None => None,
        };
        Ok(())
    }

    fn font(&mut self, dict: &'d Dict, inside: &mut Inside<'_>) -> Result<Rc<Font>, Trouble> {
        if let Some(known) = self.fonts.get(&std::ptr::from_ref(dict)) {
            return Ok(Rc::clone(known));
        }
        let font = Rc::new(Font::read(dict, self.document, inside)?);
        self.fonts.insert(std::ptr::from_ref(dict), Rc::clone(&font));
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
        inside.step(objects.and_then(Object::as_dict).map_or(1, |all| all.0.len()))?;
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
