//! Several mails that make one event.

use mispigeon::config::Settings;
use mispigeon::domain::{Overrides, Sha256, Submission};
use mispigeon::enrich::Knowledge;
use mispigeon::mail::canonical_sha256;
use mispigeon::misp::event::Draft;
use mispigeon::outbox::Outbox;
use mispigeon::pipeline::{self, Handed, Request};
use serde_json::Value;

const SUBJECT: &str = "Your invoice";

/// A phish with a link of its own, and one that all have. None has a Message-ID.
fn phish(number: usize, subject: &str, marking: &str) -> Vec<u8> {
    format!(
        "Received: from a.evil-relay.com (a.evil-relay.com [203.0.113.9]) by mx.corp.example; Tue, 17 Mar 2026 08:00:00 +0000\n\
         From: Billing <billing@evil-sender.com>\nTo: ann@corp.example\nSubject: {subject}\n\
         Date: Tue, 17 Mar 2026 08:0{number}:00 +0000\n\n{marking}Pay at http://pay-{number}.evil-pay.com/now or http://all.evil-pay.com/x\n"
    )
    .into_bytes()
}

fn joined(mails: impl IntoIterator<Item = Vec<u8>>, mode: &str) -> Handed {
    let mut handed = Handed::default();
    for raw in mails {
        let request = Request {
            mode: serde_json::from_value(mode.into()).unwrap(),
            ..Request::default()
        };
        let prepared = pipeline::prepare(raw, request, &Settings::default()).unwrap();
        handed.add(prepared.into_iter().map(|prepared| prepared.submission).collect());
    }
    handed
}

fn submission(handed: Handed, overrides: Overrides) -> Submission {
    let request = Request {
        overrides,
        ..Request::default()
    };
    let mut prepared = pipeline::prepare(handed, request, &Settings::default()).unwrap();
    assert_eq!(prepared.len(), 1);
    prepared.remove(0).submission
}

fn draft(submission: Submission) -> Draft {
    pipeline::draft(submission, &Settings::default(), "2026-11-28", &mut |_| {
        Knowledge::default()
    })
    .unwrap()
}

fn event(draft: &Draft) -> Value {
    serde_json::to_value(&draft.event).unwrap()
}

fn values(event: &Value) -> Vec<&str> {
    let attributes = event["Attribute"].as_array().unwrap();
    attributes.iter().map(|one| one["value"].as_str().unwrap()).collect()
}

#[test]
fn one_event_has_what_each_mail_brings_and_what_they_share_once() {
    let mails = [1, 2, 3].map(|number| phish(number, SUBJECT, ""));
    let draft = draft(submission(joined(mails, "sample"), Overrides::default()));
    let event = event(&draft);
    let values = values(&event);
    for number in 1..=3 {
        assert!(
            values.contains(&format!("http://pay-{number}.evil-pay.com/now").as_str()),
            "{values:?}"
        );
    }
    assert_eq!(
        values
            .iter()
            .filter(|value| **value == "http://all.evil-pay.com/x")
            .count(),
        1
    );
    let objects = event["Object"].as_array().unwrap();
    let emails: Vec<_> = objects.iter().filter(|object| object["name"] == "email").collect();
    assert_eq!(emails.len(), 3);
    let shared = event["Attribute"].as_array().unwrap();
    let shared = shared
        .iter()
        .find(|one| one["value"] == "http://all.evil-pay.com/x")
        .unwrap();
    for email in emails {
        let references = email["ObjectReference"].as_array().unwrap();
        assert!(
            references.iter().any(|one| one["referenced_uuid"] == shared["uuid"]),
            "{email}"
        );
    }
    assert_eq!(event["EventReport"].as_array().unwrap().len(), 1);
    let report = event["EventReport"][0]["content"].as_str().unwrap();
    assert_eq!(report.matches("# Sample").count(), 3);
    assert_eq!(report.matches("# Indicators").count(), 1);
    assert!(event["info"].as_str().unwrap().ends_with(SUBJECT), "{}", event["info"]);
}

#[test]
fn the_same_mails_make_the_same_event_and_others_another() {
    let mails = || [1, 2, 3].map(|number| phish(number, SUBJECT, ""));
    let forth = draft(submission(joined(mails(), "auto"), Overrides::default()));
    let mut other = mails();
    other.reverse();
    let back = draft(submission(joined(other, "auto"), Overrides::default()));
    assert_eq!(event(&forth), event(&back));
    let fewer = draft(submission(
        joined(mails().into_iter().take(2), "auto"),
        Overrides::default(),
    ));
    assert_ne!(forth.event.uuid, fewer.event.uuid);
    let alone = draft(submission(
        joined(mails().into_iter().take(1), "auto"),
        Overrides::default(),
    ));
    let single = pipeline::prepare(phish(1, SUBJECT, ""), Request::default(), &Settings::default()).unwrap();
    assert_eq!(
        event(&alone),
        event(&draft(single.into_iter().next().unwrap().submission))
    );
}

