use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Feed;
use super::check::check;
use super::lines::{self, Entry, Lines};
use crate::destination::Destination;
use crate::domain::{Receipt, Status};
use crate::misp::event::{Attribute, Draft, Event};

/// One write after the other, each a few events with their titles.
type Writes = Vec<Vec<(u16, String)>>;

/// Numbers that are near each other and far from each other, in the order of their uuids.
fn uuid(number: u16) -> Uuid {
    Uuid::from_u128(u128::from(number) << 112)
}

fn entry(info: &str, timestamp: i64) -> Entry {
    serde_json::from_value(json!({
        "Orgc": {"name": "Sensor \"{\"", "uuid": Uuid::nil()},
        "Tag": [{"name": "tlp:amber"}],
        "info": info, "date": "2026-11-23", "analysis": "2", "threat_level_id": "4", "timestamp": timestamp,
    }))
    .unwrap()
}

fn lock(folder: &Path) -> File {
    let mut options = File::options();
    let options = options.read(true).write(true).create(true).truncate(false);
    options.open(folder.join(".lock")).unwrap()
}

fn open(folder: &Path) -> Option<Lines> {
    Lines::open(folder, &mut lock(folder)).unwrap()
}

fn json_of(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

/// Texts that look like what the search looks for, and some that are longer than what it reads at a time.
fn info() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,20}",
        Just(format!("\"{}\":{{\"Orgc\":{{}}}}", uuid(7))),
        Just(format!("\n\"{}\":{{}},\n}}\n", uuid(8))),
        Just("\n\\n".repeat(300)),
        Just("x".repeat(3000)),
        Just("\\".repeat(1023)),
    ]
}

