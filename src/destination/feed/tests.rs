use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use uuid::Uuid;

use super::Feed;
use super::check::check;
use crate::destination::Destination;
use crate::domain::{Note, Receipt, Status};
use crate::misp::event::{Attribute, Draft, Event, EventReport, Object, Sighting, Tag};

fn attribute(value: &str) -> Attribute {
    let uuid = Uuid::new_v5(&Uuid::NAMESPACE_URL, value.as_bytes());
    Attribute {
        uuid,
        r#type: "domain".into(),
        value: value.into(),
        object_relation: Some("any".into()),
        ..Attribute::default()
    }
}

fn draft(name: &str, values: &[&str]) -> Draft {
    let mut event = Event {
        uuid: Uuid::new_v5(&Uuid::NAMESPACE_DNS, name.as_bytes()),
        info: name.into(),
        date: "2026-11-23".into(),
        tags: vec![Tag {
            name: "tlp:amber".into(),
        }],
        attributes: values.iter().map(|value| attribute(value)).collect(),
        reports: vec![EventReport {
            content: "text".into(),
            ..EventReport::default()
        }],
        ..Event::default()
    };
    event.stamp(1000);
    Draft {
        event,
        notes: vec![Note::FeedHashesMadeAgain.into()],
        ..Draft::default()
    }
}

fn feed(folder: &Path) -> Feed {
    Feed::new(folder, "Sensor").with_clock(|| 5000)
}

fn deliver(folder: &Path, draft: &Draft) -> Receipt {
    let receipt = feed(folder).deliver(draft).unwrap();
    assert_eq!(check(folder), [""; 0]);
    receipt
}

fn json_of(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn file_of(folder: &Path, draft: &Draft) -> Value {
    json_of(&folder.join(format!("{}.json", draft.event.uuid)))["Event"].take()
}

fn times(folder: &Path, draft: &Draft) -> (String, i64) {
    let in_manifest = json_of(&folder.join("manifest.json"))[draft.event.uuid.to_string()]["timestamp"]
        .as_i64()
        .unwrap();
    (
        file_of(folder, draft)["timestamp"].as_str().unwrap().to_owned(),
        in_manifest,
    )
}

#[test]
fn an_event_becomes_a_feed_that_misp_pulls_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/feed");
    let draft = draft("one", &["a.example"]);
    let receipt = deliver(&path, &draft);
    assert_eq!(
        (receipt.status, receipt.attributes, receipt.event_id),
        (Status::Created, 1, None)
    );
    assert!(receipt.url.unwrap().ends_with(&format!("{}.json", draft.event.uuid)));
    let event = file_of(&path, &draft);
    assert_eq!(
        (&event["published"], &event["publish_timestamp"]),
        (&json!(true), &json!("1000"))
    );
    assert_eq!(event["Orgc"]["name"], "Sensor");
    assert_eq!(event["EventReport"][0]["content"], "text");
    assert_eq!(times(&path, &draft), ("1000".to_owned(), 1000));
    let hashes = fs::read_to_string(path.join("hashes.csv")).unwrap();
    assert_eq!(
        hashes,
        format!("af60befa758e782df5bdf9901187616d,{}\n", draft.event.uuid),
        "MD5 of the value, then the event"
    );
}

#[test]
fn the_same_event_again_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut draft = draft("one", &["a.example", "😀.example"]);
    draft.event.attributes[0].sightings.push(Sighting::default());
    deliver(folder.path(), &draft);
    let state = |name: &str| {
        let path = folder.path().join(name);
        (fs::read(&path).unwrap(), path.metadata().unwrap().modified().unwrap())
    };
    let names = ["manifest.json", "hashes.csv", &format!("{}.json", draft.event.uuid)];
    let before: Vec<_> = names.iter().map(|name| state(name)).collect();
    draft.event.stamp(2000);
    assert_eq!(deliver(folder.path(), &draft).status, Status::Unchanged);
    assert_eq!(names.iter().map(|name| state(name)).collect::<Vec<_>>(), before);
}

#[test]
fn what_is_new_raises_the_timestamps_in_both_files_and_appends_its_hashes_only() {
    let folder = tempfile::tempdir().unwrap();
    deliver(folder.path(), &draft("one", &["a.example"]));
    let mut more = draft("one", &["a.example", "b.example"]);
    more.event.attributes[0].comment = "changed".into();
    assert_eq!(deliver(folder.path(), &more).status, Status::Updated);
    assert_eq!(times(folder.path(), &more), ("5000".to_owned(), 5000));
    let event = file_of(folder.path(), &more);
    assert_eq!(
        event["Attribute"][0]["timestamp"], "5000",
        "MISP takes a change only when it is newer"
    );
    assert_eq!(event["Attribute"][1]["timestamp"], "1000");
    assert_eq!(
        fs::read_to_string(folder.path().join("hashes.csv"))
            .unwrap()
            .lines()
            .count(),
        2
    );
    more.event.info = "another title".into();
    deliver(folder.path(), &more);
    assert_eq!(
        times(folder.path(), &more),
        ("5001".to_owned(), 5001),
        "also when the clock stands still"
    );
}

