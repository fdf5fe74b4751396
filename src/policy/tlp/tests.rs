//! Facts about markings.

use super::{Scanner, TlpLevel};
use crate::mail::{HeaderField, Headers};

fn scanner() -> Scanner {
    Scanner::tlp(&[(TlpLevel::Red, "streng vertraulich".to_owned())])
}

#[test]
fn every_spelling_of_a_marking_is_read() {
    use TlpLevel::{Amber, AmberStrict, Clear, Green, Red, White};
    for (text, level) in [
        ("TLP:AMBER", Amber),
        ("TLP AMBER", Amber),
        ("TLP-Amber", Amber),
        ("[TLP: amber+strict]", AmberStrict),
        ("TLP : RED", Red),
        ("tlp=green", Green),
        ("AMBER-STRICT", AmberStrict),
        ("TLP:AMBER STRICT", AmberStrict),
        ("TLP:AMBER - strictly for you", Amber),
        ("TLP: **RED**", Red),
        ("*TLP:*CLEAR", Clear),
        ("TLP\u{a0}:\u{a0}WHITE", White),
        ("TLP level: green", Green),
        ("Traffic Light Protocol (TLP): GREEN", Green),
        ("Traffic Light Protocol: red", Red),
        ("TLP 2.0: CLEAR", Clear),
        ("TLP:\nRED\n", Red),
        ("TLP:GRÜN", Green),
        ("TLP:GREEN/AMBER", Amber),
        ("this is streng vertraulich, please", Red),
        ("TLP:CLEAR, red team exercise", Clear),
        ("TLP_RED", Red),
        ("(TLP:RED)", Red),
    ] {
        assert_eq!(scanner().text(text), Some(level), "{text:?}");
    }
}

#[test]
fn the_pap_is_read_in_the_same_spellings() {
    use TlpLevel::{Amber, Clear, Green, Red, White};
    for (text, level) in [
        ("PAP:RED", Some(Red)),
        ("TLP:GREEN PAP:AMBER", Some(Amber)),
        ("[PAP: green]", Some(Green)),
        ("Permissible Actions Protocol (PAP): CLEAR", Some(Clear)),
        ("pap white", Some(White)),
        ("PAP:GREEN/AMBER", Some(Amber)),
        ("PAP:GREEN\n\nlater: PAP:RED", Some(Red)),
        ("PAP:RED information may not be used.", None),
        ("PAP:RED, PAP:AMBER, PAP:GREEN, PAP:CLEAR", None),
        ("TLP:RED", None),
        ("amber+strict", None),
        ("pap smear, red", None),
        ("https://example.org/pap-red", None),
        ("recap: red", None),
    ] {
        assert_eq!(Scanner::pap().text(text), level, "{text:?}");
    }
    assert_eq!(scanner().text("PAP:RED"), None);
}

#[test]
fn what_is_no_marking_is_none() {
    for text in [
        "",
        "red amber green",
        "TLP",
        "TLP:",
        "TLP:redacted",
        "see https://www.first.org/tlp/ for the Traffic Light Protocol",
        "https://example.org/tlp-red/x",
        "tlp-red.example.org",
        "tlp:red@example.org",
        "outlp:red",
        "TLP:\nRed Hat released a patch",
    ] {
        assert_eq!(scanner().text(text), None, "{text:?}");
    }
}

