//! What holds for any text.

use proptest::prelude::*;

use super::super::{Kind, in_text};
use super::links::{file, in_attachment};
use crate::config::TextSettings;

fn values(text: &str) -> Vec<(Kind, String)> {
    in_text(text, "p", &TextSettings::default())
        .into_iter()
        .map(|find| (find.kind, find.value))
        .collect()
}

/// Pieces that the families look for, so that random texts hit their edges.
pub(super) fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-f0-9]{1,6}",
        "[.:/@\\[\\](){}<> \\\\%&*_-]{1,3}",
        prop::sample::select(vec![
            "http://",
            "hxxp[:]//",
            "evil.com",
            "[.]",
            "(dot)",
            "1.2.3.4",
            "::",
            "xn--",
            "CVE-2024-1234",
            "AS13335",
            "HKLM\\",
            "md5",
            "\u{200b}",
            "ü",
            "。",
            "．",
            "中",
            "\n",
            "\r\n",
            "&amp;",
            "&gt;",
            " DOT ",
            " [at] ",
            "%2",
            "h**p",
            "0x",
            "=",
            "https://urldefense.com/v3/__",
            "__;",
            "!!",
            "?url=",
            "d41d8cd98f00b204e9800998ecf8427e",
            "96:",
            "setup.py",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ]
}

fn defang(text: &str, form: usize) -> String {
    match form {
        0 => text.replace('.', "[.]"),
        1 => text.replace('.', "(.)"),
        2 => text.replace('.', "[dot]"),
        3 => text.replace('.', "{.}"),
        4 => text.replace('.', "\\."),
        5 => text.replacen("http", "hxxp", 1),
        6 => text.replacen("://", "[:]//", 1).replace('.', "[.]"),
        7 => text.replacen("://", "[://]", 1),
        _ => text.replace('.', " [.] "),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics_no_find_lies_inside_another_and_the_same_text_gives_the_same(text in prop::collection::vec(piece(), 0..40)) {
        let text = text.concat();
        let once = in_text(&text, "p", &TextSettings::default());
        prop_assert_eq!(&once, &in_text(&text, "p", &TextSettings::default()));
        for (n, find) in once.iter().enumerate() {
            prop_assert!(text.contains(find.written()), "written is a piece of the text");
            prop_assert!(!find.value.is_empty());
            prop_assert!(!once[..n].iter().any(|other| other.kind == find.kind && other.value == find.value));
        }
    }

    #[test]
    fn any_string_is_read(text in any::<String>()) {
        let _ = in_text(&text, "p", &TextSettings { ignore_lines: vec!["a".into()], stop_word: Some("zz".into()), ..TextSettings::default() });
        let csv = file(Some("a.csv"), "text/csv", text.as_bytes());
        let _ = in_attachment(&csv, &TextSettings::default());
    }

    #[test]
    fn a_defanged_url_is_the_url(
        host in "[a-z]{3,9}\\.(com|org|xyz|co\\.uk)",
        path in "(/[a-z0-9]{1,8}){0,3}",
        form in 0_usize..9,
    ) {
        let url = format!("http://{host}{path}");
        prop_assert_eq!(values(&defang(&url, form)), values(&url));
        prop_assert_eq!(&values(&url)[0], &(Kind::Url, url));
    }

    #[test]
    fn a_defanged_address_is_the_address(a in 11_u8..100, b: u8, c: u8, d: u8, form in 0_usize..9) {
        let address = format!("{a}.{b}.{c}.{d}");
        prop_assert_eq!(values(&defang(&address, form)), vec![(Kind::Ip, address)]);
    }

    #[test]
    fn prose_around_does_not_matter(before in "([a-z]{1,8} ){0,9}", after in "( [a-z]{1,8}){0,9}", n in 0_usize..6) {
        let it = ["http://evil.com/x", "evil[.]com", "8.8.8.8:53", "bad@evil.com", "2606:4700::1111", "CVE-2024-1234"][n];
        prop_assert_eq!(values(&format!("{before}{it}{after}")), values(it));
    }
}
