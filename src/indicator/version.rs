//! Numbers with dots that are addresses by their form, and versions or parts of a document by the words beside them:
//! `data/version_words.tsv`.

use std::net::Ipv4Addr;

use super::bytes::{at, line_before};

/// Words and their use.
const WORDS: &[[&str; 2]] = include!(concat!(env!("OUT_DIR"), "/version_words.rs"));

/// Whether a word (in lower case) has this use.
fn is(word: &str, wanted: &str) -> bool {
    WORDS.iter().any(|[known, found]| *found == wanted && *known == word)
}

/// Whether the address from `start` to `end` is a version, or the number of a section, by what stands around it.
pub fn is_version(text: &str, start: usize, end: usize, address: Ipv4Addr) -> bool {
    let bytes = text.as_bytes();
    let lead = line_before(bytes, start, 40);
    let lead = text
        .get(text.ceil_char_boundary(start - lead.len())..start)
        .unwrap_or_default();
    let last = last_word(lead);
    if is(&last, "number") || is(&last, "section") && address.octets().iter().all(|octet| *octet < 100) {
        return true;
    }
    let tail = text.get(end..text.floor_char_boundary(end + 24)).unwrap_or_default();
    looks_small(address) && at(bytes, end) != b':' && is_told(lead, tail)
}

/// Whether nothing but the comma or the word of a list stands between two numbers: what the first one is, so is the second.
pub fn is_next(between: &str, address: Ipv4Addr) -> bool {
    let joins = matches!(
        between.trim(),
        "," | "/"
            | ";"
            | "-"
            | "\u{2013}"
            | "&"
            | "and"
            | "or"
            | "to"
            | "through"
            | "und"
            | "oder"
            | "bis"
            | "auf"
            | "et"
            | ", and"
            | ", or"
            | "y"
            | "e"
    );
    joins && looks_small(address)
}

/// The numbers are as small as those of versions are. Of a thousand addresses one or two are like that.
fn looks_small(address: Ipv4Addr) -> bool {
    let [a, b, c, d] = address.octets();
    let resolver = matches!(
        (a, b, c, d),
        (1, 1, 1, 1) | (1, 0, 0, 1) | (8, 8, 8, 8) | (8, 8, 4, 4) | (9, 9, 9, 9)
    );
    a <= 40 && b <= 25 && c < 100 && d < 100 && !resolver
}

/// Whether the words around speak of a version: a product before it, or words of repairs and ranges.
fn is_told(lead: &str, tail: &str) -> bool {
    let tail = tail.trim_start_matches([' ', ')', ',']).to_lowercase();
    let begins = |words: &str| {
        tail.strip_prefix(words)
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    let ranged = WORDS.iter().any(|[words, found]| *found == "after" && begins(words));
    let parts = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';' | '"' | '|');
    let mut words = lead.split(parts).filter(|word| !word.is_empty());
    let (Some(last), previous) = (words.next_back(), words.next_back()) else {
        return ranged;
    };
    let plain = |word: &str| word.trim_end_matches([':', '.']).to_lowercase();
    let (lower, before) = (plain(last), previous.map(plain).unwrap_or_default());
    if matches!(last, "<" | "<=" | ">" | ">=" | "=<" | "=>" | "\u{2264}" | "\u{2265}") || is(&lower, "before") {
        return true;
    }
    match lower.as_str() {
        "in" => return is(&before, "before-in"),
        "to" | "auf" => return is(&before, "before-to"),
        // «SQL Server 15.0.2.7»
        "server" if is(&before, "product") => return true,
        _ => {}
    }
    let end = lower.rsplit('-').next().unwrap_or_default();
    let network = is(end, "network") && !is(&lower, "product");
    !network && (ranged || !last.ends_with([':', '.']) && is_product(last, &lower, previous))
}

/// Whether a word names a product: one that everybody knows, capitals inside of it, or a capital inside the sentence.
fn is_product(word: &str, lower: &str, previous: Option<&str>) -> bool {
    let letters = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    let capitals = letters.chars().skip(1).any(char::is_uppercase);
    // «13.1-49.13 12.1.55.3»: one version after the other.
    let number = letters.starts_with(|c: char| c.is_ascii_digit())
        && letters.contains('.')
        && letters.parse::<Ipv4Addr>().is_err();
    let inside = previous.is_some_and(|word| !word.ends_with(['.', ':', '!', '?', '|', '-']));
    is(lower, "product") || capitals || number || letters.starts_with(char::is_uppercase) && inside
}

/// The last word, as a word of its own: a server is no «ver».
fn last_word(lead: &str) -> String {
    let lead = lead.trim_ascii_end();
    let lead = lead.strip_suffix([':', '.']).unwrap_or(lead);
    let rest = lead.trim_end_matches(|c: char| c.is_alphabetic() || c == '\u{a7}');
    lead.get(rest.len()..).unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::super::{Doubt, in_text};
    use crate::config::TextSettings;
    use crate::domain::table;

    #[test]
    fn every_row_of_the_table_does_what_it_is_there_for() {
        for row in table::rows("version_words") {
            let finds = in_text(&row["example"], "p", &TextSettings::default());
            let doubt = (row["use"] != "network").then_some(Doubt::Version);
            assert_eq!(finds.first().map(|find| find.doubt), Some(doubt), "{row:?}");
        }
    }
}
