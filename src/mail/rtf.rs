//! Rich text as Outlook writes it: the way back to the HTML or plain text that was wrapped in it (`MS-OXRTFEX`). Linear, no
//! recursion.
//!
//! Tried: rtf-parser gives the text, but neither the HTML in it nor the targets of links, and gives nothing of a file with a group that is
//! never closed or a wrong code.

use std::collections::HashMap;

use super::{BodyKind, charset, code_page};
use crate::domain::coding::hex_pair;

/// Most fonts of a table that are kept.
const MAX_FONTS: usize = 4096;

/// The text in RTF: the HTML that was wrapped in it, else plain text with the targets of its links.
pub(super) fn text(rtf: &[u8]) -> (BodyKind, String) {
    let html = memchr::memmem::find(rtf.get(..4096).unwrap_or(rtf), b"\\fromhtml").is_some();
    let mut reader = Reader {
        html,
        state: State::default(),
        stack: Vec::new(),
        out: String::new(),
        pending: Vec::new(),
        link: String::new(),
        codepage: "windows-1252".to_owned(),
        default_font: 0,
        fonts: HashMap::new(),
        skip: 0,
    };
    reader.read(rtf);
    reader.flush();
    let kind = if html { BodyKind::Html } else { BodyKind::Plain };
    (kind, reader.out)
}

/// What a group inherits.
#[derive(Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools)] // each is set by a control word of its own
struct State {
    /// In a destination that is no text.
    hidden: bool,
    /// In the instruction of a field, which may be a link.
    field: bool,
    /// In `\htmltag`.
    tag: bool,
    /// Between `\htmlrtf` and `\htmlrtf0`.
    wrapped: bool,
    /// Number of the font, which decides the charset of the bytes.
    font: i32,
    /// How many characters stand for one `\u`, less one because the default is one.
    fallback: u8,
    starred: bool,
}

struct Reader {
    html: bool,
    state: State,
    stack: Vec<State>,
    out: String,
    pending: Vec<u8>,
    link: String,
    codepage: String,
    default_font: i32,
    /// Charset of each font that has one of its own.
    fonts: HashMap<i32, String>,
    skip: u8,
}

impl Reader {
    fn read(&mut self, rtf: &[u8]) {
        let mut rest = rtf;
        while let Some((first, tail)) = rest.split_first() {
            rest = tail;
            match first {
                b'{' => {
                    // Whoever opens a million groups gets no million states.
                    if self.stack.len() < 100_000 {
                        self.stack.push(self.state);
                    }
                    self.state.starred = false;
                }
                b'}' => self.close(),
                b'\\' => rest = self.control(tail),
                b'\r' | b'\n' | 0 => {}
                byte => self.byte(*byte),
            }
        }
    }

    fn close(&mut self) {
        self.flush();
        let before = self.state;
        self.state = self.stack.pop().unwrap_or_default();
        if before.field && !self.state.field {
            let link = std::mem::take(&mut self.link);
            let target = link.split('"').nth(1).unwrap_or_default();
            if link.trim_start().starts_with("HYPERLINK") && !target.is_empty() && !self.state.hidden && !self.html {
                self.out.push('<');
                self.out.push_str(target);
                self.out.push_str("> ");
            }
        }
    }

