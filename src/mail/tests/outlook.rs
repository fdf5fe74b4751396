use std::io::{Cursor, Write};

use proptest::prelude::*;

use crate::config::MailSettings;
use crate::mail::tests::texts;
use crate::mail::{Mail, parse};

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn properties(head: usize, entries: &[(u16, u16, u64)]) -> Vec<u8> {
    let mut bytes = vec![0; head];
    for (kind, id, value) in entries {
        bytes.extend_from_slice(&kind.to_le_bytes());
        bytes.extend_from_slice(&id.to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes
}

/// A file with the streams given, storages made as needed.
fn file(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in streams {
        let folder = std::path::Path::new(path).parent().unwrap();
        file.create_storage_all(folder).unwrap();
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn sample() -> Vec<u8> {
    let inner = "/__attach_version1.0_#00000001/__substg1.0_3701000D";
    file(&[
        (
            "/__properties_version1.0",
            properties(32, &[(0x40, 0x0039, 131_707_805_450_000_000)]),
        ),
        ("/__substg1.0_0037001F", utf16("Invoice")),
        ("/__substg1.0_0C1A001F", utf16("Evil")),
        ("/__substg1.0_5D01001F", utf16("evil@bad.example")),
        ("/__substg1.0_1000001F", utf16("see http://bad.example/")),
        (
            "/__substg1.0_10130102",
            b"<p>see <a href=http://html.example/>this</a>".to_vec(),
        ),
        (
            "/__recip_version1.0_#00000000/__properties_version1.0",
            properties(8, &[(3, 0x0c15, 2)]),
        ),
        (
            "/__recip_version1.0_#00000000/__substg1.0_39FE001F",
            utf16("me@corp.example"),
        ),
        (
            "/__attach_version1.0_#00000000/__substg1.0_3707001F",
            utf16("..\\bad.exe"),
        ),
        ("/__attach_version1.0_#00000000/__substg1.0_37010102", b"MZ".to_vec()),
        (&format!("{inner}/__properties_version1.0"), properties(24, &[])),
        (
            &format!("{inner}/__substg1.0_007D001F"),
            utf16("From: c@d.example\r\nSubject: inner\r\nReceived: from x\r\n\r\n"),
        ),
        (
            &format!("{inner}/__substg1.0_10090102"),
            compressed_rtf::compress_rtf("{\\rtf1 deep\\par}").unwrap(),
        ),
    ])
}

fn check(mail: &Mail) {
    assert_eq!(mail.headers.subject(), Some("Invoice"));
    assert_eq!(mail.headers.addresses("From")[0].address, "evil@bad.example");
    assert_eq!(mail.headers.addresses("Cc")[0].address, "me@corp.example");
    assert_eq!(mail.headers.date().unwrap().iso, "2018-05-14T14:09:05+00:00");
    assert_eq!(texts(mail), ["see http://bad.example/", "see this"]);
    assert_eq!(mail.attachments[0].name.as_deref(), Some("bad.exe"));
    assert_eq!(mail.attachments[0].bytes, b"MZ");
    let inner = &mail.embedded[0].mail;
    assert_eq!(
        (inner.headers.subject(), inner.headers.received().len()),
        (Some("inner"), 1)
    );
    assert_eq!(texts(inner), ["deep"]);
}

#[test]
fn an_outlook_message_is_read_alone_and_attached() {
    use base64::Engine;
    let bytes = sample();
    check(&parse(&bytes, &MailSettings::default()).unwrap());
    let encoded = base64::engine::general_purpose::STANDARD.encode(&bytes);
    let outer = format!(
        "From: a@b\nContent-Type: application/octet-stream; name=x.msg\nContent-Transfer-Encoding: base64\n\n{encoded}"
    );
    let mail = parse(outer.as_bytes(), &MailSettings::default()).unwrap();
    assert_eq!(mail.embedded[0].raw, bytes);
    check(&mail.embedded[0].mail);
}

/// A signed mail as Outlook keeps it: whole, in its only file.
fn signed(name: Option<&str>, content: &[u8]) -> Mail {
    let mut streams = vec![
        ("/__properties_version1.0", properties(32, &[])),
        ("/__substg1.0_001A001F", utf16("IPM.Note.SMIME.MultipartSigned")),
        ("/__substg1.0_0037001F", utf16("Offer")),
        ("/__attach_version1.0_#00000000/__substg1.0_37010102", content.to_vec()),
    ];
    if let Some(name) = name {
        streams.push(("/__attach_version1.0_#00000000/__substg1.0_3707001F", utf16(name)));
    }
    parse(&file(&streams), &MailSettings::default()).unwrap()
}

#[test]
fn the_parts_of_a_signed_mail_are_those_of_its_only_file() {
    let entity = b"Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nsee http://evil.example/\r\n--m\r\nContent-Type: application/octet-stream; name=offer.exe\r\n\r\nMZ\r\n--m--\r\n--s\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nx\r\n--s--\r\n";
    for name in [Some("smime.p7m"), None] {
        let mail = signed(name, entity);
        assert_eq!(mail.headers.subject(), Some("Offer"));
        assert_eq!(texts(&mail), ["see http://evil.example/"]);
        assert_eq!(mail.attachments[0].name.as_deref(), Some("offer.exe"));
        assert_eq!(mail.attachments[0].bytes, b"MZ");
    }
    let program = signed(Some("smime.p7m"), b"MZ");
    assert_eq!(program.attachments[0].bytes, b"MZ");
    assert_eq!(program.attachments[0].role, crate::mail::AttachmentRole::File);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_file_does_no_harm(changes in prop::collection::vec((0..20_000usize, any::<u8>()), 1..20), cut in 0..20_000usize) {
        let mut bytes = sample();
        let length = bytes.len();
        for (at, byte) in changes {
            bytes[at % length] = byte;
        }
        bytes.truncate(length.min(cut.max(512)));
        let _ = parse(&bytes, &MailSettings::default());
    }
}
