//! What stands behind an operand: properties, elements, calls; and the functions whose result can be told.

use super::Made;
use super::blob;
use super::eval::{Operand, Program};
use super::lexer::Token;
use super::value::Value;
use crate::domain::coding::{percent, unhex};
use crate::mail::LinkKind;

/// Operators of PowerShell that are words.
pub(super) fn is_operator(word: &str) -> bool {
    ["join", "f", "replace", "ireplace", "creplace", "split"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

/// Reads what stands behind an operand.
pub(super) fn behind<'s>(program: &mut Program<'s, '_>, first: Operand<'s>, depth: usize) -> Operand<'s> {
    let mut operand = first;
    // Of `String.fromCharCode.apply`, the function before the last name.
    let mut receiver = Value::Unknown;
    while program.room > 0 {
        let before = program.lexer;
        match program.lexer.next() {
            Some(Token::Mark('.' | '?' | ':')) => {
                while matches!(program.lexer.peek(), Some(Token::Mark('.' | ':'))) {
                    program.lexer.next();
                }
                match program.lexer.next() {
                    Some(Token::Word(name)) if is_property(before.rest(), program.lexer.rest()) => {
                        receiver = std::mem::take(&mut operand.value);
                        operand.path = [operand.path[1], name];
                    }
                    _ => {
                        program.lexer = before;
                        break;
                    }
                }
            }
            Some(Token::Mark('[')) => match element(program, depth) {
                Key::Name(name) => {
                    receiver = std::mem::take(&mut operand.value);
                    operand.path = [operand.path[1], name];
                }
                Key::Reversed => operand = Operand::made(reversed(operand.value)),
                Key::Number(index) => {
                    operand.value = match (&operand.value, usize::try_from(index)) {
                        (Value::List(list), Ok(index)) => list.get(index).cloned().unwrap_or_default(),
                        _ => Value::Unknown,
                    };
                    operand.is_made = false;
                }
                Key::Unknown => operand.value = Value::Unknown,
            },
            Some(Token::Mark('(')) => {
                let [before_name, name] = operand.path;
                let mut arguments = program.list(')', depth + 1);
                let is_applied = matches!(name, "apply" | "call");
                let function = if is_applied { before_name } else { name };
                if is_applied && !arguments.is_empty() {
                    arguments.remove(0);
                }
                went(program, [before_name, name], &arguments);
                let called = program.called(function, std::mem::take(&mut receiver), arguments);
                operand = Operand {
                    path: [before_name, name],
                    ..called
                };
            }
            _ => {
                program.lexer = before;
                break;
            }
        }
    }
    operand
}

