//! Finds every mention of a level of the TLP or the PAP in a text, in one pass; whether a mention marks or explains is decided elsewhere.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::domain::TlpLevel;

/// A level named in a text, with its place in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub level: TlpLevel,
    pub start: usize,
    pub end: usize,
}

/// Looks for the levels of one protocol in all usual spellings and those of the configuration.
#[derive(Clone, Debug)]
pub struct Scanner {
    anchors: Option<AhoCorasick>,
    /// By the number of the pattern: the level that it is by itself, or that a colour must follow.
    levels: Vec<Option<TlpLevel>>,
    protocol: Protocol,
}

/// The names of a protocol.
#[derive(Clone, Debug)]
pub(super) struct Protocol {
    pub short: &'static str,
    long: &'static str,
    /// In the names of header fields, besides the short one.
    pub in_fields: &'static str,
}

const TLP: Protocol = Protocol {
    short: "tlp",
    long: "traffic light protocol",
    in_fields: "traffic-light",
};
const PAP: Protocol = Protocol {
    short: "pap",
    long: "permissible actions protocol",
    in_fields: "permissible-actions",
};

/// Words between the name of a protocol and the colour.
const LABELS: [&str; 17] = [
    "level",
    "colour",
    "color",
    "marking",
    "classification",
    "status",
    "code",
    "rating",
    "designation",
    "label",
    "stufe",
    "einstufung",
    "kennzeichnung",
    "tlp",
    "pap",
    "is",
    "v2",
];

/// The colours, in English and as they are translated.
const COLOURS: [(&str, TlpLevel); 29] = [
    ("red", TlpLevel::Red),
    ("rot", TlpLevel::Red),
    ("rouge", TlpLevel::Red),
    ("rojo", TlpLevel::Red),
    ("rosso", TlpLevel::Red),
    ("rood", TlpLevel::Red),
    ("amber", TlpLevel::Amber),
    ("gelb", TlpLevel::Amber),
    ("bernstein", TlpLevel::Amber),
    ("ambre", TlpLevel::Amber),
    ("ambar", TlpLevel::Amber),
    ("ámbar", TlpLevel::Amber),
    ("ambra", TlpLevel::Amber),
    ("orange", TlpLevel::Amber),
    ("oranje", TlpLevel::Amber),
    ("green", TlpLevel::Green),
    ("grün", TlpLevel::Green),
    ("gruen", TlpLevel::Green),
    ("vert", TlpLevel::Green),
    ("verde", TlpLevel::Green),
    ("groen", TlpLevel::Green),
    ("clear", TlpLevel::Clear),
    ("white", TlpLevel::White),
    ("weiß", TlpLevel::White),
    ("weiss", TlpLevel::White),
    ("blanc", TlpLevel::White),
    ("blanco", TlpLevel::White),
    ("bianco", TlpLevel::White),
    ("wit", TlpLevel::White),
];

impl Scanner {
    /// Of the TLP. `spellings` are words that mark a text besides the usual ones.
    pub fn tlp(spellings: &[(TlpLevel, String)]) -> Self {
        static USUAL: LazyLock<Scanner> = LazyLock::new(|| Scanner::with(&[]));
        if spellings.is_empty() {
            USUAL.clone()
        } else {
            Self::with(spellings)
        }
    }

    fn with(spellings: &[(TlpLevel, String)]) -> Self {
        let strict = ["amber+strict", "amber-strict"].map(|word| (Some(TlpLevel::AmberStrict), word));
        let extra = spellings.iter().map(|(level, word)| (Some(*level), word.trim()));
        Self::of(
            TLP,
            strict.into_iter().chain(extra.filter(|(_, word)| !word.is_empty())),
        )
    }

    /// Of the PAP, whose colours stand for its levels.
    pub fn pap() -> &'static Self {
        static PAP_ALONE: LazyLock<Scanner> = LazyLock::new(|| Scanner::of(PAP, std::iter::empty()));
        &PAP_ALONE
    }

    fn of<'a>(protocol: Protocol, words: impl Iterator<Item = (Option<TlpLevel>, &'a str)>) -> Self {
        let names = [protocol.short, protocol.long].map(|name| (None, name));
        let (levels, words): (Vec<_>, Vec<_>) = names.into_iter().chain(words).unzip();
        let anchors = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(words);
        Self {
            anchors: anchors.ok(),
            levels,
            protocol,
        }
    }

    pub(super) const fn protocol(&self) -> &Protocol {
        &self.protocol
    }

    /// Every mention, in the order of the text.
    pub(super) fn mentions(&self, text: &str) -> Vec<Mention> {
        let mut mentions: Vec<Mention> = Vec::new();
        let Some(anchors) = &self.anchors else {
            return mentions;
        };
        for found in anchors.find_iter(text) {
            let (start, end) = (found.start(), found.end());
            let covered = mentions.last().is_some_and(|last| start < last.end);
            if covered || !begins_a_word(text, start) || in_a_link(text, start) {
                continue;
            }
            match self.levels.get(found.pattern().as_usize()).copied().flatten() {
                None => after_anchor(text, start, end, &mut mentions),
                Some(level) if ends_a_word(text, end) => {
                    // A configured spelling such as `TLP AMBER` may continue with `+STRICT`.
                    let (level, end) = strict(text, level, end);
                    mentions.push(Mention { level, start, end });
                }
                Some(_) => {}
            }
        }
        mentions
    }
}

