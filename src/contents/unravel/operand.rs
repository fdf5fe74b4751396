//! What an expression is made of: texts, numbers, names, lists, and what stands in brackets.

use super::call;
use super::eval::{DEEPEST, Operand, Path, Program};
use super::lexer::{Token, unescaped};
use super::page;
use super::value::Value;

impl<'s> Program<'s, '_> {
    pub fn operand(&mut self, depth: usize) -> Operand<'s> {
        if depth >= DEEPEST {
            self.lexer.next();
            return Operand::default();
        }
        let first = match self.lexer.next() {
            Some(Token::Text(written)) => self.literal(written),
            Some(Token::Number(number)) => Operand {
                value: Value::Number(number),
                ..Operand::default()
            },
            Some(Token::Mark('-')) => match self.operand(depth + 1).value {
                Value::Number(number) => Operand {
                    value: Value::Number(number.wrapping_neg()),
                    ..Operand::default()
                },
                _ => Operand::default(),
            },
            Some(Token::Mark('[')) => self.bracket(depth + 1),
            Some(Token::Mark('(')) => self.grouped(depth + 1),
            Some(Token::Mark('@')) if self.lexer.peek() == Some(Token::Mark('(')) => self.operand(depth + 1),
            Some(Token::Mark('/')) => self.pattern(),
            Some(Token::Word(
                "new" | "await" | "return" | "var" | "let" | "const" | "Set" | "set" | "Dim" | "echo",
            )) => {
                return self.operand(depth + 1);
            }
            Some(Token::Word(word)) => self.word(word),
            _ => return Operand::default(),
        };
        call::behind(self, first, depth)
    }

    fn literal(&mut self, written: &str) -> Operand<'s> {
        let text = unescaped(written);
        // A page in a program is written somewhere, and an address is used.
        let is_page = text.contains('<') && page::is_markup(&text);
        let is_made = text != written || text.contains("://") || is_page;
        if !self.take(text.len()) {
            return Operand::default();
        }
        Operand {
            value: Value::Text(text.into_owned()),
            is_made,
            path: Path::default(),
        }
    }

    fn word(&mut self, word: &'s str) -> Operand<'s> {
        // Python's prefixes of a text.
        if matches!(word, "b" | "r" | "u" | "f" | "br" | "rb") && self.lexer.rest().starts_with(['"', '\'']) {
            if let Some(Token::Text(written)) = self.lexer.next() {
                return self.literal(written);
            }
            return Operand::default();
        }
        let known = self.names.get(word).map_or(0, Value::size);
        let value = if self.take(known) {
            self.names.get(word).cloned().unwrap_or_default()
        } else {
            Value::Unknown
        };
        Operand {
            is_made: false,
            value,
            path: Path::of(["", word]),
        }
    }

    /// A list, or the type to which PowerShell casts what follows.
    fn bracket(&mut self, depth: usize) -> Operand<'s> {
        let before = self.lexer;
        if let Some(Token::Word(name)) = self.lexer.next() {
            let is_cast = matches!(name.to_ascii_lowercase().as_str(), "char" | "string" | "byte" | "int");
            if is_cast && self.lexer.rest().trim_start_matches(['[', ']', ' ']).len() < self.lexer.rest().len() {
                while matches!(self.lexer.peek(), Some(Token::Mark('[' | ']'))) {
                    self.lexer.next();
                }
                let operand = self.operand(depth);
                return match (name.to_ascii_lowercase().as_str(), operand.value) {
                    ("char", Value::Number(number)) => Operand::made(Value::characters(&[Value::Number(number)])),
                    ("char", Value::List(list)) => Operand::made(Value::characters(&list)),
                    (_, value) => Operand {
                        value,
                        ..Operand::default()
                    },
                };
            }
        }
        self.lexer = before;
        let list = self.list(']', depth);
        Operand {
            value: Value::List(list.into_iter().map(|one| one.value).collect()),
            ..Operand::default()
        }
    }

    fn grouped(&mut self, depth: usize) -> Operand<'s> {
        let mut list = self.list(')', depth);
        match list.len() {
            0 => Operand::default(),
            1 => list.pop().unwrap_or_default(),
            _ => Operand {
                value: Value::List(list.into_iter().map(|one| one.value).collect()),
                ..Operand::default()
            },
        }
    }

    /// Expressions with commas between them, until `end`. What cannot be read is passed.
    pub fn list(&mut self, end: char, depth: usize) -> Vec<Operand<'s>> {
        let mut all = Vec::new();
        while self.lexer.peek().is_some() && self.room > 0 {
            if self.lexer.eat(end) {
                return all;
            }
            match self.lexer.peek() {
                Some(Token::Mark(',')) => {
                    self.lexer.next();
                }
                // The end of a statement: the list is none.
                Some(Token::Mark(';' | '}' | '{')) if end == ']' => return all,
                _ => {
                    let before = self.lexer.at;
                    let operand = self.expression(depth);
                    // Numbers make lists of millions; each has its price.
                    self.take(8);
                    if self.lexer.at == before {
                        self.lexer.next();
                    }
                    all.push(operand);
                }
            }
        }
        all
    }

    /// `/x/g`: a pattern of JavaScript, where no division can stand. Of use is one that stands for one text.
    fn pattern(&mut self) -> Operand<'s> {
        let before = self
            .lexer
            .text
            .get(..self.lexer.at.saturating_sub(1))
            .unwrap_or_default()
            .trim_end();
        let divides =
            before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | ']' | '_' | '$' | '"' | '\'' | '`'));
        let Some(end) = end_of_pattern(self.lexer.rest()).filter(|_| !divides) else {
            return Operand::default();
        };
        let pattern = self.lexer.rest().get(..end).unwrap_or_default();
        self.lexer.at += end + 1;
        while matches!(
            self.lexer.rest().as_bytes().first(),
            Some(b'g' | b'i' | b'm' | b's' | b'u' | b'y')
        ) {
            self.lexer.at += 1;
        }
        let is_one = |inner: &&str| inner.chars().count() == 1;
        let inner = pattern.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
        let pattern = inner.filter(is_one).unwrap_or(pattern);
        let plain = pattern.replace('\\', "");
        if plain.contains(['[', '(', '*', '+', '?', '.', '{', '^', '|', '$']) && plain.len() == pattern.len() {
            return Operand::default();
        }
        Operand {
            value: Value::Text(plain),
            ..Operand::default()
        }
    }
}

/// The slash that ends a pattern: no escaped one, and none in a class. Patterns are short.
fn end_of_pattern(text: &str) -> Option<usize> {
    const LONGEST: usize = 300;
    let mut is_class = false;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().take(LONGEST) {
        match byte {
            b'\n' => return None,
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'[' => is_class = true,
            b']' => is_class = false,
            b'/' if !is_class => return Some(at),
            _ => {}
        }
    }
    None
}
