//! Facts about the charsets of texts.

use super::decode;

#[test]
fn texts_are_decoded_and_other_bytes_are_no_text() {
    let wide: Vec<u8> = "kite-one.net".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = "kite-one.net".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let facts: [(&[u8], Option<&str>); 6] = [
        ("käfig".as_bytes(), Some("käfig")),
        (b"k\xe4fig", Some("käfig")),
        (&wide, Some("kite-one.net")),
        (&big, Some("kite-one.net")),
        (b"\x00\x01\x02kite-one.net", None),
        (b"k\xe4fig\x01", None),
    ];
    for (bytes, text) in facts {
        assert_eq!(decode(bytes).as_deref(), text, "{bytes:?}");
    }
}

#[test]
fn a_name_that_says_nothing_is_no_reason_not_to_read() {
    let says = |name: Option<&str>, declared: &str| {
        let bytes = b"see https://wgetcdn-files.com/a";
        let file = crate::contents::File {
            bytes,
            name,
            mimetype: "text/plain",
            declared,
            is_part: false,
        };
        crate::contents::Reader::reads(&super::Text, &file)
    };
    assert!(says(Some("fluxbox.spec"), "text/plain") && says(Some("README"), ""));
    assert!(!says(Some("a.spec"), "application/octet-stream"));
}
