use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use uuid::Uuid;

use super::{Claim, Outbox, OutboxError, Remedy, RowState, Which};
use crate::domain::{Directive, Mode, Overrides, Problem, Receipt, Remark, Said, Sha256, Status, Submission};
use crate::misp::event::{Attribute, Data, Draft, Event, Sighting};

pub(super) const LEASE: Duration = Duration::from_secs(100);
const START: i64 = 1_700_000_000;

pub(super) struct Fixture {
    pub(super) outbox: Outbox,
    pub(super) now: Arc<AtomicI64>,
    pub(super) folder: tempfile::TempDir,
}

impl Fixture {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(AtomicI64::new(START));
        let clock = Arc::clone(&now);
        let outbox = Outbox::open(&folder.path().join("data/state.db")).unwrap();
        Self {
            outbox: outbox.with_clock(Arc::new(move || clock.load(Ordering::SeqCst))),
            now,
            folder,
        }
    }

    pub(super) fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(super) fn claimed(&self, text: &str) -> Claim {
        let stored = self.outbox.put(&mail(text)).unwrap();
        self.outbox.claim(stored.id, LEASE).unwrap().unwrap()
    }
}

pub(super) fn mail(text: &str) -> Submission {
    Submission {
        raw: text.as_bytes().to_vec().into(),
        identity: Sha256::of(text.as_bytes()),
        subject: Some("Invoice".into()),
        message_id: Some("<1@a.example>".into()),
        directives: vec![Directive::Publish(true)],
        origin: "stdin".into(),
        mode: Mode::Sample,
        judgement: None,
        profile: Some("trap".into()),
        overrides: Overrides {
            urls_only: true,
            ..Overrides::default()
        },
        members: Vec::new(),
    }
}

#[test]
fn the_row_of_a_carrier_becomes_that_of_its_first_mail_and_the_others_get_rows() {
    let fixture = Fixture::new();
    let claim = fixture.claimed("carrier");
    let [one, two] = ["one", "two"].map(mail);
    let rest = [two.clone(), one.clone(), two.clone()];
    fixture.outbox.unload(&claim, &one, &rest).unwrap();
    let rows = fixture.outbox.list().unwrap();
    let known: Vec<_> = rows
        .iter()
        .map(|row| (row.state, row.identity.clone(), row.claimed))
        .collect();
    let pending = RowState::Pending;
    let [first, second] = [&one, &two].map(|mail| mail.identity.to_string());
    assert_eq!(known, [(pending, first, true), (pending, second, false)]);
    assert_eq!(fixture.outbox.submission(claim.id).unwrap().raw, "one");
    // The carrier comes again.
    assert_eq!(fixture.outbox.put(&mail("carrier")).unwrap().id, claim.id);
    fixture.pass(1_000);
    fixture.outbox.claim(claim.id, LEASE).unwrap().unwrap();
    let lost = fixture.outbox.unload(&claim, &two, &[]).unwrap_err();
    assert!(matches!(lost, OutboxError::Lost(_)), "{lost}");
    assert_eq!(fixture.outbox.submission(claim.id).unwrap().raw, "one");
}

pub(super) fn draft() -> Draft {
    let data = Some(Box::new(Data(
        (0..100_000_u32)
            .map(|n| u8::try_from(n.wrapping_mul(n) >> 7 & 255).unwrap())
            .collect(),
    )));
    let sightings = vec![Sighting::default()];
    let event = Event {
        attributes: vec![Attribute {
            data,
            sightings,
            ..Attribute::default()
        }],
        ..Event::default()
    };
    Draft {
        event,
        publish: true,
        notes: vec![crate::domain::Note::NoLongerPublished.into()],
        ..Draft::default()
    }
}

