use super::*;

#[test]
fn names_are_brought_into_one_form() {
    let names = [
        ("Evil.COM", Some("evil.com")),
        ("bücher.test", Some("xn--bcher-kva.test")),
        ("_dmarc.evil.com", Some("_dmarc.evil.com")),
        ("-x.evil.com", None),
        ("a..b", None),
        ("", None),
        ("evil com", None),
    ];
    for (written, name) in names {
        assert_eq!(canonical(written).as_deref(), name, "{written}");
    }
    assert_eq!(canonical(&format!("{}.com", "a".repeat(64))), None);
    assert_eq!(unicode("xn--bcher-kva.test").as_deref(), Some("bücher.test"));
}

#[test]
fn a_pattern_covers_what_it_says() {
    for (pattern, host, covered) in [
        ("evil.com", "evil.com", true),
        ("evil.com", "www.evil.com", false),
        ("*.evil.com", "a.b.evil.com", true),
        ("*.evil.com", "evil.com", false),
        ("*.evil.com", "notevil.com", false),
        ("google.*", "google.de", true),
        ("google.*", "google.co.uk", true),
        ("google.*", "google.evil.com", false),
        ("www.google.*", "www.google.co.uk", true),
        ("www.google.*", "www.google.evil.com", false),
        ("*.google.*", "maps.google.co.uk", true),
        ("*.google.*", "a.b.google.com", true),
        ("*.google.*", "google.com", false),
        ("*.google.*", "www.google.evil.com", false),
        ("*.google.*", "www.mygoogle.com", false),
        ("*", "10.0.0.1", true),
    ] {
        assert_eq!(fits(pattern, host), covered, "{pattern} {host}");
    }
}

#[test]
fn a_name_is_followed_by_those_above_it() {
    assert_eq!(and_above("a.b.c").collect::<Vec<_>>(), ["a.b.c", "b.c", "c"]);
    assert_eq!(and_above(&"a.".repeat(1000)).count(), MAX_LABELS);
}
