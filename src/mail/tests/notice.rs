use crate::domain::table;
use crate::mail::tests::{read, texts};
use crate::mail::{AttachmentRole, EmbeddedKind, Mail};

const INNER: &str = "Received: from bot.evil.example (unknown [198.51.100.7]) by mx.corp.example\nFrom: Evil <evil@bad.example>\nSubject: Invoice\nDate: Mon, 14 May 2018 16:09:05 +0000\n\nclick http://bad.example/\n";

fn parts(header: &str, parts: &[&str]) -> Mail {
    let parts: Vec<String> = parts.iter().map(|part| format!("--b\n{part}\n")).collect();
    read(&format!("{header}\nMIME-Version: 1.0\n\n{}--b--\n", parts.concat()))
}

fn fields(mail: &Mail) -> Vec<(&str, &str)> {
    let notice = mail.notice.as_ref().expect("a notice");
    notice
        .fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[test]
fn a_report_of_abuse_names_what_it_is_about() {
    let header = "From: abuse@isp.example\nSubject: FW: Invoice\nContent-Type: multipart/report; report-type=feedback-report; boundary=b";
    let text = "Content-Type: text/plain\n\nThis is a report of abuse for a message from 198.51.100.7.";
    let report = "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: Gen/1.0\nSource-IP: 198.51.100.7\nReported-URI: http://bad.example/\nReported-Domain: bad.example\nReporting-MTA: dns; mx.isp.example\n";
    let mail = parts(
        header,
        &[text, report, &format!("Content-Type: message/rfc822\n\n{INNER}")],
    );
    let about = [
        ("Source-IP", "198.51.100.7"),
        ("Reported-URI", "http://bad.example/"),
        ("Reported-Domain", "bad.example"),
    ];
    assert_eq!(fields(&mail), about);
    assert_eq!(mail.embedded[0].mail.headers.subject(), Some("Invoice"));
    assert_eq!(mail.attachments[0].role, AttachmentRole::Report);
}

#[test]
fn both_forms_of_x_arf_are_read() {
    let header =
        "From: abuse@isp.example\nSubject: abuse report\nX-ARF: YES\nContent-Type: multipart/mixed; boundary=b";
    let text = "Content-Type: text/plain\n\nSee the report.";
    let yaml = "Content-Type: text/plain; name=\"report.txt\"\n\n---\nReported-From: abuse@isp.example\nCategory: abuse\nReport-Type: login-attack\nSource: 198.51.100.7\nSource-Type: ipv4\nSchema-URL: http://www.x-arf.example/schema.json\n";
    let mail = parts(header, &[text, yaml]);
    assert_eq!(fields(&mail), [("Source", "198.51.100.7")]);
    let payload = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, INNER);
    let json = format!(
        "Content-Type: application/json; name=\"xarf.json\"\n\n{{\"Version\": \"3\", \"ReporterInfo\": {{\"Url\": \"http://isp.example/\"}}, \"Report\": {{\"SourceIp\": \"198.51.100.7\", \"Samples\": [{{\"ContentType\": \"message/rfc822\", \"Base64Encoded\": true, \"Payload\": \"{payload}\"}}]}}}}"
    );
    let mail = parts(header, &[text, &json]);
    assert_eq!(fields(&mail), [("SourceIp", "198.51.100.7")]);
    assert_eq!(texts(&mail.embedded[0].mail), ["click http://bad.example/"]);
    // Without the header it is a file like any other.
    assert!(
        parts(&header.replace("X-ARF: YES\n", ""), &[text, yaml])
            .notice
            .is_none()
    );
}

#[test]
fn the_mail_inside_a_bounce_is_a_mail() {
    let header = "From: MAILER-DAEMON@mx.corp.example\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=b";
    let text = "Content-Type: text/plain\n\nYour mail could not be delivered. See http://help.corp.example/";
    let status = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.corp.example\n\nFinal-Recipient: rfc822; nobody@x.example\n";
    for inner in ["message/rfc822", "text/rfc822-headers"] {
        let mail = parts(header, &[text, status, &format!("Content-Type: {inner}\n\n{INNER}")]);
        assert!(mail.notice.is_some(), "{inner}");
        assert_eq!(mail.embedded[0].mail.headers.subject(), Some("Invoice"), "{inner}");
        assert_eq!(mail.embedded[0].kind, EmbeddedKind::Attached, "{inner}");
    }
    // A status that states nothing hides nothing.
    let empty = "Content-Type: message/delivery-status\n\nhello\n";
    let header = header.replace("MAILER-DAEMON", "joe");
    let mail = parts(
        &header,
        &[text, empty, &format!("Content-Type: message/rfc822\n\n{INNER}")],
    );
    assert!(mail.notice.is_none());
}

#[test]
fn every_line_of_the_table_stands_over_the_mail_that_came_back() {
    for row in table::rows("bounce_lines") {
        let bounce = format!(
            "From: MAILER-DAEMON@mx.corp.example\nSubject: failure notice\n\nHi. I could not deliver your message.\n\n{}\n\n{INNER}",
            row["example"]
        );
        let mail = read(&bounce);
        assert!(mail.notice.is_some(), "{row:?}");
        assert_eq!(
            texts(&mail),
            [format!("Hi. I could not deliver your message.\n\n{}", row["example"])],
            "{row:?}"
        );
        let inner = &mail.embedded[0].mail;
        assert_eq!(
            (inner.headers.subject(), texts(inner)),
            (Some("Invoice"), vec!["click http://bad.example/"]),
            "{row:?}"
        );
        let talk = format!(
            "From: joe@x.example\nSubject: failure notice\n\nIt said:\n{}\nand nothing more.\n",
            row["example"]
        );
        assert!(read(&talk).embedded.is_empty(), "{row:?}");
    }
}

#[test]
fn every_button_of_the_table_is_known_by_its_example() {
    for row in table::rows("report_buttons") {
        let example = row["example"].as_str();
        let (mut subject, mut to, mut name, mut text) = ("report", "soc@corp.example", "mail.eml", "hello");
        match row["place"].as_str() {
            "subject" => subject = example,
            "to" => to = example,
            "attachment" => name = example,
            "text" => text = example,
            other => panic!("{other}: {row:?}"),
        }
        let header =
            format!("From: me@corp.example\nTo: {to}\nSubject: {subject}\nContent-Type: multipart/mixed; boundary=b");
        let text = format!("Content-Type: text/plain\n\n{text}");
        let inner = format!("Content-Type: message/rfc822; name=\"{name}\"\n\n{INNER}");
        assert!(parts(&header, &[&text, &inner]).notice.is_some(), "{row:?}");
        // Without a mail inside, people talk about it.
        assert!(parts(&header, &[&text]).notice.is_none(), "{row:?}");
    }
}