pub(super) fn receipt() -> Receipt {
    Receipt {
        status: Status::Created,
        uuid: Some(Uuid::from_u128(7)),
        event_id: Some("12".into()),
        url: Some("https://misp.example.org/events/view/12".into()),
        attributes: 1,
        mode: None,
        authentication: None,
        objects: 0,
        added: None,
        skipped: Vec::new(),
        notes: Vec::new(),
        error: None,
    }
}

#[test]
fn a_submission_comes_back_as_it_was_put() {
    let fixture = Fixture::new();
    let put = mail("From: a\r\n\r\n\0ä");
    let stored = fixture.outbox.put(&put).unwrap();
    assert_eq!(
        format!("{put:?}"),
        format!("{:?}", fixture.outbox.submission(stored.id).unwrap())
    );
}

#[test]
fn the_same_submission_while_pending_is_the_same_row_and_others_are_not() {
    let fixture = Fixture::new();
    let first = fixture.outbox.put(&mail("a")).unwrap();
    assert_eq!(first.before, None);
    let mut same = mail("a");
    same.origin = "thunderbird".into();
    let again = fixture.outbox.put(&same).unwrap();
    assert_eq!((again.id, again.before), (first.id, Some(RowState::Pending)));
    let changes: [fn(&mut Submission); 5] = [
        |other| other.identity = Sha256::of(b"other"),
        |other| other.profile = None,
        |other| other.mode = Mode::Report,
        |other| other.overrides.event = Some("5".into()),
        |other| {
            other
                .overrides
                .deselected
                .push(("url".into(), "http://a.example/".into()));
        },
    ];
    for change in changes {
        let mut other = mail("a");
        change(&mut other);
        assert_eq!(fixture.outbox.put(&other).unwrap().before, None, "{other:?}");
    }
    assert_eq!(fixture.outbox.standing().unwrap().pending, 6);
}

#[test]
fn the_order_of_ticks_in_a_preview_makes_no_other_submission() {
    let fixture = Fixture::new();
    let tick = |value: &str| ("url".to_owned(), value.to_owned());
    let mut one = mail("a");
    one.overrides.deselected = vec![tick("x"), tick("y")];
    let mut two = mail("a");
    two.overrides.deselected = vec![tick("y"), tick("x")];
    assert_eq!(
        fixture.outbox.put_many([&one, &two]).unwrap()[1].before,
        Some(RowState::Pending)
    );
}

#[test]
fn a_delivered_row_keeps_its_history_and_loses_its_message() {
    let fixture = Fixture::new();
    let claim = fixture.claimed("a");
    fixture.outbox.keep_draft(&claim, &draft()).unwrap();
    fixture.outbox.finish(&claim, &receipt(), "misp").unwrap();
    let row = fixture.outbox.show(claim.id).unwrap();
    assert_eq!(
        (row.state, row.delivered, row.claimed),
        (RowState::Delivered, Some(START), false)
    );
    assert_eq!(
        (row.message_id.as_deref(), row.subject.as_deref()),
        (Some("<1@a.example>"), Some("Invoice"))
    );
    assert_eq!(
        (row.event_uuid, row.event_id.as_deref()),
        (Some(Uuid::from_u128(7)), Some("12"))
    );
    assert_eq!(row.receipt.unwrap().status, Status::Created);
    assert!(matches!(fixture.outbox.submission(claim.id), Err(OutboxError::Gone(_))));
    assert!(matches!(fixture.outbox.draft(claim.id), Err(OutboxError::Gone(_))));
    assert!(matches!(
        fixture.outbox.retry(Which::One(claim.id), false),
        Err(OutboxError::Gone(_))
    ));
}

