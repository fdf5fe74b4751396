//! Facts about invitations and cards.

use crate::contents::tests::{read_file, said};

#[test]
fn an_invitation_gives_its_text_its_links_and_its_files() {
    let event = "BEGIN:VCALENDAR\r\nPRODID:-//kite-nine.net//x\r\nBEGIN:VEVENT\r\nUID:1@kite-nine.net\r\n\
        ORGANIZER;SENT-BY=\"mailto:boss@kite-two.net\":mailto:desk@kite-one.net\r\nDESCRIPTION:Join https://kite-one\r\n .net/d\\nnow\r\n\
        URL:https://kite-one.net/u\r\nATTACH;FILENAME=a.csv;ENCODING=BASE64;VALUE=BINARY:aHR0cHM6Ly9raXRlLW9uZS5uZXQvYQ==\r\n\
        END:VEVENT\r\nEND:VCALENDAR\r\n";
    let all = said("a.ics", event.as_bytes());
    for wanted in [
        "https://kite-one.net/d",
        "https://kite-one.net/u",
        "https://kite-one.net/a",
        "desk@kite-one.net",
        "boss@kite-two.net",
    ] {
        assert!(all.iter().any(|text| text.contains(wanted)), "{wanted}: {all:?}");
    }
    assert!(!all.iter().any(|text| text.contains("kite-nine")), "{all:?}");
    assert_eq!(&*read_file("a.ics", event.as_bytes()).files[1].path, "a.ics > a.csv");
}

#[test]
fn a_card_is_read_in_each_version() {
    let card = "BEGIN:VCARD\nVERSION:2.1\nNOTE;ENCODING=QUOTED-PRINTABLE:see https://kite-one=\n.net/n =C3=A4\nEMAIL:desk@kite-one.net\nEND:VCARD\n";
    let all = said("a.vcf", card.as_bytes());
    assert!(
        all.iter()
            .any(|text| text.contains("https://kite-one.net/n ä") && text.contains("desk@kite-one.net")),
        "{all:?}"
    );
}
