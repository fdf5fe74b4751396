//! All queries of the outbox use an index: history grows for ever, and no query may become slower by that.

use std::sync::mpsc;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};

use super::tests::mail;
use super::{Outbox, Which};

use crate::domain::{Problem, Receipt, Status};

const LEASE: Duration = Duration::from_secs(100);

/// The statements that `ask` runs.
fn statements(outbox: &Outbox, ask: impl FnOnce(&Outbox)) -> Vec<String> {
    let (noted, asked) = mpsc::channel();
    let note = move |event: TraceEvent<'_>| {
        if let TraceEvent::Stmt(statement, _) = event {
            noted.send(statement.expanded_sql().unwrap()).unwrap();
        }
    };
    let mask = TraceEventCodes::SQLITE_TRACE_STMT;
    outbox.connection().trace_v2(mask, Some(note)).unwrap();
    ask(outbox);
    outbox.connection().trace_v2(mask, None::<fn(TraceEvent<'_>)>).unwrap();
    let of_tables = |sql: &String| {
        ["SELECT", "INSERT", "UPDATE", "DELETE"]
            .iter()
            .any(|verb| sql.starts_with(verb))
    };
    asked.try_iter().filter(of_tables).collect()
}

/// How the database would answer, one step a line.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let steps = explained.query_map([], |row| row.get::<_, String>(3)).unwrap();
    steps.collect::<rusqlite::Result<_>>().unwrap()
}

fn receipt() -> Receipt {
    serde_json::from_value(serde_json::json!({
        "status": Status::Created, "uuid": null, "event_id": null, "url": null, "attributes": 0, "objects": 0,
        "skipped": [], "error": null,
    }))
    .unwrap()
}

/// A description, and the call that makes the query.
type Question<'a> = (&'a str, Box<dyn FnOnce(&Outbox)>);

#[test]
fn nothing_reads_over_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::open(&folder.path().join("state.db")).unwrap();
    let stored = outbox.put(&mail("0")).unwrap();
    let questions: Vec<Question> = vec![
        (
            "storing",
            Box::new(|outbox| drop(outbox.put_many(&[mail("0"), mail("1")]).unwrap())),
        ),
        ("what waits", Box::new(|outbox| drop(outbox.waiting().unwrap()))),
        (
            "what was delivered",
            Box::new(|outbox| drop(outbox.latest(100, 50).unwrap())),
        ),
        (
            "how much waits",
            Box::new(|outbox| {
                outbox.standing().unwrap();
            }),
        ),
        ("one row", Box::new(move |outbox| drop(outbox.show(stored.id).unwrap()))),
        (
            "sent before",
            Box::new(|outbox| drop(outbox.already_sent(mail("0").identity, None).unwrap())),
        ),
        (
            "building again",
            Box::new(|outbox| {
                outbox.retry(Which::All, true).unwrap();
            }),
        ),
        (
            "delivering",
            Box::new(move |outbox| {
                let [claim, other] = outbox.claim_due(10, LEASE).unwrap().try_into().unwrap();
                outbox.renew(&claim, LEASE).unwrap();
                outbox.submission(claim.id).unwrap();
                outbox.draft(claim.id).unwrap();
                outbox.finish(&claim, &receipt(), "feed").unwrap();
                outbox.postpone(&other, &Problem::StillStoring.into(), None).unwrap();
            }),
        ),
        (
            "trying at once",
            Box::new(move |outbox| {
                let id = outbox.waiting().unwrap()[0].id;
                outbox.retry(Which::One(id), true).unwrap();
                let claim = outbox.claim(id, LEASE).unwrap().unwrap();
                outbox.fail(&claim, &Problem::NoServer.into()).unwrap();
                outbox.drop(id).unwrap();
            }),
        ),
    ];
    for (name, ask) in questions {
        let asked = statements(&outbox, ask);
        assert!(!asked.is_empty(), "{name}");
        for sql in asked {
            let steps = plan(&outbox.connection(), &sql);
            let reads_all = |step: &String| step.contains("SCAN") && !step.contains("INDEX submission_");
            assert!(!steps.iter().any(reads_all), "{name}: {sql}: {steps:?}");
        }
    }
    // A page of the history needs no sorting.
    let [page] = statements(&outbox, |outbox| drop(outbox.latest(0, 50).unwrap()))
        .try_into()
        .unwrap();
    assert_eq!(
        plan(&outbox.connection(), &page),
        ["SCAN submission USING INDEX submission_latest"]
    );
}
