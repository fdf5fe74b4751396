//! The whole program against the MISP double, also with faults of the server.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::double::Double;
use crate::program::Home;

/// Key of the publisher, as `tests/misp_double/README.md` says.
const KEY: &str = "DoublePublisher0000000000000000000000000";

impl Double {
    pub fn home(&self) -> Home {
        Home::with_misp(&self.url, KEY)
    }

    /// Method and path of every request so far.
    pub fn requests(&self) -> Vec<String> {
        let journal = self.get("journal");
        let requests = journal["requests"].as_array().expect("a journal");
        requests
            .iter()
            .map(|entry| format!("{} {}", text(&entry["method"]), text(&entry["path"])))
            .collect()
    }

    pub fn events(&self) -> u64 {
        self.get("state")["events"].as_u64().expect("a number of events")
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A report with `count` different indicators.
fn report(count: usize) -> String {
    let mut mail = String::from(
        "From: Analyst <analyst@cert.example>\nSubject: TLP:GREEN Many indicators\nMessage-ID: <many@cert.example>\n\n",
    );
    for number in 0..count {
        let (high, middle, low) = (11 + number / 60_000, number / 250 % 240, number % 250);
        writeln!(mail, "{high}.{middle}.{low}.9").expect("room");
    }
    mail
}

/// Attributes of an event without the fields that only the outbox adds, sorted.
fn contents(event: &Value) -> Vec<String> {
    let mut contents: Vec<String> = event["Attribute"]
        .as_array()
        .expect("attributes")
        .iter()
        .map(|a| {
            format!(
                "{} {} {} {}",
                text(&a["uuid"]),
                text(&a["type"]),
                text(&a["value"]),
                text(&a["comment"])
            )
        })
        .collect();
    contents.sort();
    contents
}

#[test]
fn exactly_the_event_of_the_dry_run_is_stored() {
    let double = Double::start(&[]);
    let home = double.home();
    let mail = report(20);
    let dry = home
        .run_with_input(&["send", "--dry-run"], mail.as_bytes())
        .ok()
        .json()
        .remove(0);
    let sent = home
        .run_with_input(&["send", "--format", "json"], mail.as_bytes())
        .ok()
        .json()
        .remove(0);
    assert_eq!(sent["status"], "created");
    assert_eq!(sent["uuid"], dry["Event"]["uuid"]);
    let posted = &double.get(&format!("events/{}", text(&sent["uuid"])))["posted"][0]["Event"];
    assert_eq!(contents(posted), contents(&dry["Event"]));
    for key in [
        "info",
        "date",
        "distribution",
        "threat_level_id",
        "analysis",
        "Tag",
        "EventReport",
    ] {
        assert_eq!(posted[key], dry["Event"][key], "{key}");
    }
    assert_eq!(sent["attributes"], 20);
    assert!(text(&sent["url"]).starts_with(&double.url), "{sent}");
}

#[test]
fn the_same_mail_again_makes_no_second_event() {
    let double = Double::start(&[]);
    let home = double.home();
    home.run_with_input(&["send"], report(3).as_bytes()).ok();
    let again = home
        .run_with_input(&["send", "--format", "json"], report(3).as_bytes())
        .ok()
        .json();
    assert_eq!(again[0]["status"], "unchanged");
    let elsewhere = double
        .home()
        .run_with_input(&["send", "--format", "json"], report(3).as_bytes())
        .ok()
        .json();
    assert_eq!(elsewhere[0]["status"], "unchanged");
    assert_eq!(double.events(), 1);
}

#[test]
fn five_hundred_indicators_with_sightings_report_and_publishing_take_two_requests() {
    let double = Double::start(&[]);
    let home = double.home();
    home.write(
        "config.toml",
        "[event]\npublish = true\n[sightings]\nenabled = true\nsource = \"mail\"\n",
    );
    let sent = home
        .run_with_input(&["send", "--format", "json"], report(500).as_bytes())
        .ok()
        .json();
    assert_eq!(sent[0]["attributes"], 500, "{}", sent[0]);
    let uuid = text(&sent[0]["uuid"]).to_owned();
    assert_eq!(
        double.requests(),
        ["POST /events/add".to_owned(), format!("POST /events/publish/{uuid}")]
    );
    let event = double.get(&format!("events/{uuid}"));
    let posted = &event["posted"][0]["Event"];
    assert_eq!(posted["Attribute"][0]["Sighting"][0]["source"], "mail");
    assert!(
        text(&posted["EventReport"][0]["content"]).contains("@[attribute]("),
        "{}",
        posted["EventReport"]
    );
    assert_eq!(posted.get("published"), None);
}

#[test]
fn what_a_warninglist_dropped_is_reported_with_the_lists_name() {
    let double = Double::start(&[]);
    let home = double.home();
    home.write("config.toml", "[warninglists]\nenforce = true\n");
    let mail = "From: a@cert.example\nSubject: x\n\nlisted[.]example[.]org\nevil-host-one[.]com\n";
    let sent = home
        .run_with_input(&["send", "--format", "json"], mail.as_bytes())
        .ok()
        .json();
    assert_eq!(sent[0]["attributes"], 1);
    let skipped = sent[0]["skipped"].as_array().unwrap();
    let listed = skipped
        .iter()
        .find(|one| one["value"] == "listed.example.org")
        .expect("it is accounted for");
    assert!(text(&listed["reason"]["text"]).contains("warninglist"), "{listed}");
    // The last one takes the value out of the event's report.
    let edit = format!("POST /events/edit/{}", text(&sent[0]["uuid"]));
    assert_eq!(
        double.requests(),
        ["POST /events/add", "POST /warninglists/checkValue", edit.as_str()]
    );
    let report = &double.get(&format!("events/{}", text(&sent[0]["uuid"])))["Event"]["EventReport"][0];
    assert_eq!(text(&report["content"]).matches("@[attribute](").count(), 1, "{report}");
}

#[test]
fn while_misp_is_down_mails_are_queued_and_delivered_later() {
    let home = Home::with_misp("http://127.0.0.1:9", KEY);
    let queued = home
        .run_with_input(&["send", "--format", "json"], report(3).as_bytes())
        .ok()
        .json();
    assert_eq!(queued[0]["status"], "queued");
    assert_eq!(queued[0]["error"]["code"], "advised");
    let listed = home.run(&["outbox", "list", "--format", "json"]).ok().json();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["state"], "pending");
    assert_eq!(listed[0]["subject"], "TLP:GREEN Many indicators");
    assert_eq!(listed[0]["message_id"], "<many@cert.example>");

    let double = Double::start(&[]);
    let back = home.also("MISPIGEON_MISP_URL", &double.url);
    let retried = back.run(&["outbox", "retry"]).ok();
    assert!(retried.out.starts_with("created"), "{}", retried.out);
    assert_eq!(double.events(), 1);
    assert_eq!(back.run(&["outbox", "list", "--format", "json"]).ok().json().len(), 0);
}

#[test]
fn what_another_process_holds_is_not_passed_over_in_silence() {
    let home = Home::with_misp("http://127.0.0.1:9", KEY);
    home.run_with_input(&["send"], report(3).as_bytes()).ok();
    let database = rusqlite::Connection::open(home.data().join("state.db")).unwrap();
    let held = "UPDATE submission SET lease = 'a process that was killed', lease_until = unixepoch() + 45";
    database.execute(held, ()).unwrap();
    drop(database);
    let retried = home.run(&["outbox", "retry"]).ok();
    assert!(
        retried.out.contains("another process is delivering 1 more"),
        "{}",
        retried.out
    );
}

#[test]
fn a_timer_delivers_what_is_due_and_neither_what_waits_longer_nor_what_failed() {
    let home = Home::with_misp("http://127.0.0.1:9", KEY);
    for count in 1..=3 {
        home.run_with_input(&["send"], report(count).as_bytes()).ok();
    }
    let database = rusqlite::Connection::open(home.data().join("state.db")).unwrap();
    for change in ["due = 0 WHERE id = 1", "state = 'failed' WHERE id = 3"] {
        database
            .execute(&format!("UPDATE submission SET {change}"), ())
            .unwrap();
    }
    drop(database);
    let double = Double::start(&[]);
    let back = home.also("MISPIGEON_MISP_URL", &double.url);
    back.run(&["outbox", "retry", "--due"]).ok();
    assert_eq!(double.events(), 1);
    let left = back.run(&["outbox", "list", "--format", "json"]).ok().json();
    let left: Vec<_> = left
        .iter()
        .map(|row| (row["id"].as_i64(), text(&row["state"])))
        .collect();
    assert_eq!(left, [(Some(2), "pending"), (Some(3), "failed")]);
    assert_eq!(back.run(&["outbox", "retry", "--due", "2"]).code, 64);
    back.run(&["outbox", "retry"]).ok();
    assert_eq!(double.events(), 3);
}

#[test]
fn whatever_fails_on_the_way_the_event_is_there_once_and_whole() {
    let faults = [
        json!({"kind": "error500", "path": "/events/add"}),
        json!({"kind": "error500", "path": "/events/add", "process": true}),
        json!({"kind": "bad_gateway", "path": "/events/add"}),
        json!({"kind": "garbage", "path": "/events/add", "process": true}),
        json!({"kind": "cut_before", "path": "/events/add"}),
        json!({"kind": "cut_before", "path": "/events/add", "process": true}),
        json!({"kind": "cut_half", "path": "/events/add"}),
        json!({"kind": "half_made", "path": "/events/add", "after": 7}),
        json!({"kind": "rate_limit", "path": "/events/add", "reset": 1}),
        json!({"kind": "maintenance", "path": "/events/add"}),
        json!({"kind": "refuse"}),
    ];
    for fault in faults {
        let double = Double::start(&[]);
        let home = double.home();
        double.fail(&fault);
        let first = home
            .run_with_input(&["send", "--format", "json"], report(20).as_bytes())
            .json();
        let uuid = text(&first[0]["uuid"]).to_owned();
        let state = home.run(&["outbox", "list", "--format", "json"]).ok().json();
        let done = ["created", "updated", "unchanged"].contains(&text(&first[0]["status"]));
        assert_eq!(state.is_empty(), done, "{fault}: {first:?}");
        home.run(&["outbox", "retry"]).ok();
        assert_eq!(double.events(), 1, "{fault}");
        let event = &double.get(&format!("events/{uuid}"));
        let event = event.get("Event").unwrap_or(event);
        assert_eq!(event["Attribute"].as_array().map(Vec::len), Some(20), "{fault}");
        assert!(
            home.run(&["outbox", "list", "--format", "json"]).ok().json().is_empty(),
            "{fault}"
        );
    }
}

#[test]
fn refusals_are_told_apart_and_kept() {
    let cases = [
        ("DoubleReadOnly", "permission"),
        ("DoubleExpired", "key"),
        ("DoubleDisabled", "disabled"),
        ("DoubleOtherAddress", "IP"),
    ];
    let double = Double::start(&[]);
    for (name, word) in cases {
        let home = Home::with_misp(&double.url, &format!("{name:0<40}"));
        let run = home.run_with_input(&["send", "--format", "json"], report(2).as_bytes());
        assert_eq!(run.code, 77, "{name}: {}", run.err);
        assert!(run.err.contains(word), "{name}: {}", run.err);
        assert_eq!(run.json()[0]["status"], "queued", "{name}");
        assert_eq!(
            home.run(&["outbox", "list", "--format", "json"]).ok().json()[0]["state"],
            "pending",
            "{name}"
        );
    }
    assert_eq!(double.events(), 0);
}

#[test]
fn a_mail_can_be_added_to_an_event() {
    let double = Double::start(&[]);
    let home = double.home();
    let first = home
        .run_with_input(&["send", "--format", "json"], report(2).as_bytes())
        .ok()
        .json();
    let id = text(&first[0]["event_id"]).to_owned();
    let other = "From: a@cert.example\nSubject: more\nMessage-ID: <more@x>\n\nhxxp://more-evil[.]com/x\n";
    let added = home
        .run_with_input(&["send", "--format", "json", "--event", &id], other.as_bytes())
        .ok()
        .json();
    assert_eq!(added[0]["status"], "updated");
    assert_eq!(added[0]["event_id"], first[0]["event_id"]);
    let again = home
        .run_with_input(&["send", "--format", "json", "--event", &id], other.as_bytes())
        .ok()
        .json();
    assert_eq!(again[0]["status"], "unchanged");
    assert_eq!(double.events(), 1);
    let unknown = home.run_with_input(&["send", "--event", "4711"], other.as_bytes());
    assert_ne!(unknown.code, 0);
    assert!(unknown.err.contains("4711"), "{}", unknown.err);
}

#[test]
fn misps_own_free_text_import_reads_the_text_of_a_new_event_when_asked_to() {
    let double = Double::start(&[]);
    let home = double.home();
    home.write("config.toml", "[misp]\nfreetext = true\n");
    let sent = home
        .run_with_input(&["send", "--format", "json"], report(2).as_bytes())
        .ok()
        .json();
    let id = text(&sent[0]["event_id"]);
    assert_eq!(
        double.requests(),
        [
            "POST /events/add".to_owned(),
            format!("POST /events/freeTextImport/{id}/1")
        ]
    );
    assert!(
        sent[0]["notes"].to_string().contains("free-text import added"),
        "{}",
        sent[0]
    );
}