fn writes() -> impl Strategy<Value = Writes> {
    let number = prop_oneof![0..20_u16, any::<u16>()];
    prop::collection::vec(prop::collection::vec((number, info()), 1..8), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn entries_put_in_between_give_what_writing_all_of_them_gives(writes in writes()) {
        let (folder, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut all = BTreeMap::new();
        for (time, write) in (0..).zip(&writes) {
            let old = open(folder.path());
            prop_assert_eq!(old.is_some(), time > 0);
            let events: BTreeMap<_, _> = write.iter().map(|(number, info)| (uuid(*number), entry(info, time))).collect();
            lines::write(folder.path(), old, &events).unwrap();
            lines::seal(folder.path(), &mut lock(folder.path())).unwrap();
            all.extend(events);
        }
        lines::write(whole.path(), None, &all).unwrap();
        let read = |folder: &Path| fs::read_to_string(folder.join("manifest.json")).unwrap();
        prop_assert_eq!(read(folder.path()), read(whole.path()));
        prop_assert_eq!(json_of(folder.path()).as_object().unwrap().len(), all.len());

        let (lines, manifest) = (open(folder.path()).unwrap(), json_of(folder.path()));
        for number in (0..25).chain(all.keys().map(|uuid| u16::try_from(uuid.as_u128() >> 112).unwrap())) {
            let found = lines.entry(uuid(number)).unwrap().map(|entry| serde_json::to_value(entry).unwrap());
            prop_assert_eq!(found.as_ref(), manifest.get(uuid(number).to_string()));
        }
        let first = serde_json::to_value(lines.first().unwrap()).unwrap();
        prop_assert_eq!(Some(&first), manifest.as_object().unwrap().values().next());
    }
}

#[test]
fn a_manifest_without_events_is_read_whole() {
    let folder = tempfile::tempdir().unwrap();
    lines::write(folder.path(), None, &BTreeMap::new()).unwrap();
    lines::seal(folder.path(), &mut lock(folder.path())).unwrap();
    assert!(open(folder.path()).is_none());
    assert_eq!(json_of(folder.path()), json!({}));
    deliver(folder.path(), &draft(1, &["a.example"]));
    assert!(open(folder.path()).is_some());
}

#[test]
fn a_manifest_that_changed_since_it_was_written_is_not_ours() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("manifest.json");
    deliver(folder.path(), &draft(1, &["a.example"]));
    let whole = fs::read_to_string(&path).unwrap();
    assert!(open(folder.path()).is_some());
    // The same size, at another time; the same time, of another size; a seal that a crash cut off; none.
    fs::write(&path, whole.replace("1000", "2000")).unwrap();
    assert!(open(folder.path()).is_none());
    lines::seal(folder.path(), &mut lock(folder.path())).unwrap();
    let written = path.metadata().unwrap().modified().unwrap();
    fs::write(&path, whole + " ").unwrap();
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(written)
        .unwrap();
    assert!(open(folder.path()).is_none());
    lines::seal(folder.path(), &mut lock(folder.path())).unwrap();
    let seal = fs::read(folder.path().join(".lock")).unwrap();
    for cut in [&seal[..seal.len() - 1], &seal[..3], b"\xff\xfe", b""] {
        fs::write(folder.path().join(".lock"), cut).unwrap();
        assert!(open(folder.path()).is_none());
    }
}

fn draft(number: u16, values: &[&str]) -> Draft {
    let attributes = values.iter().map(|value| Attribute {
        uuid: Uuid::new_v5(&Uuid::NAMESPACE_URL, value.as_bytes()),
        r#type: "domain".into(),
        value: (*value).into(),
        ..Attribute::default()
    });
    let mut event = Event {
        uuid: uuid(number),
        info: format!("event {number}"),
        attributes: attributes.collect(),
        ..Event::default()
    };
    event.stamp(1000);
    Draft {
        event,
        ..Draft::default()
    }
}

fn deliver(folder: &Path, draft: &Draft) -> Receipt {
    let feed = Feed::new(folder, "Sensor").with_clock(|| 5000);
    let receipt = feed.deliver(draft).unwrap();
    assert_eq!(check(folder), [""; 0]);
    receipt
}

#[test]
fn an_event_that_is_sent_again_replaces_its_entry() {
    let folder = tempfile::tempdir().unwrap();
    for number in [3, 1, 2] {
        deliver(folder.path(), &draft(number, &["a.example"]));
    }
    let receipt = deliver(folder.path(), &draft(2, &["a.example", "b.example"]));
    assert_eq!(receipt.status, Status::Updated);
    let manifest = json_of(folder.path());
    let times = [1, 2, 3].map(|number| manifest[uuid(number).to_string()]["timestamp"].as_i64().unwrap());
    assert_eq!((times, manifest.as_object().unwrap().len()), ([1000, 5000, 1000], 3));
}

#[test]
fn a_manifest_that_others_wrote_is_read_whole_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("manifest.json");
    deliver(folder.path(), &draft(1, &["a.example"]));
    deliver(folder.path(), &draft(2, &["a.example"]));
    // Another order, blanks, and one event less.
    let mut manifest = json_of(folder.path());
    let first = manifest.as_object_mut().unwrap().remove(&uuid(1).to_string()).unwrap();
    let text = format!(
        "{{ \"{}\": {first:#},\n \"{}\" : {} }}",
        uuid(9),
        uuid(2),
        manifest[uuid(2).to_string()]
    );
    fs::write(folder.path().join(format!("{}.json", uuid(9))), "").unwrap();
    fs::write(&path, text).unwrap();
    Feed::new(folder.path(), "Sensor")
        .deliver(&draft(5, &["a.example"]))
        .unwrap();
    let after = json_of(folder.path());
    assert_eq!(
        after.as_object().unwrap().keys().collect::<Vec<_>>(),
        [&uuid(2).to_string(), &uuid(5).to_string(), &uuid(9).to_string()]
    );
    assert_eq!(after[uuid(9).to_string()], first);
}

#[test]
fn a_torn_manifest_is_made_again_wherever_it_was_torn() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("manifest.json");
    for number in 1..4 {
        deliver(folder.path(), &draft(number, &["a.example"]));
    }
    let whole = fs::read(&path).unwrap();
    for length in [0, 1, 40, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        let receipt = deliver(folder.path(), &draft(2, &["a.example"]));
        assert!(
            receipt.notes.iter().any(|note| note.text.contains("was broken")),
            "{:?}",
            receipt.notes
        );
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
}

#[test]
fn what_is_sealed_and_broken_all_the_same_is_mended_by_the_delivery_after_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("manifest.json");
    deliver(folder.path(), &draft(1, &["a.example"]));
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, whole.replace("\"timestamp\":1000", "\"timestamp\":1,,0")).unwrap();
    lines::seal(folder.path(), &mut lock(folder.path())).unwrap();
    let feed = Feed::new(folder.path(), "Sensor");
    let error = feed.deliver(&draft(1, &["a.example"])).unwrap_err();
    assert!(error.to_string().contains("manifest.json"), "{error}");
    deliver(folder.path(), &draft(1, &["a.example"]));
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
}
