//! What the program says to a person: a code with arguments, worded in English here and in other languages by whoever shows
//! it. Codes, arguments and wordings stand in `protocol/codes.json`, from which the enums are made; nothing compares or
//! splits a sentence.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use codes::{Advice, Defect, Note, Problem, Reason, Remark};

use super::Secret;

/// Made by `build/codes.rs`.
#[allow(clippy::all, clippy::pedantic, missing_docs)]
mod codes {
    use super::{Arguments, Cow, Said, Serialize, fmt};

    include!(concat!(env!("OUT_DIR"), "/codes.rs"));
}

/// One of the codes, in the form in which it leaves the program: in receipts, output and native messaging.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Said {
    /// The code.
    pub code: Cow<'static, str>,
    /// What varies in the wording, by name.
    pub arguments: Arguments,
    /// The English wording.
    pub text: Cow<'static, str>,
}

/// Arguments by name.
pub type Arguments = BTreeMap<Cow<'static, str>, Argument>;

/// What varies in a wording: words of others, values, numbers, or something said in turn.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
#[allow(missing_docs)]
pub enum Argument {
    Number(usize),
    Text(String),
    Texts(Vec<String>),
    Said(Box<Said>),
}

/// What older versions stored was a sentence alone.
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
    /// The same without the key, in case that somebody whose words are in it repeated it.
    #[must_use]
    pub fn without(&self, key: &Secret) -> Self {
        let hide = |argument: &Argument| match argument {
            Argument::Number(number) => Argument::Number(*number),
            Argument::Text(text) => Argument::Text(key.hide_in(text)),
            Argument::Texts(texts) => Argument::Texts(texts.iter().map(|text| key.hide_in(text)).collect()),
            Argument::Said(said) => Argument::Said(Box::new(said.without(key))),
        };
        Self {
            code: self.code.clone(),
            arguments: self
                .arguments
                .iter()
                .map(|(name, argument)| (name.clone(), hide(argument)))
                .collect(),
            text: key.hide_in(&self.text).into(),
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
mod tests {
    use super::*;

    #[test]
    fn a_code_leaves_with_its_arguments_and_its_wording_and_comes_back() {
        let inner = Said::from(Defect::Encrypted);
        let said = Said::from(Note::InInnerMail {
            noticed: Box::new(inner),
        });
        let json = serde_json::to_value(&said).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "code": "in_inner_mail",
                "arguments": {"noticed": {
                    "code": "encrypted",
                    "arguments": {},
                    "text": "the mail is encrypted; what it says cannot be read",
                }},
                "text": "in a mail inside this one: the mail is encrypted; what it says cannot be read",
            })
        );
        assert_eq!(serde_json::from_value::<Said>(json).unwrap(), said);
    }

    #[test]
    fn lists_and_numbers_are_worded() {
        let lists = vec!["one".to_owned(), "two".to_owned()];
        assert_eq!(Reason::OnWarninglists { lists }.to_string(), "on warninglist one, two");
        assert_eq!(
            Note::FreeTextAdded { count: 3 }.to_string(),
            "MISP's free-text import added 3 attributes"
        );
    }

    #[test]
    fn a_sentence_of_an_older_version_is_kept_as_it_stands() {
        let said: Said = serde_json::from_str("\"deselected by the analyst\"").unwrap();
        assert_eq!((&*said.code, &*said.text), ("verbatim", "deselected by the analyst"));
    }

    #[test]
    fn every_code_has_its_wordings_and_each_names_every_argument() {
        let codes = include_str!("../../protocol/codes.json");
        let groups: serde_json::Map<String, serde_json::Value> = serde_json::from_str(codes).unwrap();
        let mut known = std::collections::HashSet::new();
        for (code, row) in groups.values().flat_map(|group| group.as_object().unwrap()) {
            assert!(known.insert(code), "{code} stands there twice");
            for language in ["en", "de", "fr"] {
                let wording = row[language].as_str().unwrap_or_default();
                assert!(!wording.is_empty(), "{code} has no wording in {language}");
                let mut rest = wording.to_owned();
                for (argument, _) in row["arguments"].as_object().into_iter().flatten() {
                    let place = format!("{{{argument}}}");
                    assert!(rest.contains(&place), "{code} in {language} does not name {argument}");
                    rest = rest.replace(&place, "");
                }
                assert!(!rest.contains(['{', '}']), "{code} in {language}: {wording}");
            }
        }
        assert!(known.len() > 90);
    }
}
