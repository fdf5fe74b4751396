//! Rows that the disk has changed, and rows that end their process.

use std::sync::atomic::Ordering;
use std::time::Duration;

use rusqlite::params;

use super::tests::{Fixture, LEASE, draft, mail};
use super::{OutboxError, Remedy, RowState, Which, schema};

/// Sets a column of a row's payload or of the row to other bytes.
fn change(fixture: &Fixture, sql: &str, id: i64) {
    let changed = fixture.outbox.connection().execute(sql, params![id]).unwrap();
    assert_eq!(changed, 1);
}

fn flip(fixture: &Fixture, column: &str, id: i64) {
    let connection = fixture.outbox.connection();
    let sql = format!("SELECT {column} FROM payload WHERE submission = ?1");
    let mut bytes: Vec<u8> = connection.query_row(&sql, [id], |row| row.get(0)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let sql = format!("UPDATE payload SET {column} = ?2 WHERE submission = ?1");
    connection.execute(&sql, params![id, bytes]).unwrap();
}

#[test]
fn a_flipped_bit_in_a_mail_or_in_what_was_asked_is_noticed() {
    let fixture = Fixture::new();
    let id = fixture.outbox.put(&mail("a mail with a few words")).unwrap().id;
    fixture.outbox.submission(id).unwrap();
    flip(&fixture, "raw", id);
    assert!(matches!(
        fixture.outbox.submission(id),
        Err(OutboxError::Damaged { .. })
    ));
    flip(&fixture, "raw", id);
    fixture.outbox.submission(id).unwrap();
    for (column, other) in [
        ("subject", "'Invoicf'"),
        ("mode", "'auto'"),
        ("profile", "'trbp'"),
        ("directives", "'[]'"),
        ("overrides", "'{}'"),
        ("identity", "zeroblob(32)"),
    ] {
        let id = fixture.outbox.put(&mail(column)).unwrap().id;
        change(
            &fixture,
            &format!("UPDATE submission SET {column} = {other} WHERE id = ?1"),
            id,
        );
        assert!(fixture.outbox.submission(id).unwrap_err().is_of_row(), "{column}");
    }
}

#[test]
fn a_flipped_bit_in_a_kept_event_is_noticed() {
    let fixture = Fixture::new();
    let claim = fixture.claimed("a");
    fixture.outbox.keep_draft(&claim, &draft()).unwrap();
    assert!(fixture.outbox.draft(claim.id).unwrap().is_some());
    flip(&fixture, "draft", claim.id);
    assert!(fixture.outbox.draft(claim.id).unwrap_err().is_of_row());
    assert_eq!(fixture.outbox.inspect().unwrap().damaged, [claim.id]);
}

#[test]
fn a_row_that_cannot_be_read_is_listed_and_stops_no_other() {
    let fixture = Fixture::new();
    let bad = fixture.outbox.put(&mail("a")).unwrap().id;
    let good = fixture.outbox.put(&mail("b")).unwrap().id;
    change(
        &fixture,
        "UPDATE submission SET stamp = 'x', subject = x'ff', error = x'fe', created = 'x', attempts = -1 WHERE id = ?1",
        bad,
    );
    let claims = fixture.outbox.claim_due(9, LEASE).unwrap();
    assert_eq!(claims.iter().map(|claim| claim.id).collect::<Vec<_>>(), [good]);
    let rows = fixture.outbox.waiting().unwrap();
    assert_eq!((rows[0].id, rows[0].state), (bad, RowState::Failed));
    assert_eq!(rows[0].error.as_ref().unwrap().code, "entry_damaged");
}

#[test]
fn a_table_that_is_not_as_we_made_it_is_damage() {
    let fixture = Fixture::new();
    fixture.outbox.put(&mail("a")).unwrap();
    let claim = fixture.outbox.claim_due(1, LEASE).unwrap().remove(0);
    let sql = "ALTER TABLE submission RENAME COLUMN error TO errop";
    fixture.outbox.connection().execute_batch(sql).unwrap();
    let errors = [
        fixture.outbox.waiting().unwrap_err(),
        fixture
            .outbox
            .fail(&claim, &OutboxError::NoRow(1).as_damage(1))
            .unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.remedy(), Remedy::Storage);
        assert!(error.to_string().contains("damaged"), "{error}");
    }
}

