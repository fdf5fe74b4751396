//! Whether the text of a mail says something of its own, or only hands over what is attached.

use crate::mail::{Body, LinkKind, Mail};

/// Whether no text of the mail says anything. Names and greetings are no talk.
pub(super) fn says_nothing(mail: &Mail) -> bool {
    mail.bodies.iter().all(is_empty_talk)
}

/// Words of greetings and of handing something over, several in a row of the table. Names are not among them.
const COURTESY: &[&str] = include!(concat!(env!("OUT_DIR"), "/courtesy_words.rs"));

fn is_courtesy(word: &str) -> bool {
    COURTESY.iter().any(|row| row.split(' ').any(|known| known == word))
}

/// Whether the body holds nothing but a greeting, a word on the attachment and a signature.
fn is_empty_talk(body: &Body) -> bool {
    let own: Vec<&str> = body
        .text
        .lines()
        .take(200)
        .take_while(|line| !ends_the_text(line))
        .collect();
    let last = u32::try_from(own.len()).unwrap_or(u32::MAX);
    let linked = body
        .links
        .iter()
        .any(|link| link.line <= last && matches!(link.kind, LinkKind::Anchor | LinkKind::Form));
    let mut words = 0;
    let mut strange = 0;
    for word in own.iter().flat_map(|line| line.split_whitespace()) {
        if speaks_of_something(word) {
            return false;
        }
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        words += usize::from(!plain.is_empty());
        strange += usize::from(!plain.is_empty() && !plain.split('-').all(is_courtesy));
        if words > 30 || strange > 5 {
            return false;
        }
    }
    !linked
}

/// Whether a signature (`-- `) or the text that a mailing list appends (underscores) begins here.
fn ends_the_text(line: &str) -> bool {
    let line = line.trim_end();
    line == "--" || (line.len() >= 8 && line.bytes().all(|byte| byte == b'_'))
}

/// Whether a word may be an indicator or a marking: it has one of `@.:[/\=` inside, or more than four digits.
fn speaks_of_something(word: &str) -> bool {
    let inside = word.trim_matches(|c: char| !c.is_alphanumeric());
    inside.contains(['@', '.', ':', '[', '/', '\\', '=']) || inside.chars().filter(char::is_ascii_digit).count() > 4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table;
    use crate::mail::BodyKind;

    fn is_empty(text: &str) -> bool {
        is_empty_talk(&Body {
            kind: BodyKind::Plain,
            text: text.to_owned(),
            source: None,
            asides: Vec::new(),
            links: Vec::new(),
        })
    }

    #[test]
    fn every_row_of_the_table_says_nothing_and_nor_does_its_example() {
        for row in table::rows("courtesy_words") {
            // Five unknown words are allowed, since names are unknown. So each text is repeated six times.
            for text in row["words"].split(' ').chain([row["example"].as_str()]) {
                assert!(is_empty(&format!("{text} ").repeat(6)), "{text}: {row:?}");
            }
        }
        assert!(!is_empty(&"wire ".repeat(6)));
    }
}
