//! Facts about mails in other files.

use crate::contents::tests::{read_file, said};

const MAIL: &str = "From: a@kite-one.net\nTo: b@kite-two.net\nSubject: See kite-three.net\nContent-Type: multipart/mixed; boundary=b\n\n\
    --b\n\nText of https://kite-one.net/m\n--b\nContent-Type: text/plain; name=a.csv\nContent-Disposition: attachment; filename=a.csv\n\n\
    https://kite-one.net/f\n--b--\n";

#[test]
fn a_mail_gives_its_subject_its_text_and_its_files() {
    let all = said("a.eml", MAIL.as_bytes());
    for wanted in ["See kite-three.net", "https://kite-one.net/m", "https://kite-one.net/f"] {
        assert!(all.iter().any(|text| text.contains(wanted)), "{wanted}: {all:?}");
    }
    assert_eq!(&*read_file("a.eml", MAIL.as_bytes()).files[1].path, "a.eml > a.csv");
}

#[test]
fn each_mail_of_a_mailbox_is_read() {
    let one = |number: u8| {
        format!("From a@b.c Fri Jan  2 03:04:05 2026\nFrom: a@b.c\nSubject: x\n\nhttps://kite-one.net/{number}\n\n")
    };
    let all = said("box.mbox", (one(1) + &one(2)).as_bytes());
    for wanted in ["https://kite-one.net/1", "https://kite-one.net/2"] {
        assert!(all.iter().any(|text| text.contains(wanted)), "{wanted}: {all:?}");
    }
}
