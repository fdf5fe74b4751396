//! Links that name another link in a parameter: `https://shop.example/out?url=https%3A%2F%2Fevil.com`. The usual names of such
//! parameters are in `data/redirect_parameters.tsv`.

use std::borrow::Cow;

use super::path_of;
use super::target::{absolute, base64};
use crate::domain::coding::percent_text;

/// Names of parameters, in lower case.
const NAMES: &[&str] = include!(concat!(env!("OUT_DIR"), "/redirect_parameters.rs"));

/// The links in the query and fragment of `url`, each with the name of its parameter.
pub fn targets(url: &str) -> impl Iterator<Item = (&'static str, String)> {
    let path = path_of(url).unwrap_or_default();
    let query = path.find(['?', '#']).and_then(|mark| path.get(mark + 1..));
    let pairs = query.unwrap_or_default().split(['&', '?', '#']);
    pairs.filter_map(|pair| {
        let (name, value) = pair.trim_start_matches("amp;").split_once('=')?;
        // Most parameters hold something else, and reading the value's first letters is quicker than finding the name.
        if !matches!(value.as_bytes(), [b'h' | b'H' | b'a', ..]) {
            return None;
        }
        let name = NAMES.iter().find(|known| known.eq_ignore_ascii_case(name))?;
        Some((*name, link(value)?))
    })
}

/// The link that a value is, plain, with percent codes or in base64.
fn link(value: &str) -> Option<String> {
    let plain = percent_text(value);
    // `aHR0c` is base64 for `http`.
    let decoded = if plain.starts_with("aHR0c") {
        Cow::Owned(base64(&plain)?)
    } else {
        plain
    };
    absolute(&decoded, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table;

    #[test]
    fn every_row_of_the_table_gives_the_target_of_its_example() {
        for row in table::rows("redirect_parameters") {
            let found: Vec<_> = targets(&row["example"]).collect();
            let name = *NAMES.iter().find(|name| **name == row["name"]).unwrap();
            assert_eq!(found, [(name, row["target"].clone())], "{row:?}");
        }
    }

    #[test]
    fn a_value_that_is_no_whole_link_names_none() {
        for url in [
            "https://shop.example/out?url=/cart",
            "https://shop.example/out?url=evil.com/x",
            "https://shop.example/out?url=%2F%2Fcart",
            "https://shop.example/out?url=httpd",
            "https://shop.example/out?url=aHR0c",
            "https://shop.example/out?utm_source=https://evil.com/x",
            "https://shop.example/out?curl=https://evil.com/x",
            "https://shop.example/https://evil.com/x",
            "https://shop.example/out?url=",
        ] {
            assert_eq!(targets(url).count(), 0, "{url}");
        }
    }
}
