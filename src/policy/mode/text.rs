//! What the text of a mail shows: who writes like that.

use super::words::{self, Said, Talk};
use crate::domain::Fact;
use crate::mail::{Body, Mail};

/// Most bytes of the text that are looked at.
const LONGEST: usize = 64 << 10;

/// Phrases that a fact names.
const SHOWN: usize = 5;

pub(super) fn facts(mail: &Mail, facts: &mut Vec<Fact>) -> Said {
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
    let said = Said::of(words::simple([subject, text].into_iter(), LONGEST));
    if names_money(&said.text) {
        facts.push(Fact::SumsOfMoney);
    }
    phrases(&said, facts);
    if said.has(Talk::Removal) && mail.headers.first("List-Unsubscribe").is_none() {
        facts.push(Fact::OffersRemoval);
    }
    said
}

/// What the phrases say that are known.
fn phrases(said: &Said, facts: &mut Vec<Fact>) {
    let shown = |talk| said.all(talk).take(SHOWN).map(str::to_owned).collect::<Vec<_>>();
    let sales = shown(Talk::Sale);
    match said.all(Talk::Sale).count() {
        0 | 1 => {}
        2 | 3 => facts.push(Fact::Sales { words: sales }),
        4..=6 => facts.push(Fact::MuchSales { words: sales }),
        _ => facts.push(Fact::NothingButSales { words: sales }),
    }
    let lures = shown(Talk::Lure);
    match said.all(Talk::Lure).count() {
        0 => {}
        1 => facts.push(Fact::Lure { words: lures }),
        2 => facts.push(Fact::SomeLures { words: lures }),
        _ => facts.push(Fact::ManyLures { words: lures }),
    }
    let mut threats = shown(Talk::Request);
    if said.all(Talk::Threats).count() + threats.len() > 1 {
        threats.extend(shown(Talk::Threats));
        threats.truncate(SHOWN);
        facts.push(Fact::AboutThreats { words: threats });
    } else if !threats.is_empty() {
        facts.push(Fact::AsksToLook { words: threats });
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
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).nth(3).is_some());
    let is_capital = |word: &str| !word.chars().any(char::is_lowercase);
    let (count, capitals) = words.fold((0, 0), |(count, capitals), word| {
        (count + 1, capitals + usize::from(is_capital(word)))
    });
    count >= 20 && capitals * 10 > count
}

/// Names of money behind a number.
const MONEY: [&str; 11] = [
    "eur",
    "euro",
    "euros",
    "usd",
    "gbp",
    "brl",
    "reais",
    "million",
    "millionen",
    "millions",
    "milhões",
];

/// A sign or a name of money beside a digit. The text has single blanks.
fn names_money(text: &str) -> bool {
    let mut last = "";
    for word in text.split(' ') {
        let is_number = last.starts_with(|c: char| c.is_ascii_digit());
        if is_number && MONEY.contains(&word.trim_matches(|c: char| !c.is_alphanumeric())) {
            return true;
        }
        last = word;
    }
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
