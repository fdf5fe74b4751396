//! Names that a reader takes for a well-known one: `рaypal.com` with a Cyrillic letter, `micr0soft.com`.
//!
//! Both names are brought to the letters that they look like (`data/look_alikes.tsv`), and are alike if these are the same.

use std::sync::LazyLock;

use hashbrown::{HashMap, HashSet};

use super::{Sketch, host};

/// Letter, and what is taken for it.
const SIGNS: &[[&str; 2]] = include!(concat!(env!("OUT_DIR"), "/look_alikes.rs"));

/// Use and host of names that everybody knows.
pub const WELL_KNOWN: &[[&str; 2]] = include!(concat!(env!("OUT_DIR"), "/well_known_hosts.rs"));

/// Shorter names look like one another by chance: as written in ASCII, and with other letters.
const SHORTEST_ASCII: usize = 5;
const SHORTEST: usize = 3;

struct Looks {
    letters: HashMap<char, char>,
    /// The same for the signs of ASCII, in lower case.
    ascii: [u8; 128],
    pairs: Vec<(&'static str, &'static str)>,
}

static LOOKS: LazyLock<Looks> = LazyLock::new(|| {
    let mut looks = Looks {
        letters: HashMap::new(),
        ascii: std::array::from_fn(|sign| u8::try_from(sign).unwrap_or_default().to_ascii_lowercase()),
        pairs: Vec::new(),
    };
    for [letter, signs] in SIGNS {
        for sign in signs.split(' ') {
            let mut characters = sign.chars();
            match (characters.next(), characters.next(), letter.chars().next()) {
                (Some(sign), None, Some(letter)) => {
                    looks.letters.insert(sign, letter);
                    let place = usize::try_from(u32::from(sign))
                        .ok()
                        .and_then(|sign| looks.ascii.get_mut(sign));
                    if let (Some(place), Ok(letter)) = (place, u8::try_from(letter)) {
                        *place = letter;
                    }
                }
                _ => looks.pairs.push((sign, letter)),
            }
        }
    }
    looks
});

/// The labels that makers, banks and offices registered, and their hosts by what the labels look like.
struct Brands {
    labels: HashSet<&'static str>,
    by_look: HashMap<String, String>,
    /// Of what the labels look like.
    sketch: Sketch,
}

