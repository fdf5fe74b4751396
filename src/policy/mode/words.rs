//! Phrases that tell bait from reports, from `data/mode_words.tsv`.

use std::sync::LazyLock;

use hashbrown::HashMap;

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
    /// The numbers of the phrases that begin with a word.
    by_first: HashMap<&'static str, Vec<usize>>,
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
    let mut by_first: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, (phrase, _)) in phrases.iter().enumerate() {
        by_first.entry(word(phrase)).or_default().push(index);
    }
    Known { phrases, by_first }
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

/// The word at the beginning of a text.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The phrases in a text, each once, in the order of the table. The text is in lower case with single blanks.
fn said_in(text: &str) -> Vec<(&'static str, Talk)> {
    let known = &*KNOWN;
    let mut said = vec![false; known.phrases.len()];
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let word = word(rest);
        if word.is_empty() {
            break;
        }
        for &index in known.by_first.get(word).into_iter().flatten() {
            let (Some((phrase, _)), Some(said)) = (known.phrases.get(index), said.get_mut(index)) else {
                continue;
            };
            let behind = rest.strip_prefix(phrase);
            *said |= behind.is_some_and(|behind| !behind.starts_with(char::is_alphanumeric));
        }
        rest = rest.get(word.len()..).unwrap_or_default();
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
        if word.is_ascii() {
            let start = simple.len();
            simple.push_str(word);
            simple.get_mut(start..).into_iter().for_each(str::make_ascii_lowercase);
            continue;
        }
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
