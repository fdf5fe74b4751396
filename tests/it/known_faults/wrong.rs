//! Wrong results (12-30).

use base64::Engine;

use super::{
    assert_sent, configured, draft, drafts, drafts_with, flagged, objects, related, report, reported, sent, tags,
    values, with_header,
};

use mispigeon::domain::{Mode, Sha256};

#[test]
fn the_most_restrictive_marking_wins() {
    let footer = "TLP:RED\n\nhttps://evil-bank.com/\n-- \nTLP:WHITE means that anybody may read it.";
    let cases = [
        ("12: a footer opens nothing", "report", footer, "tlp:red"),
        (
            "13: the subject counts",
            "[TLP:RED] report",
            "https://evil-bank.com/",
            "tlp:red",
        ),
        (
            "14: one level, not two",
            "report",
            "TLP:AMBER+STRICT\nhttps://evil-bank.com/",
            "tlp:amber+strict",
        ),
    ];
    for (what, subject, text, expected) in cases {
        let mail = report(text).replace("Subject: report", &format!("Subject: {subject}"));
        let draft = draft(mail, Mode::Report);
        let levels: Vec<&str> = tags(&draft).into_iter().filter(|tag| tag.starts_with("tlp:")).collect();
        assert_eq!(levels, [expected], "{what}");
        assert!(!tags(&draft).contains(&"circl:osint-feed"), "{what}");
    }
}

#[test]
fn urls_are_what_the_author_meant() {
    let html = "Content-Type: text/html; charset=utf-8";
    let utf16: Vec<u8> = "https://evil-bank.com/a"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let utf16 = base64::prelude::BASE64_STANDARD.encode(utf16);
    let alternatives =
        "--b\n\nhttps://evil-plain.com/a\n--b\nContent-Type: text/html\n\n<p>https://evil-html.com/b</p>\n--b--";
    let cases: &[(&str, &str, &str, &[&str])] = &[
        (
            "15: no entities in plain text",
            "Content-Type: text/plain",
            "https://evil-bank.com/?a=1&copy=2&para=3&reg=4",
            &[
                "url=https://evil-bank.com/?a=1&copy=2&para=3&reg=4",
                "domain=evil-bank.com",
            ],
        ),
        (
            "16: a URL ends at its quote",
            html,
            "<img src=\"https://evil-bank.com/p.png\"/>",
            &["url=https://evil-bank.com/p.png", "domain=evil-bank.com"],
        ),
        (
            "17: markup inside a URL is no end",
            html,
            "<p>http://ev<b>il</b>-bank.com/a</p>",
            &["url=http://evil-bank.com/a", "domain=evil-bank.com"],
        ),
        (
            "17: what no reader sees is no indicator",
            html,
            "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\
             <html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\"><p>hello</p></html>",
            &[],
        ),
        (
            "18: the charset of the body",
            "Content-Type: text/plain; charset=utf-16le\nContent-Transfer-Encoding: base64",
            &utf16,
            &["url=https://evil-bank.com/a", "domain=evil-bank.com"],
        ),
        (
            "19: every alternative is read",
            "Content-Type: multipart/alternative; boundary=b",
            alternatives,
            &[
                "url=https://evil-plain.com/a",
                "domain=evil-plain.com",
                "url=https://evil-html.com/b",
                "domain=evil-html.com",
            ],
        ),
    ];
    for (what, header, body, expected) in cases {
        assert_sent(&draft(with_header(header, body), Mode::Report), expected, what);
    }
}

#[test]
fn hashes_are_of_the_exact_bytes() {
    // 20: it encoded a text in latin-1 again, so that its hashes were of bytes that the mail did not have.
    let mut mail = with_header(
        "Content-Type: multipart/mixed; boundary=b",
        "--b\n\nlist\n--b\nContent-Type: text/csv; charset=iso-8859-1; name=a.csv\nContent-Disposition: attachment; filename=a.csv\n",
    )
    .into_bytes();
    mail.extend_from_slice(b"caf\xe9;1\n--b--\n");
    let draft = draft(mail, Mode::Report);
    let file = objects(&draft, "file")[0];
    assert_eq!(values(file, "sha256"), [Sha256::of(b"caf\xe9;1").to_string()]);
}

