//! What an expression of a program comes to, as far as it can be told.

use super::Made;
use super::blob;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Value {
    Text(String),
    Bytes(Vec<u8>),
    Number(i64),
    List(Vec<Value>),
    /// Only the program that runs knows it.
    #[default]
    Unknown,
}

/// What stands in a text where the program puts something that is not known. It ends every word.
const GAP: char = '\n';

impl Value {
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Bytes of memory, about.
    pub fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len() + 32,
            Self::Bytes(bytes) => bytes.len() + 32,
            Self::List(list) => 32 + list.iter().map(Self::size).sum::<usize>(),
            Self::Number(_) | Self::Unknown => 32,
        }
    }

    /// As part of a text.
    pub fn append_to(&self, out: &mut String) {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Bytes(bytes) => out.push_str(&String::from_utf8_lossy(bytes)),
            // A list of one is what that one is.
            Self::List(list) => match list.as_slice() {
                [one] if !matches!(one, Self::List(_)) => one.append_to(out),
                _ => out.push(GAP),
            },
            Self::Unknown => out.push(GAP),
        }
    }

    /// Numbers as characters.
    pub fn characters(values: &[Self]) -> Self {
        let mut text = String::new();
        for value in values {
            match value {
                Self::Number(number) => {
                    let c = u32::try_from(*number).ok().and_then(char::from_u32);
                    text.push(c.unwrap_or(GAP));
                }
                Self::List(list) => {
                    if let Self::Text(inner) = Self::characters_of_numbers(list) {
                        text.push_str(&inner);
                    }
                }
                _ => return Self::Unknown,
            }
        }
        Self::Text(text)
    }

    fn characters_of_numbers(list: &[Self]) -> Self {
        let numbers = list.iter().map(|value| match value {
            Self::Number(number) => u32::try_from(*number).ok().and_then(char::from_u32),
            _ => None,
        });
        numbers.collect::<Option<String>>().map_or(Self::Unknown, Self::Text)
    }

    pub fn of_bytes(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(error) => Self::Bytes(error.into_bytes()),
        }
    }

    /// Hands over what was put together.
    pub fn give(&self, made: &mut Vec<Made>) {
        match self {
            Self::Text(text) => {
                blob::of_text(text, made);
                made.push(Made::Text(text.clone()));
            }
            Self::Bytes(bytes) => blob::of_bytes(bytes, made),
            Self::List(list) => match Self::characters_of_numbers(list) {
                Self::Text(_) if list.len() >= 6 => blob::of_numbers(
                    list.iter().map(|value| match value {
                        Self::Number(number) => *number,
                        _ => 0,
                    }),
                    made,
                ),
                _ => list
                    .iter()
                    .filter(|value| matches!(value, Self::Text(_) | Self::Bytes(_)))
                    .for_each(|value| value.give(made)),
            },
            Self::Number(_) | Self::Unknown => {}
        }
    }
}