    fn control<'r>(&mut self, rest: &'r [u8]) -> &'r [u8] {
        let length = rest.iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        let Some((word, tail)) = rest.split_at_checked(length).filter(|(word, _)| !word.is_empty()) else {
            return self.symbol(rest);
        };
        let digits = tail.iter().take(11).enumerate();
        let digits = digits
            .take_while(|(i, b)| b.is_ascii_digit() || (*i == 0 && **b == b'-'))
            .count();
        let (number, tail) = tail.split_at_checked(digits).unwrap_or((&[], tail));
        let number: Option<i32> = std::str::from_utf8(number).ok().and_then(|text| text.parse().ok());
        let tail = tail.strip_prefix(b" ").unwrap_or(tail);
        self.word(word, number);
        match (word, number.and_then(|n| usize::try_from(n).ok())) {
            (b"bin", Some(length)) => tail.get(length..).unwrap_or_default(),
            _ => tail,
        }
    }

    fn symbol<'r>(&mut self, rest: &'r [u8]) -> &'r [u8] {
        let Some((symbol, tail)) = rest.split_first() else {
            return rest;
        };
        match symbol {
            b'\'' => {
                if let Some((byte, rest)) = hex_pair(tail) {
                    self.byte(byte);
                    return rest;
                }
            }
            b'*' => self.state.starred = true,
            b'~' => self.byte(b' '),
            b'\\' | b'{' | b'}' => self.byte(*symbol),
            b'_' => self.byte(b'-'),
            b'\r' | b'\n' => self.break_line(),
            _ => {}
        }
        tail
    }

    fn word(&mut self, word: &[u8], number: Option<i32>) {
        match word {
            b"par" | b"line" | b"row" | b"sect" | b"page" => self.break_line(),
            b"tab" | b"cell" => self.byte(b'\t'),
            b"lquote" | b"rquote" => self.byte(b'\''),
            b"ldblquote" | b"rdblquote" => self.byte(b'"'),
            b"emdash" | b"endash" => self.byte(b'-'),
            b"htmlrtf" => {
                self.flush();
                self.state.wrapped = number != Some(0);
            }
            b"htmltag" => {
                self.flush();
                self.state.tag = true;
                self.state.hidden = !self.html;
            }
            b"fldinst" => {
                self.flush();
                self.state.field = true;
            }
            b"fldrslt" | b"rtf" => {}
            b"fonttbl" | b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object" | b"header" | b"footer"
            | b"listtable" | b"listoverridetable" | b"filetbl" | b"themedata" => self.state.hidden = true,
            b"uc" => self.state.fallback = u8::try_from(number.unwrap_or(1)).unwrap_or(1).wrapping_sub(1),
            b"u" => {
                // Negative numbers are those above 32767.
                let code = number.map(|n| if n < 0 { n + 65536 } else { n });
                let c = code.and_then(|n| u32::try_from(n).ok()).and_then(char::from_u32);
                self.flush();
                self.put(c.unwrap_or('\u{fffd}'));
                self.skip = self.state.fallback.wrapping_add(1);
            }
            b"ansicpg" => self.codepage = code_page::charset(number.unwrap_or(1252)),
            b"deff" => {
                self.default_font = number.unwrap_or(0);
                self.state.font = self.default_font;
            }
            b"f" | b"plain" => {
                self.flush();
                self.state.font = number.filter(|_| word == b"f").unwrap_or(self.default_font);
            }
            b"fcharset" => {
                if let Some(number) = number
                    .and_then(code_page::of_font)
                    .filter(|_| self.fonts.len() < MAX_FONTS)
                {
                    self.fonts.insert(self.state.font, code_page::charset(number));
                }
            }
            _ if self.state.starred => self.state.hidden = true,
            _ => {}
        }
        self.state.starred = false;
    }

    fn break_line(&mut self) {
        self.flush();
        self.put('\n');
    }

    fn shown(&self) -> bool {
        let only_wrapping = self.html && self.state.wrapped && !self.state.tag;
        !self.state.hidden && !only_wrapping
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.shown() || self.state.field {
            self.pending.push(byte);
        }
    }

    fn put(&mut self, c: char) {
        if self.state.field {
            self.link.push(c);
        } else if self.shown() {
            self.out.push(c);
        }
    }

    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let charset = self.fonts.get(&self.state.font).unwrap_or(&self.codepage);
        let text = charset::decode(std::mem::take(&mut self.pending), Some(charset));
        if self.state.field {
            self.link.push_str(&text);
        } else {
            self.out.push_str(&text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rich_text_is_read_as_text() {
        let facts = [
            ("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}one\\par two}", "one\ntwo"),
            ("{\\rtf1 caf\\'e9 \\u8364?5}", "café €5"),
            (
                "{\\rtf1{\\*\\generator x;}a{\\field{\\*\\fldinst{HYPERLINK \"http://evil/\"}}{\\fldrslt{click}}}}",
                "a<http://evil/> click",
            ),
            ("{\\rtf1 a\\{b\\}\\\\c}", "a{b}\\c"),
            (
                "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}{\\f4\\fcharset204 Arial;}}{\\f4 \\'c7\\'e4}\\f4 \\'e5\\plain \\'e9}",
                "Здеé",
            ),
            ("{\\rtf1 a{\\pict\\bin3 {{{}b}", "ab"),
            ("}}}{{{", ""),
        ];
        for (rtf, expected) in facts {
            assert_eq!(text(rtf.as_bytes()), (BodyKind::Plain, expected.to_owned()), "{rtf}");
        }
    }

    #[test]
    fn wrapped_html_is_unwrapped() {
        let rtf = b"{\\rtf1\\ansi\\fromhtml1 \\deff0{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 see {\\*\\htmltag84 <a href=\"http://evil/\">}\\htmlrtf {\\field{\\*\\fldinst{HYPERLINK \"http://evil/\"}}{\\fldrslt\\cf1\\ul \\htmlrtf0 click\\htmlrtf }\\htmlrtf0}{\\*\\htmltag92 </a>}\\htmlrtf\\par}\\htmlrtf0{\\*\\htmltag72 </p>}}";
        let (kind, html) = text(rtf);
        assert_eq!(kind, BodyKind::Html);
        assert_eq!(html, "<p>see <a href=\"http://evil/\">click</a></p>");
    }
}