#[test]
fn doctor_can_tell_damaged_rows_from_whole_ones() {
    let fixture = Fixture::new();
    for text in ["a", "b", "c"] {
        fixture.outbox.put(&mail(text)).unwrap();
    }
    let inspection = fixture.outbox.inspect().unwrap();
    assert!(
        inspection.pages.is_empty() && inspection.damaged.is_empty(),
        "{inspection:?}"
    );
    flip(&fixture, "raw", 2);
    assert_eq!(fixture.outbox.inspect().unwrap().damaged, [2]);
}

#[test]
fn a_database_of_any_earlier_version_is_brought_up_to_date_and_what_waits_in_it_is_delivered() {
    let overrides = serde_json::to_string(&crate::domain::Overrides::default()).unwrap();
    let raw = zstd::bulk::compress(b"hello", 1).unwrap();
    for version in 1..=schema::MIGRATIONS.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        let old = rusqlite::Connection::open(&path).unwrap();
        schema::MIGRATIONS[..version]
            .iter()
            .for_each(|migration| old.execute_batch(migration).unwrap());
        old.pragma_update(None, "user_version", i64::try_from(version).unwrap())
            .unwrap();
        old.execute(
            "INSERT INTO submission (id, key, identity, origin, mode, directives, overrides, size, state, created, due)
             VALUES (7, x'00', zeroblob(32), 'stdin', 'auto', '[]', ?1, 5, 'pending', 1, 1)",
            [&overrides],
        )
        .unwrap();
        old.execute("INSERT INTO payload (submission, raw) VALUES (7, ?1)", [&raw])
            .unwrap();
        drop(old);
        for _ in 0..2 {
            let outbox = super::Outbox::open(&path).unwrap();
            let claims = outbox.claim_due(9, LEASE).unwrap();
            assert_eq!(
                outbox.submission(claims[0].id).unwrap().raw,
                "hello",
                "version {version}"
            );
            assert!(outbox.inspect().unwrap().damaged.is_empty(), "version {version}");
            outbox.cache_put("k", b"v", Duration::from_mins(1)).unwrap();
            assert_eq!(outbox.cache_get("k").unwrap().unwrap(), b"v", "version {version}");
            outbox.release(&claims[0]).unwrap();
        }
    }
}

#[test]
fn an_attempt_that_ended_with_its_process_counts_and_its_row_comes_alone_then_not_at_all() {
    let fixture = Fixture::new();
    let poison = fixture.outbox.put(&mail("poison")).unwrap().id;
    let honest = fixture.outbox.put(&mail("honest")).unwrap().id;
    // Nobody tells the end of this batch.
    assert_eq!(fixture.outbox.claim_due(9, LEASE).unwrap().len(), 2);
    fixture.pass(200);
    let alone = fixture.outbox.claim_due(9, LEASE).unwrap();
    assert_eq!((alone.len(), alone[0].id, alone[0].attempts), (1, poison, 1));
    // It is held, so the other one is next, alone as well.
    let claim = fixture.outbox.claim_due(9, LEASE).unwrap().pop().unwrap();
    assert_eq!(claim.id, honest);
    fixture.outbox.release(&claim).unwrap();
    fixture.pass(200);
    let claims = fixture.outbox.claim_due(1, LEASE).unwrap();
    assert_eq!((claims[0].id, claims[0].attempts), (poison, 2));
    fixture.pass(200);
    let others = fixture.outbox.claim_due(9, LEASE).unwrap();
    assert_eq!(others.iter().map(|claim| claim.id).collect::<Vec<_>>(), [honest]);
    let row = fixture.outbox.show(poison).unwrap();
    assert_eq!(row.state, RowState::Failed);
    assert_eq!(row.error.unwrap().code, "ends_the_process");
    // A person may try again, from the beginning.
    fixture.outbox.retry(Which::One(poison), false).unwrap();
    assert!(fixture.outbox.claim(poison, LEASE).unwrap().is_some());
}

