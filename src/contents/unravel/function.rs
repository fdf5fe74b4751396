//! Functions of scripts whose result can be told.

use super::blob;
use super::value::Value;
use crate::domain::coding::{percent, unhex};

/// Operators of PowerShell that are words.
pub(super) fn is_operator(word: &str) -> bool {
    ["join", "f", "replace", "ireplace", "creplace", "split"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

pub(super) fn reversed(value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(text.chars().rev().collect()),
        Value::Letters(text) => Value::Letters(text.chars().rev().collect()),
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

/// What a function gives; [`Value::Unknown`] of those that are not known.
pub(super) fn of_function(name: &str, receiver: &Value, arguments: &[&Value]) -> Value {
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
            (Value::Letters(text), Value::Text(separator)) if separator.is_empty() => Value::Text(text.clone()),
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
        return Value::Letters(text.to_owned());
    }
    let number = |piece: &str| piece.trim().parse().ok();
    let value = |piece: &str| number(piece).map_or_else(|| Value::Text(piece.to_owned()), Value::Number);
    Value::List(text.split(separator).map(value).collect())
}

/// `s.replace(a, b)`, `Replace(s, a, b)`, `s -replace a, b`
fn replaced(receiver: &Value, arguments: &[&Value]) -> Value {
    let (text, from, to) = match (receiver, arguments) {
        (Value::Text(text), [Value::Text(from)]) => (text, from, ""),
        (Value::Text(text), [Value::Text(from), Value::Text(to), ..])
        | (_, [Value::Text(text), Value::Text(from), Value::Text(to), ..]) => (text, from, to.as_str()),
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
    for one in arguments {
        one.append_to(&mut text);
    }
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
