//! Broken and hostile mails, and what other tools were seen to do wrong with them.

use proptest::prelude::*;

use super::{read, texts};
use crate::mail::*;

fn bytes(raw: &[u8]) -> Mail {
    parse(raw, &MailSettings::default()).unwrap()
}

#[test]
fn broken_mails_give_what_is_in_them() {
    let facts: &[(&str, &[u8], &[&str])] = &[
        ("raw latin-1 in a URL", b"Subject: x\n\nhttp://x/caf\xe9", &["http://x/café"]),
        ("no header", b"just text\nhttp://evil.example/\n", &["just text\nhttp://evil.example/"]),
        ("a URL first", b"http://evil.example/ is bad\n", &["http://evil.example/ is bad"]),
        ("no body", b"Subject: x\nFrom: a@b\n", &[""]),
        ("no blank line", b"Subject: x\nFrom: a@b\nthis is text\n", &["this is text"]),
        ("bare CR", b"Subject: x\rFrom: a@b\r\rline one\rline two\r", &["line one\nline two"]),
        ("mixed line ends", b"Subject: x\r\nFrom: a@b\n\r\none\r\ntwo\n", &["one\ntwo"]),
        ("NUL", b"Subject: x\n\nev\0il.example", &["evil.example"]),
        ("unknown charset", b"Subject: x\nContent-Type: text/plain; charset=x-foo\n\ncaf\xe9 evil.example", &["café evil.example"]),
        ("us-ascii with 8 bit", b"Subject: x\nContent-Type: text/plain; charset=us-ascii\n\ncaf\xc3\xa9", &["café"]),
        ("UTF-16", b"Subject: x\nContent-Type: text/plain; charset=utf-16le\nContent-Transfer-Encoding: base64\n\nZQB2AGkAbAA=", &["evil"]),
        ("broken base64", b"Subject: x\nContent-Transfer-Encoding: base64\n\naGVs*bG8", &["hello"]),
        ("truncated multipart", b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: text/html\n\n<p>two", &["one", "two"]),
        ("boundary that never comes", b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\nevil.example\n", &["evil.example"]),
        ("no boundary at all", b"Subject: x\nContent-Type: multipart/mixed\n\nevil.example\n", &["evil.example"]),
        ("no boundary declared", b"Subject: x\nContent-Type: multipart/mixed\n\n--b\n\none\n--b\n\ntwo\n--b--\n", &["one", "two"]),
        ("no boundary declared, and none used", b"Subject: x\nContent-Type: multipart/mixed\n\nevil.example\n", &["evil.example"]),
        ("bare CR and a stored mail's prefix", b"From - x\rX-Mozilla-Status: 0001\rSubject: x\r\revil.example\r", &["evil.example"]),
        ("another boundary than declared", b"Subject: x\nContent-Type: multipart/alternative; boundary=\"--=_A\"\n\n----=_B\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\naHR0cDovL3gv\n\n----=_B--\n", &["http://x/"]),
        ("boundary with a colon", b"Subject: x\nContent-Type: multipart/mixed; boundary=\"a:b\"\n\n--a:b\nContent-Type: text/plain\n--a:b\n\ntwo\n--a:b--\n", &["", "two"]),
        ("alternatives that differ", b"Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nplain.example\n--b\nContent-Type: text/html\n\n<p>html.example\n--b--\n", &["plain.example", "html.example"]),
        ("text in related and mixed", b"Subject: x\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\none\n--c\n\ntwo\n--c--\n--b\n\nthree\n--b--\n", &["one", "two", "three"]),
        ("entities in plain text", b"Subject: x\n\nhttp://x/?a=1&copy=2&para=3", &["http://x/?a=1&copy=2&para=3"]),
        ("soft breaks", b"Subject: x\nContent-Transfer-Encoding: quoted-printable\n\nhttp://evil.=\nexample/", &["http://evil.example/"]),
        ("From line and >From", b"From a@b Mon May 14 16:31:18 2018\n>From c@d\nSubject: x\n\ntext", &["text"]),
        ("flowed", b"Subject: x\nContent-Type: text/plain; format=flowed; delsp=yes\n\nhttp://evil.example/ \npath", &["http://evil.example/path"]),
    ];
    for (name, raw, expected) in facts {
        let mail = bytes(raw);
        let texts = texts(&mail);
        let texts = if texts.is_empty() { vec![""] } else { texts };
        assert_eq!(texts, *expected, "{name}");
    }
}

#[test]
fn attachments_keep_their_exact_bytes() {
    let mail = bytes(b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: text/csv; charset=iso-8859-1; name=a.csv\n\ncaf\xe9;1\r\n\r\n--b\nContent-Disposition: attachment\nContent-Type: text/html\n\n<p>\n--b\n\nagain\n--b--\n");
    let files: Vec<_> = mail
        .attachments
        .iter()
        .map(|file| (file.name.as_deref(), file.bytes.as_slice()))
        .collect();
    assert_eq!(
        files,
        [(Some("a.csv"), b"caf\xe9;1\r\n".as_slice()), (None, b"<p>".as_slice())]
    );
    assert_eq!(texts(&mail), ["hi", "again"]);
}

#[test]
fn mails_are_opened_under_any_type() {
    let inner = "From: a@b\nSubject: inner\nDate: Mon, 14 May 2018 16:09:05 -0400\nMessage-ID: <1@2>\n\nevil.example\n";
    for kind in [
        "message/rfc822",
        "message/global",
        "application/octet-stream; name=x.eml",
        "application/octet-stream",
        "text/plain; name=mail.txt",
    ] {
        let mail = read(&format!(
            "From: c@d\nSubject: outer\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n--b\nContent-Type: {kind}\n\n{inner}--b--\n"
        ));
        assert_eq!(mail.embedded.len(), 1, "{kind}");
        assert_eq!(mail.embedded[0].mail.headers.subject(), Some("inner"), "{kind}");
        assert_eq!(mail.embedded[0].raw, inner.trim_end().as_bytes(), "{kind}");
        assert!(mail.attachments.is_empty(), "{kind}");
    }
    let broken = read(
        "From: c@d\nSubject: outer\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nouter.example\n--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=b\n\n--b--\n",
    );
    assert_eq!(texts(&broken), ["outer.example"]);
    assert_eq!(broken.embedded.len(), 1);
}

#[test]
fn parts_without_names_and_nested_multiparts_are_read() {
    let mail = read(
        "From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/zip\nContent-Disposition: attachment\n\nPK\n--b\nContent-Type: multipart/mixed; boundary=c\nContent-Disposition: attachment; filename=x\n\n--c\nContent-Type: application/pdf; name=a.pdf\n\npdf\n--c--\n--b--\n",
    );
    let names: Vec<_> = mail.attachments.iter().map(|file| file.name.as_deref()).collect();
    assert_eq!(names, [None, Some("a.pdf")]);
}

#[test]
fn what_is_no_mail_is_an_error() {
    let limits = MailSettings {
        max_size: 100,
        ..MailSettings::default()
    };
    assert!(matches!(parse(b" \r\n", &limits), Err(MailError::Empty)));
    assert!(matches!(
        parse(&[b'a'; 101], &limits),
        Err(MailError::TooLarge { size: 101, limit: 100 })
    ));
    assert!(matches!(
        parse(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &limits),
        Err(MailError::NotAMail(_))
    ));
}

fn nested(levels: usize, rfc822: bool) -> Vec<u8> {
    let mut mail = Vec::new();
    for level in 0..levels {
        let kind = if rfc822 {
            "message/rfc822".to_owned()
        } else {
            format!("multipart/mixed; boundary=b{level}")
        };
        mail.extend_from_slice(format!("Subject: {level}\nContent-Type: {kind}\n\n").as_bytes());
        if !rfc822 {
            mail.extend_from_slice(format!("--b{level}\n").as_bytes());
        }
    }
    mail.extend_from_slice(b"Subject: last\n\nevil.example\n");
    mail
}

#[test]
fn nesting_costs_neither_the_stack_nor_quadratic_time() {
    assert_eq!(texts(&bytes(&nested(200, false))), ["evil.example"]);
    let limits = MailSettings {
        parts: 100_000,
        ..MailSettings::default()
    };
    let deep = parse(&nested(20_000, false), &limits).unwrap();
    assert_eq!(texts(&deep), ["evil.example"]);
    let mut mail = &bytes(&nested(200, true));
    let mut depth = 0;
    while let Some(inner) = mail.embedded.first() {
        mail = &inner.mail;
        depth += 1;
    }
    assert_eq!((depth, mail.attachments.len(), mail.defects.len()), (10, 1, 1));
}

#[test]
fn the_greatest_depth_fits_the_stack() {
    let limits = MailSettings {
        depth: usize::MAX,
        ..MailSettings::default()
    };
    let forward = "-------- Forwarded Message --------\nFrom: a@b\nSubject: Fwd: x\n\n";
    let forwards = format!("Subject: Fwd: x\n\n{}", forward.repeat(200));
    let html = format!(
        "Subject: Fwd: x\nContent-Type: text/html\n\n{}",
        forward.replace('\n', "<br>").repeat(200)
    );
    for raw in [nested(200, true), forwards.into_bytes(), html.into_bytes()] {
        let mail = parse(&raw, &limits).unwrap();
        let mut inner = &mail;
        let mut depth = 0;
        while let Some(next) = inner.embedded.first() {
            inner = &next.mail;
            depth += 1;
        }
        assert_eq!(depth, 32);
    }
}

#[test]
fn hostile_mails_are_read() {
    let head = "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n";
    let heads = [
        "",
        "Subject: ",
        "From: ",
        "Content-Type: text/plain; name=",
        "X-A: b\n",
        "Subject: x\n\n",
        "Message-ID: ",
        "Date: ",
        "Content-Transfer-Encoding: quoted-printable\n\n",
        "Content-Transfer-Encoding: base64\n\n",
        head,
    ];
    let units = [
        "=?",
        "=?a?q?",
        " =?aa?Q?x",
        " =?utf-8?B?QQ==?=",
        "=",
        "%",
        "(\"",
        "[mailto:",
        "a:b@c;",
        ";a*1*=''%",
        "?=",
        "--b\n",
        "--b--\n",
        "--",
        "\n",
        "a",
        "<",
        ",",
        "\"",
        "(",
        ";",
        "a@b,",
        " ",
        "\r",
        "\0",
        "a*0=",
        "--b\nContent-Type: multipart/mixed\n\n",
        "Begin forwarded message:",
        ">",
    ];
    for head in heads {
        for unit in units {
            let raw = format!("{head}{}", unit.repeat((1 << 17) / unit.len()));
            if let Ok(mail) = parse(raw.as_bytes(), &MailSettings::default()) {
                mail.headers.addresses("From");
                mail.headers.message_id();
                mail.headers.date();
            }
        }
    }
}

const VALID: &[u8] = b"From: =?utf-8?Q?J=C3=B6rg?= <a@b.example>\r\nTo: g: c@d, \"x, y\" <e@f>;\r\nSubject: Fwd: x\r\nDate: Mon, 14 May 2018 16:09:05 -0400\r\nMessage-ID: <1@2>\r\nContent-Type: multipart/mixed;\r\n boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p style=3D\"background:url(http://a/)\">hi <a href=3D'http://x/'>y</a><br>---------- Forwarded message ---------<br>From: a@b<br>Date: 14 May 2018<br>Subject: z<br><br>text\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\nFrom: q@r\r\n\r\nm2m:key:publish:1\r\n--b\r\nContent-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcBoIAkgARI\r\n--b--\r\n";

fn all_of(raw: &[u8]) {
    canonical_sha256(raw);
    split_mbox(raw).count();
    looks_like_mbox(raw);
    let settings = crate::config::DirectiveSettings {
        key: Some(crate::domain::Secret::new("key0")),
        ..Default::default()
    };
    take_directives(raw, &settings, &MailSettings::default());
    if let Ok(mail) = parse(raw, &MailSettings::default()) {
        let again = parse(raw, &MailSettings::default()).unwrap();
        assert_eq!(format!("{mail:?}"), format!("{again:?}"));
        for field in &mail.headers.fields {
            mail.headers.addresses(&field.name);
        }
        mail.headers.date();
        mail.headers.boundary();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_the_same_result_twice(raw: Vec<u8>) {
        all_of(&raw);
    }

    #[test]
    fn any_html_can_be_rendered(text in "[<>a-c/=\"'&;:#()@! \n-]{0,200}") {
        let rendered = html::render(&text).text;
        prop_assert!(rendered.len() <= 4 * text.len() + 10);
    }

    #[test]
    fn a_mutated_mail_gives_the_same_result_twice(changes in prop::collection::vec((0..VALID.len(), any::<u8>(), 0..4u8), 0..30)) {
        let mut raw = VALID.to_vec();
        for (at, byte, kind) in changes {
            let at = at.min(raw.len().saturating_sub(1));
            match kind {
                0 if !raw.is_empty() => raw[at] = byte,
                1 => raw.insert(at, byte),
                2 if !raw.is_empty() => { raw.remove(at); }
                _ => raw.truncate(at.max(raw.len() / 2)),
            }
        }
        all_of(&raw);
    }
}
