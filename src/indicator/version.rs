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
    if lead.trim().is_empty() && is_heading(tail) && has_neighbour(bytes, start, address) {
        return true;
    }
    looks_small(address) && at(bytes, end) != b':' && is_told(lead, tail)
}

/// ` Point Events`: what stands behind the number of a section.
fn is_heading(tail: &str) -> bool {
    let title = tail.trim_start_matches([' ', '\t']);
    title.len() < tail.len() && title.starts_with(char::is_uppercase)
}

/// Bytes before and behind a number in which the numbers of its neighbours are looked for.
const NEAR: usize = 1000;

/// Whether a line begins with the number of the section before, behind or around this one. Hosts of one network stand beside each other in
/// lists too, but hardly such that have three numbers of one digit.
fn has_neighbour(bytes: &[u8], start: usize, address: Ipv4Addr) -> bool {
    let [a, b, c, d] = address.octets();
    if !(1..=9).contains(&a) || b > 9 || c > 9 || d > 40 {
        return false;
    }
    let near = bytes.get(start.saturating_sub(NEAR)..(start + NEAR).min(bytes.len()));
    let near = near.unwrap_or_default();
    let begins_line = |number: String| {
        memchr::memmem::find_iter(near, number.as_bytes()).any(|at| {
            let before = near.get(..at).unwrap_or_default();
            let before = before.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
            before.map_or(start <= NEAR, |byte| *byte == b'\n')
        })
    };
    let neighbours = [d.checked_sub(1), d.checked_add(1)];
    neighbours
        .into_iter()
        .flatten()
        .any(|d| begins_line(format!("{a}.{b}.{c}.{d} ")))
        || begins_line(format!("{a}.{b}.{c} "))
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
