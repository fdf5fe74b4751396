//! What is more than the limits is counted and told, and the rest is kept.

use super::super::*;
use crate::domain::Note;

const MIXED: &str = "From: a@b.example\nSubject: s\nContent-Type: multipart/mixed; boundary=b\n\n";

fn read(raw: &str, change: impl FnOnce(&mut MailSettings)) -> Mail {
    let mut limits = MailSettings::default();
    change(&mut limits);
    parse(raw.as_bytes(), &limits).unwrap()
}

#[test]
fn files_beyond_the_limit_are_left_out() {
    let part = "--b\nContent-Disposition: attachment; filename=a.bin\n\nx\n";
    let raw = format!("{MIXED}{}--b--\n", part.repeat(5));
    let mail = read(&raw, |limits| limits.files = 3);
    assert_eq!(mail.attachments.len(), 3);
    assert_eq!(mail.excess, [Note::FilesLeftOut { count: 2, limit: 3 }]);
    assert!(read(&raw, |limits| limits.files = 5).excess.is_empty());
}

#[test]
fn attached_mails_beyond_the_limit_are_files() {
    let part = "--b\nContent-Type: message/rfc822\n\nFrom: c@d.example\nSubject: in\n\ntext\n";
    let raw = format!("{MIXED}{}--b--\n", part.repeat(5));
    let mail = read(&raw, |limits| limits.mails = 3);
    assert_eq!((mail.embedded.len(), mail.attachments.len()), (3, 2));
    assert_eq!(mail.excess, [Note::MailsNotOpened { count: 2, limit: 3 }]);
}

#[test]
fn quoted_mails_beyond_the_limit_stay_in_the_text() {
    let quoted = |number| {
        format!(
            "---------- Forwarded message ---------\nFrom: C <c@d.example>\nDate: Mon, 2 Mar 2026 at 09:00\nTo: a@b.example\nSubject: in\n\nword{number}\n\n"
        )
    };
    let text: String = (0..5).map(quoted).collect();
    for most in [0, 3] {
        let mail = read(&format!("From: a@b.example\n\n{text}"), |limits| limits.mails = most);
        assert_eq!(mail.embedded.len(), most);
        let inside = mail.embedded.iter().flat_map(|embedded| &embedded.mail.bodies);
        let all: String = mail.bodies.iter().chain(inside).map(|body| &*body.text).collect();
        assert!((0..5).all(|number| all.contains(&format!("word{number}"))), "{all}");
        let [Note::MailsNotOpened { count, limit }] = mail.excess[..] else {
            panic!("{:?}", mail.excess);
        };
        assert!(count > 0);
        assert_eq!(limit, most);
    }
}

#[test]
fn parts_beyond_the_limit_belong_to_the_last_one() {
    let parts = (0..5)
        .map(|number| format!("--b\n\nword{number}\n"))
        .collect::<Vec<_>>()
        .concat();
    let mail = read(&format!("{MIXED}{parts}--b--\n"), |limits| limits.parts = 3);
    let all: String = mail.bodies.iter().map(|body| &*body.text).collect();
    assert_eq!(mail.bodies.len(), 3);
    assert!(all.contains("word4"), "{all}");
    assert_eq!(mail.excess, [Note::PartsNotToldApart { count: 2, limit: 3 }]);
}

#[test]
fn of_fields_beyond_the_limit_those_are_read_that_make_a_mail() {
    let fields = "X-Junk: y\n".repeat(50);
    let raw = format!("{fields}Subject: s\nFrom: a@b.example\nContent-Type: text/html\n\n<b>text</b>\n");
    let mail = read(&raw, |limits| limits.header_fields = 10);
    assert_eq!(mail.headers.fields.len(), 13);
    assert_eq!(mail.headers.subject(), Some("s"));
    assert_eq!(mail.bodies[0].kind, BodyKind::Html);
    let [Note::FieldsLeftOut { count, .. }] = mail.excess[..] else {
        panic!("{:?}", mail.excess);
    };
    assert_eq!(count, 40);
}

#[test]
fn a_header_is_read_as_far_as_its_bytes_go() {
    let long = "y".repeat(2000);
    let raw = format!("From: a@b.example\nX-Junk: {long}\nX-More: z\nSubject: s\n\ntext\n");
    let mail = read(&raw, |limits| limits.header_size = 1024);
    let names: Vec<_> = mail.headers.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["From", "Subject"]);
    assert_eq!(mail.headers.subject(), Some("s"));
    assert_eq!(mail.bodies[0].text, "text\n");
    let [Note::FieldsLeftOut { count, .. }] = mail.excess[..] else {
        panic!("{:?}", mail.excess);
    };
    assert_eq!(count, 2);
}

#[test]
fn of_large_mails_in_mails_the_inner_ones_share_the_bytes_of_the_outer() {
    let inner = "From: c@d.example\nSubject: in\n\ntext\n".to_owned();
    let wrapped = |inner: String, level: usize| {
        format!(
            "From: a@b.example\nSubject: level {level}\nContent-Type: multipart/mixed; boundary=b{level}\n\n\
             --b{level}\nContent-Type: message/rfc822\n\n{inner}\n--b{level}--\n"
        )
    };
    let mail = read(&(0..5).fold(inner, wrapped), |_| {});
    let outer = &mail.embedded[0];
    let mut around = outer.raw.as_ptr_range();
    let mut embedded = outer;
    let mut levels = 1;
    while let Some(next) = embedded.mail.embedded.first() {
        let within = next.raw.as_ptr_range();
        assert!(
            around.start <= within.start && within.end <= around.end,
            "level {levels}"
        );
        (embedded, around, levels) = (next, within, levels + 1);
    }
    assert_eq!((levels, embedded.mail.headers.subject()), (5, Some("in")));
}

#[test]
fn large_quoted_mails_are_taken_apart_within_bounds_and_none_of_their_text_is_lost() {
    let levels = |filler: &str| {
        let block = |level: usize| {
            format!(
                "________________________________\nFrom: E <e@x.example>\nSent: Monday, 2 March 2026 09:00\nTo: B <b@x.example>\nSubject: s{level}\n\nword{level}\n{filler}\n"
            )
        };
        let text: String = (0..9).map(block).collect();
        let mail = read(&format!("From: a@b.example\nSubject: s\n\n{text}"), |_| {});
        let (mut all, mut depth) = (String::new(), 0);
        let mut inner = Some(&mail);
        while let Some(mail) = inner {
            mail.bodies.iter().for_each(|body| all += &body.text);
            inner = mail.embedded.first().map(|embedded| &embedded.mail);
            depth += usize::from(inner.is_some());
        }
        assert!((0..9).all(|level| all.contains(&format!("word{level}"))));
        depth
    };
    assert_eq!(levels(""), 9);
    // The text is 6 MB long, and each level is shorter by a ninth of that.
    assert_eq!(levels(&"x\n".repeat(333_000)), 6);
}
