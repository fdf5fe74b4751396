use super::super::read;
use super::*;
use crate::mail::bounds::HeaderLimits;

fn fields(text: &str, place: Place) -> (Vec<(String, String)>, String) {
    let block = read(&mut Lines::of(text.as_bytes()), place, HeaderLimits::NONE);
    let fields = block.headers.fields.into_iter().map(|field| (field.name, field.value));
    (fields.collect(), text[block.body..].to_owned())
}

type Facts<'f> = &'f [(&'f str, &'f [(&'f str, &'f str)], &'f str)];

fn check(facts: Facts<'_>, place: Place) {
    for (text, expected, body) in facts {
        let (read, rest) = fields(text, place);
        let read: Vec<_> = read
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(read, *expected, "{text:?}");
        assert_eq!(rest, *body, "{text:?}");
    }
}

#[test]
fn a_header_goes_on_behind_a_line_that_is_no_field() {
    let facts: Facts<'_> = &[
        (
            "Subject: x\nscanned, clean\nFrom: a@b\n\nt",
            &[("Subject", "x"), ("From", "a@b")],
            "t",
        ),
        (
            "From\n : a@b\nSubject: x\n\nt",
            &[("From", "a@b"), ("Subject", "x")],
            "t",
        ),
        (
            "Subject: x\nFrom\n\t: a@b\n\nt",
            &[("Subject", "x"), ("From", "a@b")],
            "t",
        ),
        (
            "Subject: =?utf-8?Q?a_?=\n=?utf-8?Q?b?=\nTo: c\n\nt",
            &[("Subject", "a b"), ("To", "c")],
            "t",
        ),
        (
            "To: a@b,\nc@d\nSubject: x\n\nt",
            &[("To", "a@b, c@d"), ("Subject", "x")],
            "t",
        ),
        (
            "Content-Type: text/html\ncharset=\"utf-8\"\nSubject: x\n\nt",
            &[("Content-Type", "text/html charset=\"utf-8\""), ("Subject", "x")],
            "t",
        ),
        (
            "+OK 300 octets\nFrom: a@b\nTo: c@d\nSubject: x\n\nt",
            &[("From", "a@b"), ("To", "c@d"), ("Subject", "x")],
            "t",
        ),
        ("\u{feff}From: a@b\n\nt", &[("From", "a@b")], "t"),
        (
            "Content-Transfer-Encoding: base64\nscanned, clean\n\naGk=",
            &[("Content-Transfer-Encoding", "base64")],
            "aGk=",
        ),
        (
            "Content-Transfer-Encoding: base64\naGk=",
            &[("Content-Transfer-Encoding", "base64")],
            "aGk=",
        ),
        ("\n \n\nFrom: a@b\n\nt", &[("From", "a@b")], "t"),
        (
            "From : a@b\nSubject : x\n\nt",
            &[("From", "a@b"), ("Subject", "x")],
            "t",
        ),
    ];
    check(facts, Place::Top);
}

#[test]
fn a_text_is_not_taken_for_a_header() {
    let facts: Facts<'_> = &[
        (
            "Subject: x\nFrom: a@b\nthis is text",
            &[("Subject", "x"), ("From", "a@b")],
            "this is text",
        ),
        (
            "Subject: x\nhello\nsee: http://x/\n\nt",
            &[("Subject", "x")],
            "hello\nsee: http://x/\n\nt",
        ),
        (
            "Subject: x\nhello\n\nFrom: a@b\n",
            &[("Subject", "x")],
            "hello\n\nFrom: a@b\n",
        ),
        (
            "Subject: x\n--b\nContent-Type: text/plain\n\nt",
            &[("Subject", "x")],
            "--b\nContent-Type: text/plain\n\nt",
        ),
        ("hello\nFrom: me\n\nt", &[], "hello\nFrom: me\n\nt"),
        ("\u{feff}hello\n", &[], "\u{feff}hello\n"),
        ("\n\nhello", &[], "\nhello"),
    ];
    check(facts, Place::Top);
}

#[test]
fn the_header_of_a_part_recovers_at_its_own_fields_only() {
    let facts: Facts<'_> = &[
        (
            "Content-Type: a/b; x=1;\nname=\"a.zip\"\nContent-Id: 1\n\nt",
            &[("Content-Type", "a/b; x=1; name=\"a.zip\""), ("Content-Id", "1")],
            "t",
        ),
        (
            "Content-Type: text/plain\nhello\nFrom: x\n\nt",
            &[("Content-Type", "text/plain")],
            "hello\nFrom: x\n\nt",
        ),
        ("\nnote: this\n", &[], "note: this\n"),
        (
            "\n\nContent-Type: text/html\n\nt",
            &[("Content-Type", "text/html")],
            "t",
        ),
    ];
    check(facts, Place::Part);
}

#[test]
fn looking_ahead_is_linear() {
    let junk = format!("Subject: x\n{}From: a@b\n\nt", "junk\n".repeat(200_000));
    assert_eq!(fields(&junk, Place::Top).0.len(), 2);
    let text = format!("Subject: x\n{}", "junk\n".repeat(200_000));
    assert_eq!(fields(&text, Place::Top).0.len(), 1);
}
