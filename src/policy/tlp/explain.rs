//! Tells a marking from an explanation of the protocol. A mention is an explanation only on evidence; in doubt, it marks.

use super::{Mention, TlpLevel};

/// Words after a level that is only talked about: «TLP:GREEN information may be shared».
const SPOKEN_OF: [&str; 22] = [
    "information",
    "informationen",
    "informations",
    "informacion",
    "información",
    "informazioni",
    "informatie",
    "data",
    "material",
    "documents",
    "content",
    "means",
    "is used",
    "is intended",
    "is for",
    "may be",
    "should be used",
    "can be used",
    "stands for",
    "restricts",
    "bedeutet",
    "signifie",
];

/// Words before a level that is only talked about.
const SPEAKING: [&str; 12] = [
    "may use",
    "should use",
    "can use",
    "must specify",
    "more about",
    "explanation of",
    "definition of",
    "meaning of",
    "information marked",
    "information labelled",
    "information labeled",
    "information classified",
];

/// Words that make the mention a marking of this very mail: «this report contains TLP:RED information».
const HERE: [&str; 30] = [
    "this",
    "these",
    "here",
    "contains",
    "contain",
    "following",
    "attached",
    "below",
    "enclosed",
    "above",
    "our",
    "diese",
    "dies",
    "dieser",
    "dieses",
    "diesem",
    "enthält",
    "folgende",
    "anbei",
    "ce",
    "cette",
    "ces",
    "este",
    "esta",
    "questo",
    "questa",
    "dit",
    "deze",
    "message",
    "mail",
];

/// Parts of words with which an explanation describes a level.
const RULES: [&str; 27] = [
    "disclos",
    "recipient",
    "restrict",
    "limited",
    "shared",
    "sharing",
    "share ",
    "distribut",
    "need-to-know",
    "need to know",
    "community",
    "copyright",
    "weitergabe",
    "weitergegeben",
    "empfänger",
    "verteil",
    "diffus",
    "partag",
    "destinat",
    "compart",
    "condivi",
    "delen",
    "publicly",
    "spread",
    "eyes and ears",
    "named",
    "öffentlich",
];

/// The levels of the mentions that mark.
pub(super) fn markings<'a>(text: &'a str, mentions: &'a [Mention]) -> impl Iterator<Item = TlpLevel> + 'a {
    let named: Vec<Mention> = mentions
        .iter()
        .copied()
        .filter(|mention| !is_spoken_of(text, *mention))
        .collect();
    let glossary = glossary(text, &named);
    named
        .into_iter()
        .zip(glossary)
        .filter(|(_, explained)| !explained)
        .map(|(mention, _)| mention.level)
}

/// Whether the sentence talks about the level in general.
fn is_spoken_of(text: &str, mention: Mention) -> bool {
    let before = sentence_before(text, mention.start).to_lowercase();
    let after = window(text, mention.end, 40).to_lowercase();
    let after = after.trim_start_matches(|c: char| "\"'”’)]*_-".contains(c) || c == ' ' || c == '\u{a0}');
    let before = before.trim_end_matches(|c: char| "\"'“‘([*_".contains(c) || c.is_whitespace());
    let before_as = before.trim_end_matches(" as").trim_end_matches(" with");
    let spoken = SPOKEN_OF.iter().any(|word| {
        after
            .strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    }) || SPEAKING.iter().any(|word| before_as.ends_with(word));
    spoken
        && !before
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| HERE.contains(&word))
}

/// Which of the mentions belong to a list of the levels with their rules, or to a bare list of all of them. In such a
/// list the levels go up or down; a marking in front of it breaks that order.
fn glossary(text: &str, mentions: &[Mention]) -> Vec<bool> {
    let mut explained = vec![false; mentions.len()];
    let ruled: Vec<bool> = mentions
        .iter()
        .enumerate()
        .map(|(index, mention)| {
            let next = mentions.get(index + 1).map_or(text.len(), |next| next.start);
            let said = window(text, mention.end, 240.min(next.saturating_sub(mention.end))).to_lowercase();
            RULES.iter().any(|rule| said.contains(rule))
        })
        .collect();
    for (length, gap, needs_rules) in [(3, 1500, true), (4, 16, false)] {
        for (index, part) in mentions.windows(length).enumerate() {
            let near = part
                .windows(2)
                .all(|pair| matches!(pair, [one, two] if two.start.saturating_sub(one.end) <= gap));
            let complete = ruled.iter().skip(index).take(length).all(|has| *has);
            if near && (complete || !needs_rules) && in_order(part) {
                explained
                    .iter_mut()
                    .skip(index)
                    .take(length)
                    .for_each(|flag| *flag = true);
            }
        }
    }
    explained
}

/// Strictly up or down; amber and amber+strict may stand either way round.
fn in_order(part: &[Mention]) -> bool {
    let ambers = [TlpLevel::Amber, TlpLevel::AmberStrict];
    let both_ambers = |a: &Mention, b: &Mention| [a.level, b.level] == ambers || [b.level, a.level] == ambers;
    let all = |step: fn(u8, u8) -> bool| {
        part.windows(2)
            .all(|pair| matches!(pair, [a, b] if step(a.level.rank(), b.level.rank()) || both_ambers(a, b)))
    };
    all(|a, b| a < b) || all(|a, b| a > b)
}

/// At most `size` bytes from `at` on.
fn window(text: &str, at: usize, size: usize) -> &str {
    text.get(at..text.floor_char_boundary(at + size)).unwrap_or_default()
}

/// What stands before `at` in the same sentence and line, at most 160 bytes.
fn sentence_before(text: &str, at: usize) -> &str {
    let start = text.ceil_char_boundary(at.saturating_sub(160));
    let before = text.get(start..at).unwrap_or_default();
    let begin = before.rfind(['\n', ';']).map_or(0, |end| end + 1);
    let line = before.get(begin..).unwrap_or_default();
    line.rfind(". ")
        .map_or(line, |end| line.get(end + 1..).unwrap_or_default())
}
