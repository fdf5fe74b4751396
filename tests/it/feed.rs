//! Several processes write one feed folder, and some are killed while they write.

use mispigeon::destination::Destination;
use mispigeon::destination::feed::Feed;
use mispigeon::misp::event::{Attribute, Draft, Event};
use serde_json::Value;
use uuid::Uuid;

use crate::child::{await_lines, start, told};
use crate::feed_check::check;
use crate::program::Home;

fn draft(event: &str, value: &str) -> Draft {
    let attribute = Attribute {
        uuid: Uuid::new_v5(&Uuid::NAMESPACE_URL, value.as_bytes()),
        r#type: "domain".into(),
        value: value.to_owned(),
        ..Attribute::default()
    };
    let uuid = Uuid::new_v5(&Uuid::NAMESPACE_DNS, event.as_bytes());
    let mut event = Event {
        uuid,
        info: event.to_owned(),
        attributes: vec![attribute],
        ..Event::default()
    };
    event.stamp(1_700_000_000);
    Draft {
        event,
        ..Draft::default()
    }
}

#[test]
#[ignore = "the child of tests of the feed"]
fn child_writes() {
    let Some((folder, name)) = told() else { return };
    let feed = Feed::new(&folder, "Sensor");
    for number in 0..if name == "killed" { usize::MAX } else { 20 } {
        let own = format!("{name}-{number}");
        feed.deliver(&draft("shared", &own)).unwrap();
        feed.deliver(&draft(&own, &own)).unwrap();
        println!("\ndone {own}");
    }
}

#[test]
fn several_processes_write_one_feed_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let children: Vec<_> = ["a", "b", "c"]
        .map(|name| start("feed::child_writes", folder.path(), name))
        .into();
    for mut child in children {
        await_lines(&mut child, "done ", usize::MAX);
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(check(folder.path()), [""; 0]);
    let json = |name: &str| -> Value {
        serde_json::from_slice(&std::fs::read(folder.path().join(format!("{name}.json"))).unwrap()).unwrap()
    };
    assert_eq!(json("manifest").as_object().unwrap().len(), 61);
    let shared = json(&draft("shared", "").event.uuid.to_string());
    assert_eq!(shared["Event"]["Attribute"].as_array().unwrap().len(), 60);
    let hashes = std::fs::read_to_string(folder.path().join("hashes.csv")).unwrap();
    assert_eq!(hashes.lines().count(), 120);
}

#[test]
fn a_killed_process_leaves_a_whole_feed() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..6 {
        let mut child = start("feed::child_writes", folder.path(), "killed");
        await_lines(&mut child, "done ", 3 + round);
        child.kill().unwrap();
        child.wait().unwrap();
        let feed = Feed::new(folder.path(), "Sensor");
        feed.deliver(&draft("shared", &format!("killed-{round}"))).unwrap();
        let wrong: Vec<String> = check(folder.path())
            .into_iter()
            .filter(|what| !what.contains("another timestamp"))
            .collect();
        assert_eq!(
            wrong, [""; 0],
            "what an event file has more than the manifest comes with its next delivery"
        );
    }
}

/// The uuids of the events in a feed folder, none if it is not there.
fn listed(folder: &std::path::Path) -> usize {
    let text = std::fs::read_to_string(folder.join("manifest.json")).unwrap_or_else(|_| "{}".to_owned());
    let manifest: Value = serde_json::from_str(&text).unwrap();
    manifest.as_object().unwrap().len()
}

#[test]
fn what_is_red_is_kept_out_of_a_feed_that_others_may_pull_until_a_person_decides() {
    let home = Home::new();
    let feed = home.path().join("www");
    let settings = |more: &str| {
        let source = format!("[feed]\ndir = '{}'\n{more}", feed.display());
        home.write("config.toml", source);
    };
    let send = |more: &[&str], text: &str| {
        let mail = format!("Subject: news\n\n{text}\n\nhxxps://rook[.]top/a\n");
        let run = home.run_with_input(&[&["send", "--format", "json"], more, &["-"]].concat(), mail.as_bytes());
        (run.code, run.json().remove(0))
    };
    settings("");
    let (code, held) = send(&[], "TLP:RED");
    assert_eq!((code, held["status"].as_str()), (78, Some("failed")), "{held}");
    assert_eq!(held["error"]["code"], "red_not_in_feed");
    assert_eq!(held["error"]["arguments"]["folder"], feed.display().to_string());
    assert_eq!(listed(&feed), 0);
    assert_eq!(send(&[], "TLP:GREEN").1["status"], "created");
    home.run(&["outbox", "retry"]);
    assert_eq!(listed(&feed), 1);
    let waiting = home.run(&["outbox", "list", "--format", "json"]).ok();
    let waiting = &waiting.json()[0];
    assert!(
        waiting["state"] == "failed" && waiting["error"].to_string().contains("TLP:RED"),
        "{waiting}"
    );
    // A person may.
    assert_eq!(send(&["--to", "feed"], "TLP:RED").1["status"], "created");
    assert_eq!(listed(&feed), 2);
    // So may a setting, with what was kept.
    let doctor = || {
        let checks: Value = serde_json::from_str(&home.run(&["doctor", "--offline", "--format", "json"]).out).unwrap();
        let mut checks = checks.as_array().unwrap().iter();
        checks.find(|check| check["id"] == "feed-red").unwrap()["state"].clone()
    };
    assert_eq!((send(&[], "no less TLP:RED").0, doctor()), (78, "ok".into()));
    settings("red = true\n");
    home.run(&["outbox", "retry"]).ok();
    assert_eq!((listed(&feed), doctor()), (3, "warning".into()));
    assert_eq!(check(&feed), [""; 0]);
}

#[test]
fn what_is_red_is_written_into_the_private_feed() {
    let home = Home::new();
    let mail = b"Subject: news\n\nTLP:RED hxxps://rook[.]top/a\n";
    let sent = home.run_with_input(&["send", "--format", "json", "-"], mail).ok();
    assert_eq!(sent.json()[0]["status"], "created");
    assert_eq!(listed(&home.data().join("feed")), 1);
}
