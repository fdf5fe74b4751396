//! The words of mail programs: lines over a quoted mail, names of header fields, prefixes of subjects. Which ones there are stands
//! in `data/forward_words.tsv`; a user may add more.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::domain::ForwardWords;
use crate::domain::forward_words::{bare_line, folded};

/// What a line over a quoted mail says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// Forwarded, beyond doubt.
    Forwarded,
    /// Forwarded or answered.
    Original,
    /// Words between two rules that are in no table; what follows decides.
    Unknown,
    /// A ruled line; what follows decides.
    Rule,
}

/// The bytes of a label at most. The longest of the table has 29 characters of Cyrillic.
const LABEL: usize = 64;

/// From so many bytes on a text is searched before its lines are read.
const LONG: usize = 1 << 15;

/// What shows that a text may hold a forward: the lines, and the ways in which mail programs write `From:`.
static HINTS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let known = ForwardWords::known();
    let senders = known.labels.iter().filter(|(_, field)| **field == "From");
    // French puts a blank before the colon, Japanese and Chinese write a wide one; Outlook and Gmail make labels bold with asterisks.
    let ends: [&str; 5] = [":", " :", "\u{a0}:", "*", "："];
    let from = senders.flat_map(|(label, _)| ends.map(|end| format!("{label}{end}")));
    let html = ["&nbsp;:", "&#160;:"].map(str::to_owned);
    let hints = known
        .lines
        .keys()
        .map(|words| ascii_stem(words))
        .chain(from)
        .chain(html);
    let hints = hints.flat_map(|hint| [capitalised(&hint), Some(hint)]).flatten();
    AhoCorasick::builder().ascii_case_insensitive(true).build(hints).ok()
});

/// The ASCII words before the first letter with an accent, which is compared without regard to case.
fn ascii_stem(words: &str) -> String {
    let stem: String = words.chars().take_while(char::is_ascii).collect();
    if stem.len() < 5 { words.to_owned() } else { stem }
}

/// The words as they stand at the start of a line, where that is not a matter of ASCII: «Отправитель», «İleti».
fn capitalised(words: &str) -> Option<String> {
    let first = words.chars().next()?;
    let rest = words.get(first.len_utf8()..)?;
    match first {
        'i' => Some(format!("İ{rest}")),
        _ if first.is_ascii() => None,
        _ => Some(first.to_uppercase().chain(rest.chars()).collect()),
    }
}

fn is_ruled(c: char) -> bool {
    matches!(c, '-' | '_' | '=' | '*' | '~' | '—' | '–' | '─' | '‐' | '‑')
}

impl ForwardWords {
    /// A quick look whether a long text can hold a forward with words of the table. A short one is read line by line in less time
    /// than it takes to make [`HINTS`]. Words of a user are not searched for: with them it always can.
    pub(super) fn may_be_in(&self, text: &str) -> bool {
        text.len() < LONG || !self.is_empty() || HINTS.as_ref().is_none_or(|hints| hints.is_match(text))
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
        let starts_ruled = line.starts_with(is_ruled);
        let colon = line.ends_with([':', '：']);
        if !starts_ruled && !colon {
            return None;
        }
        let words = line.trim_matches(|c| is_ruled(c) || matches!(c, ' ' | '\u{a0}'));
        if words.is_empty() {
            return (line.chars().count() >= 10).then_some(Marker::Rule);
        }
        let bare = folded(words.trim_end_matches([':', '：', ' ', '\u{a0}', '\u{202f}']));
        match self.line(&bare) {
            Some("begin" | "forwarded") if colon => Some(Marker::Forwarded),
            Some("forwarded") if starts_ruled => Some(Marker::Forwarded),
            Some("original") if starts_ruled => Some(Marker::Original),
            _ if !starts_ruled => None,
            // Some programs write the sender's name and address behind the words.
            _ if self.begins_forwarded(&bare) => Some(Marker::Forwarded),
            _ => is_between_rules(line, words).then_some(Marker::Unknown),
        }
    }

