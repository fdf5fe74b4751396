//! From the label that a mail writes to what decodes it: `data/charsets.tsv`.

use std::sync::LazyLock;

use encoding_rs::Encoding;
use hashbrown::HashMap;

use super::Order;
use super::code_page::{self, First};

/// Labels parted by blanks, what decodes them.
const ROWS: &[[&str; 2]] = include!(concat!(env!("OUT_DIR"), "/charsets.rs"));

static KNOWN: LazyLock<HashMap<&str, Decoder>> = LazyLock::new(|| {
    let labels = |&[labels, name]: &[&'static str; 2]| {
        let decoder = Decoder::named(name);
        labels
            .split(' ')
            .filter_map(move |label| decoder.map(|decoder| (label, decoder)))
    };
    ROWS.iter().flat_map(labels).collect()
});

/// What decodes a charset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Decoder {
    Ascii,
    Encoding(&'static Encoding),
    /// A code page, by its number in the table.
    Page(usize, First),
    Utf7,
    Utf16(Order),
    /// ISO-2022 for Japanese, Korean and Chinese.
    Iso2022,
    Hz,
}

impl Decoder {
    /// By a label in any spelling. `encoding_rs` knows those of the WHATWG, but decodes some of them to nothing.
    pub fn of(label: &str) -> Option<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric();
        let short: String = label.chars().filter(|c| plain(*c)).take(60).collect();
        let short = short.to_ascii_lowercase();
        let without_x = short.strip_prefix('x').unwrap_or(&short);
        let known = KNOWN.get(short.as_str()).or_else(|| KNOWN.get(without_x)).copied();
        known.or_else(|| {
            let encoding = Encoding::for_label_no_replacement(label.trim().as_bytes())?;
            Some(Self::Encoding(encoding))
        })
    }

    /// By its name in the table.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ascii" => Self::Ascii,
            "utf-7" => Self::Utf7,
            "utf-16" => Self::Utf16(Order::Unknown),
            "utf-16be" => Self::Utf16(Order::Big),
            "utf-16le" => Self::Utf16(Order::Little),
            "iso-2022" => Self::Iso2022,
            "hz" => Self::Hz,
            _ => match code_page::find(name) {
                Some((page, first)) => Self::Page(page, first),
                None => Self::Encoding(Encoding::for_label(name.as_bytes())?),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::coding::unhex;
    use crate::domain::table;

    #[test]
    fn every_label_of_the_table_decodes_its_example() {
        let rows = table::rows("charsets");
        let mut seen = std::collections::HashSet::new();
        for row in &rows {
            let (hex, text) = row["example"].split_once('=').unwrap();
            for label in row["labels"].split(' ') {
                assert!(seen.insert(label), "{label} twice");
                let decoded = super::super::decode(unhex(hex).unwrap(), Some(label));
                assert_eq!(decoded, text, "{label}");
            }
        }
        assert!(seen.len() > 700);
    }

    #[test]
    fn a_label_is_known_in_any_spelling() {
        for (written, plain) in [
            (" CP-932 ", "cp932"),
            ("Windows_31J", "windows31j"),
            ("x-win-1251", "windows-1251"),
            ("ISO_8859-2:1987", "iso-8859-2"),
            ("x-cp1251", "windows-1251"),
            ("KS_C_5601-1987", "euc-kr"),
        ] {
            assert!(Decoder::of(written).is_some(), "{written}");
            assert_eq!(Decoder::of(written), Decoder::of(plain), "{written}");
        }
        assert_eq!(Decoder::of("x-no-such"), None);
        assert_eq!(Decoder::of(""), None);
    }
}
