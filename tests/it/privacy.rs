//! With `hosts.own` set, nothing that leaves names one's own people, however they are written.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use mispigeon::config::Settings;
use mispigeon::domain::{HostList, Mode, Overrides};
use mispigeon::enrich::Knowledge;
use mispigeon::pipeline::{self, Request};
use serde_json::Value;

const OWN: &str = "harbour-grain.org";
const PERSON: &str = "bo.lindqvist@harbour-grain.org";

/// The spellings, each made here and not by the code under test.
fn spellings(person: &str) -> Vec<(&'static str, String)> {
    let (local, domain) = person.split_once('@').unwrap();
    let each = |write: fn(u8) -> String| person.bytes().map(write).collect::<Vec<_>>().concat();
    let hex = each(|byte| format!("{byte:02x}"));
    let percent = each(|byte| format!("%{byte:02X}"));
    vec![
        ("plain", person.to_owned()),
        ("capitals", person.to_uppercase()),
        ("percent", format!("{local}%40{domain}")),
        ("percent twice", format!("{local}%2540{domain}")),
        ("percent for each", percent),
        ("hexadecimal", hex),
        ("base64", STANDARD.encode(person)),
        ("base64 without padding", STANDARD_NO_PAD.encode(person)),
        ("base64url", URL_SAFE_NO_PAD.encode(person)),
        (
            "base64 of JSON",
            STANDARD.encode(format!("{{\"e\":\"{person}\",\"n\":7}}")),
        ),
        (
            "base64 of a query",
            URL_SAFE_NO_PAD.encode(format!("id=12&mail={person}")),
        ),
        ("base64 twice", STANDARD.encode(STANDARD.encode(person))),
        ("entity", person.replace('@', "&#64;")),
        ("quoted-printable", person.replace('@', "=40")),
        ("of a list's sender", person.replace('@', "=")),
        ("escaped", person.replace('@', "\\u0040")),
        ("defanged", person.replace('@', "[@]").replace('.', "[.]")),
    ]
}

/// What is left of a spelling when other bytes were coded with it: the middle.
fn middle(spelling: &str) -> String {
    let cut = if spelling.len() > 40 { 8 } else { 4 };
    spelling[cut..spelling.len() - cut].to_lowercase()
}

fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.hosts.own = HostList::new(&[OWN]);
    settings.event.attach_original = true;
    settings.event.report = true;
    settings
}

/// Everything of a mail that would leave: events as sent, data of attributes decoded, what the receipt says.
fn all_that_leaves(raw: &[u8], mode: Mode, settings: &Settings) -> Vec<String> {
    let request = Request {
        mode,
        ..Request::default()
    };
    let mut out = Vec::new();
    for prepared in pipeline::prepare(raw.to_vec(), request, settings).unwrap() {
        out.push(prepared.submission.subject.clone().unwrap_or_default());
        let draft = pipeline::draft(prepared, settings, "2026-06-01", &mut |_| Knowledge::default()).unwrap();
        let json = serde_json::to_value(&draft).unwrap();
        for data in data_of(&json) {
            let bytes = STANDARD.decode(data).unwrap();
            out.push(String::from_utf8_lossy(&bytes).into_owned());
            out.extend(decoded_parts(&bytes));
        }
        out.push(json.to_string());
    }
    out
}

/// The base64 of all files in a JSON value.
fn data_of(json: &Value) -> Vec<&str> {
    match json {
        Value::Object(members) => {
            let own = members.get("data").and_then(Value::as_str);
            own.into_iter().chain(members.values().flat_map(data_of)).collect()
        }
        Value::Array(items) => items.iter().flat_map(data_of).collect(),
        _ => Vec::new(),
    }
}

