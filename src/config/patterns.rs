//! The user's regular expressions, compiled at first use.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::Regex;

/// Regular expressions. Their matches are removed from a text.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    sources: Vec<String>,
    compiled: OnceLock<Vec<Regex>>,
}

impl Patterns {
    /// Does not compile the expressions. Those of a file were checked when it was read.
    pub fn new(sources: Vec<String>) -> Self {
        Self {
            sources,
            compiled: OnceLock::new(),
        }
    }

    /// Removes the matches of one expression after the other.
    pub fn remove(&self, text: &str) -> String {
        let compiled = self
            .compiled
            .get_or_init(|| self.sources.iter().filter_map(|one| Regex::new(one).ok()).collect());
        let mut text = Cow::Borrowed(text);
        for pattern in compiled {
            if let Cow::Owned(shorter) = pattern.replace_all(&text, "") {
                text = Cow::Owned(shorter);
            }
        }
        text.into_owned()
    }

    /// The error says what is wrong with an expression.
    pub(super) fn check(source: &str) -> Result<(), String> {
        match Regex::new(source) {
            Ok(_) => Ok(()),
            Err(error) => Err(format!(
                "a regular expression without look-around or back-references ({error})"
            )),
        }
    }
}
