//! What stays of mails that were decrypted by their reader, and what stays of others.

use uuid::Uuid;

use super::RowState;
use super::tests::{Fixture, LEASE, draft, mail};
use crate::domain::{Overrides, Receipt, Remark, Status, Submission};

/// What is in the files of the database, its log included.
fn stored(fixture: &Fixture) -> Vec<u8> {
    let files = std::fs::read_dir(fixture.folder.path().join("data")).unwrap();
    files
        .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect()
}

fn decrypted() -> Submission {
    let pair = ("url".to_owned(), "http://ticked-secret.example/".to_owned());
    let mut submission = mail("the text of a letter, number SECRET-4711");
    submission.overrides.decrypted = true;
    submission.overrides.deselected = vec![pair];
    submission
}

fn told() -> Receipt {
    Receipt {
        status: Status::Created,
        uuid: Some(Uuid::nil()),
        event_id: Some("7".into()),
        url: None,
        attributes: 1,
        objects: 0,
        added: None,
        mode: None,
        authentication: None,
        skipped: vec![crate::domain::Skipped {
            r#type: "url".into(),
            value: "http://skipped-secret.example/".into(),
            reason: Remark::ByHand.into(),
        }],
        notes: Vec::new(),
        error: None,
    }
}

fn has(bytes: &[u8], words: &str) -> bool {
    memchr::memmem::find(bytes, words.as_bytes()).is_some()
}

#[test]
fn rows_of_older_versions_keep_their_key_and_a_decrypted_mail_has_a_row_of_its_own() {
    let stored = serde_json::to_string(&Overrides::default()).unwrap();
    assert!(!stored.contains("decrypted"), "{stored}");
    let fixture = Fixture::new();
    let plain = fixture.outbox.put(&mail("a")).unwrap();
    let mut read = mail("a");
    read.overrides.decrypted = true;
    assert_ne!(fixture.outbox.put(&read).unwrap().id, plain.id);
    assert!(fixture.outbox.submission(plain.id + 1).unwrap().overrides.decrypted);
}

#[test]
fn nothing_of_a_decrypted_mail_stays_after_its_delivery() {
    let fixture = Fixture::new();
    let (_, claim) = fixture.outbox.put_claimed(&decrypted(), LEASE).unwrap();
    let claim = claim.unwrap();
    let before = stored(&fixture);
    assert!(
        has(&before, "SECRET-4711") && has(&before, "ticked-secret"),
        "the test looks in the right place"
    );
    let mut draft = draft();
    draft.event.info = "title-secret".into();
    fixture
        .outbox
        .finish_on_server(&claim, &told(), "misp", &draft)
        .unwrap();
    let after = stored(&fixture);
    for words in ["SECRET-4711", "ticked-secret", "skipped-secret", "title-secret"] {
        assert!(!has(&after, words), "{words}");
    }
    let row = fixture.outbox.show(claim.id).unwrap();
    assert_eq!((row.state, row.event_id.as_deref()), (RowState::Delivered, Some("7")));
}

#[test]
fn nothing_of_a_decrypted_mail_stays_when_it_is_dropped() {
    let fixture = Fixture::new();
    let stored_row = fixture.outbox.put(&decrypted()).unwrap();
    fixture.outbox.drop(stored_row.id).unwrap();
    let after = stored(&fixture);
    assert!(!has(&after, "SECRET-4711") && !has(&after, "ticked-secret"));
}

#[test]
fn another_mail_is_kept_in_the_history_as_before() {
    let fixture = Fixture::new();
    let claim = fixture.claimed("a report");
    fixture
        .outbox
        .finish_on_server(&claim, &told(), "misp", &draft())
        .unwrap();
    let row = fixture.outbox.show(claim.id).unwrap();
    assert_eq!(row.receipt.unwrap().skipped.len(), 1);
    assert!(fixture.outbox.record(draft().event.uuid).unwrap().is_some());
}
