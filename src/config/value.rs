//! Values of a file, a form or an old configuration, before their setting checks them. In a layer, a value has its
//! origin.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use toml::Spanned;
use toml::de::DeValue;
use toml_edit::Value as Toml;

use crate::domain::Secret;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Flag(bool),
    Number(i64),
    Text(String),
    /// `Debug` does not show it.
    Secret(Secret),
    Words(Vec<String>),
    /// In the order of the file.
    Map(Vec<(String, Vec<String>)>),
    /// Of a file only, with their keys in alphabetical order.
    Tables(Vec<Vec<(String, Self)>>),
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&[&str]> for Value {
    fn from(words: &[&str]) -> Self {
        Self::Words(words.iter().map(|&word| word.to_owned()).collect())
    }
}

impl<const N: usize> From<&[&str; N]> for Value {
    fn from(words: &[&str; N]) -> Self {
        Self::from(words.as_slice())
    }
}

impl Value {
    /// `None` if no setting can have the value, such as a date.
    pub fn of_toml(value: &DeValue) -> Option<Self> {
        Some(match value {
            DeValue::Boolean(flag) => Self::Flag(*flag),
            DeValue::Integer(number) => {
                let digits = number.as_str().replace('_', "");
                Self::Number(i64::from_str_radix(&digits, number.radix()).ok()?)
            }
            DeValue::String(text) => Self::Text(text.to_string()),
            DeValue::Array(tables) if tables.iter().any(|one| one.get_ref().is_table()) => {
                Self::Tables(tables.iter().map(table_of).collect::<Option<_>>()?)
            }
            DeValue::Array(words) => Self::Words(words.iter().map(word).collect::<Option<_>>()?),
            DeValue::Table(table) => {
                let mut map = Vec::with_capacity(table.len());
                for (name, words) in table {
                    let words = match words.get_ref() {
                        DeValue::Array(words) => words.iter().map(word).collect::<Option<_>>()?,
                        DeValue::Integer(number) if number.radix() == 10 => vec![number.as_str().to_owned()],
                        _ => return None,
                    };
                    map.push((name.get_ref().to_string(), words));
                }
                Self::Map(map)
            }
            _ => return None,
        })
    }

    /// `None` if no form can set the value.
    pub fn of_json(value: &Json) -> Option<Self> {
        Some(match value {
            Json::Bool(flag) => Self::Flag(*flag),
            Json::Number(number) => Self::Number(number.as_i64()?),
            Json::String(text) => Self::Text(text.trim().to_owned()),
            Json::Array(_) => Self::Words(words_of(value)?),
            Json::Object(map) => {
                let named = |(name, words)| Some((String::clone(name), words_of(words)?));
                Self::Map(map.iter().map(named).collect::<Option<_>>()?)
            }
            Json::Null => return None,
        })
    }

    /// The value for a form. Secrets become null.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Flag(flag) => json!(flag),
            Self::Number(number) => json!(number),
            Self::Text(text) => json!(text),
            Self::Secret(_) => Json::Null,
            Self::Words(words) => json!(words),
            Self::Map(map) => map.iter().map(|(name, words)| (name.clone(), json!(words))).collect(),
            Self::Tables(tables) => {
                let json = |table: &Vec<(String, Self)>| -> Json {
                    table
                        .iter()
                        .map(|(name, value)| (name.clone(), value.to_json()))
                        .collect()
                };
                tables.iter().map(json).collect()
            }
        }
    }

    /// The value for a configuration file. Only this function writes secrets.
    pub fn to_toml(&self) -> Toml {
        match self {
            Self::Flag(flag) => Toml::from(*flag),
            Self::Number(number) => Toml::from(*number),
            Self::Text(text) => Toml::from(text),
            Self::Secret(secret) => Toml::from(secret.expose()),
            Self::Words(words) => Toml::from_iter(words),
            Self::Map(map) => map.iter().map(|(name, words)| (name, Toml::from_iter(words))).collect(),
            Self::Tables(tables) => {
                let toml = |table: &Vec<(String, Self)>| -> Toml {
                    table.iter().map(|(name, value)| (name, value.to_toml())).collect()
                };
                tables.iter().map(toml).collect()
            }
        }
    }

    /// The value in TOML, for people. Secrets become `***`.
    pub fn shown(&self) -> String {
        match self {
            Self::Secret(_) => Toml::from("***").to_string(),
            other => other.to_toml().to_string(),
        }
    }

    /// Whether it means the same as no value.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::Words(words) => words.is_empty(),
            _ => false,
        }
    }

    pub fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Of a text or a secret.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Secret(secret) => Some(secret.expose()),
            _ => None,
        }
    }

    pub fn words(&self) -> Option<&[String]> {
        match self {
            Self::Words(words) => Some(words),
            _ => None,
        }
    }

    pub fn map(&self) -> Option<&[(String, Vec<String>)]> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Default,
    Line(usize),
    Environment(&'static str),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub value: Value,
    pub origin: Origin,
}

/// The values that a table sets, by dotted key.
pub(super) type Layer = BTreeMap<&'static str, Entry>;

fn table_of(table: &Spanned<DeValue>) -> Option<Vec<(String, Value)>> {
    let keys = table.get_ref().as_table()?.iter();
    keys.map(|(name, value)| Some((name.get_ref().to_string(), Value::of_toml(value.get_ref())?)))
        .collect()
}

fn words_of(json: &Json) -> Option<Vec<String>> {
    let word = |word: &Json| word.as_str().map(str::to_owned);
    json.as_array()?.iter().map(word).collect()
}

fn word(word: &Spanned<DeValue>) -> Option<String> {
    word.get_ref().as_str().map(str::to_owned)
}