/// The parts of a copy of a mail.
fn decoded_parts(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let parts = text.split("\r\n\r\n").filter_map(|part| part.split("\r\n--").next());
    parts
        .filter_map(|part| STANDARD.decode(part.replace("\r\n", "")).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect()
}

fn assert_clean(raw: &str, mode: Mode, person: &str, what: &str) {
    for text in all_that_leaves(raw.as_bytes(), mode, &settings()) {
        let text = text.to_lowercase();
        for (name, spelling) in spellings(person) {
            let wanted = match name {
                "base64 of JSON" | "base64 of a query" | "base64 twice" => middle(&spelling),
                _ => spelling.to_lowercase(),
            };
            if let Some(at) = text.find(&wanted) {
                let around = &text[text.floor_char_boundary(at.saturating_sub(60))
                    ..text.ceil_char_boundary((at + 90).min(text.len()))];
                panic!("{what}: {name} leaves: …{around}…");
            }
        }
    }
}

#[test]
fn no_spelling_of_a_person_leaves_in_whatever_place_it_stands() {
    let places = [
        "<p>Dear {},</p><p><a href=\"https://mail-verify.kestrel-mint.com/login\">sign in</a></p>",
        "<p><a href=\"https://mail-verify.kestrel-mint.com/login?e={}&id=7\">sign in</a></p>",
        "<p><a href=\"https://mail-verify.kestrel-mint.com/{}/login\">sign in</a></p>",
        "<p><a href=\"https://mail-verify.kestrel-mint.com/login#{}\">https://mail-verify.kestrel-mint.com/login#{}</a></p>",
        "<p>https://mail-verify.kestrel-mint.com/open?x={}</p><img src=\"https://kestrel-mint.com/o.gif?u={}\">",
    ];
    for (name, spelling) in spellings(PERSON) {
        for place in places {
            let body = place.replace("{}", &spelling);
            let raw = format!(
                "Received: from out.kestrel-mint.com (out.kestrel-mint.com [45.66.77.88]) by mx.{OWN} with ESMTP for <{PERSON}>;\r\n Mon, 01 Jun 2026 10:00:00 +0000\r\n\
                 Delivered-To: {PERSON}\r\nFrom: Bank <info@kestrel-mint.com>\r\nTo: \"Bo Lindqvist\" <{PERSON}>, Eve <eve@{OWN}>\r\n\
                 Subject: {PERSON}: your account, Bo Lindqvist\r\nMessage-ID: <1@kestrel-mint.com>\r\nMIME-Version: 1.0\r\n\
                 Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>{body}</body></html>\r\n\
                 --b\r\nContent-Type: text/plain; name=\"{PERSON}.txt\"\r\nContent-Disposition: attachment; filename=\"{PERSON}.txt\"\r\n\r\nfor {spelling}\r\n--b--\r\n"
            );
            for mode in [Mode::Sample, Mode::Report] {
                assert_clean(&raw, mode, PERSON, &format!("{name} in {place}"));
                assert_clean(&raw, mode, &format!("eve@{OWN}"), &format!("{name} in {place}"));
                let leaves = all_that_leaves(raw.as_bytes(), mode, &settings()).concat();
                assert!(!leaves.contains("Lindqvist"), "{name} in {place}: the name leaves");
                assert!(leaves.contains("mail-verify.kestrel-mint.com"), "the link is kept");
            }
        }
    }
}

/// Each mail of the corpus, as if its recipients were one's own people.
#[test]
fn no_recipient_of_the_corpus_leaves() {
    let mut mails = 0;
    for entry in std::fs::read_dir("tests/mails").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "eml") {
            continue;
        }
        let raw = std::fs::read(&path).unwrap();
        let Ok(mail) = mispigeon::mail::parse(&raw, &Settings::default().mail) else {
            continue;
        };
        let to = mail
            .headers
            .addresses("To")
            .into_iter()
            .map(|one| one.address.to_lowercase());
        let people: Vec<String> = to.filter(|one| one.is_ascii() && one.contains('@')).collect();
        let Some(domain) = people
            .first()
            .and_then(|one| one.rsplit_once('@'))
            .map(|(_, domain)| domain.to_owned())
        else {
            continue;
        };
        mails += 1;
        let mut settings = settings();
        settings.hosts.own = HostList::new(&[&domain]);
        for text in all_that_leaves(&raw, Mode::Sample, &settings) {
            for person in people.iter().filter(|one| one.ends_with(&format!("@{domain}"))) {
                for (name, spelling) in spellings(person).into_iter().filter(|(_, one)| one.len() > 8) {
                    assert!(
                        !text.to_lowercase().contains(&spelling.to_lowercase()),
                        "{}: {person} leaves, {name}",
                        path.display()
                    );
                }
            }
        }
    }
    assert!(mails >= 60, "{mails} mails");
}

#[test]
fn a_url_ends_where_it_named_somebody_and_says_so() {
    let raw = format!(
        "From: x@kestrel-mint.com\r\nTo: {PERSON}\r\nContent-Type: text/html\r\n\r\n<a href=\"https://evil-login.com/t?e={PERSON}&k=1\">x</a>"
    );
    let leaves = |overrides: Overrides| {
        let request = Request {
            mode: Mode::Sample,
            overrides,
            ..Request::default()
        };
        let mut rows = Vec::new();
        pipeline::extract(raw.clone().into_bytes(), request, &settings(), &mut |some| {
            rows.extend(some.iter().map(|row| serde_json::to_value(row).unwrap()));
        })
        .unwrap();
        rows
    };
    let rows = leaves(Overrides::default());
    let url = rows.iter().find(|row| row["type"] == "url").expect("a url");
    assert_eq!(url["value"], "https://evil-login.com/t?e=");
    assert_eq!(url["remarks"][0]["code"], "recipient_cut");
    // Unless the person who reviews keeps them.
    let kept = leaves(Overrides {
        keep_people: true,
        ..Overrides::default()
    });
    assert!(kept.iter().any(|row| row["value"].as_str().unwrap().contains(PERSON)));
}

