//! Mails that a machine wrote about another mail: bounces, reports of abuse (ARF, X-ARF), and what the buttons send with which people
//! report a phish. What they are about lies inside; what the machine says around it is about servers and people of our own side.

use std::borrow::Cow;

use serde_json::Value;

use super::leaf::Leaf;
use super::transfer::Transfer;
use super::{AttachmentRole, EmbeddedKind, Headers, Mail};
use crate::file;

/// What a machine states in a mail about another one.
#[derive(Clone, Debug, Default)]
pub struct Notice {
    /// Fields of a report that name what it is about, such as `Source-IP`, and their values.
    pub fields: Vec<(String, String)>,
}

/// The maker's button, where the words stand, and the words. See `data/report_buttons.tsv`.
const BUTTONS: &[[&str; 3]] = include!(concat!(env!("OUT_DIR"), "/report_buttons.rs"));

/// Lines below which a bounce has the whole mail. See `data/bounce_lines.tsv`.
const COPIES: &[[&str; 2]] = include!(concat!(env!("OUT_DIR"), "/bounce_lines.rs"));

/// Fields of reports that name what they are about. The others are about the reporter and his servers.
const ABOUT: [&str; 4] = ["source-ip", "reported-uri", "reported-domain", "source"];

/// The same in reports that are written as JSON, with nothing but letters.
const ABOUT_IN_JSON: [&str; 6] = [
    "sourceip",
    "sourceurl",
    "sourceuri",
    "sourceidentifier",
    "url",
    "reporteduri",
];

/// A report longer than this is none.
const LONGEST: usize = 1 << 20;
/// JSON deeper than this is none of a report.
const DEEPEST: usize = 8;

/// What stands in the part of a report that is for machines.
#[derive(Default)]
pub(super) struct Report {
    pub fields: Vec<(String, String)>,
    /// Mails that lie in it.
    pub mails: Vec<Vec<u8>>,
    /// Its name says what it is, and a field of the mail, as in X-ARF.
    pub by_name: bool,
}

/// Reads a part if it is the report of an ARF or X-ARF mail.
pub(super) fn report(headers: &Headers, leaf: &Leaf, bytes: &[u8]) -> Option<Report> {
    let declared = leaf.content_type.value == "message/feedback-report";
    let is_xarf = headers.first("X-ARF").or_else(|| headers.first("X-XARF")).is_some();
    let name = leaf.name.as_deref().unwrap_or_default().to_ascii_lowercase();
    let named = is_xarf && matches!(name.as_str(), "report.txt" | "report.json" | "xarf.json");
    if !(declared || named) || bytes.len() > LONGEST || file::is_binary(bytes) {
        return None;
    }
    let mut report = Report {
        by_name: !declared,
        ..Report::default()
    };
    match serde_json::from_slice::<Value>(bytes) {
        Ok(json) => report.read_json(&json, 0),
        Err(_) => report.read_lines(&String::from_utf8_lossy(bytes)),
    }
    Some(report)
}

impl Report {
    /// `Name: value`, as in a header and in YAML.
    fn read_lines(&mut self, text: &str) {
        for line in text.lines() {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim().trim_matches(['"', '\'', '<', '>']);
            if ABOUT.contains(&name.trim().to_ascii_lowercase().as_str()) && !value.is_empty() {
                self.fields.push((name.trim().to_owned(), value.to_owned()));
            }
        }
    }

    fn read_json(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Array(items) if depth < DEEPEST => items.iter().for_each(|item| self.read_json(item, depth + 1)),
            Value::Object(members) if depth < DEEPEST => {
                self.mails.extend(mail_of_sample(members));
                for (name, value) in members {
                    let letters: String = name.chars().filter(char::is_ascii_alphabetic).collect();
                    let letters = letters.to_ascii_lowercase();
                    match value {
                        Value::String(text) if ABOUT_IN_JSON.contains(&letters.as_str()) => {
                            self.fields.push((name.clone(), text.clone()));
                        }
                        _ if letters.starts_with("reporter") || letters.starts_with("sender") => {}
                        _ => self.read_json(value, depth + 1),
                    }
                }
            }
            _ => {}
        }
    }
}