#[test]
fn forwards_of_other_programs_are_recognised() {
    // 21
    let gmail = "---------- Forwarded message ---------\nFrom: Bank <service@evil-bank.com>\nDate: Mon, Mar 2, 2026 at 10:00 AM\nSubject: Locked\nTo: <a@corp.example>\n\n\nhttps://login.evil-bank.com/a\n";
    let outlook = "From: Bank <service@evil-bank.com> \nSent: Monday, March 2, 2026 10:00 AM\nTo: a@corp.example\nSubject: Locked\n\nhttps://login.evil-bank.com/a\n";
    let html = "<html><body><p>fyi</p><div class=\"moz-forward-container\"><br>-------- Forwarded Message --------\
        <table class=\"moz-email-headers-table\"><tbody><tr><th>Subject: </th><td>Locked</td></tr><tr><th>Date: </th><td>Mon, 2 Mar 2026 10:00:00 +0000</td></tr>\
        <tr><th>From: </th><td>Bank <a href=\"mailto:service@evil-bank.com\">&lt;service@evil-bank.com&gt;</a></td></tr><tr><th>To: </th><td>a@corp.example</td></tr></tbody></table>\
        <p><a href=\"https://login.evil-bank.com/a\">open</a></p></div></body></html>";
    for (what, kind, text) in [
        ("Gmail", "plain", gmail),
        ("Outlook", "plain", outlook),
        ("Thunderbird", "html", html),
    ] {
        let mail = with_header(&format!("Content-Type: text/{kind}; charset=utf-8"), text)
            .replace("Subject: report", "Subject: Fwd: Locked");
        let draft = draft(mail, Mode::Report);
        let emails = objects(&draft, "email");
        assert_eq!(emails.len(), 1, "{what}");
        assert_eq!(values(emails[0], "from"), ["service@evil-bank.com"], "{what}");
        assert_eq!(values(emails[0], "subject"), ["Locked"], "{what}");
        assert!(
            sent(&draft).contains("url=https://login.evil-bank.com/a"),
            "{what}: {:?}",
            sent(&draft)
        );
    }
}

#[test]
fn an_attached_mail_is_one_whatever_its_content_type() {
    // 22
    let phish = "From: service@evil-bank.com\nSubject: Locked\nMessage-ID: <7@evil-bank.com>\n\nhttps://login.evil-bank.com/a\n";
    for header in [
        "Content-Type: application/octet-stream; name=phish.eml\nContent-Disposition: attachment; filename=phish.eml",
        "Content-Type: text/plain; name=phish.eml\nContent-Disposition: attachment; filename=phish.eml",
        "Content-Type: message/rfc822",
    ] {
        let mail = with_header(
            "Content-Type: multipart/mixed; boundary=b",
            &format!("--b\n\nfyi\n--b\n{header}\n\n{phish}--b--"),
        );
        let draft = draft(mail, Mode::Report);
        assert_eq!(
            values(objects(&draft, "email")[0], "message-id"),
            ["<7@evil-bank.com>"],
            "{header}"
        );
        assert!(objects(&draft, "file").is_empty(), "{header}");
    }
}

#[test]
fn an_outlook_message_is_read_as_a_mail() {
    // 23: it took this value for the name of a file.
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails");
    for name in ["embedded-outlook-msg.eml", "embedded-outlook-msg-octet-stream.eml"] {
        let draft = draft(std::fs::read(folder.join(name)).unwrap(), Mode::Report);
        let email = objects(&draft, "email")[0];
        for relation in ["from", "subject", "email-body"] {
            assert!(!values(email, relation).is_empty(), "{name}: {relation}");
        }
        assert!(!sent(&draft).is_empty(), "{name}");
    }
}

