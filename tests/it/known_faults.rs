//! Known faults of `mail_to_misp`: one test for each holds that MISPigeon does better. The numbers in the comments are those
//! of a list of the faults: 1-9 lose the mail, 10-11 take hours (`tests/bench --only hostile` tests them), 12-30 give wrong
//! results, 31-36 miss indicators, 37-43 are settings without effect; the others are faults of the library that it uses and
//! of its own sample mails.

mod library;
mod lost;
mod missed;
mod settings;
mod wrong;

use std::collections::BTreeSet;

use mispigeon::config::{Config, Settings};
use mispigeon::domain::Mode;
use mispigeon::enrich::Knowledge;
use mispigeon::misp::event::{Attribute, Draft, Object};
use mispigeon::pipeline::{self, Request};

/// Settings that differ from the defaults by these lines of TOML.
fn configured(toml: &str) -> Settings {
    Config::parse(std::path::Path::new("config.toml"), toml)
        .and_then(|config| config.profile(None))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The events that the settings make of a mail.
#[track_caller]
fn drafts_with(mail: impl AsRef<[u8]>, mode: Mode, settings: &Settings) -> Vec<Draft> {
    let request = Request {
        mode,
        ..Request::default()
    };
    let submissions = pipeline::prepare(mail.as_ref().to_vec(), request, settings).expect("a mail");
    submissions
        .into_iter()
        .map(|submission| {
            pipeline::draft(submission, settings, "2026-06-01", &mut |_| Knowledge::default()).expect("an event")
        })
        .collect()
}

/// The events that the default settings make of a mail.
#[track_caller]
fn drafts(mail: impl AsRef<[u8]>, mode: Mode) -> Vec<Draft> {
    drafts_with(mail, mode, &Settings::default())
}

/// The one event of a mail.
#[track_caller]
fn draft(mail: impl AsRef<[u8]>, mode: Mode) -> Draft {
    let mut drafts = drafts(mail, mode);
    assert_eq!(drafts.len(), 1);
    drafts.remove(0)
}

/// The one event of a report with this text.
#[track_caller]
fn reported(text: &str) -> Draft {
    draft(report(text), Mode::Report)
}

/// A report in plain text.
fn report(text: &str) -> String {
    format!(
        "From: analyst@cert.example\nTo: list@cert.example\nSubject: report\nDate: Mon, 02 Mar 2026 10:00:00 +0000\n\
         Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    )
}

/// A report with more header fields and a body.
fn with_header(fields: &str, body: &str) -> String {
    format!("From: analyst@cert.example\nSubject: report\n{fields}\n\n{body}\n")
}

/// `type=value` of each attribute that is not in an object.
fn sent(draft: &Draft) -> BTreeSet<String> {
    let attributes = draft.event.attributes.iter();
    attributes
        .map(|attribute| format!("{}={}", attribute.r#type, attribute.value))
        .collect()
}

/// The same, of the attributes with `to_ids` only.
fn flagged(draft: &Draft) -> BTreeSet<String> {
    let attributes = draft.event.attributes.iter().filter(|attribute| attribute.to_ids);
    attributes
        .map(|attribute| format!("{}={}", attribute.r#type, attribute.value))
        .collect()
}

#[track_caller]
fn assert_sent(draft: &Draft, expected: &[&str], what: &str) {
    let expected: BTreeSet<String> = expected.iter().map(|one| (*one).to_owned()).collect();
    assert_eq!(sent(draft), expected, "{what}\nskipped: {:#?}", draft.skipped);
}

fn objects<'a>(draft: &'a Draft, name: &str) -> Vec<&'a Object> {
    draft
        .event
        .objects
        .iter()
        .filter(|object| object.name == name)
        .collect()
}

fn related<'a>(object: &'a Object, relation: &str) -> Vec<&'a Attribute> {
    let attributes = object.attributes.iter();
    attributes
        .filter(|attribute| attribute.object_relation.as_deref() == Some(relation))
        .collect()
}

/// Values that an object has for a relation.
fn values<'a>(object: &'a Object, relation: &str) -> Vec<&'a str> {
    related(object, relation)
        .into_iter()
        .map(|attribute| attribute.value.as_str())
        .collect()
}

fn tags(draft: &Draft) -> Vec<&str> {
    draft.event.tags.iter().map(|tag| tag.name.as_str()).collect()
}