#[test]
fn a_mail_that_was_sent_is_known_without_asking_anybody() {
    let fixture = Fixture::new();
    let identity = Sha256::of(b"a");
    assert!(fixture.outbox.already_sent(identity, Some("trap")).unwrap().is_empty());
    let claim = fixture.claimed("a");
    fixture.outbox.finish(&claim, &receipt(), "feed").unwrap();
    let earlier = &fixture.outbox.already_sent(identity, Some("trap")).unwrap()[0];
    assert_eq!((earlier.id, earlier.destination.as_str()), (claim.id, "feed"));
    assert!(fixture.outbox.already_sent(identity, None).unwrap().is_empty());
    let again = fixture.outbox.put(&mail("a")).unwrap();
    assert_eq!((again.id, again.before), (claim.id, Some(RowState::Delivered)));
    assert_eq!(fixture.outbox.already_sent(identity, Some("trap")).unwrap().len(), 1);
}

#[test]
fn a_retry_sends_the_timestamps_of_the_first_attempt_also_when_built_again() {
    let fixture = Fixture::new();
    let claim = fixture.claimed("a");
    assert_eq!(claim.stamp, START);
    fixture.outbox.keep_draft(&claim, &draft()).unwrap();
    fixture.outbox.fail(&claim, &Problem::NoServer.into()).unwrap();
    fixture.pass(5000);
    fixture.outbox.retry(Which::All, true).unwrap();
    let claim = fixture.outbox.claim(claim.id, LEASE).unwrap().unwrap();
    assert_eq!((claim.has_draft, claim.stamp), (false, START));
    fixture.outbox.keep_draft(&claim, &draft()).unwrap();
    let json = |draft: &Draft| serde_json::to_value(draft).unwrap();
    assert_eq!(json(&fixture.outbox.draft(claim.id).unwrap().unwrap()), json(&draft()));
}

#[test]
fn a_row_is_claimed_once_until_its_lease_ends() {
    let fixture = Fixture::new();
    let claim = fixture.claimed("a");
    assert!(fixture.outbox.claim(claim.id, LEASE).unwrap().is_none());
    assert!(fixture.outbox.claim_due(9, LEASE).unwrap().is_empty());
    assert!(matches!(fixture.outbox.drop(claim.id), Err(OutboxError::Claimed(_))));
    assert!(matches!(
        fixture.outbox.retry(Which::One(claim.id), false),
        Err(OutboxError::Claimed(_))
    ));
    fixture.pass(60);
    fixture.outbox.renew(&claim, LEASE).unwrap();
    fixture.pass(60);
    assert!(fixture.outbox.claim(claim.id, LEASE).unwrap().is_none());
    fixture.pass(60);
    let taken = fixture.outbox.claim(claim.id, LEASE).unwrap().unwrap();
    assert!(matches!(
        fixture.outbox.finish(&claim, &receipt(), "misp"),
        Err(OutboxError::Lost(_))
    ));
    assert!(matches!(
        fixture.outbox.keep_draft(&claim, &draft()),
        Err(OutboxError::Lost(_))
    ));
    fixture.outbox.release(&taken).unwrap();
    assert_eq!(fixture.outbox.claim_due(9, LEASE).unwrap().len(), 1);
}

#[test]
fn waits_double_up_to_six_hours_and_are_never_shorter_than_asked() {
    let fixture = Fixture::new();
    let id = fixture.outbox.put(&mail("a")).unwrap().id;
    let mut waits = Vec::new();
    for after in [
        None,
        None,
        Some(3600),
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        Some(90_000),
    ] {
        let due = fixture.outbox.claim_due(9, LEASE).unwrap();
        assert_eq!(due.len(), 1);
        fixture.outbox.release(&due[0]).unwrap();
        fixture.pass(101);
        let claim = fixture.outbox.claim(id, LEASE).unwrap().unwrap();
        let due = fixture
            .outbox
            .postpone(&claim, &Problem::StillStoring.into(), after.map(Duration::from_secs))
            .unwrap();
        let wait = due - fixture.now.load(Ordering::SeqCst);
        fixture.pass(wait - 1);
        assert!(fixture.outbox.claim_due(9, LEASE).unwrap().is_empty());
        fixture.pass(1);
        waits.push(wait);
    }
    assert_eq!(waits, [60, 120, 3600, 480, 960, 1920, 3840, 7680, 15360, 21600, 86400]);
    let row = fixture.outbox.show(id).unwrap();
    assert_eq!(
        (row.attempts, row.error, row.state),
        (11, Some(Problem::StillStoring.into()), RowState::Pending)
    );
}