#[test]
fn people_of_the_settings_are_taken_out_without_own_hosts() {
    let mut settings = Settings::default();
    settings.privacy.people = vec!["ana.p@mail-box.example".to_owned(), "Ana Pereira".to_owned()];
    let raw = b"From: x@kestrel-mint.com\r\nTo: Ana <ana.p@mail-box.example>\r\nSubject: Ana Pereira, AnaPereiraX\r\n\r\nhttps://evil-login.com/?ana.p%40mail-box.example\r\n";
    let leaves = all_that_leaves(raw, Mode::Sample, &settings).concat();
    assert!(!leaves.contains("ana.p") && !leaves.contains("Ana Pereira"), "{leaves}");
    assert!(
        leaves.contains("[recipient], AnaPereiraX"),
        "a name is a whole word: {leaves}"
    );
}

/// A list of thousands is no reason to leave somebody in, nor to take long.
#[test]
fn everybody_on_a_long_list_is_taken_out() {
    let to: Vec<String> = (0..5_000).map(|n| format!("a{n}@{OWN}")).collect();
    let raw = format!(
        "Delivered-To: {PERSON}\r\nFrom: x@kestrel-mint.com\r\nTo: {}\r\nSubject: x\r\n\r\n{}\r\nhttps://evil-login.com/{}\r\n",
        to.join(",\r\n "),
        to.join(" "),
        STANDARD.encode(PERSON)
    );
    assert_clean(&raw, Mode::Sample, PERSON, "a long list");
    let leaves = all_that_leaves(raw.as_bytes(), Mode::Sample, &settings()).concat();
    assert!(!leaves.contains(&format!("@{OWN}")));
}

/// Nobody is named by the mails in a carrier either, and each is the event that it would be if it came alone.
#[test]
fn mails_inside_another_are_cleaned_and_stay_the_same_event() {
    let inner = format!(
        "Delivered-To: {PERSON}\r\nFrom: x@kestrel-mint.com\r\nTo: {PERSON}\r\nSubject: for {PERSON}\r\nMessage-ID: <7@kestrel-mint.com>\r\n\r\n\
         https://evil-login.com/?e={PERSON}\r\n"
    );
    let outer = format!(
        "From: eve@{OWN}\r\nTo: soc@{OWN}\r\nSubject: fyi\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"
    );
    for mode in [Mode::Carrier, Mode::Report, Mode::Sample] {
        assert_clean(&outer, mode, PERSON, "a mail inside");
        assert_clean(&outer, mode, &format!("eve@{OWN}"), "a mail inside");
    }
    let identity = |raw: &str, settings: &Settings| {
        let request = Request {
            mode: Mode::Carrier,
            ..Request::default()
        };
        let prepared = pipeline::prepare(raw.as_bytes().to_vec(), request, settings).unwrap();
        prepared
            .into_iter()
            .map(|one| one.submission.identity)
            .collect::<Vec<_>>()
    };
    assert_eq!(identity(&outer, &settings()), identity(&outer, &Settings::default()));
    assert_eq!(
        identity(&outer, &settings()),
        [mispigeon::mail::canonical_sha256(inner.as_bytes())]
    );
}

#[test]
fn the_comment_of_a_value_in_an_attached_event_names_nobody() {
    let event = format!(
        r#"{{"Event":{{"Attribute":[{{"type":"ip-src","value":"45.83.12.9","comment":"wrote to {PERSON}","to_ids":true}}]}}}}"#
    );
    let raw = format!(
        "From: CERT <cert@partner-cert.com>\r\nTo: {PERSON}\r\nSubject: Our event\r\nMessage-ID: <1@partner-cert.com>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nAttached.\r\n\
         --b\r\nContent-Type: application/json\r\nContent-Disposition: attachment; filename=\"event.json\"\r\n\r\n{event}\r\n--b--\r\n"
    );
    let request = Request {
        mode: Mode::Report,
        ..Request::default()
    };
    let prepared = pipeline::prepare(raw.into_bytes(), request, &settings())
        .unwrap()
        .remove(0);
    let draft = pipeline::draft(prepared, &settings(), "2026-06-01", &mut |_| Knowledge::default()).unwrap();
    let comments: Vec<&str> = draft.event.attributes.iter().map(|one| &*one.comment).collect();
    let [comment] = comments[..] else {
        panic!("{comments:?}")
    };
    assert!(
        comment.starts_with("wrote to") && !comment.contains("lindqvist"),
        "{comment}"
    );
}
