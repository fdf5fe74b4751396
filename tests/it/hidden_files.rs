//! No header hides a file: whatever a program is declared as, named, and wherever it stands, the event has its file object.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mispigeon::config::Settings;
use mispigeon::domain::Mode;
use mispigeon::enrich::Knowledge;
use mispigeon::pipeline::{self, Request};

const TYPES: [&str; 30] = [
    "",
    "text/plain",
    "text/html",
    "text/calendar",
    "text/rtf",
    "text/vcard",
    "text/directory",
    "text/rfc822-headers",
    "application/octet-stream",
    "application/pgp-signature",
    "application/pgp-keys",
    "application/pgp-encrypted",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pkcs7-mime",
    "application/x-pkcs7-mime; smime-type=enveloped-data",
    "application/ms-tnef",
    "application/rtf",
    "application/vnd.ms-outlook",
    "message/rfc822",
    "message/global",
    "message/delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
    "message/partial",
    "image/png",
    "image/svg+xml",
    "multipart/mixed",
    "multipart/alternative; boundary=other",
    "nonsense",
];
const DISPOSITIONS: [&str; 3] = ["", "inline", "attachment"];
const NAMES: [&str; 7] = [
    "",
    "invoice.exe",
    "smime.p7m",
    "signature.asc",
    "me.vcf",
    "logo.png",
    "mail.eml",
];
const AROUND: [&str; 9] = [
    "",
    "mixed",
    "alternative",
    "related",
    "signed; protocol=\"application/pgp-signature\"",
    "encrypted; protocol=\"application/pgp-encrypted\"",
    "report; report-type=delivery-status",
    "digest",
    "x-none",
];

fn program() -> Vec<u8> {
    let mut bytes = vec![0; 0x60];
    bytes[..2].copy_from_slice(b"MZ");
    bytes[0x3c] = 0x40;
    bytes[0x40..0x44].copy_from_slice(b"PE\0\0");
    bytes.extend(b"This program cannot be run in DOS mode");
    bytes
}

fn mail(kind: &str, disposition: &str, name: &str, around: &str, body: &str) -> String {
    let named = |parameter: &str| match name {
        "" => String::new(),
        name => format!("; {parameter}=\"{name}\""),
    };
    let (name, filename) = if disposition.is_empty() {
        (named("name"), String::new())
    } else {
        (String::new(), named("filename"))
    };
    let mut part = match (kind, name.as_str()) {
        ("", "") => String::new(),
        _ => format!("Content-Type: {kind}{name}\r\n"),
    };
    if !disposition.is_empty() {
        part = format!("{part}Content-Disposition: {disposition}{filename}\r\n");
    }
    let part = format!("{part}Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n");
    let head = "From: Ana <ana@kestrel-mint.com>\r\nTo: bob@harbour-grain.org\r\nSubject: x\r\n";
    if around.is_empty() {
        return format!("{head}{part}");
    }
    format!(
        "{head}Content-Type: multipart/{around}; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\n{part}--b--\r\n"
    )
}

#[test]
fn whatever_a_program_is_declared_as_it_has_its_file_object() {
    let settings = Settings::default();
    let program = program();
    let body = STANDARD.encode(&program);
    let digest = mispigeon::file::facts(&program, None).sha256;
    let mut hidden = Vec::new();
    for kind in TYPES {
        for disposition in DISPOSITIONS {
            for name in NAMES {
                for around in AROUND {
                    let raw = mail(kind, disposition, name, around, &body);
                    if !has_file_object(raw.as_bytes(), &digest, &settings) {
                        hidden.push([kind, disposition, name, around]);
                    }
                }
            }
        }
    }
    assert!(
        hidden.is_empty(),
        "{} are hidden, the first of them {:?}",
        hidden.len(),
        hidden.first()
    );
}

/// A report for machines is read, but a script in its place stays a file, though a field of a report stands in it.
#[test]
fn a_script_that_states_something_as_a_report_does_has_its_file_object() {
    let settings = Settings::default();
    let script = b"<script>new ActiveXObject('WScript.Shell')</script>\r\nSource-IP: 198.51.100.7\r\n";
    let digest = mispigeon::file::facts(script, None).sha256;
    for (field, kind, name) in [
        ("", "message/feedback-report", "invoice.hta"),
        ("", "message/feedback-report", ""),
        ("X-ARF: yes\r\n", "text/plain", "report.txt"),
    ] {
        let raw = mail(kind, "attachment", name, "report", &STANDARD.encode(script));
        let raw = format!("{field}{raw}");
        assert!(has_file_object(raw.as_bytes(), &digest, &settings), "{kind} {name}");
    }
}

fn has_file_object(raw: &[u8], digest: &str, settings: &Settings) -> bool {
    let request = Request {
        mode: Mode::Sample,
        ..Request::default()
    };
    let prepared = pipeline::prepare(raw.to_vec(), request, settings).expect("a mail");
    prepared.into_iter().any(|one| {
        let draft = pipeline::draft(one, settings, "2026-06-01", &mut |_| Knowledge::default()).expect("an event");
        draft
            .event
            .objects
            .iter()
            .any(|object| object.name == "file" && object.attributes.iter().any(|attribute| attribute.value == digest))
    })
}