#[test]
fn an_explanation_neither_raises_nor_lowers() {
    let glossary = "TLP:RED = For the eyes and ears of individual recipients only, no further disclosure.\n\
                    TLP:AMBER = Limited disclosure, on a need-to-know basis. Note that TLP:AMBER+STRICT restricts sharing.\n\
                    TLP:GREEN = Limited disclosure, recipients can spread this within their community.\n\
                    TLP:CLEAR = Recipients can spread this to the world, there is no limit on disclosure.\n";
    let headed = "TLP:WHITE\nDisclosure is not limited.\n\nTLP:GREEN\nMay be shared with the community.\n\n\
                  TLP:AMBER\nLimited disclosure.\n\nTLP:RED\nRestricted to participants.\n";
    for (text, level) in [
        (
            "TLP:WHITE information may be distributed without restriction.".to_owned(),
            None,
        ),
        ("TLP:RED information may not be shared.".to_owned(), None),
        ("Sources may use TLP:RED when nobody else can act.".to_owned(), None),
        ("Information marked as TLP:GREEN stays inside.".to_owned(), None),
        (
            "For more about TLP:GREEN see https://www.first.org/tlp".to_owned(),
            None,
        ),
        ("Levels: TLP:RED, TLP:AMBER, TLP:GREEN, TLP:CLEAR".to_owned(), None),
        (glossary.to_owned(), None),
        (headed.to_owned(), None),
        (format!("TLP:AMBER\n\n{glossary}"), Some(TlpLevel::Amber)),
        (format!("TLP:RED\n\n{glossary}"), Some(TlpLevel::Red)),
        (format!("TLP:GREEN\n\nHello\n\n{glossary}"), Some(TlpLevel::Green)),
        (format!("TLP:CLEAR\n\n{glossary}"), Some(TlpLevel::Clear)),
        (format!("{glossary}\nTLP:GREEN\n"), Some(TlpLevel::Green)),
        (format!("TLP:AMBER+STRICT\n{headed}"), Some(TlpLevel::AmberStrict)),
        (format!("TLP:RED\n{headed}"), Some(TlpLevel::Red)),
        (
            "TLP:RED\nbody\n--\nTLP:WHITE information may be distributed.".to_owned(),
            Some(TlpLevel::Red),
        ),
        (
            "TLP:GREEN\nbody\n--\nTLP:RED information is for those present.".to_owned(),
            Some(TlpLevel::Green),
        ),
    ] {
        assert_eq!(scanner().text(&text), level, "{text}");
    }
}

#[test]
fn in_doubt_a_mention_marks() {
    for (text, level) in [
        ("This mail contains TLP:RED information.", TlpLevel::Red),
        (
            "TLP:RED - not for disclosure, restricted to participants only.",
            TlpLevel::Red,
        ),
        ("This message is marked TLP:AMBER.", TlpLevel::Amber),
        (
            "TLP:RED part one\n\nTLP:AMBER part two\n\nTLP:GREEN part three",
            TlpLevel::Red,
        ),
        ("Annex TLP:RED, body TLP:AMBER", TlpLevel::Red),
        ("no longer TLP:RED, now TLP:GREEN", TlpLevel::Red),
    ] {
        assert_eq!(scanner().text(text), Some(level), "{text:?}");
    }
}

#[test]
fn the_subject_and_tlp_headers_count() {
    let headers = |name: &str, value: &str| Headers {
        fields: vec![HeaderField {
            name: name.into(),
            value: value.into(),
            raw: value.into(),
        }],
    };
    for (name, value, level) in [
        ("Subject", "[TLP:RED] secret", Some(TlpLevel::Red)),
        ("Subject", "red roses", None),
        ("X-TLP", "amber+strict", Some(TlpLevel::AmberStrict)),
        ("X-TLP", "TLP:GREEN", Some(TlpLevel::Green)),
        ("TLP", "clear", Some(TlpLevel::Clear)),
        ("X-Other", "TLP:RED", None),
    ] {
        assert_eq!(scanner().headers(&headers(name, value)), level, "{name}: {value}");
    }
    for (name, value, level) in [
        ("Subject", "[TLP:RED PAP:GREEN] secret", Some(TlpLevel::Green)),
        ("X-PAP", "amber", Some(TlpLevel::Amber)),
        ("X-TLP", "amber", None),
    ] {
        assert_eq!(Scanner::pap().headers(&headers(name, value)), level, "{name}: {value}");
    }
}

#[test]
fn a_megabyte_of_markings_is_read() {
    let one = "TLP:RED ".repeat(1 << 17);
    let slashes = format!("TLP:{}", "/".repeat(1 << 20));
    assert_eq!(scanner().text(&one), Some(TlpLevel::Red));
    assert_eq!(scanner().text(&slashes), None);
}

#[test]
fn a_title_loses_its_marking_and_nothing_else() {
    for (line, left) in [
        ("[TLP:AMBER] New phish", "New phish"),
        ("TLP:GREEN Many indicators", "Many indicators"),
        ("Report (TLP: red) - TLP:RED", "Report"),
        ("Report [ TLP:CLEAR ] of today", "Report of today"),
        ("[EXT] TLP:WHITE: bank", "[EXT] bank"),
        ("no marking (at all)", "no marking (at all)"),
        ("TLP:RED", "TLP:RED"),
    ] {
        let without = Scanner::tlp(&[]).without_markings(line);
        assert_eq!(without.split_whitespace().collect::<Vec<_>>().join(" "), left, "{line}");
    }
}
