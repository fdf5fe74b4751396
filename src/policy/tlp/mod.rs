//! Finds the level of the TLP or the PAP that a text is marked with. The most restrictive marking wins; a text that explains the protocol
//! marks nothing.

use std::borrow::Cow;

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

    /// A line without its markings, the brackets around them and a separator behind them. A line of nothing else stays.
    pub fn without_markings<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mentions = self.mentions(text);
        if mentions.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut kept = String::with_capacity(text.len());
        let mut at = 0;
        for mention in mentions {
            let before = text.get(at..mention.start).unwrap_or_default();
            let after = text.get(mention.end..).unwrap_or_default();
            let open = before.trim_end().ends_with(['[', '(', '{', '<']);
            let closed = after
                .trim_start()
                .find([']', ')', '}', '>'])
                .filter(|place| *place == 0 && open);
            let before = before.trim_end();
            kept.push_str(match (closed, before.char_indices().next_back()) {
                (Some(_), Some((bracket, _))) => before.get(..bracket).unwrap_or_default(),
                _ => before,
            });
            kept.push(' ');
            let blank = after.len() - after.trim_start().len();
            let end = mention.end + closed.map_or(0, |_| blank + 1);
            let rest = text.get(end..).unwrap_or_default();
            let separator = rest.trim_start().strip_prefix([':', '-', '–', '|']);
            at = at.max(separator.map_or(end, |rest| text.len() - rest.len()));
        }
        kept.push_str(text.get(at..).unwrap_or_default());
        let is_rest = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':' | '|' | ',' | ';');
        let kept = kept.trim_matches(is_rest);
        if kept.is_empty() {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(kept.to_owned())
        }
    }

    /// The most restrictive level in a line whose purpose is to mark: a header field, a tag, a person's choice.
    pub fn line(&self, text: &str) -> Option<TlpLevel> {
        let named = self.mentions(text).into_iter().map(|mention| mention.level).max();
        named.or_else(|| scan::bare_colour(text))
    }

    /// The most restrictive marking of the header: the subject, and fields such as `X-TLP`, `X-PAP`.
    pub fn headers(&self, headers: &Headers) -> Option<TlpLevel> {
        headers
            .fields
            .iter()
            .filter_map(|field| {
                let name = field.name.to_ascii_lowercase();
                let protocol = self.protocol();
                let marks =
                    name.split(['-', '_']).any(|word| word == protocol.short) || name.contains(protocol.in_fields);
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
