//! Mails that differ in their lines `m2m:…` only. One that is sent by itself is another mail, so it makes an event of its own. What is attached
//! to a carrier stays the same mail, and the later lines change the event of the first or are said to have come too late.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::double::Double;
use crate::program::Home;

const PHISH: &str = "From: x@evil.example\nSubject: pay\nMessage-ID: <p@evil.example>\nMIME-Version: 1.0\n\
    Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhttp://evil-one.com/a\n\
    --b\nContent-Type: application/octet-stream; name=tool.bin\nContent-Transfer-Encoding: base64\n\n\
    AAECAwQFBgcICQ==\n--b--\n";

fn carrier(text: &str) -> String {
    format!(
        "From: Ann <ann@corp.example>\nSubject: mail\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=c\n\n\
         --c\nContent-Type: text/plain\n\n{text}\n--c\nContent-Type: message/rfc822\n\n{PHISH}--c--\n"
    )
}

fn send(home: &Home, mail: &str) -> Value {
    let run = home.run_with_input(&["send", "--format", "json"], mail.as_bytes()).ok();
    run.json().remove(0)
}

fn notes(sent: &Value) -> Vec<&str> {
    let notes = sent["notes"].as_array().into_iter().flatten();
    notes.filter_map(|note| note["code"].as_str()).collect()
}

/// Flags and type of the content of the attached file, by relation.
fn file(double: &Double, sent: &Value) -> Vec<(String, bool)> {
    let event = double.get(&format!("events/{}", sent["uuid"].as_str().expect("a uuid")));
    let objects = event["Event"]["Object"].as_array().expect("objects").iter();
    let files = objects.filter(|object| object["name"] == "file");
    let attributes = files.flat_map(|file| file["Attribute"].as_array().expect("attributes"));
    let told = attributes.map(|one| (one["object_relation"].as_str(), one["to_ids"].as_bool()));
    let wanted = told.filter_map(|(relation, to_ids)| Some((relation?.to_owned(), to_ids?)));
    wanted
        .filter(|(relation, _)| ["md5", "malware-sample", "attachment"].contains(&relation.as_str()))
        .collect()
}

fn flags(of: &[(&str, bool)]) -> Vec<(String, bool)> {
    of.iter()
        .map(|(relation, to_ids)| ((*relation).to_owned(), *to_ids))
        .collect()
}

#[test]
fn a_later_benign_takes_the_flags_and_the_receipt_says_what_stays() {
    let double = Double::start(&[]);
    let home = double.home();
    let first = send(&home, &carrier("see attached"));
    assert_eq!(file(&double, &first), flags(&[("md5", true), ("malware-sample", true)]));
    assert!(!notes(&first).contains(&"other_parameters"), "{first}");

    // MISP takes a change of an attribute only if it is a second newer.
    thread::sleep(Duration::from_millis(1100));
    let later = send(&home, &carrier("m2m:attachment:benign"));
    assert_eq!((&later["uuid"], &later["status"]), (&first["uuid"], &json!("updated")));
    assert!(notes(&later).contains(&"other_parameters"), "{later}");
    // The sample cannot be taken back: whoever has fetched the event has it.
    let now = flags(&[("md5", false), ("malware-sample", true), ("attachment", false)]);
    assert_eq!(file(&double, &later), now);
    assert_eq!(double.events(), 1);
}

#[test]
fn a_later_level_is_applied_and_said() {
    let double = Double::start(&[]);
    let home = double.home();
    home.write("config.toml", "[directives]\nkey = \"sesame\"\n");
    let first = send(&home, &carrier("see attached"));
    let later = send(&home, &carrier("m2m:m2mkey:sesame\nm2m:threat_level:1"));
    assert_eq!(later["uuid"], first["uuid"]);
    let codes = notes(&later);
    assert!(
        codes.contains(&"settings_applied") && codes.contains(&"other_parameters"),
        "{later}"
    );
    let event = double.get(&format!("events/{}", first["uuid"].as_str().expect("a uuid")));
    assert_eq!(event["Event"]["threat_level_id"], "1");
}

#[test]
fn the_same_lines_again_are_no_news() {
    let double = Double::start(&[]);
    let home = double.home();
    let mail = carrier("m2m:attachment:benign");
    let first = send(&home, &mail);
    assert_eq!(file(&double, &first), flags(&[("md5", false), ("attachment", false)]));
    let again = send(&home, &mail);
    assert_eq!(again["status"], "unchanged");
    assert!(!notes(&again).contains(&"other_parameters"), "{again}");
}

#[test]
fn a_mail_sent_by_itself_with_other_lines_is_another_event() {
    let double = Double::start(&[]);
    let home = double.home();
    let harmless = PHISH.replace("evil-one.com/a\n", "evil-one.com/a\nm2m:attachment:benign\n");
    let (first, later) = (send(&home, PHISH), send(&home, &harmless));
    assert_ne!(first["uuid"], later["uuid"]);
    assert_eq!(later["status"], "created");
    assert_eq!(file(&double, &later), flags(&[("md5", false), ("attachment", false)]));
}
