//! Values that a report for machines states: their types and comments are kept.

use std::sync::Arc;

use super::finds::Finds;
use super::scan::Scan;
use super::{Indicator, Kind, Place, Position, run};
use crate::config::TextSettings;
use crate::contents::Stated;
use crate::domain::{FoundAs, Remark};

/// What a report for machines says of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Another of MISP's types for values of this kind than the usual one.
    pub r#type: Option<&'static str>,
    /// MISP's category, as stated.
    pub category: String,
    /// Whether it is for detection, if the report says so.
    pub to_ids: Option<bool>,
}

/// MISP's other types for values of a kind.
const OTHERS: [(Kind, &[&str]); 8] = [
    (Kind::Ip, &["ip-src"]),
    (Kind::IpPort, &["ip-src|port"]),
    (Kind::Url, &["uri"]),
    (
        Kind::Email,
        &[
            "email-src",
            "email-dst",
            "email-reply-to",
            "target-email",
            "whois-registrant-email",
        ],
    ),
    (
        Kind::Md5,
        &[
            "imphash",
            "x509-fingerprint-md5",
            "ja3-fingerprint-md5",
            "hassh-md5",
            "hasshserver-md5",
        ],
    ),
    (Kind::Sha1, &["x509-fingerprint-sha1", "pehash", "authentihash"]),
    (Kind::Sha256, &["x509-fingerprint-sha256", "authentihash"]),
    (Kind::Hostname, &["domain"]),
];

/// Finds what is in the values, each on a line of its own. A value that is one whole find gets the type that is stated; one of a
/// kind that no text shows is taken as it is.
pub(super) fn read_into(list: &[Stated], part: &Arc<str>, options: &TextSettings, found: &mut Finds) {
    for (line, stated) in (1..).zip(list) {
        let value = stated.value.trim();
        let mut own = found.beside();
        match Kind::only_stated(&stated.r#type) {
            Some(kind) => own.add(taken(kind, value, part, line)),
            None => {
                for piece in pieces(&stated.r#type, value) {
                    run(Scan::new(piece, part, options, &mut own)
                        .found_as(FoundAs::Attachment)
                        .on_line(line));
                }
            }
        }
        for find in own.list() {
            claim(find, stated, value);
        }
        found.append(own);
    }
}

/// A pair is read as one where our texts have such pairs, else as two.
fn pieces<'a>(r#type: &str, value: &'a str) -> Vec<&'a str> {
    let is_pair = r#type.contains('|') && !r#type.ends_with("|port");
    if is_pair {
        value.split('|').collect()
    } else {
        vec![value]
    }
}

fn taken(kind: Kind, value: &str, part: &Arc<str>, line: u32) -> Indicator {
    Indicator {
        kind,
        value: value.to_owned(),
        place: Place {
            part: Arc::clone(part),
            line,
            at: Position::default(),
            written: None,
        },
        remarks: Vec::new(),
        doubt: None,
        found_as: FoundAs::Attachment,
        defanged: false,
        passing: false,
        redirects_to: None,
        url_host: None,
        stated: None,
    }
}

fn claim(find: &mut Indicator, stated: &Stated, value: &str) {
    let is_whole = find.value == value || find.written() == value;
    let others = OTHERS.iter().find(|(kind, _)| *kind == find.kind);
    let other = others.and_then(|(_, types)| types.iter().find(|other| **other == stated.r#type));
    if is_whole {
        find.stated = Some(Box::new(Claim {
            r#type: other.copied(),
            category: stated.category.clone(),
            to_ids: stated.to_ids,
        }));
    }
    let text = stated.comment.trim();
    if !text.is_empty() {
        find.remarks.push(Remark::Verbatim { text: text.to_owned() });
    }
}

#[cfg(test)]
#[path = "stated_tests.rs"]
mod tests;
