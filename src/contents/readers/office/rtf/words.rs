//! The control words of rich text, in one pass.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::objects;
use super::state::{Place, State, is_shown, place};
use crate::contents::readers::office::external;
use crate::contents::readers::office::field::Fields;
use crate::contents::{Inside, Trouble};
use crate::domain::coding::hex_pair;
use crate::mail::{LinkKind, code_page};

/// Groups that are open at once, fonts, and bytes of an address, of which more are not kept.
const MOST_GROUPS: usize = 100_000;
const MOST_FONTS: usize = 4096;
const LONGEST_ADDRESS: usize = 1 << 13;

#[derive(Default)]
pub struct Words {
    state: State,
    stack: Vec<State>,
    /// Groups that are open beyond the most.
    deeper: usize,
    fields: Fields,
    /// Bytes whose code page is that of the font.
    pending: Vec<u8>,
    code_page: Option<i32>,
    default_font: i32,
    fonts: HashMap<i32, String>,
    /// Characters to leave out, which stand for one by its number.
    skip: u8,
    address: String,
    data: objects::Data,
}

impl Words {
    pub fn read(&mut self, bytes: &[u8], inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let mut rest = bytes;
        while let Some((first, tail)) = rest.split_first() {
            rest = tail;
            match first {
                b'{' => self.open(),
                b'}' => self.close(inside)?,
                b'\\' => rest = self.control(tail),
                b'\r' | b'\n' | 0 => {}
                byte => self.byte(*byte),
            }
            inside.step(1)?;
        }
        Ok(())
    }

    pub fn finish(mut self, inside: &mut Inside<'_>) {
        self.flush();
        let text = self.fields.finish(inside, "");
        inside.text("", text);
    }

    fn open(&mut self) {
        self.flush();
        if self.stack.len() >= MOST_GROUPS {
            self.deeper += 1;
            return;
        }
        self.stack.push(self.state);
        self.state = State {
            is_starred: false,
            is_field: false,
            is_first: false,
            ..self.state
        };
    }

    fn close(&mut self, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        self.flush();
        self.skip = 0;
        if self.deeper > 0 {
            self.deeper -= 1;
            return Ok(());
        }
        let before = self.state;
        self.state = self.stack.pop().unwrap_or_default();
        if before.is_field {
            self.fields.end(inside, "");
        }
        if !before.is_first {
            return Ok(());
        }
        match before.place {
            Place::Template => self.address(LinkKind::Refresh, inside),
            Place::Link => self.address(LinkKind::Anchor, inside),
            Place::Object => objects::object(&self.data.take(), inside)?,
            Place::Picture => objects::picture(self.data.take(), inside)?,
            _ => {}
        }
        Ok(())
    }

    fn address(&mut self, kind: LinkKind, inside: &mut Inside<'_>) {
        let address = std::mem::take(&mut self.address);
        external::target(inside, "", address.trim(), "", kind);
    }

