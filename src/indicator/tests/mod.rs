//! Facts about what is an indicator. The tables hold one case a line: the text, `=>`, and what is found in it.

mod halves;
mod hostile;
mod links;
mod properties;
mod stages;

use super::in_text;
use crate::config::TextSettings;

/// `kind value`, with `!Doubt` when doubted and `(note)` when noted.
fn found_in(text: &str) -> Vec<String> {
    let described = |find: super::Indicator| {
        let doubt = find.doubt.map(|doubt| format!(" !{doubt:?}")).unwrap_or_default();
        let note = find
            .remarks
            .first()
            .map(|remark| format!(" ({remark})"))
            .unwrap_or_default();
        format!("{:?} {}{doubt}{note}", find.kind, find.value)
    };
    in_text(text, "text/plain", &TextSettings::default())
        .into_iter()
        .map(described)
        .collect()
}

fn unescape(text: &str) -> String {
    text.replace("⏎", "\n")
        .replace("⇥", "\t")
        .replace("␣", " ")
        .replace("⌀", "\u{200b}")
        .replace("⊸", "\u{ad}")
}

/// Runs the cases of a table; `⏎` stands for a line end, `⇥` for a tab, `␣` for a blank at an edge, `⌀` for a zero-width
/// space, `⊸` for a soft hyphen.
fn check(table: &str) -> usize {
    let mut wrong = Vec::new();
    let cases: Vec<&str> = table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("## "))
        .collect();
    for case in &cases {
        let (text, wanted) = case.rsplit_once("=>").expect(case);
        let wanted: Vec<String> = wanted
            .split(" ; ")
            .map(str::trim)
            .filter(|find| !find.is_empty())
            .map(unescape)
            .collect();
        let found = found_in(&unescape(text.strip_suffix(' ').unwrap_or(text)));
        if found != wanted {
            wrong.push(format!("{case}\n      found {}", found.join(" ; ")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
    cases.len()
}

#[test]
fn urls_are_found_as_their_author_meant_them() {
    check(include_str!("urls.txt"));
}

#[test]
fn names_are_told_from_files_versions_and_prose() {
    check(include_str!("names.txt"));
}

#[test]
fn addresses_are_told_from_versions_and_times() {
    check(include_str!("addresses.txt"));
}

#[test]
fn hashes_coins_and_numbers_need_their_own_form() {
    check(include_str!("hashes.txt"));
}

#[test]
fn defanged_forms_equal_plain_ones() {
    check(include_str!("defanged.txt"));
}

#[test]
fn rewritten_links_are_their_targets() {
    check(include_str!("rewriters.txt"));
}

#[test]
fn advisories_give_their_indicators_and_nothing_else() {
    check(include_str!("advisories.txt"));
}

#[test]
fn names_with_pictures_are_names_where_the_table_says_so() {
    for row in crate::domain::table::rows("picture_suffixes") {
        let name = found_in(&row["example"]).join(" ");
        assert!(
            name.starts_with("Domain xn--") && name.contains(&format!(".{} ", row["suffix"])),
            "{row:?}: {name}"
        );
    }
    assert_eq!(
        found_in("i❤evil.com"),
        ["Domain xn--ievil-102c.com !NotWhole (i❤evil.com)"]
    );
}
