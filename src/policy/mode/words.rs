//! Phrases that tell bait from reports, from `data/mode_words.tsv`.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Phrases, kind.
const ROWS: &[[&str; 2]] = include!(concat!(env!("OUT_DIR"), "/mode_words.rs"));

/// What somebody does who writes a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Talk {
    /// Sells and promises.
    Sale,
    /// Asks for a password, a payment or a favour, threatens, promises a prize.
    Lure,
    /// Says how to get no more such mails.
    Removal,
    /// Wants to be called.
    Call,
    /// Writes about threats.
    Threats,
    /// Asks those who defend others to look at something, or to block it.
    Request,
}

impl Talk {
    fn of_name(name: &str) -> Self {
        match name {
            "removal" => Self::Removal,
            "threats" => Self::Threats,
            "request" => Self::Request,
            "call" => Self::Call,
            "lure" => Self::Lure,
            _ => Self::Sale,
        }
    }
}

struct Known {
    phrases: Vec<(&'static str, Talk)>,
    automaton: Option<AhoCorasick>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let of_row = |[phrases, kind]: &[&'static str; 2]| {
        let talk = Talk::of_name(kind);
        phrases
            .split(',')
            .map(move |phrase| (phrase.trim(), talk))
            .collect::<Vec<_>>()
    };
    let phrases: Vec<_> = ROWS.iter().flat_map(of_row).collect();
    let automaton = AhoCorasick::new(phrases.iter().map(|(phrase, _)| phrase)).ok();
    Known { phrases, automaton }
});

/// The beginning of a mail as [`simple`] makes it, and the phrases in it.
pub(super) struct Said {
    pub text: String,
    phrases: Vec<(&'static str, Talk)>,
}

impl Said {
    pub(super) fn of(text: String) -> Self {
        Self {
            phrases: said_in(&text),
            text,
        }
    }

    pub(super) fn all(&self, talk: Talk) -> impl Iterator<Item = &'static str> {
        let phrases = self.phrases.iter().filter(move |(_, kind)| *kind == talk);
        phrases.map(|(phrase, _)| *phrase)
    }

    pub(super) fn has(&self, talk: Talk) -> bool {
        self.all(talk).next().is_some()
    }
}

/// The phrases in a text, each once, in the order of the table. The text is in lower case with single blanks.
fn said_in(text: &str) -> Vec<(&'static str, Talk)> {
    let known = &*KNOWN;
    let mut said = vec![false; known.phrases.len()];
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    for found in known
        .automaton
        .iter()
        .flat_map(|automaton| automaton.find_overlapping_iter(text))
    {
        let before = text.get(..found.start()).and_then(|text| text.chars().next_back());
        let after = text.get(found.end()..).and_then(|text| text.chars().next());
        if let Some(said) = said
            .get_mut(found.pattern().as_usize())
            .filter(|_| !is_letter(before) && !is_letter(after))
        {
            *said = true;
        }
    }
    let phrases = known.phrases.iter().zip(said);
    phrases.filter(|(_, said)| *said).map(|(phrase, _)| *phrase).collect()
}

/// As [`said_in`] wants a text: in lower case, white space and apostrophes alike. No more than the beginning, as a reader sees it.
pub(super) fn simple<'t>(texts: impl Iterator<Item = &'t str>, longest: usize) -> String {
    let mut simple = String::new();
    for word in texts.flat_map(str::split_whitespace) {
        if simple.len() + word.len() > longest {
            break;
        }
        simple.push(' ');
        simple.extend(
            word.chars()
                .flat_map(char::to_lowercase)
                .map(|c| if matches!(c, '’' | '‘' | '´') { '\'' } else { c }),
        );
    }
    simple
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table;

    #[test]
    fn every_phrase_of_the_table_is_found_as_what_it_is() {
        for row in table::rows("mode_words") {
            let talk = Talk::of_name(&row["kind"]);
            let example = simple(std::iter::once(row["example"].as_str()), 1000);
            assert!(said_in(&example).iter().any(|(_, said)| *said == talk), "{row:?}");
            for phrase in row["phrases"].split(',').map(str::trim) {
                assert!(
                    said_in(phrase)
                        .iter()
                        .any(|(known, said)| *known == phrase && *said == talk),
                    "{phrase}"
                );
                assert!(
                    !said_in(&format!("x{phrase}")).iter().any(|(known, _)| *known == phrase),
                    "{phrase}"
                );
            }
        }
    }
}
