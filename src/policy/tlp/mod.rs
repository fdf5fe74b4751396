//! Finds the TLP level that a text is marked with. The most restrictive marking wins; a text that explains the protocol
//! marks nothing.

use crate::domain::TlpLevel;
use crate::mail::Headers;

mod explain;
mod scan;
#[cfg(test)]
mod tests;

use scan::Mention;
pub use scan::Scanner;

impl Scanner {
    /// The most restrictive marking of a running text.
    pub fn text(&self, text: &str) -> Option<TlpLevel> {
        let mentions = self.mentions(text);
        explain::markings(text, &mentions).max()
    }

    /// The most restrictive level in a line whose purpose is to mark: a header field, a tag, a person's choice.
    pub fn line(&self, text: &str) -> Option<TlpLevel> {
        let named = self.mentions(text).into_iter().map(|mention| mention.level).max();
        named.or_else(|| scan::bare_colour(text))
    }

    /// The most restrictive marking of the header: the subject, and fields such as `X-TLP`.
    pub fn headers(&self, headers: &Headers) -> Option<TlpLevel> {
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
