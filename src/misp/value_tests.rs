//! Facts about what MISP makes of values.

use super::*;

#[test]
fn values_become_what_misp_stores() {
    let sha256 = "AB".repeat(32);
    let facts: &[(&str, &str, &str)] = &[
        ("url", "  hxxp://Norm[.]example[.]org/A ", "http://Norm.example.org/A"),
        ("url", "hXXps://a.example/[.]", "https://a.example/."),
        ("link", "http://a.example/B", "http://a.example/B"),
        (
            "url",
            "http://a.example/💰/é?x=%41",
            "http://a.example/%F0%9F%92%B0/é?x=%41",
        ),
        ("sha256", &sha256, &sha256.to_lowercase()),
        ("email-src", "Mal@Norm.Example.org", "mal@norm.example.org"),
        ("ip-dst", "2001:DB8:0:0::1", "2001:db8::1"),
        ("ip-dst", "203.0.113.0/24", "203.0.113.0/24"),
        ("ip-dst", "203.0.113.1/32", "203.0.113.1"),
        ("ip-dst", "2001:DB8::/128", "2001:db8::"),
        ("ip-dst", "::102:304", "::1.2.3.4"),
        ("ip-dst", "not an ip", "not an ip"),
        ("ip-dst|port", "[2001:DB8::1]:80", "2001:db8::1|80"),
        ("ip-dst|port", "192.0.2.1:80", "192.0.2.1|80"),
        ("domain", "München.example.", "xn--mnchen-3ya.example"),
        ("domain|ip", "A.Example|2001:DB8::1", "a.example|2001:db8::1"),
        ("hostname", "WWW.Example.org", "www.example.org"),
        ("hostname|port", "Host.example.org:8080", "host.example.org|8080"),
        ("email-message-id", "<a b@c>", "<a b@c>"),
        ("email-subject", "Größe 漢字 😀", "Größe 漢字 \u{fffd}"),
        (
            "filename|md5",
            "Bad.EXE|D41D8CD98F00B204E9800998ECF8427E",
            "Bad.EXE|d41d8cd98f00b204e9800998ecf8427e",
        ),
        ("filename|ssdeep", "a|3:AB:C", "a|3:AB:C"),
        ("malware-sample", "Bad.EXE|ABC", "Bad.EXE|ABC"),
        ("vulnerability", "cve–2024-12345", "CVE-2024-12345"),
        ("AS", "as64496", "64496"),
        ("AS", "1.10", "65546"),
        ("mac-address", "00-1B.63 84:45E6", "00:1b:63:84:45:e6"),
        ("phone-number", "0049 (0)30 / 1234", "+49301234"),
        (
            "datetime",
            "2026-11-23T08:00:00+00:00",
            "2026-11-23T08:00:00.000000+0000",
        ),
        (
            "datetime",
            "2018-05-14T16:05:09-04:00",
            "2018-05-14T16:05:09.000000-0400",
        ),
        ("datetime", "some day", "some day"),
        ("x509-fingerprint-sha1", "AB:CD", "abcd"),
        ("text", "As It Is [.]", "As It Is [.]"),
    ];
    for (r#type, value, expected) in facts {
        assert_eq!(normalise(r#type, value), *expected, "{type}");
        assert_eq!(normalise(r#type, expected), *expected, "{type}: twice is once");
    }
}

fn is_in_the_plane(character: char) -> bool {
    character <= '\u{ffff}'
}

proptest::proptest! {
    #[test]
    fn no_text_of_any_type_keeps_what_the_column_cannot_hold(value: String, index: proptest::sample::Index) {
        let types: Vec<&str> = include_str!("../../data/attribute_types.csv").lines().skip(1)
            .filter_map(|line| line.split(';').next()).collect();
        let r#type = types[index.index(types.len())];
        let once = normalise(r#type, &value);
        proptest::prop_assert!(once.chars().all(is_in_the_plane));
    }
}
