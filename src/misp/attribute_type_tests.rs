//! Facts about what MISP takes.

use super::*;

fn verdict(r#type: &str, value: &str) -> Result<(), String> {
    check(
        r#type,
        AttributeType::find(r#type).expect(r#type).default_category,
        value,
    )
}

#[test]
fn a_type_has_categories_and_defaults() {
    let ip = AttributeType::find("ip-dst").unwrap();
    assert_eq!((ip.to_ids, ip.default_category), (true, "Network activity"));
    assert!(ip.allows("Payload delivery") && !ip.allows("Financial fraud"));
    assert_eq!(ip.categories().next(), Some("Network activity"));
    assert!(!AttributeType::find("email-subject").unwrap().to_ids);
    assert!(AttributeType::find("nosuchtype").is_none());
}

#[test]
fn every_line_of_the_table_is_read() {
    let lines = include_str!("../../data/attribute_types.csv").lines().count() - 1;
    assert_eq!(TYPES.len(), lines);
}

#[test]
fn good_values_are_taken() {
    let (md5, sha256) = ("d4".repeat(16), "ab".repeat(32));
    let with_name = format!("a b.exe|{md5}");
    let facts = [
        ("md5", md5.as_str()),
        ("sha256", &sha256),
        ("filename|md5", &with_name),
        ("malware-sample", &with_name),
        ("filename|ssdeep", "a|3:AB+/:C"),
        ("ssdeep", "6144:TWL5y6:5ODD"),
        ("ip-dst", "192.0.2.1"),
        ("ip-dst", "2001:db8::/32"),
        ("ip-dst|port", "2001:db8::1|443"),
        ("domain", "xn--mnchen-3ya.example"),
        ("hostname", "_dmarc.a-b.example.org"),
        ("hostname|port", "a.example|65535"),
        ("domain|ip", "a.example|192.0.2.1"),
        ("url", "anything without a line end"),
        ("link", "https://a.example/x?y=z"),
        ("email", "a@b.example"),
        ("vulnerability", "CVE-2024-12345"),
        ("AS", "4294967295"),
        ("mac-address", "00:1b:63:84:45:e6"),
        ("btc", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
        ("datetime", "2026-11-23T08:00:00+00:00"),
        ("email-body", "two\nlines"),
        ("email-message-id", "<a@b>"),
        ("float", "6.46"),
        ("size-in-bytes", "0"),
    ];
    for (r#type, value) in facts {
        assert_eq!(verdict(r#type, value), Ok(()), "{type} {value}");
    }
}

#[test]
fn bad_values_are_refused_in_misp_s_words() {
    let upper = format!("a|{}", "AB".repeat(16));
    let long = "x".repeat(MAX_VALUE + 1);
    let facts = [
        ("ip-dst", "not-an-ip", "IP address has an invalid format."),
        ("ip-dst", "1.2.3", "IP address has an invalid format."),
        ("ip-dst", "192.0.2.0/33", "Invalid CIDR notation"),
        ("ip-dst", "192.0.2.0/x", "Invalid CIDR notation"),
        ("ip-dst|port", "192.0.2.1|0", "Port numbers have to be integers"),
        ("hostname", "host.example.org:8080", "Hostname has an invalid format."),
        ("domain", "localhost", "Domain has an invalid format."),
        ("domain", "münchen.example", "Domain has an invalid format."),
        ("md5", "abc", "expected: 32 hexadecimal characters"),
        ("sha1", &"g".repeat(40), "expected: 40 hexadecimal characters"),
        ("filename|md5", &upper, "expected: 32 hexadecimal characters"),
        ("filename|md5", "no hash", "Composite type found"),
        ("malware-sample", "invoice2.exe", "Composite type found"),
        ("malware-sample", "a|b|c", "Composite type found"),
        ("email", "nobody", "Email address has an invalid format."),
        ("email", "a b@c.example", "Email address has an invalid format."),
        ("vulnerability", "CVE-24-1", "Expected: CVE-xxxx-xxxx"),
        ("AS", "4294967296", "AS number"),
        (
            "url",
            "http://a.example.org/\nx",
            "Value must not contain new line character.",
        ),
        ("email-subject", "a\r\n b", "Value must not contain new line character."),
        ("link", "a.example/x", "scheme"),
        ("link", "http://a_b.example/x", "host"),
        ("link", "http://a.example/ü", "ASCII"),
        ("text", "", "Value cannot be empty."),
        ("text", &long, "too long"),
        ("datetime", "tomorrow", "ISO 8601"),
        ("ssdeep", "3:a", "blocksize:hash:hash"),
    ];
    for (r#type, value, words) in facts {
        let reason = verdict(r#type, value).expect_err(value);
        assert!(reason.contains(words), "{type}: {reason}");
    }
}

#[test]
fn type_and_category_must_fit() {
    assert_eq!(check("nosuchtype", "Other", "x"), Err("Invalid type.".to_owned()));
    let wrong = check("ip-dst", "Financial fraud", "203.0.113.77");
    assert_eq!(wrong, Err("Options depend on the selected category.".to_owned()));
}

proptest::proptest! {
    #[test]
    fn any_text_gets_a_verdict(value: String, index: proptest::sample::Index) {
        let mut types: Vec<&str> = TYPES.keys().copied().collect();
        types.sort_unstable();
        let _ = verdict(types[index.index(types.len())], &value);
    }
}