static BRANDS: LazyLock<Brands> = LazyLock::new(|| {
    let (mut labels, mut by_look, mut sketch) = (HashSet::new(), HashMap::new(), Sketch::default());
    let brands = WELL_KNOWN.iter().filter(|[r#use, _]| *r#use == "brand");
    for (label, suffix) in brands.filter_map(|[_, host]| host.trim_start_matches('=').split_once('.')) {
        let name = format!("{label}.{}", suffix.replace('*', "com"));
        if host::registrable(&name) == Some(&*name) {
            labels.insert(label);
            let look = skeleton(label);
            sketch.add(&look);
            by_look.entry(look).or_insert(name);
        }
    }
    Brands {
        labels,
        by_look,
        sketch,
    }
});

/// The well-known name that a registrable one in punycode is taken for, if it is not its own.
pub fn looks_like(registrable: &str) -> Option<&'static str> {
    let (label, suffix) = registrable.split_once('.')?;
    if !label.starts_with("xn--") && !may_be_alike(label) {
        return None;
    }
    let unicode = host::unicode(label);
    let shown = unicode.as_deref().unwrap_or(label);
    let shortest = if unicode.is_some() { SHORTEST } else { SHORTEST_ASCII };
    let Brands { labels, by_look, .. } = &*BRANDS;
    if shown.chars().count() < shortest || labels.contains(shown) {
        return None;
    }
    let brand = by_look.get(&skeleton(shown))?;
    // `i` for `l` alone is also a mere word: then the suffix has to be the same.
    let is_word = shown.bytes().all(|byte| byte.is_ascii_lowercase()) && !pairs_in(shown);
    (!is_word || brand.ends_with(&format!(".{suffix}"))).then_some(brand)
}

/// A quick look, as hardly any name is like a known one. Makes no text.
fn may_be_alike(label: &str) -> bool {
    let mut look = [0; 63];
    let mut rest = label.as_bytes();
    let mut length = 0;
    for place in &mut look {
        let Some((sign, behind)) = rest.split_first() else {
            break;
        };
        let mut pairs = LOOKS
            .pairs
            .iter()
            .filter(|(pair, _)| pair.as_bytes().first() == Some(sign));
        let pair = pairs.find_map(|(pair, letter)| {
            let behind = rest.strip_prefix(pair.as_bytes())?;
            Some((*letter.as_bytes().first()?, behind))
        });
        let letter = LOOKS.ascii.get(usize::from(*sign)).copied().unwrap_or(*sign);
        (*place, rest) = pair.unwrap_or((letter, behind));
        length += 1;
    }
    let look = look.get(..length).and_then(|look| std::str::from_utf8(look).ok());
    !rest.is_empty() || look.is_none_or(|look| BRANDS.sketch.may_have(look))
}

fn pairs_in(label: &str) -> bool {
    LOOKS.pairs.iter().any(|(pair, _)| label.contains(pair))
}

/// The letters that a label looks like.
fn skeleton(label: &str) -> String {
    let letter = |sign: char| LOOKS.letters.get(&sign).copied().unwrap_or(sign);
    let letters: String = label.chars().flat_map(char::to_lowercase).map(letter).collect();
    let alike = |letters: String, (pair, letter): &(&str, &str)| letters.replace(pair, letter);
    LOOKS.pairs.iter().fold(letters, alike)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table;

    fn seen(name: &str) -> Option<&'static str> {
        looks_like(host::registrable(&host::canonical(name).unwrap())?)
    }

    #[test]
    fn every_sign_of_the_table_looks_like_its_letter() {
        for row in table::rows("look_alikes") {
            for sign in row["signs"].split(' ') {
                assert_eq!(skeleton(sign), row["letter"], "{row:?}");
            }
            assert!(seen(&row["example"]).is_some(), "{row:?}");
        }
    }

    #[test]
    fn a_name_with_letters_of_others_is_taken_for_the_known_one() {
        for (name, known) in [
            ("www.раураl.com", "paypal.com"),
            ("login.micrοsoft.net", "microsoft.com"),
            ("xn--pypal-4ve.com", "paypal.com"),
            ("paypa1.top", "paypal.com"),
            ("micr0soft.com", "microsoft.com"),
            ("arnazon.de", "amazon.com"),
            ("paypai.com", "paypal.com"),
            ("gооgle.co.uk", "google.com"),
            ("pàypàl.com", "paypal.com"),
            ("dhł.com", "dhl.com"),
        ] {
            assert_eq!(seen(name), Some(known), "{name}");
        }
    }

    #[test]
    fn the_quick_look_misses_nothing() {
        let known = BRANDS.labels.iter().map(|label| (*label).to_owned());
        let mut written: Vec<String> = known.filter(|label| label.is_ascii()).collect();
        for (sign, letter) in [
            ("rn", "m"),
            ("vv", "w"),
            ("0", "o"),
            ("1", "l"),
            ("i", "l"),
            ("1", "i"),
            ("5", "s"),
            ("4", "a"),
        ] {
            let others: Vec<String> = written.iter().map(|label| label.replace(letter, sign)).collect();
            written.extend(others);
            written.sort_unstable();
            written.dedup();
        }
        assert!(written.len() > 2000);
        for label in written {
            let is_alike = BRANDS.by_look.contains_key(&skeleton(&label));
            assert!(!is_alike || may_be_alike(&label), "{label}");
        }
    }

    #[test]
    fn known_names_and_other_words_are_taken_for_nothing() {
        for name in [
            "www.paypal.com",
            "paypal.de",
            "amazon.co.jp",
            "office365.com",
            "1und1.de",
            "appie.nl",
            "lci.fr",
            "evil-one.com",
            "müller.de",
            "bücher.example.com",
            "пример.рф",
            "paypal-login.com",
            "paypal.evil-one.com",
            "185.93.89.196",
            "localhost",
        ] {
            assert_eq!(seen(name), None, "{name}");
        }
    }
}