    fn control<'r>(&mut self, rest: &'r [u8]) -> &'r [u8] {
        let length = rest.iter().take(250).take_while(|b| b.is_ascii_alphabetic()).count();
        let Some((word, tail)) = rest.split_at_checked(length).filter(|(word, _)| !word.is_empty()) else {
            return self.symbol(rest);
        };
        let digits = tail.iter().take(20).enumerate();
        let digits = digits.take_while(|(at, b)| b.is_ascii_digit() || (*at == 0 && **b == b'-'));
        let (number, tail) = tail.split_at_checked(digits.count()).unwrap_or((&[], tail));
        let number: Option<i32> = std::str::from_utf8(number).ok().and_then(|text| text.parse().ok());
        let tail = tail.strip_prefix(b" ").unwrap_or(tail);
        if word == b"bin" {
            let length = number
                .and_then(|number| usize::try_from(number).ok())
                .unwrap_or_default();
            let (raw, tail) = tail.split_at_checked(length).unwrap_or((tail, &[]));
            if matches!(self.state.place, Place::Object | Place::Picture) {
                self.data.raw(raw);
            }
            return tail;
        }
        self.word(word, number);
        self.state.is_starred = false;
        tail
    }

    fn symbol<'r>(&mut self, rest: &'r [u8]) -> &'r [u8] {
        let Some((symbol, tail)) = rest.split_first() else {
            return rest;
        };
        match symbol {
            b'\'' => {
                if let Some((byte, rest)) = hex_pair(tail) {
                    // In data such a byte stands for itself only in part; readers pass over it.
                    if !matches!(self.state.place, Place::Object | Place::Picture) {
                        self.byte(byte);
                    }
                    return rest;
                }
            }
            b'*' => self.state.is_starred = true,
            b'~' => self.byte(b' '),
            b'\\' | b'{' | b'}' => self.byte(*symbol),
            b'_' => self.byte(b'-'),
            b'\r' | b'\n' => self.put("\n"),
            _ => {}
        }
        tail
    }

    fn word(&mut self, word: &[u8], number: Option<i32>) {
        if let Some(place) = place(word) {
            return self.enter(place);
        }
        match word {
            b"par" | b"line" | b"row" | b"nestrow" | b"sect" | b"page" => self.put("\n"),
            b"tab" | b"cell" | b"nestcell" => self.put("\t"),
            b"lquote" | b"rquote" => self.put("'"),
            b"ldblquote" | b"rdblquote" => self.put("\""),
            b"emdash" | b"endash" => self.put("-"),
            b"field" => {
                self.flush();
                self.fields.begin();
                self.state.is_field = true;
            }
            b"fldrslt" => {
                self.flush();
                self.fields.separate();
                self.state.place = Place::Text;
            }
            b"uc" => self.state.fallback = number.and_then(|n| u8::try_from(n).ok()).unwrap_or(1),
            b"u" => self.unicode(number),
            b"ansicpg" => self.code_page = number,
            b"deff" => {
                self.default_font = number.unwrap_or(0);
                self.state.font = self.default_font;
            }
            b"f" | b"plain" => {
                self.flush();
                self.state.font = number.filter(|_| word == b"f").unwrap_or(self.default_font);
            }
            b"fcharset" => {
                let page = number.and_then(code_page::of_font);
                if let Some(page) = page.filter(|_| self.fonts.len() < MOST_FONTS) {
                    self.fonts.insert(self.state.font, code_page::charset(page));
                }
            }
            _ if self.state.is_starred && !is_shown(word) && self.state.place == Place::Text => {
                self.state.place = Place::Hidden;
            }
            _ if self.state.is_starred && self.state.place == Place::Object => self.state.place = Place::Hidden,
            _ => {}
        }
    }

    fn enter(&mut self, place: Place) {
        self.flush();
        // A field in a code is still a code; what is hidden stays so, except that an object may be anywhere.
        if self.state.place == Place::Hidden && !matches!(place, Place::Object | Place::Template | Place::Link) {
            return;
        }
        if matches!(place, Place::Object | Place::Picture) && self.state.place == Place::Object {
            return;
        }
        self.state.is_first = true;
        self.state.place = place;
        if place == Place::Code {
            self.fields.resume();
        }
    }

    fn unicode(&mut self, number: Option<i32>) {
        // Negative numbers are those above 32767.
        let code = number.map(|n| if n < 0 { n.saturating_add(65536) } else { n });
        let c = code.and_then(|n| u32::try_from(n).ok()).and_then(char::from_u32);
        self.put(c.unwrap_or('\u{fffd}').encode_utf8(&mut [0; 4]));
        self.skip = self.state.fallback;
    }

    fn byte(&mut self, byte: u8) {
        match self.state.place {
            _ if self.skip > 0 => self.skip -= 1,
            Place::Object | Place::Picture => self.data.digit(byte),
            Place::Hidden | Place::Fonts => {}
            _ => self.pending.push(byte),
        }
    }

    fn put(&mut self, text: &str) {
        self.flush();
        match self.state.place {
            Place::Text | Place::Code => self.fields.push(text),
            Place::Template | Place::Link if self.address.len() + text.len() <= LONGEST_ADDRESS => {
                self.address.push_str(text);
            }
            _ => {}
        }
    }

    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        let page = code_page::charset(self.code_page.unwrap_or(1252));
        let label = self.fonts.get(&self.state.font).unwrap_or(&page);
        let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252);
        let text = encoding.decode_without_bom_handling(&bytes).0.into_owned();
        self.put(&text);
    }
}