#[test]
fn a_failed_row_is_kept_and_tried_again_only_when_told() {
    let fixture = Fixture::new();
    let claim = fixture.claimed("a");
    fixture.outbox.fail(&claim, &Problem::NoServer.into()).unwrap();
    assert!(fixture.outbox.claim_due(9, LEASE).unwrap().is_empty());
    let failed = fixture.outbox.waiting().unwrap();
    assert_eq!(failed[0].state, RowState::Failed);
    assert_eq!(failed[0].error, Some(Problem::NoServer.into()));
    assert_eq!(fixture.outbox.submission(claim.id).unwrap().raw, "a");
    assert_eq!(fixture.outbox.retry(Which::One(claim.id), false).unwrap(), 1);
    assert_eq!(fixture.outbox.claim_due(9, LEASE).unwrap()[0].attempts, 0);
}

#[test]
fn sentences_of_an_older_version_are_read() {
    let fixture = Fixture::new();
    let (waits, delivered) = (fixture.claimed("a").id, fixture.claimed("b").id);
    let receipt = r#"{"status": "created", "uuid": null, "event_id": "7", "url": null, "attributes": 1, "objects": 0,
        "skipped": [{"type": "domain", "value": "a.example", "reason": "host is on the list hosts.exclude"}],
        "notes": ["the server did not store 2 sightings"], "error": null}"#;
    let connection = fixture.outbox.connection();
    let change = |sql, text: &str, id| connection.execute(sql, (text, id)).unwrap();
    change(
        "UPDATE submission SET error = ?1 WHERE id = ?2",
        "MISP says: 403 \"no\"",
        waits,
    );
    change("UPDATE submission SET receipt = ?1 WHERE id = ?2", receipt, delivered);
    drop(connection);
    let said = |text: &str| Said::from(Remark::Verbatim { text: text.to_owned() });
    let error = fixture.outbox.show(waits).unwrap().error;
    assert_eq!(error, Some(said("MISP says: 403 \"no\"")));
    let receipt = fixture.outbox.show(delivered).unwrap().receipt.unwrap();
    assert_eq!(receipt.skipped[0].reason, said("host is on the list hosts.exclude"));
    assert_eq!(receipt.notes, [said("the server did not store 2 sightings")]);
}

#[test]
fn a_dropped_row_is_gone_and_its_number_is_not_given_again() {
    let fixture = Fixture::new();
    let id = fixture.outbox.put(&mail("a")).unwrap().id;
    fixture.outbox.drop(id).unwrap();
    for result in [
        fixture.outbox.drop(id),
        fixture.outbox.show(id).map(drop),
        fixture.outbox.submission(id).map(drop),
    ] {
        assert!(matches!(result, Err(OutboxError::NoRow(_))));
    }
    assert!(fixture.outbox.put(&mail("a")).unwrap().id > id);
}

#[test]
fn answers_are_cached_until_they_expire() {
    let fixture = Fixture::new();
    fixture
        .outbox
        .cache_put("dns a.example", b"1.2.3.4", Duration::from_secs(10))
        .unwrap();
    assert_eq!(
        fixture.outbox.cache_get("dns a.example").unwrap().as_deref(),
        Some(&b"1.2.3.4"[..])
    );
    fixture.pass(10);
    assert_eq!(fixture.outbox.cache_get("dns a.example").unwrap(), None);
    fixture.outbox.cache_put("other", b"", Duration::MAX).unwrap();
    let entries: i64 = fixture
        .outbox
        .connection()
        .query_row("SELECT count(*) FROM cache", [], |row| row.get(0))
        .unwrap();
    assert_eq!(entries, 1);
}

