//! What stands behind an operand: properties, elements, calls.

use super::Made;
use super::eval::{Operand, Path, Program};
use super::function::{of_function, reversed};
use super::lexer::Token;
use super::value::Value;
use crate::mail::LinkKind;

/// Reads what stands behind an operand.
pub(super) fn behind<'s>(program: &mut Program<'s, '_>, operand: Operand<'s>, depth: usize) -> Operand<'s> {
    let mut chain = Chain {
        operand,
        receiver: Value::Unknown,
    };
    while program.room > 0 {
        let before = program.lexer;
        let goes_on = match program.lexer.next() {
            Some(Token::Mark('.' | '?' | ':')) => chain.property(before.rest(), program),
            Some(Token::Mark('[')) => chain.element(program, depth),
            Some(Token::Mark('(')) => chain.call(program, depth),
            _ => false,
        };
        if !goes_on {
            program.lexer = before;
            break;
        }
    }
    chain.operand
}

struct Chain<'s> {
    operand: Operand<'s>,
    /// Of `a.b`, the value of `a`.
    receiver: Value,
}

impl<'s> Chain<'s> {
    fn name(&mut self, name: &'s str) {
        let [_, before] = self.operand.path.names();
        self.receiver = std::mem::take(&mut self.operand.value);
        self.operand.path = Path::of([before, name]);
    }

    fn property(&mut self, written: &str, program: &mut Program<'s, '_>) -> bool {
        if !is_property(written) {
            return false;
        }
        while matches!(program.lexer.peek(), Some(Token::Mark('.' | ':'))) {
            program.lexer.next();
        }
        let Some(Token::Word(name)) = program.lexer.next() else {
            return false;
        };
        self.name(name);
        true
    }

    fn element(&mut self, program: &mut Program<'s, '_>, depth: usize) -> bool {
        match key(program, depth) {
            Key::Name(name) => self.name(name),
            Key::Reversed => self.operand = Operand::made(reversed(std::mem::take(&mut self.operand.value))),
            Key::Number(index) => {
                self.operand.value = match (&self.operand.value, usize::try_from(index)) {
                    (Value::List(list), Ok(index)) => list.get(index).cloned().unwrap_or_default(),
                    _ => Value::Unknown,
                };
                self.operand.is_made = false;
            }
            Key::Unknown => self.operand.value = Value::Unknown,
        }
        true
    }

    fn call(&mut self, program: &mut Program<'s, '_>, depth: usize) -> bool {
        let path = std::mem::take(&mut self.operand.path);
        let names @ [before, name] = path.names();
        let mut arguments = program.list(')', depth + 1);
        // `String.fromCharCode.apply(null, …)`
        let is_applied = matches!(name, "apply" | "call");
        let function = if is_applied { before } else { name };
        if is_applied && !arguments.is_empty() {
            arguments.remove(0);
        }
        went(program, names, &arguments);
        let receiver = std::mem::take(&mut self.receiver);
        let called = program.called(function, &receiver, &arguments);
        self.operand = Operand { path, ..called };
        true
    }
}

/// `a.b`, `a?.b`, `a::b`; not `a . b` and `c ? d : e`.
fn is_property(written: &str) -> bool {
    let written = written.trim_start();
    let rest = written
        .strip_prefix("?.")
        .or_else(|| written.strip_prefix("::"))
        .or_else(|| written.strip_prefix('.'));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '_'))
}

enum Key<'s> {
    Name(&'s str),
    Number(i64),
    /// `[::-1]` of Python.
    Reversed,
    Unknown,
}

fn key<'s>(program: &mut Program<'s, '_>, depth: usize) -> Key<'s> {
    if let Some(rest) = program.lexer.rest().strip_prefix("::-1]") {
        program.lexer.at = program.lexer.text.len() - rest.len();
        return Key::Reversed;
    }
    let before = program.lexer;
    if let Some(Token::Text(name)) = program.lexer.next()
        && program.lexer.eat(']')
    {
        return Key::Name(name);
    }
    program.lexer = before;
    let list = program.list(']', depth + 1);
    match list.as_slice() {
        [
            Operand {
                value: Value::Number(index),
                ..
            },
        ] => Key::Number(*index),
        _ => Key::Unknown,
    }
}

/// A call that goes somewhere, or sets a property.
fn went(program: &mut Program<'_, '_>, [before, name]: [&str; 2], arguments: &[Operand<'_>]) {
    let first = arguments.first().and_then(|one| one.value.text());
    let lower = name.to_ascii_lowercase();
    let goes = matches!(before, "location") && matches!(&*lower, "replace" | "assign")
        || matches!(
            &*lower,
            "open" | "navigate" | "openurl" | "shellexecute" | "followhyperlink"
        );
    if let Some(target) = first.filter(|target| goes && target.contains("://")) {
        program.made.push(Made::Link(target.to_owned(), LinkKind::Refresh));
    }
    if lower == "setattribute"
        && let [attribute, value, ..] = arguments
        && let Some(attribute) = attribute.value.text()
    {
        program.property(["", attribute], &value.value);
    }
}

impl<'s> Program<'s, '_> {
    /// What a function gives. What it does not give, but was put together for it, is handed over.
    pub fn called(&mut self, name: &str, receiver: &Value, arguments: &[Operand<'_>]) -> Operand<'s> {
        let cost = receiver.size() + arguments.iter().map(|one| one.value.size()).sum::<usize>();
        if !self.take(cost) {
            return Operand::default();
        }
        let values: Vec<&Value> = arguments.iter().map(|one| &one.value).collect();
        let value = of_function(&name.to_ascii_lowercase(), receiver, &values);
        if value == Value::Unknown {
            for one in arguments {
                self.give(one);
            }
        }
        if !self.take(value.size()) {
            return Operand::default();
        }
        Operand::made(value)
    }
}
