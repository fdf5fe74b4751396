//! Several processes write one feed folder, and some are killed while they write.

use mispigeon::destination::Destination;
use mispigeon::destination::feed::Feed;
use mispigeon::misp::event::{Attribute, Draft, Event};
use serde_json::Value;
use uuid::Uuid;

use crate::child::{await_lines, start, told};
use crate::feed_check::check;

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
