//! The Traffic Light Protocol: its levels, and what a text is marked with. The most restrictive marking wins; a text
//! that explains the protocol is no marking.

use crate::mail::Headers;

mod explain;
mod scan;
#[cfg(test)]
mod tests;

use scan::Mention;
pub use scan::Scanner;

/// A level, the least restrictive first. TLP 1.0 calls `Clear` white.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Level {
    White,
    Clear,
    Green,
    Amber,
    AmberStrict,
    Red,
}

impl Level {
    /// The tags, in the order of the levels.
    pub const TAGS: [&'static str; 6] = [
        "tlp:white",
        "tlp:clear",
        "tlp:green",
        "tlp:amber",
        "tlp:amber+strict",
        "tlp:red",
    ];
    const ALL: [Self; 6] = [
        Self::White,
        Self::Clear,
        Self::Green,
        Self::Amber,
        Self::AmberStrict,
        Self::Red,
    ];

    /// The tag as in MISP's taxonomy.
    pub fn tag(self) -> &'static str {
        match self {
            Self::White => "tlp:white",
            Self::Clear => "tlp:clear",
            Self::Green => "tlp:green",
            Self::Amber => "tlp:amber",
            Self::AmberStrict => "tlp:amber+strict",
            Self::Red => "tlp:red",
        }
    }

    /// The level of a tag, in any case.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|level| level.tag().eq_ignore_ascii_case(tag.trim()))
    }
}

impl Scanner {
    /// The most restrictive marking of a running text.
    pub fn text(&self, text: &str) -> Option<Level> {
        let mentions = self.mentions(text);
        explain::markings(text, &mentions).max()
    }

    /// The most restrictive level that a line names which is there to mark: a subject, a tag, a choice by hand.
    pub fn line(&self, text: &str) -> Option<Level> {
        let named = self.mentions(text).into_iter().map(|mention| mention.level).max();
        named.or_else(|| scan::bare_colour(text))
    }

    /// The most restrictive marking of the header: the subject, and fields such as `X-TLP`.
    pub fn headers(&self, headers: &Headers) -> Option<Level> {
        headers
            .fields
            .iter()
            .filter_map(|field| {
                let name = field.name.to_ascii_lowercase();
                let marks = name.split(['-', '_']).any(|word| word == "tlp") || name.contains("traffic-light");
                if name == "subject" {
                    self.mentions(&field.value)
                        .into_iter()
                        .map(|mention| mention.level)
                        .max()
                } else if marks {
                    self.line(&field.value)
                } else {
                    None
                }
            })
            .max()
    }
}
