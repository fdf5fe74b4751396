//! Charsets of one byte a character that `encoding_rs` does not have: `data/code_pages.tsv`.
//!
//! Tried: `oem_cp` 2.1 has 18 of these 38 and none of IBM's host pages, so the table would stand beside it.

use crate::domain::coding::unhex;

/// Name, the first byte that the codes are for, the codes.
const ROWS: &[[&str; 3]] = include!(concat!(env!("OUT_DIR"), "/code_pages.rs"));

/// Where a page begins to have characters of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    /// At once: letters and digits are not where ASCII has them.
    Zero,
    /// Behind ASCII.
    Eighty,
}

/// The place of a page in the table.
pub(super) fn find(name: &str) -> Option<(usize, First)> {
    let at = ROWS.iter().position(|[page, ..]| *page == name)?;
    let [_, first, _] = ROWS.get(at)?;
    Some((at, if *first == "80" { First::Eighty } else { First::Zero }))
}

/// Decodes by the page at `index`. The line end of IBM's host pages (NEL) becomes one that readers know.
pub(super) fn decode(index: usize, bytes: &[u8]) -> String {
    let Some([_, first, codes]) = ROWS.get(index) else {
        return String::new();
    };
    let first = if *first == "80" { 0x80 } else { 0 };
    let codes = unhex(codes).unwrap_or_default();
    let characters: Vec<char> = codes
        .as_chunks()
        .0
        .iter()
        .map(|pair| char::from_u32(u32::from(u16::from_be_bytes(*pair))).unwrap_or('\u{fffd}'))
        .map(|c| if first == 0 && c == '\u{85}' { '\n' } else { c })
        .collect();
    let character = |byte: &u8| match usize::from(*byte).checked_sub(first) {
        Some(at) => characters.get(at).copied().unwrap_or('\u{fffd}'),
        None => char::from(*byte),
    };
    bytes.iter().map(character).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table;

    #[test]
    fn every_page_of_the_table_decodes_its_example() {
        for row in table::rows("code_pages") {
            let (page, first) = find(&row["page"]).unwrap();
            let (hex, text) = row["example"].split_once('=').unwrap();
            assert_eq!(decode(page, &unhex(hex).unwrap()), text, "{row:?}");
            let wanted = if first == First::Zero { 256 } else { 128 };
            assert_eq!(row["codes"].len(), 4 * wanted, "{row:?}");
            let every: Vec<u8> = (0..=255).collect();
            assert_eq!(decode(page, &every).chars().count(), 256, "{row:?}");
        }
        assert_eq!(find("no such page"), None);
    }

    #[test]
    fn a_line_of_a_host_ends_as_lines_do() {
        let (page, _) = find("cp037").unwrap();
        assert_eq!(decode(page, b"\x88\xa3\xa3\x97\x7a\x61\x61\x15"), "http://\n");
    }
}
