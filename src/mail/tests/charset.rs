use super::*;

#[test]
fn every_charset_gives_text() {
    let facts: &[(&[u8], Option<&str>, &str)] = &[
        (b"caf\xc3\xa9", Some("utf-8"), "café"),
        (b"caf\xe9", Some("us-ascii"), "café"),
        (b"caf\xe9", None, "café"),
        (b"caf\xc3\xa9", Some("x-no-such"), "café"),
        (b"caf\xe9", Some("x-no-such"), "café"),
        (b"caf\xe9", Some("ISO-8859-1"), "café"),
        (b"h\0i\0", Some("utf-16le"), "hi"),
        (b"h\0i\0", Some("utf-16"), "hi"),
        (b"\0h\0i", Some("UTF-16"), "hi"),
        (b"\xff\xfeh\0i\0", Some("utf-8"), "hi"),
        (b"http://evil.example/", Some("utf-16"), "http://evil.example/"),
        (b"http://evil.example/", Some("ibm037"), "http://evil.example/"),
        (b"e\0vil.com", Some("utf-8"), "evil.com"),
        (b"+AGg-i", Some("utf-7"), "hi"),
        (b"\xcf\xf0", Some("windows-1251"), "Пр"),
    ];
    for (bytes, label, text) in facts {
        assert_eq!(decode(bytes.to_vec(), *label), *text, "{label:?} {bytes:?}");
    }
}

#[test]
fn no_label_takes_the_ascii_of_a_text_away() {
    for row in crate::domain::table::rows("charsets") {
        for label in row["labels"].split(' ') {
            let text = "see http://evil-host.com/a?b=c\n";
            assert_eq!(decode(text.as_bytes().to_vec(), Some(label)), text, "{label}");
        }
    }
}

#[test]
fn another_part_of_the_mail_tells_the_charset() {
    let facts: &[(&[u8], &str, Option<&str>)] = &[
        (b"\xf3\xde\xc5\xd4", "koi8-r", Some("Счет")),
        (b"caf\xc3\xa9", "koi8-r", None),
        (b"\x1b$B3NG'\x1b(B", "iso-2022-jp", Some("確認")),
        (b"plain", "iso-2022-jp", None),
        (b"caf\xe9", "utf-8", None),
        (b"\x8e", "cp437", Some("Ä")),
        (b"caf\xe9", "no-such", None),
        (b"\x81", "shift_jis", None),
    ];
    for (bytes, label, text) in facts {
        assert_eq!(as_elsewhere(bytes, label).as_deref(), *text, "{label}");
    }
}
