//! Follows a program from its start to its end, and puts together what stands in it in pieces. Branches and loops are passed once.

use std::collections::HashMap;

use super::Made;
use super::function;
use super::lexer::{Lexer, Token};
use super::value::Value;
use crate::mail::LinkKind;

/// Expressions inside expressions.
pub(super) const DEEPEST: usize = 40;
/// Names whose values are kept.
const NAMES: usize = 4000;

/// Follows a program.
pub(super) fn run(source: &str, made: &mut Vec<Made>) {
    let mut program = Program {
        lexer: Lexer::new(source),
        names: HashMap::new(),
        // Every copy of a text is taken from this.
        room: source.len().saturating_mul(16).saturating_add(1 << 18).min(64 << 20),
        made,
    };
    while program.lexer.peek().is_some() && program.room > 0 {
        program.statement();
    }
}

pub(super) struct Program<'s, 'm> {
    pub lexer: Lexer<'s>,
    pub names: HashMap<&'s str, Value>,
    pub room: usize,
    pub made: &'m mut Vec<Made>,
}

/// A value, and what is known of where it stands.
#[derive(Debug, Default)]
pub(super) struct Operand<'s> {
    pub value: Value,
    /// It was put together, not written as it is.
    pub is_made: bool,
    pub path: Path<'s>,
}

/// The names that lead to a value, the last two: `location.href`. Most values have none, and there are lists of millions of them.
#[derive(Debug, Default)]
pub(super) struct Path<'s>(Option<Box<[&'s str; 2]>>);

impl<'s> Path<'s> {
    pub fn of(names: [&'s str; 2]) -> Self {
        Self(Some(Box::new(names)))
    }

    pub fn names(&self) -> [&'s str; 2] {
        self.0.as_deref().copied().unwrap_or_default()
    }
}

impl Operand<'_> {
    pub fn made(value: Value) -> Self {
        Self {
            is_made: !matches!(value, Value::Unknown),
            value,
            path: Path::default(),
        }
    }
}

