//! Texts for people, as a code with arguments. Makes the English wording; the extension makes the others. The enums are
//! generated from the codes, arguments and wordings in `protocol/codes.json`. No code compares or splits a sentence.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use codes::{Advice, Defect, Fact, Note, Problem, Reason, Remark};

use super::Secret;

/// Made by `build/codes.rs`.
#[allow(clippy::all, clippy::pedantic)]
mod codes {
    use super::{Arguments, Cow, Said, Serialize, fmt};

    include!(concat!(env!("OUT_DIR"), "/codes.rs"));
}

/// A code as it leaves the program: in receipts, output and native messaging.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Said {
    pub code: Cow<'static, str>,
    /// What varies in the wording, by name.
    pub arguments: Arguments,
    /// In English.
    pub text: Cow<'static, str>,
}

pub type Arguments = BTreeMap<Cow<'static, str>, Argument>;

/// A variable part of a wording: somebody else's words, a value, a number, or another code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Argument {
    Number(usize),
    Text(String),
    Texts(Vec<String>),
    Said(Box<Said>),
}

/// What the outbox has stored. Older versions stored only a sentence.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Sentence(String),
    Said {
        code: String,
        arguments: Arguments,
        text: String,
    },
}

impl From<Stored> for Said {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Sentence(text) => Remark::Verbatim { text }.into(),
            Stored::Said { code, arguments, text } => Self {
                code: code.into(),
                arguments,
                text: text.into(),
            },
        }
    }
}

impl Said {
    /// Hides the key in all texts, in case that somebody repeated it.
    #[must_use]
    pub fn without(&self, key: &Secret) -> Self {
        self.with_texts(&|text| key.hide_in(text))
    }

    /// The same with each text changed.
    #[must_use]
    pub fn with_texts(&self, change: &dyn Fn(&str) -> String) -> Self {
        let changed = |argument: &Argument| match argument {
            Argument::Number(number) => Argument::Number(*number),
            Argument::Text(text) => Argument::Text(change(text)),
            Argument::Texts(texts) => Argument::Texts(texts.iter().map(|text| change(text)).collect()),
            Argument::Said(said) => Argument::Said(Box::new(said.with_texts(change))),
        };
        Self {
            code: self.code.clone(),
            arguments: self
                .arguments
                .iter()
                .map(|(name, argument)| (name.clone(), changed(argument)))
                .collect(),
            text: change(&self.text).into(),
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<usize> for Argument {
    fn from(number: usize) -> Self {
        Self::Number(number)
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<String>> for Argument {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts)
    }
}

impl From<Box<Said>> for Argument {
    fn from(said: Box<Said>) -> Self {
        Self::Said(said)
    }
}

#[cfg(test)]
#[path = "said_tests.rs"]
mod tests;