/// The mail that a sample in an X-ARF report is.
fn mail_of_sample(members: &serde_json::Map<String, Value>) -> Option<Vec<u8>> {
    let text = |wanted: &str| {
        let mut found = members
            .iter()
            .filter(|(name, _)| name.replace('_', "").eq_ignore_ascii_case(wanted));
        found.find_map(|(_, value)| value.as_str())
    };
    text("contenttype").filter(|kind| kind.starts_with("message/rfc822"))?;
    let payload = text("payload")?;
    let encoded = members
        .iter()
        .any(|(name, value)| name.to_ascii_lowercase().starts_with("base64") && value == &Value::Bool(true));
    Some(if encoded || !payload.contains('\n') {
        Transfer::Base64.decode(payload.as_bytes()).bytes
    } else {
        payload.as_bytes().to_vec()
    })
}

/// Whether a part holds the header of the mail that a report is about.
pub(super) fn is_header_of_a_mail(kind: &str, bytes: &[u8]) -> bool {
    let is_declared = matches!(kind, "text/rfc822-headers" | "message/global-headers");
    let head = String::from_utf8_lossy(bytes.get(..65536).unwrap_or(bytes));
    let mut names = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name);
    is_declared
        && names.any(|name| {
            ["from", "received", "subject"]
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known))
        })
}

/// Where in the text of a bounce the copy of the mail begins, if it has one.
pub(super) fn copy_in(text: &str) -> Option<usize> {
    let holds = |line: &str| memchr::memmem::find(text.as_bytes(), line.as_bytes()).is_some();
    if !COPIES.iter().any(|[_, line]| holds(line)) {
        return None;
    }
    let mut at = 0;
    let mut below = false;
    for line in text.split_inclusive('\n') {
        let is_header = line
            .split_once(':')
            .is_some_and(|(name, _)| super::role::is_mail_field(name));
        match line.trim() {
            "" => {}
            _ if below && is_header => return Some(at),
            // Exim says how much of the mail it leaves out.
            said if below && !said.starts_with("------") => return None,
            said => below = below || COPIES.iter().any(|[_, line]| said == *line),
        }
        at += line.len();
    }
    None
}

/// What a mail is, if a machine wrote it about another one that lies inside or of which it tells.
pub(super) fn of(mail: &Mail, fields: Vec<(String, String)>) -> Option<Notice> {
    let has_mail = mail.embedded.iter().any(|inner| inner.kind == EmbeddedKind::Attached);
    let is_bounce = has_mail && mail.attachments.iter().any(is_delivery_status);
    let is_copy = has_mail && comes_from_a_mailer(&mail.headers);
    let is_button = has_mail && BUTTONS.iter().any(|row| is_sent_by(mail, row));
    (!fields.is_empty() || is_bounce || is_copy || is_button).then_some(Notice { fields })
}

/// Declared and true: it names the server that gives the report.
fn is_delivery_status(attachment: &super::Attachment) -> bool {
    let declared = matches!(
        attachment.content_type.as_str(),
        "message/delivery-status" | "message/global-delivery-status"
    );
    let said = |what: &str| memchr::memmem::find(&attachment.bytes, what.as_bytes()).is_some();
    declared && attachment.role == AttachmentRole::Report && (said("Reporting-MTA:") || said("Final-Recipient:"))
}

fn comes_from_a_mailer(headers: &Headers) -> bool {
    let from = headers.addresses("From");
    let local = from.first().map(|address| {
        address
            .address
            .split('@')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    });
    matches!(local.as_deref(), Some("mailer-daemon" | "postmaster"))
}

/// Whether a mail comes from the button of a row.
fn is_sent_by(mail: &Mail, [_, place, words]: &[&str; 3]) -> bool {
    let begins = |text: &str| {
        text.get(..words.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(words))
    };
    let subject: Cow<'_, str> = mail.headers.subject().unwrap_or_default().into();
    match *place {
        "subject" => begins(subject.trim()),
        "attachment" => mail
            .embedded
            .iter()
            .any(|inner| inner.name.as_deref().is_some_and(begins)),
        "to" => mail
            .headers
            .addresses("To")
            .iter()
            .any(|to| to.address.eq_ignore_ascii_case(words)),
        _ => mail
            .bodies
            .iter()
            .any(|body| body.text.lines().take(200).any(|line| begins(line.trim()))),
    }
}

#[cfg(test)]
#[path = "tests/notice.rs"]
mod tests;