#[test]
fn directives_out_of_range_change_nothing() {
    // 29: it sent 99 and "high" to the server.
    let settings = configured("[directives]\nkey = \"a long secret\"\n");
    let text =
        "m2m:m2mkey:a long secret\nm2m:distribution:99\nm2m:threat_level:high\nm2m:analysis:7\nhttps://evil-bank.com/";
    let plain = &drafts_with(report("https://evil-bank.com/"), Mode::Report, &settings)[0].event;
    let steered = &drafts_with(report(text), Mode::Report, &settings)[0].event;
    let heading = |event: &mispigeon::misp::event::Event| {
        (
            event.distribution.clone(),
            event.threat_level_id.clone(),
            event.analysis.clone(),
        )
    };
    assert_eq!(heading(steered), heading(plain));
}

#[test]
fn an_exclusion_of_a_host_does_not_hide_those_who_publish_below_it() {
    // 30
    let settings = configured("[hosts]\nexclude = [\"=google.com\", \"=www.google.com\"]\n");
    let text = "https://google.com/\nhttps://docs.google.com/forms/evil\nhttps://sites.google.com/view/evil-bank";
    let draft = drafts_with(report(text), Mode::Report, &settings).remove(0);
    let found = flagged(&draft);
    for url in [
        "url=https://docs.google.com/forms/evil",
        "url=https://sites.google.com/view/evil-bank",
    ] {
        assert!(found.contains(url), "{found:?}");
    }
    assert!(!sent(&draft).contains("url=https://google.com/"));
}

#[test]
fn nothing_is_there_twice_and_the_order_is_that_of_the_text() {
    // In a spamtrap it sent every attribute twice, in random order.
    let text = "https://evil-b.com/ https://evil-a.com/ 45.155.204.17 https://evil-b.com/";
    for mode in [Mode::Report, Mode::Sample] {
        let draft = draft(report(text), mode);
        let found: Vec<&str> = draft.event.attributes.iter().map(|one| one.value.as_str()).collect();
        assert_eq!(
            found,
            [
                "https://evil-b.com/",
                "evil-b.com",
                "https://evil-a.com/",
                "evil-a.com",
                "45.155.204.17"
            ],
            "{mode:?}"
        );
    }
    assert_sent(
        &reported("circl[.]lu and www[.]circl[.]lu"),
        &["domain=circl.lu", "hostname=www.circl.lu"],
        "names",
    );
}

#[test]
fn what_comes_with_mails_is_no_malware() {
    // It sent signature.asc and a harmless CSV file as malware samples, and the hashes of an empty file.
    let signed = with_header(
        "Content-Type: multipart/signed; boundary=b; protocol=\"application/pgp-signature\"",
        "--b\n\nhttps://evil-bank.com/\n--b\nContent-Type: application/pgp-signature; name=signature.asc\n\n-----BEGIN PGP SIGNATURE-----\nabcd\n-----END PGP SIGNATURE-----\n--b--",
    );
    for mode in [Mode::Report, Mode::Sample, Mode::Carrier] {
        let draft = draft(&signed, mode);
        assert!(objects(&draft, "file").is_empty(), "{mode:?}");
        let names = objects(&draft, "email")
            .into_iter()
            .flat_map(|email| related(email, "attachment"));
        assert!(names.into_iter().all(|name| !name.to_ids), "{mode:?}");
    }
    let list = with_header(
        "Content-Type: multipart/mixed; boundary=b",
        "--b\n\nd41d8cd98f00b204e9800998ecf8427e\n--b\nContent-Type: text/csv; name=a.csv\nContent-Disposition: attachment\n\nfoo,bar\n--b--",
    );
    let draft = draft(list, Mode::Report);
    let file = objects(&draft, "file")[0];
    assert!(related(file, "malware-sample").is_empty() && file.attributes.iter().all(|one| !one.to_ids));
    assert!(flagged(&draft).is_empty(), "{:?}", sent(&draft));
}

