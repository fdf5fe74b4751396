use base64::Engine;

use super::*;
use crate::config::DirectiveSettings;
use crate::domain::Secret;

fn settings() -> DirectiveSettings {
    DirectiveSettings {
        key: Some(Secret::new("s3cret-key")),
        ..DirectiveSettings::default()
    }
}

fn take(body: &str) -> (String, Vec<Directive>, Vec<String>) {
    let mail = format!("From: a@b\r\nSubject: x\r\n\r\n{body}");
    let taken = take_directives(mail.as_bytes(), &settings(), &MailSettings::default());
    let raw = String::from_utf8_lossy(&taken.raw).into_owned();
    let body = raw.split_once("\r\n\r\n").unwrap().1.to_owned();
    let notes = taken.notes.iter().map(Note::to_string).collect();
    (body, taken.accepted, notes)
}

#[test]
fn lines_are_accepted_with_the_key_and_removed_always() {
    use Directive::{Analysis, BenignAttachments, Distribution, Publish, ThreatLevel};
    let facts: &[(&str, &str, &[Directive], usize)] = &[
        (
            "m2m:m2mkey:s3cret-key\nm2m:distribution:3\nm2m:threat_level:2\nm2m:analysis:0\nm2m:publish:1\ntext\n",
            "text\n",
            &[Distribution(3), ThreatLevel(2), Analysis(0), Publish(true)],
            0,
        ),
        ("M2M : s3cret-key : Publish : yes\ntext", "text", &[Publish(true)], 0),
        ("m2m:publish:1\ntext", "text", &[], 1),
        ("m2m:m2mkey:wrong\nm2m:publish:1\ntext", "text", &[], 2),
        ("m2m:wrong:publish:1\ntext", "text", &[], 1),
        (
            "m2m:m2mkey:s3cret-key\nm2m:threat_level:0\nm2m:distribution:99\nm2m:analysis:high\n",
            "",
            &[],
            3,
        ),
        ("m2m:attachment:benign\nx", "x", &[BenignAttachments], 0),
        ("m2m:attachment:BENIGN\r\nx", "x", &[BenignAttachments], 0),
        ("> m2m:s3cret-key:publish:1\nx", "x", &[], 1),
        ("the word m2m: in prose\n", "the word m2m: in prose\n", &[], 0),
        ("x s3cret-key y\n", "x  y\n", &[], 0),
        (
            "x\n-------- Forwarded Message --------\nFrom: a@b\nSubject: s\n\nm2m:attachment:benign\n",
            "x\n-------- Forwarded Message --------\nFrom: a@b\nSubject: s\n\n",
            &[],
            1,
        ),
    ];
    for (body, rest, accepted, notes) in facts {
        let (left, directives, words) = take(body);
        assert_eq!(left, *rest, "{body}");
        assert_eq!(directives, *accepted, "{body}");
        assert_eq!(words.len(), *notes, "{body} {words:?}");
        assert!(words.iter().all(|note| !note.contains("s3cret")));
    }
}

fn part(headers: &str, body: &[u8]) -> Vec<u8> {
    let mut mail = format!("From: a@b\r\nSubject: x\r\nMIME-Version: 1.0\r\n{headers}\r\n\r\n").into_bytes();
    mail.extend_from_slice(body);
    mail
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    base64::engine::general_purpose::STANDARD.encode(bytes).into_bytes()
}

#[test]
fn every_encoding_and_charset_is_searched() {
    let lines = "före\r\nm2m:s3cret-key:publish:1\r\nafter\r\n";
    let wide: Vec<u8> = lines.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let html = "<p>före</p><div>m2m:<b>s3cret</b>-key:publish:1</div><p>after</p>";
    let pre = "<pre>före\nm2m:s3cret-key:publish:1\nafter</pre>";
    let latin: Vec<u8> = html.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let facts = [
        part("Content-Type: text/plain; charset=utf-8", lines.as_bytes()),
        part(
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64",
            &base64(lines.as_bytes()),
        ),
        part(
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
            b"f=C3=B6re\r\nm2m=3As3cret-k=\r\ney:publish:1\r\nafter\r\n",
        ),
        part(
            "Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64",
            &base64(&wide),
        ),
        part("Content-Type: text/html; charset=utf-8", html.as_bytes()),
        part("Content-Type: text/html; charset=utf-8", pre.as_bytes()),
        part("Content-Type: text/html; charset=iso-8859-1", &latin),
        part(
            "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64",
            &base64(html.as_bytes()),
        ),
    ];
    for mail in facts {
        let shown = String::from_utf8_lossy(&mail).into_owned();
        let taken = take_directives(&mail, &settings(), &MailSettings::default());
        assert_eq!(taken.accepted, [Directive::Publish(true)], "{shown}");
        let parsed = crate::mail::parse(&taken.raw, &crate::config::MailSettings::default()).unwrap();
        let text: Vec<_> = parsed.bodies[0].text.split_whitespace().collect();
        assert_eq!(text, ["före", "after"], "{shown}");
        assert!(!String::from_utf8_lossy(&taken.raw).contains("s3cret"), "{shown}");
    }
}

#[test]
fn an_attached_mail_gives_no_orders_and_loses_the_key() {
    let inner = "From: c@d\r\nSubject: y\r\n\r\nm2m:s3cret-key:publish:1\r\nm2m:attachment:benign\r\n";
    for (encoding, body) in [
        ("7bit", inner.as_bytes().to_vec()),
        ("base64", base64(inner.as_bytes())),
    ] {
        let mail = part(
            &format!("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: {encoding}"),
            &body,
        );
        let taken = take_directives(&mail, &settings(), &MailSettings::default());
        assert_eq!(taken.accepted, [], "{encoding}");
        let parsed = crate::mail::parse(&taken.raw, &crate::config::MailSettings::default()).unwrap();
        assert_eq!(parsed.embedded[0].mail.bodies[0].text.trim(), "m2m:attachment:benign");
    }
}

#[test]
fn a_mail_without_parameters_is_not_copied() {
    let facts = [
        part("Content-Type: text/plain", b"nothing here"),
        part(
            "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64",
            &base64(b"nothing here"),
        ),
        part("Content-Type: text/html", b"<p>nothing here</p>"),
    ];
    for mail in facts {
        assert!(matches!(
            take_directives(&mail, &settings(), &MailSettings::default()).raw,
            Cow::Borrowed(_)
        ));
    }
}

#[test]
fn a_line_is_found_in_any_case_behind_a_short_and_a_long_text() {
    for lines in [1, 10_000] {
        let (raw, accepted, _) = take(&format!(
            "{}M2m:attachment:benign\r\n",
            "many plain m\r\n".repeat(lines)
        ));
        assert_eq!(accepted, [Directive::BenignAttachments], "{lines}");
        assert!(!raw.contains("benign"));
    }
}
