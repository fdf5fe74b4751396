//! Several processes use one outbox, and some are killed while they do.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use mispigeon::domain::{Mode, Overrides, Receipt, Sha256, Status, Submission};
use mispigeon::misp::event::Draft;
use mispigeon::outbox::{Outbox, OutboxError, RowState};

use crate::child::{await_lines, start, told};

fn mail(text: &str) -> Submission {
    Submission {
        raw: text.as_bytes().repeat(500).into(),
        identity: Sha256::of(text.as_bytes()),
        subject: None,
        message_id: None,
        directives: Vec::new(),
        origin: "test".into(),
        mode: Mode::Auto,
        judgement: None,
        profile: None,
        overrides: Overrides::default(),
        members: Vec::new(),
    }
}

fn open(folder: &Path) -> Outbox {
    Outbox::open(&folder.join("state.db")).unwrap()
}

fn receipt() -> Receipt {
    Receipt {
        status: Status::Created,
        uuid: None,
        event_id: None,
        url: None,
        attributes: 0,
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
#[ignore = "the child of nothing_acknowledged_is_lost_when_a_process_is_killed_while_putting"]
fn child_puts() {
    let Some((folder, name)) = told() else { return };
    let outbox = open(&folder);
    for number in 0.. {
        let text = format!("{name}-{number}");
        outbox.put(&mail(&text)).unwrap();
        println!("\nput {text}");
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_a_process_is_killed_while_putting() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..5 {
        let mut child = start("outbox::child_puts", folder.path(), &round.to_string());
        let acknowledged = await_lines(&mut child, "put ", 10 + round);
        child.kill().unwrap();
        child.wait().unwrap();
        let outbox = open(folder.path());
        for line in acknowledged {
            let text = line.trim_start_matches("put ");
            let stored = outbox.put(&mail(text)).unwrap();
            assert_eq!(stored.before, Some(RowState::Pending), "{text}");
            assert_eq!(outbox.submission(stored.id).unwrap().raw, mail(text).raw);
        }
    }
}

/// Delivers all rows, and writes what it delivers to a file.
#[test]
#[ignore = "the child of tests that deliver"]
fn child_delivers() {
    let Some((folder, name)) = told() else { return };
    let outbox = open(&folder);
    let mut delivered = OpenOptions::new()
        .append(true)
        .create(true)
        .open(folder.join("delivered"))
        .unwrap();
    loop {
        let lease = Duration::from_secs(if name == "killed" { 1 } else { 60 });
        let claims = outbox.claim_due(3, lease).unwrap();
        if claims.is_empty() && outbox.standing().unwrap().pending == 0 {
            return;
        }
        for claim in claims {
            let submission = outbox.submission(claim.id).unwrap();
            match outbox.keep_draft(&claim, &Draft::default()) {
                Err(OutboxError::Lost(_)) => continue,
                other => other.unwrap(),
            }
            writeln!(delivered, "{} {}", submission.identity, claim.has_draft).unwrap();
            match outbox.finish(&claim, &receipt(), "test") {
                Err(OutboxError::Lost(_)) => {}
                other => other.unwrap(),
            }
            println!("\ndone {}", claim.id);
        }
    }
}

#[test]
fn several_processes_deliver_each_row_once() {
    let folder = tempfile::tempdir().unwrap();
    let mails: Vec<Submission> = (0..60).map(|number| mail(&number.to_string())).collect();
    let outbox = open(folder.path());
    outbox.put_many(&mails).unwrap();
    let children: Vec<_> = (0..3)
        .map(|n| start("outbox::child_delivers", folder.path(), &n.to_string()))
        .collect();
    for mut child in children {
        await_lines(&mut child, "done ", usize::MAX);
        assert!(child.wait().unwrap().success());
    }
    let delivered = std::fs::read_to_string(folder.path().join("delivered")).unwrap();
    let mut times: HashMap<&str, usize> = HashMap::new();
    delivered.lines().for_each(|line| *times.entry(line).or_default() += 1);
    assert_eq!((times.len(), times.values().max()), (60, Some(&1)));
    assert_eq!(outbox.latest(0, 100).unwrap().len(), 60);
}

#[test]
fn what_a_killed_process_held_is_delivered_by_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let mails: Vec<Submission> = (0..40).map(|number| mail(&number.to_string())).collect();
    let outbox = open(folder.path());
    outbox.put_many(&mails).unwrap();
    for _ in 0..3 {
        let mut child = start("outbox::child_delivers", folder.path(), "killed");
        await_lines(&mut child, "done ", 7);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let mut child = start("outbox::child_delivers", folder.path(), "last");
    await_lines(&mut child, "done ", usize::MAX);
    assert!(child.wait().unwrap().success());
    let rows = outbox.list().unwrap();
    assert_eq!(rows.len(), 40);
    assert!(rows.iter().all(|row| row.state == RowState::Delivered));
}

#[test]
#[ignore = "the child of processes_that_make_the_database_together_agree"]
fn child_opens() {
    let Some((folder, name)) = told() else { return };
    let outbox = open(&folder);
    outbox.put(&mail("the same for all")).unwrap();
    outbox.put(&mail(&name)).unwrap();
}

#[test]
fn processes_that_make_the_database_together_agree() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let children: Vec<_> = (0..4)
            .map(|n| start("outbox::child_opens", folder.path(), &n.to_string()))
            .collect();
        for mut child in children {
            await_lines(&mut child, "test result", usize::MAX);
            assert!(child.wait().unwrap().success());
        }
        assert_eq!(open(folder.path()).list().unwrap().len(), 5);
    }
}

#[test]
fn threads_share_one_outbox() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = open(folder.path());
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let outbox = &outbox;
            scope.spawn(move || {
                for number in 0..10 {
                    outbox.put(&mail(&format!("{thread}-{number}"))).unwrap();
                }
            });
        }
    });
    assert_eq!(outbox.standing().unwrap().pending, 40);
}