#[test]
fn what_another_building_did_not_find_stays() {
    let folder = tempfile::tempdir().unwrap();
    deliver(folder.path(), &draft("one", &["a.example"]));
    let receipt = deliver(folder.path(), &draft("one", &["b.example"]));
    assert_eq!((receipt.status, receipt.attributes), (Status::Updated, 2));
}

#[test]
fn an_object_gains_attributes_and_references() {
    let folder = tempfile::tempdir().unwrap();
    let object = |values: &[&str]| Object {
        name: "email".into(),
        meta_category: "network".into(),
        template_uuid: "a0c666e0-fc65-4be8-b48f-3423d788b552".into(),
        attributes: values.iter().map(|value| attribute(value)).collect(),
        ..Object::default()
    };
    let mut draft = draft("one", &[]);
    draft.event.objects = vec![object(&["s"])];
    deliver(folder.path(), &draft);
    draft.event.objects = vec![object(&["s", "t"])];
    let receipt = deliver(folder.path(), &draft);
    assert_eq!(
        (receipt.status, receipt.attributes, receipt.objects),
        (Status::Updated, 2, 1)
    );
}

#[test]
fn events_are_added_to_by_uuid_only() {
    let folder = tempfile::tempdir().unwrap();
    let target = draft("target", &["a.example"]);
    deliver(folder.path(), &target);
    let to = |target: String| Draft {
        add_to: Some(target),
        ..draft("mail", &["b.example"])
    };
    let receipt = deliver(folder.path(), &to(target.event.uuid.to_string()));
    assert_eq!(
        (receipt.status, receipt.uuid, receipt.attributes),
        (Status::Updated, Some(target.event.uuid), 2)
    );
    assert_eq!(file_of(folder.path(), &target)["info"], "target");
    for (target, words) in [
        ("12".to_owned(), "by uuid only"),
        (Uuid::nil().to_string(), "has no event"),
    ] {
        let error = feed(folder.path()).deliver(&to(target)).unwrap_err();
        assert!(!error.is_temporary() && error.to_string().contains(words), "{error}");
    }
}

#[test]
fn the_organisation_keeps_its_uuid_even_when_its_file_is_lost_or_its_name_changes() {
    let folder = tempfile::tempdir().unwrap();
    let uuid = |draft: &Draft| file_of(folder.path(), draft)["Orgc"]["uuid"].clone();
    let (one, two, three) = (draft("one", &["a"]), draft("two", &["b"]), draft("three", &["c"]));
    deliver(folder.path(), &one);
    fs::remove_file(folder.path().join(".organisation.json")).unwrap();
    deliver(folder.path(), &two);
    Feed::new(folder.path(), "Renamed").deliver(&three).unwrap();
    assert_eq!(uuid(&one), uuid(&two));
    assert_eq!(uuid(&one), uuid(&three));
    assert_eq!(file_of(folder.path(), &three)["Orgc"]["name"], "Renamed");
}

#[test]
fn a_lost_manifest_and_lost_hashes_are_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (draft("one", &["a"]), draft("two", &["b"]));
    deliver(folder.path(), &one);
    fs::remove_file(folder.path().join("manifest.json")).unwrap();
    fs::remove_file(folder.path().join("hashes.csv")).unwrap();
    let receipt = deliver(folder.path(), &two);
    assert!(
        receipt
            .notes
            .iter()
            .any(|note| note.text.contains("manifest was made again")),
        "{:?}",
        receipt.notes
    );
    assert_eq!(
        json_of(&folder.path().join("manifest.json")).as_object().unwrap().len(),
        2
    );
    assert_eq!(
        fs::read_to_string(folder.path().join("hashes.csv"))
            .unwrap()
            .lines()
            .count(),
        2
    );
}