#[test]
fn a_process_of_its_own_gets_the_claim_and_its_end_counts() {
    let fixture = Fixture::new();
    let id = fixture.outbox.put(&mail("poison")).unwrap().id;
    fixture.outbox.claim_due(9, LEASE).unwrap();
    fixture.pass(200);
    for _ in 0..2 {
        let claim = fixture.outbox.claim_due(9, LEASE).unwrap().pop().unwrap();
        let other = fixture.outbox.handed_on(id, claim.lease()).unwrap().unwrap();
        assert_eq!(
            (other.attempts, other.stamp, other.killed),
            (claim.attempts, claim.stamp, claim.killed)
        );
        assert!(fixture.outbox.handed_on(id, "somebody").unwrap().is_none());
        fixture.outbox.died(&claim).unwrap();
        assert!(fixture.outbox.handed_on(id, claim.lease()).unwrap().is_none());
        fixture.pass(1000);
    }
    assert_eq!(fixture.outbox.show(id).unwrap().error.unwrap().code, "ends_the_process");
    // Who tries it again does so in a process of its own.
    fixture.outbox.retry(Which::One(id), false).unwrap();
    assert_eq!(fixture.outbox.claim(id, LEASE).unwrap().unwrap().killed, 1);
}

#[test]
fn a_claim_or_a_wait_of_a_clock_that_was_ahead_ends() {
    let fixture = Fixture::new();
    let year = 366 * 24 * 3600;
    fixture.pass(year);
    let held = fixture.claimed("held").id;
    let waits = fixture.outbox.put(&mail("waits")).unwrap().id;
    fixture.now.fetch_sub(year, Ordering::SeqCst);
    let row = fixture.outbox.show(held).unwrap();
    assert!(!row.claimed);
    let mut ids = Vec::new();
    while let Some(claim) = fixture.outbox.claim_due(9, LEASE).unwrap().pop() {
        ids.push(claim.id);
    }
    ids.sort_unstable();
    assert_eq!(ids, [held, waits]);
}

#[test]
fn what_waits_for_somebody_is_due_when_something_changed_and_is_told() {
    let fixture = Fixture::new();
    let claim = fixture.claimed("a");
    let problem = crate::domain::Problem::NoKey;
    let due = fixture.outbox.wait(&claim, &problem.clone().into()).unwrap();
    assert!(due - fixture.now.load(Ordering::SeqCst) <= 900);
    let standing = fixture.outbox.standing().unwrap();
    assert_eq!(
        (standing.failed, standing.waiting, standing.waits_for),
        (0, 1, Some(problem.into()))
    );
    assert!(fixture.outbox.claim_due(9, LEASE).unwrap().is_empty());
    assert_eq!(fixture.outbox.wake(false).unwrap(), 1);
    assert_eq!(fixture.outbox.claim_due(9, Duration::from_secs(45)).unwrap().len(), 1);
}

#[cfg(unix)]
#[test]
fn nothing_is_acknowledged_in_a_database_that_was_deleted() {
    let fixture = Fixture::new();
    fixture.outbox.put(&mail("a")).unwrap();
    for file in std::fs::read_dir(fixture.folder.path().join("data")).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    let error = fixture.outbox.put(&mail("b")).unwrap_err();
    assert_eq!(error.remedy(), super::Remedy::Wait);
    let again = super::Outbox::open(fixture.outbox.path()).unwrap();
    again.put(&mail("b")).unwrap();
}

#[cfg(unix)]
#[test]
fn what_root_makes_in_the_folder_of_another_belongs_to_that_one() {
    use std::os::unix::fs::{MetadataExt, chown};
    let folder = tempfile::tempdir().unwrap();
    if folder.path().metadata().unwrap().uid() != 0 {
        return;
    }
    chown(folder.path(), Some(12_345), Some(12_345)).unwrap();
    let outbox = super::Outbox::open(&folder.path().join("state.db")).unwrap();
    outbox.put(&mail("a")).unwrap();
    for file in folder.path().read_dir().unwrap() {
        let file = file.unwrap().path();
        assert_eq!(file.metadata().unwrap().uid(), 12_345, "{}", file.display());
    }
}
