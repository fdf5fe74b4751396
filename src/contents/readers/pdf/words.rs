//! Words as the operators of a page show them, one after the other.

use std::rc::Rc;

use super::font::Font;
use super::matrix::Matrix;
use super::object::Object;
use crate::contents::{Inside, Stop};

/// Bytes of one text that are read; a line of a page has some hundred.
const LONGEST: usize = 1 << 16;

/// A text of the file itself, such as an address: UTF-16 with its mark, UTF-8 if it is that, as many writers have it without the mark,
/// else a byte a character.
pub fn decoded(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::mem::decode_latin1(bytes).into_owned(),
        },
    }
}

/// Where the next word is shown, and how.
#[derive(Clone, Default)]
pub struct State {
    pub font: Option<Rc<Font>>,
    pub size: f64,
    leading: f64,
    /// Where the page is, and where the line begins on it.
    page: Matrix,
    line: Matrix,
    /// Where the last word ended, as far as it is known.
    shown: Option<(f64, f64)>,
}

impl State {
    /// What was so when the content's `q` came. Where words stand is not part of that.
    pub fn back_to(&mut self, saved: Self) {
        *self = Self {
            line: self.line,
            shown: self.shown,
            ..saved
        };
    }

    /// Does what an operator of text says, and puts what it shows at the end of `text`.
    pub fn operate(
        &mut self,
        word: &[u8],
        operands: &[Object],
        text: &mut String,
        inside: &mut Inside<'_>,
    ) -> Result<(), Stop> {
        let number = |index: usize| operands.get(index).and_then(Object::as_number).unwrap_or(0.0);
        let matrix = || Matrix(std::array::from_fn(number));
        match word {
            b"cm" => self.page = matrix().within(self.page),
            b"BT" => self.line = Matrix::default(),
            b"TL" => self.leading = number(0),
            b"Td" => self.move_line(number(0), number(1)),
            b"TD" => {
                self.leading = -number(1);
                self.move_line(number(0), number(1));
            }
            b"Tm" => self.line = matrix(),
            b"T*" => self.move_line(0.0, -self.leading),
            b"Tj" => self.show(operands.first(), text, inside)?,
            b"'" => {
                self.move_line(0.0, -self.leading);
                self.show(operands.first(), text, inside)?;
            }
            b"\"" => {
                self.move_line(0.0, -self.leading);
                self.show(operands.get(2), text, inside)?;
            }
            b"TJ" => {
                for item in operands.first().and_then(Object::as_array).unwrap_or_default() {
                    match item {
                        Object::Number(gap) if *gap < -180.0 => blank(text),
                        item => self.show(Some(item), text, inside)?,
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn move_line(&mut self, x: f64, y: f64) {
        self.line = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).within(self.line);
    }

    fn show(&mut self, object: Option<&Object>, text: &mut String, inside: &mut Inside<'_>) -> Result<(), Stop> {
        let Some(bytes) = object.and_then(Object::as_text) else {
            return Ok(());
        };
        let bytes = bytes.get(..bytes.len().min(LONGEST)).unwrap_or_default();
        let written = match &self.font {
            Some(font) => font.decode(bytes),
            None => decoded(bytes),
        };
        inside.claim(written.len())?;
        let on_page = self.line.within(self.page);
        let (left, bottom) = on_page.origin();
        let size = (self.size * on_page.scale()).max(0.01);
        // Letters are about half as wide as high; nearer than that is the same word.
        let width = |letters: usize| size * 0.5 * f64::from(u32::try_from(letters).unwrap_or(u32::MAX));
        if let Some((x, y)) = self.shown {
            if (y - bottom).abs() > size * 0.4 {
                if !text.ends_with('\n') && !text.is_empty() {
                    text.push('\n');
                }
            } else if left > x + width(1) {
                blank(text);
            }
        }
        text.push_str(&written);
        let start = self
            .shown
            .filter(|(x, y)| *x >= left && (y - bottom).abs() < 0.01)
            .map_or(left, |(x, _)| x);
        self.shown = Some((start + width(written.chars().count()), bottom));
        Ok(())
    }
}

fn blank(text: &mut String) {
    if !text.ends_with([' ', '\n']) && !text.is_empty() {
        text.push(' ');
    }
}