/// `a.b`, `a?.b`, `a::b`; not `a . b` and `c ? d : e`.
fn is_property(written: &str, _: &str) -> bool {
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

fn element<'s>(program: &mut Program<'s, '_>, depth: usize) -> Key<'s> {
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

fn reversed(value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(text.chars().rev().collect()),
        Value::Bytes(mut bytes) => {
            bytes.reverse();
            Value::Bytes(bytes)
        }
        Value::List(mut list) => {
            list.reverse();
            Value::List(list)
        }
        other => other,
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
    pub fn called(&mut self, name: &str, receiver: Value, arguments: Vec<Operand<'_>>) -> Operand<'s> {
        let cost = receiver.size() + arguments.iter().map(|one| one.value.size()).sum::<usize>();
        if !self.take(cost) {
            return Operand::default();
        }
        let values: Vec<&Value> = arguments.iter().map(|one| &one.value).collect();
        let value = of_function(&name.to_ascii_lowercase(), &receiver, &values);
        if value == Value::Unknown {
            arguments.iter().for_each(|one| self.give(one));
        }
        if !self.take(value.size()) {
            return Operand::default();
        }
        Operand::made(value)
    }
}

fn of_function(name: &str, receiver: &Value, arguments: &[&Value]) -> Value {
    let first = arguments.first().copied().unwrap_or(&Value::Unknown);
    let text = first.text().or_else(|| receiver.text());
    let of_text = |value: fn(&str) -> Option<Value>| text.and_then(value).unwrap_or_default();
    match name {
        "atob" | "base64_decode" | "b64decode" | "frombase64string" | "base64decode" | "decodebase64" => {
            of_text(|text| blob::base64(text).map(Value::of_bytes))
        }
        "fromhex" | "unhexlify" | "hex2bin" => of_text(|text| unhex(text).map(Value::of_bytes)),
        "unescape" | "decodeuricomponent" | "decodeuri" | "unquote" | "urldecode" | "rawurldecode" => {
            of_text(|text| Some(Value::of_bytes(percent(blob::wide_percent(text).as_bytes()))))
        }
        "fromcharcode" | "fromcodepoint" | "chr" | "chrw" | "chrb" => {
            let values: Vec<Value> = arguments.iter().map(|value| (*value).clone()).collect();
            Value::characters(&values)
        }
        "strreverse" | "strrev" => reversed(first.clone()),
        "reverse" | "reversed" => reversed(if *receiver == Value::Unknown {
            first.clone()
        } else {
            receiver.clone()
        }),
        "join" => match (receiver, first) {
            (Value::List(list), _) => joined(
                list,
                first.text().unwrap_or(if arguments.is_empty() { "," } else { "" }),
            ),
            (Value::Text(separator), Value::List(list)) => joined(list, separator),
            _ => Value::Unknown,
        },
        "split" => match (receiver, first) {
            (Value::Text(text), Value::Text(separator)) => split(text, separator),
            _ => Value::Unknown,
        },
        "replace" | "replaceall" | "ireplace" | "creplace" => replaced(receiver, arguments),
        "concat" => concatenated(receiver, arguments),
        "f" => format(receiver, arguments),
        "getstring" | "decode" | "tostring" | "trim" | "string" | "valueof" | "encode" | "toutf8" => {
            let value = if matches!(first, Value::Bytes(_)) {
                first
            } else {
                receiver
            };
            match value {
                Value::Bytes(bytes) => blob::wide(bytes).map_or_else(|| value.clone(), Value::Text),
                Value::Text(_) => value.clone(),
                _ if first.text().is_some() => first.clone(),
                _ => Value::Unknown,
            }
        }
        _ => Value::Unknown,
    }
}

fn joined(list: &[Value], separator: &str) -> Value {
    let mut text = String::new();
    for (index, value) in list.iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        value.append_to(&mut text);
    }
    Value::Text(text)
}

fn split(text: &str, separator: &str) -> Value {
    if separator.is_empty() {
        return Value::List(text.chars().map(|c| Value::Text(c.to_string())).collect());
    }
    let number = |piece: &str| piece.trim().parse().ok();
    let value = |piece: &str| number(piece).map_or_else(|| Value::Text(piece.to_owned()), Value::Number);
    Value::List(text.split(separator).map(value).collect())
}

/// `s.replace(a, b)`, `Replace(s, a, b)`, `s -replace a, b`
fn replaced(receiver: &Value, arguments: &[&Value]) -> Value {
    let (text, from, to) = match (receiver, arguments) {
        (Value::Text(text), [Value::Text(from), Value::Text(to), ..]) => (text, from, to.as_str()),
        (Value::Text(text), [Value::Text(from)]) => (text, from, ""),
        (_, [Value::Text(text), Value::Text(from), Value::Text(to), ..]) => (text, from, to.as_str()),
        _ => return Value::Unknown,
    };
    // What grows could grow without end.
    if from.is_empty() || to.len() > from.len() * 4 {
        return Value::Unknown;
    }
    Value::Text(text.replace(from.as_str(), to))
}

fn concatenated(receiver: &Value, arguments: &[&Value]) -> Value {
    if receiver.text().is_none() && arguments.iter().all(|one| one.text().is_none()) {
        return Value::Unknown;
    }
    let mut text = String::new();
    receiver.append_to(&mut text);
    arguments.iter().for_each(|one| one.append_to(&mut text));
    Value::Text(text)
}

/// `"{1}{0}" -f 'b','a'`
fn format(receiver: &Value, arguments: &[&Value]) -> Value {
    let Some(pattern) = receiver.text() else {
        return Value::Unknown;
    };
    let values: Vec<&Value> = match arguments {
        [Value::List(list)] => list.iter().collect(),
        _ => arguments.to_vec(),
    };
    let mut text = String::new();
    let mut rest = pattern;
    let mut most = pattern.len().saturating_add(values.iter().map(|one| one.size()).sum());
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((index, after)) = after.split_once('}') else {
            break;
        };
        let value = index.trim().parse::<usize>().ok().and_then(|index| values.get(index));
        // Each value once; a pattern that repeats one makes more of it than there is.
        let size = value.map_or(0, |value| value.size());
        if size > most.saturating_mul(2) {
            return Value::Unknown;
        }
        most = most.saturating_sub(size / 2);
        value.unwrap_or(&&Value::Unknown).append_to(&mut text);
        rest = after;
    }
    text.push_str(rest);
    Value::Text(text)
}
