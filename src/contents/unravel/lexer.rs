//! The words, numbers, texts and marks of a program, in the languages of scripts alike: JavaScript, VBScript, PowerShell, PHP, Python.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'s> {
    /// What stands between two quotation marks, as written.
    Text(&'s str),
    Number(i64),
    Word(&'s str),
    Mark(char),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Lexer<'s> {
    pub text: &'s str,
    pub at: usize,
    /// Bytes that were searched for the end of a text that has none.
    pub vain: usize,
}

impl<'s> Lexer<'s> {
    pub fn peek(&self) -> Option<Token<'s>> {
        let mut ahead = *self;
        ahead.next()
    }

    /// Takes the mark if it comes next.
    pub fn eat(&mut self, mark: char) -> bool {
        let mut ahead = *self;
        let is_next = ahead.next() == Some(Token::Mark(mark));
        if is_next {
            *self = ahead;
        }
        is_next
    }

    pub fn rest(&self) -> &'s str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, bytes: usize) -> &'s str {
        let start = self.at;
        self.at = self.text.len().min(start.saturating_add(bytes));
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Passes blanks, comments, and the mark by which a line goes on in the next.
    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            self.at += blank;
            let rest = self.rest();
            if rest.starts_with("/*") {
                let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
                self.at += end;
            } else if rest.starts_with("//") && self.begins_comment() {
                self.at += memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            } else if rest.starts_with("_\n") || rest.starts_with("_\r\n") || rest.starts_with("\\\n") {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    fn begins_comment(&self) -> bool {
        let before = self.text.as_bytes().get(..self.at).and_then(|before| before.last());
        before.is_none_or(|byte| byte.is_ascii_whitespace() || b";{}),".contains(byte))
    }

    pub fn next(&mut self) -> Option<Token<'s>> {
        self.blanks();
        let first = self.rest().chars().next()?;
        Some(match first {
            '"' | '\'' | '`' => self.quoted(first),
            '0'..='9' => self.number(),
            _ if first.is_alphanumeric() || matches!(first, '_' | '$') => {
                let rest = self.rest();
                let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$')));
                Token::Word(self.skip(end.unwrap_or(rest.len())))
            }
            _ => {
                self.skip(first.len_utf8());
                Token::Mark(first)
            }
        })
    }

    /// A text, or a lone quotation mark. A program of such marks would be searched to its end for each: that is done only so often.
    fn quoted(&mut self, quote: char) -> Token<'s> {
        let bytes = self.rest().as_bytes();
        let mut end = 1;
        let byte = u8::try_from(quote).unwrap_or(b'"');
        while self.vain <= self.text.len() {
            let rest = bytes.get(end..).unwrap_or_default();
            let Some(found) = memchr2(byte, b'\\', rest) else {
                break;
            };
            // Only a template goes on over the end of its line; others do behind a backslash.
            if quote != '`' && memchr(b'\n', rest.get(..found).unwrap_or_default()).is_some() {
                break;
            }
            end += found;
            if bytes.get(end) == Some(&byte) {
                let written = self.skip(end + 1);
                return Token::Text(written.get(1..end).unwrap_or_default());
            }
            end += 2;
        }
        self.vain += end.max(memchr(b'\n', bytes).unwrap_or(bytes.len()));
        self.skip(1);
        Token::Mark(quote)
    }

    fn number(&mut self) -> Token<'s> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let digits = self.skip(end);
        let hex = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
        let number = match hex {
            Some(hex) => i64::from_str_radix(hex, 16),
            None => digits.parse(),
        };
        number.map_or(Token::Word(digits), Token::Number)
    }
}

/// The text that a program means: `\x68`, `\u0068`, `\u{68}`, `\150`, `\n`, and a line end behind a backslash, which is none.
pub(super) fn unescaped(written: &str) -> Cow<'_, str> {
    if !written.contains('\\') {
        return Cow::Borrowed(written);
    }
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        out.push_str(rest.get(..at).unwrap_or_default());
        let code = rest.get(at + 1..).unwrap_or_default();
        let (c, length) = escape(code);
        out.extend(c);
        rest = code.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character of a code behind its backslash, and how long the code is.
fn escape(code: &str) -> (Option<char>, usize) {
    let hex = |from: usize, digits: usize| {
        let digits = code.get(from..from + digits)?;
        u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
    };
    let Some(first) = code.chars().next() else {
        return (None, 0);
    };
    match first {
        'n' => (Some('\n'), 1),
        'r' => (Some('\r'), 1),
        't' => (Some('\t'), 1),
        'b' | 'f' | 'v' => (Some(' '), 1),
        'x' if hex(1, 2).is_some() => (hex(1, 2), 3),
        'u' if code.starts_with("u{") => {
            let end = code.find('}').filter(|end| *end <= 9).unwrap_or(2);
            (hex(2, end - 2), end + 1)
        }
        'u' if hex(1, 4).is_some() => (hex(1, 4), 5),
        '\r' => (None, if code.starts_with("\r\n") { 2 } else { 1 }),
        '\n' => (None, 1),
        '0'..='7' => {
            let end = code.find(|c: char| !c.is_digit(8)).unwrap_or(code.len()).min(3);
            let number = code.get(..end).and_then(|digits| u32::from_str_radix(digits, 8).ok());
            (number.and_then(char::from_u32), end)
        }
        other => (Some(other), other.len_utf8()),
    }
}
