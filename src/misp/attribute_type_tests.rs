//! Facts about what MISP takes.

use super::*;

fn verdict(r#type: &str, value: &str) -> Result<(), Reason> {
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
fn bad_values_are_refused() {
    let upper = format!("a|{}", "AB".repeat(16));
    let digits = "g".repeat(40);
    let facts = [
        ("ip-dst", "not-an-ip"),
        ("ip-dst", "1.2.3"),
        ("ip-dst", "192.0.2.0/33"),
        ("ip-dst", "192.0.2.0/x"),
        ("ip-dst|port", "192.0.2.1|0"),
        ("hostname", "host.example.org:8080"),
        ("domain", "localhost"),
        ("domain", "münchen.example"),
        ("md5", "abc"),
        ("sha1", &digits),
        ("filename|md5", &upper),
        ("filename|md5", "no hash"),
        ("malware-sample", "invoice2.exe"),
        ("malware-sample", "a|b|c"),
        ("email", "nobody"),
        ("email", "a b@c.example"),
        ("vulnerability", "CVE-24-1"),
        ("AS", "4294967296"),
        ("datetime", "tomorrow"),
        ("ssdeep", "3:a"),
    ];
    for (name, value) in facts {
        let attribute_type = name.to_owned();
        assert_eq!(
            verdict(name, value),
            Err(Reason::ValueFormat { attribute_type }),
            "{value}"
        );
    }
}

#[test]
fn what_is_wrong_with_any_value_is_said() {
    let long = "x".repeat(MAX_VALUE + 1);
    let facts = [
        ("url", "http://a.example.org/\nx", Reason::ValueNewLine),
        ("email-subject", "a\r\n b", Reason::ValueNewLine),
        ("link", "a.example/x", Reason::LinkFormat),
        ("link", "http://a_b.example/x", Reason::LinkFormat),
        ("link", "http://a.example/ü", Reason::LinkFormat),
        ("text", "", Reason::ValueEmpty),
        ("text", "\u{1}\n", Reason::ValueControlCharacters),
        ("text", &long, Reason::ValueTooLong),
    ];
    for (name, value, reason) in facts {
        assert_eq!(verdict(name, value), Err(reason), "{name}");
    }
}

#[test]
fn type_and_category_must_fit() {
    let unknown = check("nosuchtype", "Other", "x");
    assert_eq!(unknown.unwrap_err().to_string(), "MISP knows no type nosuchtype");
    let wrong = check("ip-dst", "Financial fraud", "203.0.113.77").unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "MISP does not allow ip-dst in the category Financial fraud"
    );
}

proptest::proptest! {
    #[test]
    fn any_text_gets_a_verdict(value: String, index: proptest::sample::Index) {
        let mut types: Vec<&str> = TYPES.keys().copied().collect();
        types.sort_unstable();
        let _ = verdict(types[index.index(types.len())], &value);
    }
}