#[test]
fn broken_files_are_moved_aside_with_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let one = draft("one", &["a"]);
    deliver(folder.path(), &one);
    let event = folder.path().join(format!("{}.json", one.event.uuid));
    for broken in [folder.path().join("manifest.json"), event] {
        fs::write(&broken, "{\"cut").unwrap();
        let receipt = deliver(folder.path(), &one);
        assert!(
            receipt.notes.iter().any(|note| note.text.contains("was broken")),
            "{:?}",
            receipt.notes
        );
        assert_eq!(
            fs::read_to_string(broken.with_extension("json.broken-1")).unwrap(),
            "{\"cut"
        );
    }
}

#[test]
fn a_crash_after_the_event_file_is_mended_by_the_next_delivery() {
    let folder = tempfile::tempdir().unwrap();
    let one = draft("one", &["a"]);
    deliver(folder.path(), &one);
    let old = ["manifest.json", "hashes.csv"].map(|name| fs::read(folder.path().join(name)).unwrap());
    let more = draft("one", &["a", "b"]);
    deliver(folder.path(), &more);
    fs::write(folder.path().join("manifest.json"), &old[0]).unwrap();
    fs::write(folder.path().join("hashes.csv"), [&old[1], &b"0cc1"[..]].concat()).unwrap();
    assert_eq!(deliver(folder.path(), &more).status, Status::Unchanged);
    let hashes = fs::read_to_string(folder.path().join("hashes.csv")).unwrap();
    assert!(hashes.lines().all(|line| line.len() == 69), "{hashes}");
}

/// The process ends when the event files are there and neither their lines nor the manifest.
#[test]
fn a_crash_before_the_first_manifest_keeps_no_line_from_the_hashes() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (draft("one", &["a"]), draft("two", &["b", "c"]));
    deliver(folder.path(), &one);
    deliver(folder.path(), &two);
    let hashes = folder.path().join("hashes.csv");
    let whole = fs::read_to_string(&hashes).unwrap();
    for kept in ["", &whole[..70], &whole[..90]] {
        fs::remove_file(folder.path().join("manifest.json")).unwrap();
        fs::write(&hashes, kept).unwrap();
        deliver(folder.path(), &one);
        let mut lines: Vec<String> = fs::read_to_string(&hashes)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect();
        let mut wanted: Vec<&str> = whole.lines().collect();
        lines.sort();
        wanted.sort_unstable();
        assert_eq!(lines, wanted, "{kept:?}");
    }
}

#[test]
fn a_last_line_without_an_end_stays() {
    let folder = tempfile::tempdir().unwrap();
    deliver(folder.path(), &draft("one", &["a"]));
    let hashes = folder.path().join("hashes.csv");
    let whole = fs::read_to_string(&hashes).unwrap();
    fs::write(&hashes, whole.trim_end()).unwrap();
    deliver(folder.path(), &draft("two", &["b"]));
    let after = fs::read_to_string(&hashes).unwrap();
    assert!(after.starts_with(&whole) && after.lines().count() == 2, "{after}");
}

#[test]
fn characters_that_misp_cannot_store_are_never_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut draft = draft("😀 title", &["a"]);
    draft.event.tags[0].name = "𝒷".into();
    draft.event.attributes[0].comment = "😀".into();
    Feed::new(folder.path(), "Org 😀").deliver(&draft).unwrap();
    assert_eq!(check(folder.path()), [""; 0]);
    assert_eq!(
        Feed::new(folder.path(), "Org 😀").deliver(&draft).unwrap().status,
        Status::Unchanged
    );
}

#[test]
fn many_are_delivered_with_one_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let drafts: Vec<Draft> = (0..50)
        .map(|n| draft(&format!("event {n}"), &[&format!("h{n}.example")]))
        .collect();
    let receipts = feed(folder.path()).deliver_many(&drafts).unwrap();
    assert!(
        receipts
            .iter()
            .all(|receipt| receipt.as_ref().unwrap().status == Status::Created)
    );
    assert_eq!(check(folder.path()), [""; 0]);
    let manifest = json_of(&folder.path().join("manifest.json"));
    assert_eq!(manifest.as_object().unwrap().len(), 50);
    assert_eq!(file_of(folder.path(), &drafts[3])["info"], "event 3");
}