#[test]
fn the_strictest_marking_counts_and_the_title_tells_how_many_mails_there_are() {
    let mails = [
        phish(1, "One", ""),
        phish(2, SUBJECT, "TLP:AMBER\n"),
        phish(3, SUBJECT, ""),
    ];
    let draft = draft(submission(joined(mails, "report"), Overrides::default()));
    let event = event(&draft);
    let tags: Vec<_> = event["Tag"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["name"].as_str().unwrap())
        .collect();
    let levels: Vec<_> = tags.iter().filter(|tag| tag.starts_with("tlp:")).collect();
    assert_eq!(levels, [&"tlp:amber"], "{tags:?}");
    let title = event["info"].as_str().unwrap();
    assert!(title.ends_with(&format!("{SUBJECT} (and 2 more mails)")), "{title}");
}

#[test]
fn what_is_unticked_is_in_no_mail_and_what_is_written_once_is_there_once() {
    let mails = [1, 2, 3].map(|number| phish(number, SUBJECT, ""));
    let overrides = Overrides {
        deselected: vec![("url".into(), "http://all.evil-pay.com/x".into())],
        comment: Some("A wave of today".into()),
        ..Overrides::default()
    };
    let draft = draft(submission(joined(mails, "sample"), overrides));
    let event = event(&draft);
    assert!(!values(&event).contains(&"http://all.evil-pay.com/x"));
    assert_eq!(
        draft
            .skipped
            .iter()
            .filter(|one| one.value == "http://all.evil-pay.com/x")
            .count(),
        1
    );
    let report = event["EventReport"][0]["content"].as_str().unwrap();
    assert_eq!(report.matches("A wave of today").count(), 1);
}

#[test]
fn mails_that_are_left_out_are_in_no_event() {
    let raw = std::fs::read("tests/mails/embedded-three.eml").unwrap();
    let prepare = |left_out: Vec<Sha256>| {
        let request = Request {
            mode: serde_json::from_value("carrier".into()).unwrap(),
            left_out,
            ..Request::default()
        };
        let prepared = pipeline::prepare(raw.clone(), request, &Settings::default()).unwrap();
        prepared.into_iter().map(|one| one.submission).collect::<Vec<_>>()
    };
    let all = prepare(Vec::new());
    assert_eq!(all.len(), 3);
    let kept = prepare(vec![all[1].identity]);
    assert_eq!(kept.len(), 2);
    assert!(kept.iter().all(|one| one.identity != all[1].identity));

    let mut handed = Handed::default();
    handed.add(all.clone());
    let request = Request {
        left_out: vec![all[1].identity],
        ..Request::default()
    };
    let mut prepared = pipeline::prepare(handed, request, &Settings::default()).unwrap();
    let members = prepared.remove(0).submission.members;
    assert_eq!(members.len(), 2);
    assert!(members.iter().all(|one| one.identity != all[1].identity));
}

#[test]
fn the_outbox_keeps_all_mails_and_knows_in_which_event_each_is() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::open(&folder.path().join("state.db")).unwrap();
    let mails = [1, 2, 3].map(|number| phish(number, SUBJECT, ""));
    let put = submission(joined(mails.clone(), "auto"), Overrides::default());
    let (stored, claim) = outbox.put_claimed(&put, std::time::Duration::from_mins(1)).unwrap();
    assert_eq!(outbox.put(&put).unwrap().id, stored.id);
    let got = outbox.submission(stored.id).unwrap();
    assert_eq!(
        (got.identity, &got.raw, &got.members),
        (put.identity, &put.raw, &put.members)
    );
    let identity = canonical_sha256(&mails[1]);
    assert!(outbox.already_sent(identity, None).unwrap().is_empty());
    let receipt = serde_json::from_value(serde_json::json!({
        "status": "created", "uuid": null, "event_id": "7", "url": null, "attributes": 0, "objects": 0, "skipped": [], "error": null,
    }))
    .unwrap();
    outbox.finish(&claim.unwrap(), &receipt, "feed").unwrap();
    let earlier = outbox.already_sent(identity, None).unwrap();
    assert_eq!(earlier.len(), 1);
    assert_eq!(earlier[0].event_id.as_deref(), Some("7"));
    assert_eq!(outbox.already_sent(put.identity, None).unwrap(), earlier);
    assert!(outbox.already_sent(identity, Some("other")).unwrap().is_empty());
    // A second sending of the same mails is delivered again, under the same row.
    assert_eq!(outbox.put(&put).unwrap().id, stored.id);
    assert_eq!(outbox.submission(stored.id).unwrap().members, put.members);
}
