use proptest::prelude::*;

use crate::config::MailSettings;
use crate::mail::tests::texts;
use crate::mail::{Mail, parse};

fn attribute(level: u8, id: u32, value: &[u8]) -> Vec<u8> {
    let mut out = vec![level];
    out.extend(id.to_le_bytes());
    out.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
    out.extend(value);
    let sum = value.iter().fold(0u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    out.extend(sum.to_le_bytes());
    out
}

fn counted(value: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(value.len()).unwrap().to_le_bytes().to_vec();
    out.extend(value);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

/// Properties with values of variable size.
fn properties(entries: &[(u16, u16, Vec<u8>)]) -> Vec<u8> {
    let mut out = u32::try_from(entries.len() + 2).unwrap().to_le_bytes().to_vec();
    // One of fixed size, and one with a name, which must be stepped over.
    out.extend([0x03, 0x00, 0x34, 0x12, 1, 0, 0, 0]);
    out.extend([0x1f, 0x00, 0x01, 0x80]);
    out.extend([0; 16]);
    out.extend(1u32.to_le_bytes());
    out.extend(counted(&utf16("x-name")));
    out.extend(1u32.to_le_bytes());
    out.extend(counted(&utf16("value")));
    for (kind, id, value) in entries {
        out.extend(kind.to_le_bytes());
        out.extend(id.to_le_bytes());
        out.extend(1u32.to_le_bytes());
        out.extend(counted(value));
    }
    out
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn stream(attributes: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![0x78, 0x9f, 0x3e, 0x22, 1, 0];
    out.extend(attribute(1, 0x0008_9006, &[0, 0, 1, 0]));
    out.extend(attribute(1, 0x0006_9007, &1251u64.to_le_bytes()));
    out.extend(attributes.concat());
    out
}

fn sample() -> Vec<u8> {
    let inner = stream(&[
        attribute(1, 0x0001_8004, b"inner\0"),
        attribute(1, 0x0002_800c, b"deep http://deep.example/\0"),
    ]);
    let object = [vec![0; 16], inner].concat();
    let rendering = attribute(2, 0x0006_9002, &[0; 14]);
    stream(&[
        attribute(
            1,
            0x0006_9003,
            &properties(&[
                (0x001e, 0x1000, b"see http://plain.example/ \xd1\xf7\xe5\xf2\0".to_vec()),
                (0x0102, 0x1013, b"<p>see <a href=http://html.example/>this</a>".to_vec()),
            ]),
        ),
        rendering.clone(),
        attribute(2, 0x0001_8010, b"INVOIC~1.EXE\0"),
        attribute(2, 0x0006_800f, b"MZ"),
        attribute(
            2,
            0x0006_9005,
            &properties(&[(0x001f, 0x3707, utf16("..\\invoice of may.exe"))]),
        ),
        rendering.clone(),
        attribute(2, 0x0001_8010, b"\xd1\xf7\xe5\xf2.zip\0"),
        attribute(2, 0x0006_9005, &properties(&[(0x0102, 0x3701, b"PK".to_vec())])),
        rendering,
        attribute(2, 0x0006_9005, &properties(&[(0x000d, 0x3701, object)])),
    ])
}

fn mail(kind: &str, tnef: &[u8], text: &str) -> Mail {
    use base64::Engine;
    let coded = base64::engine::general_purpose::STANDARD.encode(tnef);
    let raw = format!(
        "From: a@b\nSubject: outer\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n{text}\n--x\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n\n{coded}\n--x--\n"
    );
    parse(raw.as_bytes(), &MailSettings::default()).unwrap()
}

#[test]
fn a_mail_has_what_its_winmail_dat_holds() {
    for kind in [
        "application/ms-tnef; name=winmail.dat",
        "application/octet-stream; name=winmail.dat",
        "application/vnd.ms-tnef",
        "image/png",
    ] {
        let mail = mail(kind, &sample(), "hi");
        assert_eq!(mail.headers.subject(), Some("outer"));
        assert_eq!(
            texts(&mail),
            ["hi", "see http://plain.example/ Счет", "see this"],
            "{kind}"
        );
        let files: Vec<_> = mail
            .attachments
            .iter()
            .map(|file| (file.name.as_deref().unwrap(), file.bytes.as_slice()))
            .collect();
        assert_eq!(files, [("invoice of may.exe", b"MZ".as_slice()), ("Счет.zip", b"PK")]);
        let inner = &mail.embedded[0].mail;
        assert_eq!(
            (inner.headers.subject(), texts(inner)),
            (Some("inner"), vec!["deep http://deep.example/"])
        );
    }
}

#[test]
fn a_text_that_the_mail_has_already_is_not_doubled() {
    let mail = mail("application/ms-tnef", &sample(), "see  http://plain.example/ Счет");
    assert_eq!(texts(&mail), ["see  http://plain.example/ Счет", "see this"]);
}

#[test]
fn what_only_begins_like_it_stays_a_file() {
    for bytes in [
        b"\x78\x9f\x3e\x22".as_slice(),
        b"\x78\x9f\x3e\x22\x01\x00MZ and so on",
        b"MZ",
    ] {
        let mail = mail("application/ms-tnef; name=winmail.dat", bytes, "hi");
        assert_eq!(mail.attachments[0].bytes, bytes);
    }
}

#[test]
fn alone_it_is_no_mail() {
    assert!(parse(&sample(), &MailSettings::default()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_streams_do_no_harm(changes in prop::collection::vec((0..2_000usize, any::<u8>()), 1..20), cut in 0..2_000usize) {
        let mut bytes = sample();
        let length = bytes.len();
        for (at, byte) in changes {
            bytes[at % length] = byte;
        }
        bytes.truncate(length.min(cut.max(6)));
        mail("application/ms-tnef", &bytes, "hi");
    }
}
