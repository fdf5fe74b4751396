//! Mails on which it ended with an exception (1-9): each makes an event here.

use super::{assert_sent, draft, drafts, objects, report, values, with_header};
use crate::program::Home;

use mispigeon::domain::Mode;

const URL: &str = "https://login.evil-bank.com/a";
const FOUND: [&str; 2] = ["url=https://login.evil-bank.com/a", "hostname=login.evil-bank.com"];

/// A phish as message/rfc822 or attached file.
const PHISH: &str = "From: Bank <service@evil-bank.com>\nTo: victim@corp.example\nSubject: Locked\nMessage-ID: <7@evil-bank.com>\n\nhttps://login.evil-bank.com/a\n";

fn carrier_of(header_of_part: &str, inner: &str) -> String {
    with_header(
        "Content-Type: multipart/mixed; boundary=outer",
        &format!("--outer\n\nsee attachment\n--outer\n{header_of_part}\n\n{inner}\n--outer--"),
    )
}

#[test]
fn a_mail_comes_by_standard_input_or_as_a_file() {
    // 1: every mail on standard input or named as argument ended in a TypeError.
    let home = Home::new();
    let mail = report(URL);
    let file = home.write("mail.eml", &mail);
    let of_file = home.run(&["send", "--dry-run", file.to_str().unwrap()]).ok();
    let of_stdin = home.run_with_input(&["send", "--dry-run", "-"], mail.as_bytes()).ok();
    assert_eq!(of_file.out, of_stdin.out);
    assert!(of_file.out.contains(URL));
}

#[test]
fn broken_mails_give_what_is_in_them() {
    let cases: &[(&str, &[u8], &[&str])] = &[
        // 2: UnicodeEncodeError
        (
            "a latin-1 byte in a URL",
            b"Subject: x\n\nhttps://login.evil-bank.com/caf\xe9?a=1\n",
            &[
                "url=https://login.evil-bank.com/caf\u{e9}?a=1",
                "hostname=login.evil-bank.com",
            ],
        ),
        // 9: LookupError
        (
            "a charset that nobody knows",
            b"Subject: x\nContent-Type: text/plain; charset=x-unheard-of\n\nhttps://login.evil-bank.com/a\n",
            &FOUND,
        ),
    ];
    for (what, mail, expected) in cases {
        assert_sent(&draft(mail, Mode::Report), expected, what);
        assert_sent(&draft(mail, Mode::Sample), expected, what);
    }
}

#[test]
fn a_mail_without_text_is_its_attachments() {
    // 3: AttributeError, also for an inner mail without text.
    let mail = with_header(
        "Content-Type: application/octet-stream; name=a.bin\nContent-Disposition: attachment; filename=a.bin\nContent-Transfer-Encoding: base64",
        "AAECAwQ=",
    );
    let outer = carrier_of("Content-Type: message/rfc822", &mail);
    for (mail, mode) in [(&mail, Mode::Report), (&outer, Mode::Report), (&outer, Mode::Carrier)] {
        let draft = draft(mail, mode);
        let files = objects(&draft, "file");
        assert_eq!(values(files[0], "filename"), ["a.bin"], "{mode:?}");
    }
}

#[test]
fn forwards_of_forwards_and_quoted_forwards_are_read() {
    let header = "Subject: Locked\nDate: Mon, 2 Mar 2026 10:00:00 +0000\nFrom: Bank <service@evil-bank.com>\nTo: a@corp.example\n\n";
    let twice = format!(
        "fyi\n\n-------- Forwarded Message --------\n{header}see below\n\n-------- Forwarded Message --------\n{header}{URL}"
    );
    let quoted = format!("> Begin forwarded message:\n\n{header}{URL}").replace('\n', "\n> ");
    for (what, text) in [
        ("4: two markers ended in a ValueError", twice),
        ("5: Apple Mail's quoting ended in an InvalidMISPObject", quoted),
    ] {
        let draft = draft(report(&text), Mode::Report);
        assert_sent(&draft, &FOUND, what);
        let emails = objects(&draft, "email");
        assert_eq!(values(emails[0], "from"), ["service@evil-bank.com"], "{what}");
    }
}

#[test]
fn attached_mails_are_read_in_every_mode() {
    // 6: TypeError wherever a message/rfc822 was not at the top of a forward.
    let attached = carrier_of("Content-Type: message/rfc822", PHISH);
    let forwarded = carrier_of("Content-Type: message/rfc822", &attached.replace("outer", "inner"));
    for mail in [attached, forwarded] {
        for mode in [Mode::Report, Mode::Sample, Mode::Carrier] {
            let drafts = drafts(&mail, mode);
            assert_eq!(drafts.len(), 1);
            assert_sent(&drafts[0], &FOUND, &format!("{mode:?}"));
            let senders = objects(&drafts[0], "email")
                .into_iter()
                .flat_map(|email| values(email, "from"));
            assert!(
                senders.into_iter().any(|from| from == "service@evil-bank.com"),
                "{mode:?}"
            );
        }
    }
}

#[test]
fn attachments_need_neither_a_name_nor_a_flat_structure() {
    let nameless = "Content-Type: application/x-thing\nContent-Transfer-Encoding: base64";
    let nested = "Content-Type: multipart/mixed; boundary=inner\nContent-Disposition: attachment";
    let inner = "--inner\nContent-Type: application/x-thing\nContent-Transfer-Encoding: base64\n\nAAECAwQ=\n--inner--";
    for (what, mail) in [
        ("7: without a name", carrier_of(nameless, "AAECAwQ=")),
        (
            "8: a multipart as attachment ended in a KeyError",
            carrier_of(nested, inner),
        ),
    ] {
        for mode in [Mode::Report, Mode::Sample, Mode::Carrier] {
            let draft = draft(&mail, mode);
            let files = objects(&draft, "file");
            assert_eq!(
                values(files[0], "md5"),
                ["d05374dc381d9b52806446a71c8e79b1"],
                "{what} {mode:?}"
            );
        }
    }
}