/// A text that is nothing but a colour, as in `X-TLP: amber+strict`.
pub(super) fn bare_colour(text: &str) -> Option<TlpLevel> {
    let text = text.trim();
    let (level, end) = colour(text, 0)?;
    (end == text.len()).then_some(level)
}

/// Reads the colours after the name of a protocol: separators, words such as `level`, a colour, and more colours after slashes.
fn after_anchor(text: &str, start: usize, anchor_end: usize, mentions: &mut Vec<Mention>) {
    let mut at = anchor_end;
    let mut colon = false;
    for _ in 0..4 {
        let next = separators(text, at, colon);
        colon |= text.get(at..next).is_some_and(|passed| passed.contains(':'));
        if let Some((level, end)) = colour(text, next) {
            let new_line = text.get(anchor_end..next).is_some_and(|passed| passed.contains('\n'));
            let alone = text
                .get(end..)
                .and_then(|rest| rest.chars().find(|c| !" \t\r".contains(*c)));
            if !new_line || alone.is_none_or(|c| c == '\n') {
                mentions.push(Mention { level, start, end });
                further_colours(text, end, mentions);
            }
            return;
        }
        match label(text, next) {
            Some(end) => at = end,
            None => return,
        }
    }
}

/// Reads `/AMBER`, `| GREEN`, `, RED`. After a comma only capitals count: «TLP:CLEAR, red team» names one level.
fn further_colours(text: &str, mut at: usize, mentions: &mut Vec<Mention>) {
    for _ in 0..6 {
        let Some(rest) = text.get(at..) else { return };
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        let Some(mark) = rest
            .as_bytes()
            .get(blanks)
            .copied()
            .filter(|mark| b"/|,".contains(mark))
        else {
            return;
        };
        let after = at + blanks + 1;
        let Some(next) = text
            .get(after..)
            .map(|rest| after + rest.len() - rest.trim_start_matches(' ').len())
        else {
            return;
        };
        let Some((level, end)) = colour(text, next) else { return };
        if mark == b','
            && text
                .get(next..end)
                .is_some_and(|word| word.chars().any(char::is_lowercase))
        {
            return;
        }
        mentions.push(Mention {
            level,
            start: next,
            end,
        });
        at = end;
    }
}

/// The end of the separators at `at`, at most 16 characters; line ends only after a colon.
fn separators(text: &str, at: usize, mut colon: bool) -> usize {
    let mut end = at;
    for c in text.get(at..).unwrap_or_default().chars().take(16) {
        colon |= c == ':';
        let passes = " \t:-=_*\"')([].>~\u{a0}\u{ad}\u{200b}\u{feff}\u{2013}\u{2014}\u{2011}\u{ff1a}0123456789"
            .contains(c)
            || (colon && "\r\n".contains(c));
        if !passes {
            break;
        }
        end += c.len_utf8();
    }
    end
}

fn label(text: &str, at: usize) -> Option<usize> {
    LABELS.iter().find_map(|label| word_at(text, at, label))
}

/// The colour at `at`, with its end.
fn colour(text: &str, at: usize) -> Option<(TlpLevel, usize)> {
    let (level, end) = COLOURS
        .iter()
        .find_map(|&(word, level)| word_at(text, at, word).map(|end| (level, end)))?;
    // `tlp-red.example.org` and `tlp-red@example.org` are a host and an address.
    let mut rest = text.get(end..).unwrap_or_default().chars();
    match (rest.next(), rest.next()) {
        (Some('@'), _) => return None,
        (Some('.'), Some(next)) if next.is_alphanumeric() => return None,
        _ => {}
    }
    Some(strict(text, level, end))
}

/// Turns amber into amber+strict if `+STRICT` follows.
fn strict(text: &str, level: TlpLevel, end: usize) -> (TlpLevel, usize) {
    if level != TlpLevel::Amber {
        return (level, end);
    }
    let rest = text.get(end..).unwrap_or_default();
    let joint: usize = rest
        .chars()
        .take(3)
        .take_while(|c| "+-_/ \u{a0}".contains(*c))
        .map(char::len_utf8)
        .sum();
    match word_at(text, end + joint, "strict") {
        Some(strict_end) if joint > 0 => (TlpLevel::AmberStrict, strict_end),
        _ => (level, end),
    }
}

/// The end of `word` if it is at `at` as a whole word, in any case.
fn word_at(text: &str, at: usize, word: &str) -> Option<usize> {
    let end = at + word.len();
    let here = text.get(at..end)?;
    let same = here.eq_ignore_ascii_case(word) || (!word.is_ascii() && here.to_lowercase() == word);
    (same && ends_a_word(text, end)).then_some(end)
}

fn begins_a_word(text: &str, at: usize) -> bool {
    text.get(..at)
        .and_then(|before| before.chars().next_back())
        .is_none_or(|c| !c.is_alphanumeric())
}

fn ends_a_word(text: &str, at: usize) -> bool {
    text.get(at..)
        .and_then(|after| after.chars().next())
        .is_none_or(|c| !c.is_alphanumeric())
}

/// Whether the word around `at` is a URL: `https://example.org/tlp-red`.
fn in_a_link(text: &str, at: usize) -> bool {
    let before = text.as_bytes().get(at.saturating_sub(200)..at).unwrap_or_default();
    let word = before.rsplit(u8::is_ascii_whitespace).next().unwrap_or_default();
    memchr::memmem::find(word, b"://").is_some() || word.starts_with(b"www.")
}