#[test]
fn a_carrier_gives_an_event_for_each_mail_and_loses_no_file() {
    // The mails inside lost sender, Received and Message-ID, and it left other files out.
    let phish = |n: u8| {
        format!(
            "Content-Type: application/octet-stream; name={n}.eml\nContent-Disposition: attachment; filename={n}.eml\n\n\
            Received: from mail.evil-bank.com (mail.evil-bank.com [45.155.204.{n}]) by mx.corp.example\nFrom: service@evil-bank.com\n\
            Reply-To: mule@evil-bank.com\nSubject: Locked {n}\nMessage-ID: <{n}@evil-bank.com>\n\nhttps://evil-bank.com/{n}\n"
        )
    };
    let mail = with_header(
        "Content-Type: multipart/mixed; boundary=b",
        &format!(
            "--b\n\nfyi\n--b\n{}--b\n{}--b\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment\n\n%PDF-1.4 x\n--b--",
            phish(1),
            phish(2)
        ),
    );
    let drafts = drafts(mail, Mode::Carrier);
    assert_eq!(drafts.len(), 3);
    for (draft, n) in drafts.iter().zip(1..3) {
        let email = objects(draft, "email")[0];
        for (relation, value) in [
            ("from", "service@evil-bank.com".to_owned()),
            ("reply-to", "mule@evil-bank.com".to_owned()),
            ("subject", format!("Locked {n}")),
            ("message-id", format!("<{n}@evil-bank.com>")),
            ("received-header-ip", format!("45.155.204.{n}")),
        ] {
            assert_eq!(values(email, relation), [value], "{n}");
        }
        assert!(sent(draft).contains(&format!("url=https://evil-bank.com/{n}")));
    }
    assert_eq!(values(objects(&drafts[2], "file")[0], "filename"), ["a.pdf"]);
}

#[test]
fn an_inline_forward_has_its_whole_header_and_its_files() {
    // A wrapped line without indentation ended the header, so that user agent and boundary were in the body. The file that
    // the mail client had attached to the forwarding mail belonged to no mail.
    let text = "-------- Forwarded Message --------\nFrom: service@evil-bank.com\nSubject: Locked\nTo: a@corp.example\n\
        Date: Mon, 2 Mar 2026 10:00:00 +0000\nX-Mozilla-Draft-Info: internal/draft; vcard=0; receipt=0; DSN=0;\nuuencode=0; attachmentreminder=0\n\
        User-Agent: Evil Mailer 1.0\nMIME-Version: 1.0\nContent-Type: multipart/mixed;\nboundary=\"------------ABC\"\n\nhttps://evil-bank.com/a";
    let mail = with_header(
        "Content-Type: multipart/mixed; boundary=b",
        &format!(
            "--b\nContent-Type: text/plain\n\n{text}\n--b\nContent-Type: application/octet-stream; name=a.exe\nContent-Disposition: attachment\n\nMZx\n--b--"
        ),
    );
    let draft = draft(mail, Mode::Report);
    let email = objects(&draft, "email")[0];
    assert_eq!(values(email, "user-agent"), ["Evil Mailer 1.0"]);
    assert_eq!(values(email, "mime-boundary"), ["------------ABC"]);
    assert_eq!(values(email, "email-body"), ["https://evil-bank.com/a"]);
    let file = objects(&draft, "file")[0];
    let reference = email.references.iter().find(|one| one.referenced_uuid == file.uuid);
    assert_eq!(reference.map(|one| one.relationship_type.as_str()), Some("related-to"));
}

#[test]
fn advertising_of_virus_scanners_is_no_indicator() {
    let body = "<p>Hello</p><div id=\"DAB4FAD8-2DD7-40BB-A1B8-4E2AA1F9FDF2\"><a href=\"https://www.avast.com/sig-email?utm_medium=email\">\
        <img src=\"https://ipmcdn.avast.com/images/icons/icon-envelope-tick-round-orange-animated-no-repeat-v1.gif\"></a> www.avast.com</div>";
    let mail = with_header("Content-Type: text/html", body);
    for mode in [Mode::Report, Mode::Sample] {
        assert_sent(&draft(&mail, mode), &[], "advertising");
    }
}
