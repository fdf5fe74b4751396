//! Every mail of the corpus makes exactly the event in the file beside it (`NAME.event.json`), byte for byte.
//!
//! `MISPIGEON_UPDATE_EVENTS=1 cargo test the_corpus` writes these files again: read the difference before you commit it.

use std::path::{Path, PathBuf};

use mispigeon::config::Settings;
use mispigeon::domain::Mode;
use mispigeon::enrich::Knowledge;
use mispigeon::misp::event::Envelope;
use mispigeon::misp::json::to_json;
use mispigeon::pipeline::{self, Request};
use serde_json::Value;

pub fn mails() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails");
    let files = std::fs::read_dir(folder)
        .expect("the corpus")
        .map(|entry| entry.expect("an entry").path());
    let mut mails: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .collect();
    mails.sort();
    mails
}

/// The mode that the truth beside a mail names, and whether it is a mail at all.
fn truth(mail: &Path) -> (Mode, bool) {
    let text = std::fs::read_to_string(mail.with_extension("expect.json")).expect("a truth beside the mail");
    let truth: Value = serde_json::from_str(&text).expect("JSON");
    let mode = serde_json::from_value(truth["mode"].clone()).expect("a mode");
    (mode, truth["not_a_mail"] != true)
}

/// The events of a mail as readable JSON; contents of files shown by their hash and size.
fn events(raw: &[u8], mode: Mode) -> Result<String, String> {
    let settings = Settings::default();
    let request = Request {
        mode,
        ..Request::default()
    };
    let submissions = pipeline::prepare(raw.to_vec(), request, &settings).map_err(|error| error.to_string())?;
    let mut events = Vec::new();
    for submission in submissions {
        let draft = pipeline::draft(submission, &settings, "2026-06-01", &mut |_| Knowledge::default())
            .map_err(|error| error.to_string())?;
        let json = to_json(&Envelope { event: draft.event }).expect("JSON");
        let mut event = serde_json::from_slice(&json).expect("JSON");
        shorten(&mut event);
        // The codes already say what the wordings say.
        let skipped = draft.skipped.iter().map(|one| {
            let reason = &one.reason.text;
            serde_json::json!({"type": one.r#type, "value": one.value, "reason": reason})
        });
        let skipped: Vec<Value> = skipped.collect();
        let notes: Vec<_> = draft.notes.iter().map(|note| &note.text).collect();
        events.push(serde_json::json!({"event": event, "skipped": skipped, "notes": notes}));
    }
    Ok(serde_json::to_string_pretty(&events).expect("JSON") + "\n")
}

fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if name == "data" => {
                        *text = format!(
                            "{} characters, SHA-256 {}",
                            text.len(),
                            mispigeon::domain::Sha256::of(text.as_bytes())
                        );
                    }
                    _ => shorten(field),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn the_corpus_makes_the_events_beside_it() {
    let update = std::env::var_os("MISPIGEON_UPDATE_EVENTS").is_some();
    let mut different = Vec::new();
    for mail in mails() {
        let (mode, is_mail) = truth(&mail);
        let raw = std::fs::read(&mail).expect("a mail");
        let beside = mail.with_extension("event.json");
        match events(&raw, mode) {
            Ok(events) if update => std::fs::write(&beside, events).expect("written"),
            Ok(events) => {
                if std::fs::read_to_string(&beside).ok().as_deref() != Some(events.as_str()) {
                    different.push(mail);
                }
            }
            Err(error) => assert!(!is_mail, "{}: {error}", mail.display()),
        }
    }
    assert!(different.is_empty(), "other events than those beside: {different:#?}");
}

#[test]
fn every_attribute_of_the_corpus_is_one_that_misp_takes() {
    use mispigeon::misp::attribute_type::check;
    let settings = Settings::default();
    for mail in mails() {
        let (_, is_mail) = truth(&mail);
        for mode in [Mode::Report, Mode::Sample, Mode::Carrier] {
            let raw = std::fs::read(&mail).expect("a mail");
            let Ok(submissions) = pipeline::prepare(
                raw,
                Request {
                    mode,
                    ..Request::default()
                },
                &settings,
            ) else {
                assert!(!is_mail, "{}", mail.display());
                continue;
            };
            for submission in submissions {
                let draft = pipeline::draft(submission, &settings, "2026-06-01", &mut |_| Knowledge::default());
                let event = draft.expect("an event").event;
                let mut uuids = std::collections::HashSet::new();
                let of_objects = event.objects.iter().flat_map(|object| &object.attributes);
                for attribute in event.attributes.iter().chain(of_objects) {
                    let verdict = check(&attribute.r#type, &attribute.category, &attribute.value);
                    assert_eq!(verdict, Ok(()), "{} {mode:?}: {attribute:?}", mail.display());
                    assert!(
                        uuids.insert(attribute.uuid),
                        "{} {mode:?}: twice {attribute:?}",
                        mail.display()
                    );
                    assert!(attribute.value.chars().all(|c| c.len_utf8() < 4), "{attribute:?}");
                }
            }
        }
    }
}

/// The account of an attribute, as JSON that can be compared.
fn told(attribute: &Value, object: &Value, relation: &Value) -> String {
    let fields = ["type", "value", "category", "to_ids", "comment"].map(|name| &attribute[name]);
    serde_json::to_string(&(fields, object, relation)).expect("JSON")
}

fn told_by_extract(raw: &[u8], request: Request, settings: &Settings) -> Vec<String> {
    let mut all = Vec::new();
    pipeline::extract(raw.to_vec(), request, settings, &mut |rows| {
        for row in rows.iter().filter(|row| !row.is_skipped()) {
            let row: Value = serde_json::from_slice(&to_json(row).expect("JSON")).expect("JSON");
            all.push(told(&row, &row["object"], &row["relation"]));
        }
    })
    .expect("a mail");
    all.sort();
    all
}

fn told_by_draft(raw: &[u8], request: Request, settings: &Settings) -> Vec<String> {
    let mut all = Vec::new();
    for submission in pipeline::prepare(raw.to_vec(), request, settings).expect("a mail") {
        let draft = pipeline::draft(submission, settings, "2026-06-01", &mut |_| Knowledge::default());
        let json = to_json(&draft.expect("an event").event).expect("JSON");
        let event: Value = serde_json::from_slice(&json).expect("JSON");
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        for attribute in list(&event["Attribute"]) {
            all.push(told(&attribute, &Value::Null, &Value::Null));
        }
        for object in list(&event["Object"]) {
            for attribute in list(&object["Attribute"]) {
                all.push(told(&attribute, &object["name"], &attribute["object_relation"]));
            }
        }
    }
    all.sort();
    all
}

#[test]
fn extract_shows_exactly_what_send_stores() {
    let with_original = "data_dir = '/d'\n[event]\nattach_original = true\n";
    let with_original = mispigeon::config::Config::parse(Path::new("config.toml"), with_original).expect("settings");
    let settings = [Settings::default(), with_original.profile(None).expect("settings")];
    for mail in mails().iter().filter(|mail| truth(mail).1) {
        let raw = std::fs::read(mail).expect("a mail");
        for mode in [Mode::Auto, Mode::Report, Mode::Sample, Mode::Carrier] {
            for (settings, urls_only) in settings.iter().zip([false, true]).chain([(&settings[1], false)]) {
                let request = || Request {
                    mode,
                    overrides: mispigeon::domain::Overrides {
                        urls_only,
                        ..Default::default()
                    },
                    ..Request::default()
                };
                let (extracted, stored) = (
                    told_by_extract(&raw, request(), settings),
                    told_by_draft(&raw, request(), settings),
                );
                assert_eq!(extracted, stored, "{} {mode:?}", mail.display());
            }
        }
    }
}
