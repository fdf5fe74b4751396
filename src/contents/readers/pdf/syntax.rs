//! The reader of the syntax of objects. What it cannot read becomes null, as viewers do it.

use super::object::{Dict, Name, Object};

/// Arrays and dictionaries inside one another are read no deeper.
const DEEPEST: usize = 48;
/// Items of arrays and dictionaries that are kept at a time: each takes up to thirty times the bytes that it is written with.
const MOST_HELD: usize = 2_000_000;

const fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

const fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

/// Reads objects one after the other.
pub struct Parser<'a> {
    bytes: &'a [u8],
    pub at: usize,
    /// Items that were made and are kept; the owner sets it back when it lets them go.
    pub held: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            held: 0,
            depth: 0,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.at += 1;
                }
            } else if is_blank(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// The next object; `None` at the end of the bytes.
    pub fn object(&mut self) -> Option<Object> {
        self.skip_blanks();
        let object = match self.peek()? {
            b'/' => Object::Name(self.name()),
            b'(' => Object::Text(self.literal()),
            b'<' if self.rest().starts_with(b"<<") => self.dict(),
            b'<' => Object::Text(self.hex()),
            b'[' => self.array(),
            b'+' | b'-' | b'.' | b'0'..=b'9' => self.number(),
            b']' | b'>' | b')' | b'{' | b'}' => {
                self.at += 1;
                Object::Null
            }
            _ => self.word(),
        };
        Some(object)
    }

    fn run(&mut self) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(|byte| !is_blank(byte) && !is_delimiter(byte)) {
            self.at += 1;
        }
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    fn word(&mut self) -> Object {
        match self.run() {
            b"true" => Object::Bool(true),
            b"false" => Object::Bool(false),
            b"null" => Object::Null,
            word => Object::Word(Name::from_slice(word)),
        }
    }

    fn number(&mut self) -> Object {
        let number = self.digits();
        // `12 0 R` is a reference.
        let back = self.at;
        if number.fract() == 0.0 && number >= 0.0 {
            self.skip_blanks();
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) && self.digits() >= 0.0 {
                self.skip_blanks();
                let ends = self
                    .bytes
                    .get(self.at + 1)
                    .is_none_or(|byte| is_blank(*byte) || is_delimiter(*byte));
                if self.peek() == Some(b'R') && ends {
                    self.at += 1;
                    let target = Object::Number(number)
                        .as_count()
                        .and_then(|number| u32::try_from(number).ok());
                    return target.map_or(Object::Null, Object::Reference);
                }
            }
        }
        self.at = back;
        Object::Number(number)
    }

    fn digits(&mut self) -> f64 {
        let run = self.run();
        let text = std::str::from_utf8(run).unwrap_or_default();
        text.parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .unwrap_or(0.0)
    }

    fn name(&mut self) -> Name {
        self.at += 1;
        let run = self.run();
        let mut name = Name::with_capacity(run.len());
        let mut bytes = run.iter();
        while let Some(byte) = bytes.next() {
            let digits = (*byte == b'#')
                .then_some(bytes.as_slice())
                .and_then(|rest| hex_byte(rest.get(..2)?));
            name.push(digits.unwrap_or(*byte));
            if digits.is_some() {
                bytes.nth(1);
            }
        }
        name
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut text = Vec::new();
        let mut open = 1_usize;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                }
                b'\\' => {
                    self.escape(&mut text);
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
        text.shrink_to_fit();
        text
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\r' if self.peek() == Some(b'\n') => self.at += 1,
            b'\r' | b'\n' => {}
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit) = self.peek().filter(|byte| (b'0'..=b'7').contains(byte)) else {
                        break;
                    };
                    value = value * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                text.push(value.to_le_bytes()[0]);
            }
            other => text.push(other),
        }
    }

    fn hex(&mut self) -> Vec<u8> {
        self.at += 1;
        let rest = self.rest();
        let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
        self.at += (end + 1).min(rest.len());
        let mut digits: Vec<u8> = rest.iter().take(end).copied().filter(u8::is_ascii_hexdigit).collect();
        if digits.len() % 2 == 1 {
            digits.push(b'0');
        }
        digits.chunks(2).filter_map(hex_byte).collect()
    }

    fn array(&mut self) -> Object {
        self.at += 1;
        let mut items = Vec::new();
        if self.enter() {
            loop {
                self.skip_blanks();
                match self.peek() {
                    None => break,
                    Some(b']') => {
                        self.at += 1;
                        break;
                    }
                    // The end of the object around it: somebody forgot the bracket.
                    Some(b'>') if self.rest().starts_with(b">>") => break,
                    Some(_) => {
                        let item = self.object();
                        if self.hold() {
                            items.extend(item);
                        }
                    }
                }
            }
            self.depth -= 1;
        }
        items.shrink_to_fit();
        Object::Array(items)
    }

    fn dict(&mut self) -> Object {
        self.at += 2;
        let mut pairs = Vec::new();
        if self.enter() {
            loop {
                self.skip_blanks();
                let rest = self.rest();
                if rest.is_empty() || rest.starts_with(b"endobj") || rest.starts_with(b"stream") {
                    break;
                }
                if rest.starts_with(b">>") {
                    self.at += 2;
                    break;
                }
                match self.object() {
                    Some(Object::Name(key)) => {
                        let value = self.object();
                        if self.hold() && self.hold() {
                            pairs.extend(value.map(|value| (key, value)));
                        }
                    }
                    Some(_) => {}
                    None => break,
                }
            }
            self.depth -= 1;
        }
        pairs.shrink_to_fit();
        Object::Dict(Dict(pairs))
    }

    /// Whether one more item may be kept. Those beyond the limit are read over.
    fn hold(&mut self) -> bool {
        let may = self.held < MOST_HELD;
        self.held += usize::from(may);
        may
    }

    fn enter(&mut self) -> bool {
        let may = self.depth < DEEPEST;
        self.depth += usize::from(may);
        may
    }
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let [high, low] = digits else { return None };
    let value = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(value(*high)? * 16 + value(*low)?).ok()
}