#[test]
fn the_file_shrinks_again_after_a_large_backlog() {
    let fixture = Fixture::new();
    let noise: Vec<u8> = (0..1_000_000_u64).map(|n| Sha256::of(&n.to_le_bytes()).0[0]).collect();
    for number in 0..12 {
        let put = Submission {
            raw: noise.clone().into(),
            ..mail(&number.to_string())
        };
        fixture.outbox.put(&put).unwrap();
    }
    let pages = || -> i64 {
        fixture
            .outbox
            .connection()
            .query_row("PRAGMA page_count", [], |row| row.get(0))
            .unwrap()
    };
    let before = pages();
    for claim in fixture.outbox.claim_due(99, LEASE).unwrap() {
        fixture.outbox.finish(&claim, &receipt(), "misp").unwrap();
    }
    assert!(pages() < before / 2, "{before} pages before, {} after", pages());
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_the_database_and_its_folder() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::new();
    fixture.outbox.put(&mail("a")).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let data = fixture.folder.path().join("data");
    assert_eq!(mode(&data), 0o700);
    for file in data.read_dir().unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
}

#[test]
fn a_file_that_is_no_database_is_left_alone_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    std::fs::write(
        &path,
        "no database, but long enough to be taken for the header of one or another. ".repeat(20),
    )
    .unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = Outbox::open(&path).err().unwrap();
    assert_eq!(error.remedy(), Remedy::Storage);
    assert!(
        error.to_string().contains("state.db") && error.to_string().contains("move it away"),
        "{error}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let fixture = Fixture::new();
    let path = fixture.folder.path().join("data/state.db");
    fixture
        .outbox
        .connection()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let error = Outbox::open(&path).err().unwrap();
    assert!(
        matches!(error, OutboxError::Newer { found: 99, .. }) && error.remedy() == Remedy::Storage,
        "{error}"
    );
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let error = Outbox::open(&folder.path().join("file/state.db")).err().unwrap();
    assert!(
        error.remedy() == Remedy::Storage && error.to_string().contains("file"),
        "{error}"
    );
}

#[test]
fn a_full_disk_says_try_again_and_stores_nothing_half() {
    let fixture = Fixture::new();
    let id = fixture.outbox.put(&mail("a")).unwrap().id;
    let pages: i64 = fixture
        .outbox
        .connection()
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    fixture
        .outbox
        .connection()
        .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
        .unwrap();
    let noise: Vec<u8> = (0..100_000_u64).map(|n| Sha256::of(&n.to_le_bytes()).0[0]).collect();
    let error = fixture
        .outbox
        .put(&Submission {
            raw: noise.into(),
            ..mail("b")
        })
        .unwrap_err();
    assert_eq!(error.remedy(), Remedy::Wait);
    assert!(error.to_string().contains("disk is full"), "{error}");
    assert_eq!(fixture.outbox.list().unwrap().len(), 1);
    assert!(fixture.outbox.claim(id, LEASE).unwrap().is_some());
}

/// Without that lock, any program that closes the database deletes `-wal`, into which this process goes on writing.
#[cfg(target_os = "linux")]
#[test]
fn a_second_connection_of_this_process_leaves_the_lock_of_the_first() {
    use std::os::unix::fs::MetadataExt;
    let fixture = Fixture::new();
    let path = fixture.outbox.path();
    fixture.outbox.put(&mail("a")).unwrap();
    let inode = format!(":{} ", path.metadata().unwrap().ino());
    // While other tests lock and unlock, one look may miss lines of this file.
    let looks_locked = |_| std::fs::read_to_string("/proc/locks").unwrap().contains(&inode);
    let is_locked = || (0..20).any(looks_locked);
    assert!(
        is_locked(),
        "the database in WAL mode is always locked by who has it open"
    );
    let second = Outbox::open(path).unwrap();
    assert!(is_locked());
    drop(second);
    assert!(is_locked());
}
