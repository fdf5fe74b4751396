//! What the text of a mail shows: who writes like that.

use super::words::{self, Talk};
use crate::domain::Fact;
use crate::mail::{Body, Mail};

/// Most bytes of the text that are looked at.
const LONGEST: usize = 64 << 10;

/// Phrases that a fact names.
const SHOWN: usize = 5;

pub(super) fn facts(mail: &Mail, facts: &mut Vec<Fact>) {
    let subject = mail.headers.subject().unwrap_or_default();
    // Alternatives say the same: the longer one says it all.
    let text = mail
        .bodies
        .iter()
        .max_by_key(|body| body.text.len())
        .map_or("", |body: &Body| beginning(&body.text));
    if is_loud(subject) {
        facts.push(Fact::LoudSubject);
    }
    let raw = mail
        .headers
        .fields
        .iter()
        .find(|field| field.name.eq_ignore_ascii_case("Subject"));
    if raw.is_some_and(|field| !field.raw.is_ascii()) {
        facts.push(Fact::UncodedSubject);
    }
    if subject.contains(['$', '€', '£', '%']) {
        facts.push(Fact::MoneyInSubject);
    }
    if has_many_capitals(text) {
        facts.push(Fact::Capitals);
    }
    if text.contains("!!") {
        facts.push(Fact::Exclamations);
    }
    lines(text, facts);
    if mail
        .bodies
        .iter()
        .any(|body| beginning(&body.text).lines().any(|line| line.trim_end() == "--"))
    {
        facts.push(Fact::Signature);
    }
    let simple = words::simple([subject, text].into_iter(), LONGEST);
    if names_money(&simple) {
        facts.push(Fact::SumsOfMoney);
    }
    let said = words::said_in(&simple);
    let of = |talk: Talk| {
        said.iter()
            .filter(move |(_, kind)| *kind == talk)
            .map(|(phrase, _)| (*phrase).to_owned())
    };
    let shown = |talk| of(talk).take(SHOWN).collect::<Vec<_>>();
    let sales = shown(Talk::Sale);
    match of(Talk::Sale).count() {
        0 | 1 => {}
        2 | 3 => facts.push(Fact::Sales { words: sales }),
        4..=6 => facts.push(Fact::MuchSales { words: sales }),
        _ => facts.push(Fact::NothingButSales { words: sales }),
    }
    let lures = shown(Talk::Lure);
    match of(Talk::Lure).count() {
        0 => {}
        1 => facts.push(Fact::Lure { words: lures }),
        2 => facts.push(Fact::SomeLures { words: lures }),
        _ => facts.push(Fact::ManyLures { words: lures }),
    }
    if of(Talk::Removal).next().is_some() && mail.headers.first("List-Unsubscribe").is_none() {
        facts.push(Fact::OffersRemoval);
    }
    if of(Talk::Threats).count() > 1 {
        facts.push(Fact::AboutThreats {
            words: shown(Talk::Threats),
        });
    }
}

fn beginning(text: &str) -> &str {
    let end = (0..=LONGEST.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or(text)
}

/// Capitals or exclamation marks in a subject.
fn is_loud(subject: &str) -> bool {
    let letters = subject.chars().filter(|c| c.is_alphabetic());
    let (count, capitals) = letters.fold((0, 0), |(count, capitals), c| {
        (count + 1, capitals + usize::from(c.is_uppercase()))
    });
    let shouts = count >= 10 && capitals * 10 > count * 7;
    shouts || subject.contains('!')
}

fn has_many_capitals(text: &str) -> bool {
    let words = text
        .split_whitespace()
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 3);
    let is_capital = |word: &str| !word.chars().any(char::is_lowercase);
    let (count, capitals) = words.fold((0, 0), |(count, capitals), word| {
        (count + 1, capitals + usize::from(is_capital(word)))
    });
    count >= 20 && capitals * 10 > count
}

/// A sign of money beside a digit.
fn names_money(text: &str) -> bool {
    let is_sign = |c: char| matches!(c, '$' | '€' | '£');
    text.match_indices(is_sign).any(|(at, sign)| {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let after = text.get(at + sign.len()..).unwrap_or_default();
        let before = text.get(..at).unwrap_or_default();
        digit(after.trim_start().chars().next()) || digit(before.trim_end().chars().next_back())
    })
}

/// How lines of source code, of differences and of commands begin.
const CODE: [&str; 14] = [
    "diff ",
    "--- a/",
    "+++ ",
    "@@ -",
    "Index: ",
    "#include",
    "$ ",
    "# ",
    "import ",
    "    at ",
    "commit ",
    "def ",
    "function ",
    "Traceback ",
];

/// Quotes and source code, by how lines begin.
fn lines(text: &str, facts: &mut Vec<Fact>) {
    let quotes = text
        .lines()
        .filter(|line| line.trim_start().starts_with('>'))
        .take(2)
        .count();
    if quotes == 2 {
        facts.push(Fact::Quotes);
    }
    if text
        .lines()
        .filter(|line| CODE.iter().any(|start| line.starts_with(start)))
        .take(2)
        .count()
        == 2
    {
        facts.push(Fact::ProgramText);
    }
}
