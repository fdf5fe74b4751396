//! A text gives the same finds whether it is read in one piece or from its middle as well.

use std::sync::Arc;

use proptest::prelude::*;

use super::super::finds::Finds;
use super::super::scan::Scan;
use super::super::{Indicator, in_text};
use super::properties::piece;
use super::unescape;
use crate::config::TextSettings;

fn in_halves(text: &str, middle: usize) -> Vec<Indicator> {
    let (options, mut found) = (TextSettings::default(), Finds::default());
    Scan::new(text, &Arc::from("p"), &options, &mut found).halves(0..text.len(), middle);
    found.into_vec()
}

/// Cuts the text before each of its lines.
fn check(text: &str) {
    let whole = in_text(text, "p", &TextSettings::default());
    for (line_end, _) in text.match_indices('\n') {
        let (first, second) = text.split_at(line_end + 1);
        assert_eq!(in_halves(text, line_end + 1), whole, "{first:?} + {second:?}");
    }
}

#[test]
fn every_case_of_the_tables_is_cut_at_every_line() {
    let tables = [
        include_str!("addresses.txt"),
        include_str!("advisories.txt"),
        include_str!("defanged.txt"),
        include_str!("hashes.txt"),
        include_str!("names.txt"),
        include_str!("rewriters.txt"),
        include_str!("urls.txt"),
    ];
    for table in tables {
        let texts: Vec<String> = table
            .lines()
            .filter_map(|line| Some(unescape(line.rsplit_once("=>")?.0)))
            .collect();
        // Together, so that what stands at the end of one is followed by something.
        texts.chunks(8).for_each(|texts| check(&texts.join("\n")));
    }
}

#[test]
fn what_goes_on_in_the_next_line_is_read_on() {
    for text in [
        "<http://evil.com/a\nb/c>\nevil.net\n",
        "SHA-256: 275a021bbfb6489e54d471899f7db9d1\n663fc695ec2fe2a2c4538aabf651fd0f\n45.1.2.3\n",
        "OpenVPN 2.5.1.3\n2.5.1.4\n",
    ] {
        check(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_cut_at_any_line(lines in prop::collection::vec(prop::collection::vec(piece(), 0..8), 2..6)) {
        let lines: Vec<String> = lines.iter().map(|pieces| pieces.concat()).collect();
        check(&lines.join("\n"));
    }
}
