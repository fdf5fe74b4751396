//! The words of mail programs: lines over a quoted mail, names of header fields, prefixes of subjects. Which ones there are stands
//! in `data/forward_words.tsv`; a user may add more.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::domain::ForwardWords;
use crate::domain::forward_words::bare_line;

/// What a line over a quoted mail says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// Forwarded, beyond doubt.
    Forwarded,
    /// Forwarded or answered.
    Original,
    /// A ruled line; what follows decides.
    Rule,
}

/// What shows that a text may hold a forward: the lines, and the ways in which mail programs write `From:`.
static HINTS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let senders = ForwardWords::known()
        .labels
        .iter()
        .filter(|(_, field)| **field == "From");
    // French puts a blank before the colon; Outlook and Gmail make labels bold with asterisks.
    let from = senders.flat_map(|(label, _)| [":", " :", "\u{a0}:", "*"].map(|end| format!("{label}{end}")));
    let html = ["&nbsp;:", "&#160;:"].map(str::to_owned);
    let hints = ForwardWords::known()
        .lines
        .keys()
        .map(|words| ascii_stem(words))
        .chain(from)
        .chain(html);
    AhoCorasick::builder().ascii_case_insensitive(true).build(hints).ok()
});

/// The ASCII words before the first letter with an accent, which is compared without regard to case.
fn ascii_stem(words: &str) -> String {
    let stem: String = words.chars().take_while(char::is_ascii).collect();
    if stem.len() < 3 { words.to_owned() } else { stem }
}

impl ForwardWords {
    /// A quick look whether a text can hold a forward at all. Words of a user are not searched for: with them it always can.
    pub(super) fn may_be_in(&self, text: &str) -> bool {
        !self.is_empty() || HINTS.as_ref().is_none_or(|hints| hints.is_match(text))
    }

    /// What kind of marker a line is, quote marks already taken off.
    pub(super) fn marker(&self, line: &str) -> Option<Marker> {
        let line = line.trim();
        if line.is_empty() || line.len() > 200 {
            return None;
        }
        if !self.whole_lines.is_empty() && self.whole_lines.contains(&bare_line(line)) {
            return Some(Marker::Forwarded);
        }
        let ruled = |c: char| matches!(c, '-' | '_' | '=' | '*' | '—' | '–' | '─' | ' ' | '\u{a0}');
        let words = line.trim_matches(ruled);
        if words.is_empty() {
            return (line.chars().count() >= 10).then_some(Marker::Rule);
        }
        let is_ruled = line.starts_with(['-', '_', '=', '*', '—', '–']);
        if !is_ruled && !words.ends_with(':') {
            return None;
        }
        let words = plain(words);
        let bare = words.trim_end_matches([':', ' ', '\u{a0}', '\u{202f}']);
        // Gmail writes the sender's name and address into the line in some versions.
        let before_name = || Some(bare.split_once(" from ")?.0);
        let meaning = |words| self.meaning(words, |all| &all.lines);
        match meaning(bare) {
            Some("begin") if words.ends_with(':') => Some(Marker::Forwarded),
            Some("forwarded") if is_ruled => Some(Marker::Forwarded),
            Some("original") if is_ruled => Some(Marker::Original),
            None if is_ruled => (before_name().and_then(meaning) == Some("forwarded")).then_some(Marker::Forwarded),
            _ => None,
        }
    }

    /// The field that a label means, and what stands behind it.
    pub(super) fn field<'l>(&self, line: &'l str) -> Option<(&'static str, &'l str)> {
        let (label, value) = line.split_once(':').filter(|(label, _)| label.len() <= 40)?;
        let label = plain(label.trim_matches(|c: char| c.is_whitespace() || c == '*' || c == '_'));
        let field = self.meaning(&label, |all| &all.labels)?;
        Some((field, value.trim_start_matches('*').trim()))
    }

    /// `Re:` in any language.
    pub(super) fn is_reply(&self, subject: &str) -> bool {
        self.prefix(subject) == Some("reply")
    }

    /// `Fwd:` in any language.
    pub(super) fn is_forward(&self, subject: &str) -> bool {
        self.prefix(subject) == Some("forward")
    }

    fn prefix(&self, subject: &str) -> Option<&'static str> {
        let (head, _) = subject.trim_start().split_once(':')?;
        let head = head.split(['[', '(']).next().unwrap_or_default();
        let prefix: String = head.chars().take(12).collect();
        self.meaning(&prefix.trim().to_lowercase(), |all| &all.prefixes)
    }
}

fn plain(words: &str) -> String {
    words.to_lowercase().replace('\u{2019}', "'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table;

    #[test]
    fn every_row_of_the_table_is_told_from_its_example() {
        let none = ForwardWords::default();
        for row in table::rows("forward_words") {
            let (kind, example) = (row["kind"].as_str(), row["example"].as_str());
            // Only this row's words may make the example what it is.
            assert!(example.to_lowercase().contains(&row["words"]), "{row:?}");
            assert_eq!(row["words"], plain(&row["words"]), "{row:?}");
            let fits = match kind {
                "forwarded" | "begin" => none.marker(example) == Some(Marker::Forwarded),
                "original" => none.marker(example) == Some(Marker::Original),
                "reply" => none.is_reply(example),
                "forward" => none.is_forward(example),
                field => none
                    .field(example)
                    .is_some_and(|(found, value)| found == field && !value.is_empty()),
            };
            assert!(fits, "{row:?}");
        }
    }

    #[test]
    fn a_user_adds_words_of_any_kind() {
        let mut own = ForwardWords::default();
        assert!(ForwardWords::default().field("Lähettäjä: x").is_none());
        own.add("from", "Lähettäjä").unwrap();
        own.add("forward", "VL").unwrap();
        own.add("begin", "Välitetty viesti alkaa").unwrap();
        assert_eq!(
            own.field("Lähettäjä: Evil <e@evil.com>"),
            Some(("From", "Evil <e@evil.com>"))
        );
        assert_eq!(own.field("Von: x"), Some(("From", "x")));
        assert!(own.is_forward("VL: Lasku"));
        assert_eq!(own.marker("Välitetty viesti alkaa:"), Some(Marker::Forwarded));
        assert!(own.add("Sender-ID", "x").unwrap_err().contains("Reply-To"));
    }
}