impl<'s> Program<'s, '_> {
    fn statement(&mut self) {
        let operand = self.expression(0);
        if self.lexer.peek() != Some(Token::Mark('=')) && !self.appends() {
            self.give(&operand);
            return;
        }
        let is_longer = self.appends();
        if is_longer {
            self.lexer.next();
        }
        self.lexer.next();
        if matches!(self.lexer.peek(), Some(Token::Mark('=' | '>'))) && self.is_joined() {
            // A comparison or an arrow.
            self.lexer.next();
            self.give(&operand);
            return;
        }
        let assigned = self.expression(0);
        self.assign(operand.path, assigned, is_longer);
    }

    /// `+=`, `.=`, `&=`
    fn appends(&self) -> bool {
        let mut ahead = self.lexer;
        matches!(ahead.next(), Some(Token::Mark('+' | '.' | '&'))) && ahead.rest().starts_with('=')
    }

    fn is_joined(&self) -> bool {
        self.lexer.rest().starts_with(['=', '>'])
    }

    fn assign(&mut self, path: Path<'s>, assigned: Operand<'_>, is_longer: bool) {
        let names @ [_, name] = path.names();
        let mut value = assigned.value;
        if is_longer {
            let before = self.names.remove(name).unwrap_or_default();
            value = self.joined(before, &value);
            if !matches!(value, Value::Unknown) && self.names.len() < NAMES {
                self.names.insert(name, value);
            }
            return;
        }
        self.property(names, &value);
        let operand = Operand {
            value,
            is_made: assigned.is_made,
            path,
        };
        self.give(&operand);
        if !name.is_empty() && self.names.len() < NAMES && self.take(operand.value.size()) {
            self.names.insert(name, operand.value);
        }
    }

    /// Goes somewhere, sends something somewhere, or names a file.
    pub fn property(&mut self, [before, name]: [&str; 2], value: &Value) {
        let Some(text) = value.text().filter(|text| !text.trim().is_empty()) else {
            return;
        };
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        let is_address = text.contains("://") || text.starts_with("//") || text.starts_with("mailto:");
        let kind = match () {
            () if is("location") || before.eq_ignore_ascii_case("location") && is("href") => LinkKind::Refresh,
            () if is("action") => LinkKind::Form,
            () if is("href") => LinkKind::Anchor,
            () if is("src") => LinkKind::Resource,
            () if is("download") => return self.made.push(Made::Name(text.to_owned())),
            () => return,
        };
        if is_address {
            self.made.push(Made::Link(text.to_owned(), kind));
        }
    }

    /// Hands over what was put together.
    pub fn give(&mut self, operand: &Operand<'_>) {
        let is_to_give = operand.is_made || matches!(&operand.value, Value::List(list) if is_worth(list));
        if is_to_give && self.take(operand.value.size()) {
            operand.value.give(self.made);
        }
    }

    /// Takes memory for a copy. False when too much was taken.
    pub fn take(&mut self, bytes: usize) -> bool {
        let has_room = bytes <= self.room;
        self.room = self.room.saturating_sub(bytes);
        has_room
    }

    /// Operands with operators between them, from left to right.
    pub fn expression(&mut self, depth: usize) -> Operand<'s> {
        if depth >= DEEPEST {
            self.lexer.next();
            return Operand::default();
        }
        let mut left = self.operand(depth);
        while self.room > 0 {
            let before = self.lexer;
            let Some(Token::Mark(mark)) = self.lexer.next() else {
                self.lexer = before;
                break;
            };
            let is_operator = match mark {
                '+' | '&' | '.' => !self.lexer.rest().starts_with(['=', '+', '&']),
                '-' | '*' | '^' => !self.lexer.rest().starts_with('='),
                _ => false,
            };
            if !is_operator {
                self.lexer = before;
                break;
            }
            left = match (mark, self.lexer.peek()) {
                ('-', Some(Token::Word(word))) if function::is_operator(word) => {
                    self.lexer.next();
                    let right = self.arguments_behind(depth + 1);
                    self.called(word, &left.value, &right)
                }
                _ => {
                    let right = self.operand(depth + 1);
                    self.combined(mark, left, right)
                }
            };
        }
        left
    }

    /// `-join ''`, `-f 'a','b'`: operands with commas between them.
    fn arguments_behind(&mut self, depth: usize) -> Vec<Operand<'s>> {
        let mut all = vec![self.operand(depth)];
        while all.len() < 200 && self.lexer.eat(',') {
            all.push(self.operand(depth));
        }
        all
    }

    fn combined(&mut self, mark: char, left: Operand<'s>, right: Operand<'_>) -> Operand<'s> {
        let value = match (mark, left.value, right.value) {
            ('+', Value::Number(a), Value::Number(b)) => Value::Number(a.wrapping_add(b)),
            ('-', Value::Number(a), Value::Number(b)) => Value::Number(a.wrapping_sub(b)),
            ('*', Value::Number(a), Value::Number(b)) => Value::Number(a.wrapping_mul(b)),
            ('^', Value::Number(a), Value::Number(b)) => Value::Number(a ^ b),
            ('+' | '&' | '.', a, b) if a != Value::Unknown || b != Value::Unknown => self.joined(a, &b),
            _ => Value::Unknown,
        };
        Operand {
            is_made: matches!(value, Value::Text(_)),
            value,
            path: left.path,
        }
    }

    fn joined(&mut self, left: Value, right: &Value) -> Value {
        if !self.take(right.size()) {
            return Value::Unknown;
        }
        match (left, right) {
            (Value::List(mut list), Value::List(more)) => {
                list.extend(more.iter().cloned());
                Value::List(list)
            }
            (Value::Text(mut text), right) => {
                right.append_to(&mut text);
                Value::Text(text)
            }
            (left, right) => {
                let mut text = String::new();
                left.append_to(&mut text);
                right.append_to(&mut text);
                Value::Text(text)
            }
        }
    }
}

/// Whether a list may be the characters of a text, or has addresses.
fn is_worth(list: &[Value]) -> bool {
    let has_address = |value: &Value| value.text().is_some_and(|text| text.contains("://"));
    list.len() >= 6 || list.iter().any(has_address)
}