#[test]
fn composite_values_are_hashed_by_their_halves() {
    let folder = tempfile::tempdir().unwrap();
    let mut draft = draft("one", &["a.exe|00"]);
    draft.event.attributes[0].r#type = "malware-sample".into();
    deliver(folder.path(), &draft);
    assert_eq!(
        fs::read_to_string(folder.path().join("hashes.csv"))
            .unwrap()
            .lines()
            .count(),
        2
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let error = feed(&folder.path().join("file/feed"))
        .deliver(&draft("one", &[]))
        .unwrap_err();
    assert!(
        error.is_temporary() && error.to_string().contains("file/feed"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn the_web_server_may_read_what_the_umask_lets_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    deliver(folder.path(), &draft("one", &["a"]));
    fs::write(folder.path().join("as-usual"), "").unwrap();
    let mode = |name: &str| folder.path().join(name).metadata().unwrap().permissions().mode();
    assert_eq!(mode("manifest.json"), mode("as-usual"));
    assert_eq!(mode("hashes.csv"), mode("as-usual"));
}

#[cfg(unix)]
#[test]
fn links_in_the_folder_lead_to_no_other_file() {
    for name in [".writing", ".lock", "hashes.csv", ".organisation.json"] {
        let folder = tempfile::tempdir().unwrap();
        let feed = folder.path().join("feed");
        fs::create_dir(&feed).unwrap();
        let other = folder.path().join("other");
        fs::write(&other, "precious\n").unwrap();
        std::os::unix::fs::symlink(&other, feed.join(name)).unwrap();
        let _ = Feed::new(&feed, "Org").deliver(&draft("one", &["a"]));
        assert_eq!(fs::read_to_string(&other).unwrap(), "precious\n", "{name}");
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_can_write_to_the_folder_or_hold_its_lock() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let feed = folder.path().join("feed");
    fs::create_dir(&feed).unwrap();
    fs::set_permissions(&feed, fs::Permissions::from_mode(0o777)).unwrap();
    fs::write(feed.join(".lock"), "").unwrap();
    fs::set_permissions(feed.join(".lock"), fs::Permissions::from_mode(0o644)).unwrap();
    Feed::new(&feed, "Org").deliver(&draft("one", &["a"])).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&feed), 0o775);
    assert_eq!(mode(&feed.join(".lock")), 0o600);
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_everybodys_is_refused_and_stays_as_it_is() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, lchown, symlink};
    let folder = tempfile::tempdir().unwrap();
    let feed = folder.path().join("feed");
    let refused = |feed: &Path, mode: u32, words: &str| {
        let error = Feed::new(feed, "Org")
            .deliver(&draft("one", &["a"]))
            .unwrap_err()
            .to_string();
        assert!(error.contains(words) && error.contains("feed.dir"), "{error}");
        assert!(Feed::refusal(feed).unwrap().contains(words));
        assert_eq!(feed.metadata().unwrap().mode() & 0o7777, mode);
        assert_eq!(feed.read_dir().unwrap().count(), 0);
    };
    fs::create_dir(&feed).unwrap();
    let set = |mode| fs::set_permissions(&feed, fs::Permissions::from_mode(mode)).unwrap();
    set(0o1777);
    refused(&feed, 0o1777, "anybody may write to it (mode 1777)");
    if feed.metadata().unwrap().uid() != 0 {
        return;
    }
    chown(&feed, Some(12_345), None).unwrap();
    set(0o777);
    refused(&feed, 0o777, "anybody may write to it (mode 777)");
    let link = folder.path().join("link");
    symlink(&feed, &link).unwrap();
    lchown(&link, Some(12_346), None).unwrap();
    set(0o755);
    refused(&link, 0o755, "it is a link of the user 12346");
    // A folder of another user that is not open to everybody is that one's own business.
    Feed::new(&feed, "Org").deliver(&draft("one", &["a"])).unwrap();
    assert_eq!(feed.metadata().unwrap().mode() & 0o7777, 0o755);
}

#[test]
fn a_lock_that_is_never_given_back_is_told_instead_of_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let lock = fs::File::create(folder.path().join(".lock")).unwrap();
    lock.lock().unwrap();
    let feed = Feed::new(folder.path(), "Org").with_patience(std::time::Duration::from_millis(100));
    let error = feed.deliver(&draft("one", &["a"])).unwrap_err();
    assert!(error.is_temporary() && error.to_string().contains("lock"), "{error}");
    drop(lock);
    feed.deliver(&draft("one", &["a"])).unwrap();
}

#[test]
fn a_missing_right_and_a_full_disk_are_for_somebody_to_mend() {
    use std::io::ErrorKind::{PermissionDenied, StaleNetworkFileHandle, StorageFull, TimedOut};
    for (kind, mended) in [
        (PermissionDenied, true),
        (StorageFull, true),
        (TimedOut, false),
        (StaleNetworkFileHandle, false),
    ] {
        let error = super::FeedError::Io {
            path: "/feed".into(),
            source: kind.into(),
        };
        let error = crate::destination::DeliveryError::from(error);
        assert_eq!(
            (error.can_be_mended(), error.is_temporary()),
            (mended, !mended),
            "{kind}"
        );
    }
}
