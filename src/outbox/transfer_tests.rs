//! Facts about entries as files.

use std::fs;
use std::path::Path;

use super::*;
use crate::outbox::tests::{Fixture, mail};

fn exported(fixture: &Fixture, folder: &Path) -> usize {
    let mut count = 0;
    let told = |_, written: Result<()>| {
        written.unwrap();
        count += 1;
    };
    fixture.outbox.export(folder, told).unwrap();
    count
}

fn imported(fixture: &Fixture, folder: &Path) -> Vec<std::result::Result<bool, String>> {
    let mut all = Vec::new();
    let told = |_, stored: Result<Stored>| {
        all.push(match stored {
            Ok(stored) => Ok(stored.before.is_none()),
            Err(error) => Err(crate::domain::with_causes(&error)),
        });
    };
    fixture.outbox.import(folder, told).unwrap();
    all
}

#[test]
fn what_is_exported_is_the_same_after_import_and_stored_once() {
    let (one, other) = (Fixture::new(), Fixture::new());
    for text in ["first", "second"] {
        one.outbox.put(&mail(text)).unwrap();
    }
    let folder = one.folder.path().join("out");
    assert_eq!(exported(&one, &folder), 2);
    assert_eq!(one.outbox.waiting().unwrap().len(), 2);
    assert_eq!(imported(&other, &folder), [Ok(true), Ok(true)]);
    assert_eq!(imported(&other, &folder), [Ok(false), Ok(false)]);
    for (row, text) in other.outbox.waiting().unwrap().iter().zip(["first", "second"]) {
        let there = other.outbox.submission(row.id).unwrap();
        assert_eq!(format!("{there:?}"), format!("{:?}", mail(text)));
    }
}

#[test]
fn a_file_that_is_not_whole_is_told_and_the_others_are_stored() {
    let (one, other) = (Fixture::new(), Fixture::new());
    for text in ["first", "second", "third"] {
        one.outbox.put(&mail(text)).unwrap();
    }
    let folder = one.folder.path().join("out");
    exported(&one, &folder);
    fs::write(folder.join("000001.eml"), "changed").unwrap();
    fs::write(folder.join("000002.json"), "{").unwrap();
    let told = imported(&other, &folder);
    assert!(
        told.first().unwrap().as_ref().unwrap_err().contains("not the one"),
        "{told:?}"
    );
    assert!(
        told.get(1).unwrap().as_ref().unwrap_err().contains("000002.json"),
        "{told:?}"
    );
    assert_eq!(told.get(2), Some(&Ok(true)));
    assert_eq!(other.outbox.waiting().unwrap().len(), 1);
}

#[test]
fn nothing_is_written_over() {
    let fixture = Fixture::new();
    fixture.outbox.put(&mail("first")).unwrap();
    let folder = fixture.folder.path().join("out");
    exported(&fixture, &folder);
    let again = fixture.outbox.export(&folder, |_, _| {});
    assert!(matches!(again, Err(OutboxError::File { .. })));
    let file = folder.join("000001.eml");
    assert!(matches!(fixture.outbox.backup(&file), Err(OutboxError::File { .. })));
    assert_eq!(fs::read(file).unwrap(), b"first");
}

#[test]
fn a_backup_is_an_outbox_with_the_same_entries() {
    let fixture = Fixture::new();
    let stored = fixture.outbox.put(&mail("first")).unwrap();
    let file = fixture.folder.path().join("copy.db");
    fixture.outbox.backup(&file).unwrap();
    fixture.outbox.put(&mail("second")).unwrap();
    let copy = Outbox::open(&file).unwrap();
    let ids: Vec<i64> = copy.waiting().unwrap().iter().map(|row| row.id).collect();
    assert_eq!(ids, [stored.id]);
    assert_eq!(copy.submission(stored.id).unwrap().raw, "first");
}

#[cfg(unix)]
#[test]
fn only_this_user_reads_what_is_written() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::new();
    fixture.outbox.put(&mail("first")).unwrap();
    let folder = fixture.folder.path().join("out");
    exported(&fixture, &folder);
    fixture.outbox.backup(&folder.join("copy.db")).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for entry in fs::read_dir(&folder).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}