    /// A marker with more behind it on the same line, as Yahoo writes it, and what that is.
    pub(super) fn marker_before<'l>(&self, line: &'l str) -> Option<(Marker, &'l str)> {
        let inner = line.trim_start().strip_prefix("---")?.trim_start_matches(is_ruled);
        let (words, rest) = inner.split_once("---")?;
        let rest = rest.trim_start_matches(is_ruled).trim();
        if words.len() > LABEL * 2 || rest.is_empty() {
            return None;
        }
        match self.line(&folded(words.trim())) {
            Some("forwarded") => Some((Marker::Forwarded, rest)),
            Some("original") => Some((Marker::Original, rest)),
            _ => None,
        }
    }

    fn line(&self, words: &str) -> Option<&'static str> {
        self.meaning(words, |all| &all.lines)
    }

    fn begins_forwarded(&self, words: &str) -> bool {
        let blanks = words.match_indices(' ').map(|(at, _)| at);
        let mut heads = blanks.filter_map(|at| words.get(..at));
        heads.any(|head| self.line(head) == Some("forwarded"))
    }

    /// The field that a label means, and what stands behind it.
    pub(super) fn field<'l>(&self, line: &'l str) -> Option<(&'static str, &'l str)> {
        let (label, value) = split_label(line)?;
        Some((self.label(label)?, value))
    }

    /// The field that a label means.
    pub(super) fn label(&self, label: &str) -> Option<&'static str> {
        self.meaning(&folded(label), |all| &all.labels)
    }

    /// `Re:` in any language.
    pub(super) fn is_reply(&self, subject: &str) -> bool {
        self.prefix(subject).is_some_and(|(kind, _)| kind == "reply")
    }

    /// `Fwd:` in any language.
    pub(super) fn is_forward(&self, subject: &str) -> bool {
        self.prefix(subject).is_some_and(|(kind, _)| kind == "forward")
    }

    /// A subject without the `Fwd:` before it.
    pub(super) fn without_forward<'s>(&self, subject: &'s str) -> &'s str {
        match self.prefix(subject) {
            Some(("forward", rest)) => rest.trim(),
            _ => subject.trim(),
        }
    }

    /// Kind of the prefix of a subject, and what stands behind it. Filters put their `[EXTERNAL]` before it.
    fn prefix<'s>(&self, subject: &'s str) -> Option<(&'static str, &'s str)> {
        let mut text = subject.trim_start();
        while let Some((_, behind)) = text.strip_prefix('[').and_then(|tag| tag.split_once(']')) {
            text = behind.trim_start();
        }
        let (head, rest) = text.split_once([':', '：'])?;
        let head = head.split(['[', '(']).next().unwrap_or_default();
        let prefix: String = head.chars().take(20).collect();
        let prefix = folded(prefix.trim());
        let kind = self.meaning(prefix.trim_end_matches('.'), |all| &all.prefixes)?;
        Some((kind, rest))
    }
}

/// Rules of three or more on both sides of words that are no table and no sentence.
fn is_between_rules(line: &str, words: &str) -> bool {
    let rule = |part: &str| part.chars().take_while(|c| is_ruled(*c)).count() >= 3;
    let end: String = line.chars().rev().take(3).collect();
    rule(line) && rule(&end) && words.chars().count() <= 60 && !words.contains(['|', '+', '@', '/'])
}

/// A label and the value behind its colon, both without the asterisks of bold text.
pub(super) fn split_label(line: &str) -> Option<(&str, &str)> {
    let (label, value) = line.split_once([':', '：']).filter(|(label, _)| label.len() <= LABEL)?;
    let label = label.trim_matches(|c: char| c.is_whitespace() || c == '*' || c == '_');
    (!label.is_empty()).then(|| (label, value.trim_start_matches('*').trim()))
}

#[cfg(test)]
mod tests {
    use super::super::wrote;
    use super::*;
    use crate::domain::table;

    #[test]
    fn every_row_of_the_table_is_told_from_its_example() {
        let none = ForwardWords::default();
        for row in table::rows("forward_words") {
            let (kind, example) = (row["kind"].as_str(), row["example"].as_str());
            // Only this row's words may make the example what it is.
            assert!(folded(example).contains(&row["words"]), "{row:?}");
            assert_eq!(row["words"], folded(&row["words"]), "{row:?}");
            let fits = match kind {
                "forwarded" | "begin" => none.marker(example) == Some(Marker::Forwarded),
                "original" => none.marker(example) == Some(Marker::Original),
                "reply" => none.is_reply(example),
                "forward" => none.is_forward(example),
                "wrote" | "writer" => {
                    wrote::read(example, &none).is_some_and(|wrote| wrote.from == "Evil <evil@evil.com>")
                }
                field => none
                    .field(example)
                    .is_some_and(|(found, value)| found == field && !value.is_empty()),
            };
            assert!(fits, "{row:?}");
            if !matches!(kind, "reply" | "forward" | "wrote" | "writer")
                && (kind == "From" || !kind.starts_with(char::is_uppercase))
            {
                assert!(none.may_be_in(example), "{row:?}");
            }
        }
    }

    #[test]
    fn a_user_adds_words_of_any_kind() {
        let mut own = ForwardWords::default();
        assert!(ForwardWords::default().field("Mistahäntuli: x").is_none());
        own.add("from", "Mistahäntuli").unwrap();
        own.add("forward", "Eteenpäin").unwrap();
        own.add("begin", "Tässä se on").unwrap();
        own.add("wrote", "raapusti").unwrap();
        assert_eq!(
            own.field("Mistahäntuli: Evil <e@evil.com>"),
            Some(("From", "Evil <e@evil.com>"))
        );
        assert_eq!(own.field("Von: x"), Some(("From", "x")));
        assert!(own.is_forward("[EXTERNAL] Eteenpäin: Lasku"));
        assert_eq!(own.marker("Tässä se on:"), Some(Marker::Forwarded));
        assert!(wrote::read("14.5.2018 Evil <e@evil.com> raapusti näin:", &own).is_some());
        assert!(own.add("Sender-ID", "x").unwrap_err().contains("Reply-To"));
    }
}
