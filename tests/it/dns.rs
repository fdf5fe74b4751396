//! DNS expansion against a real name server (Knot DNS, Debian package `knot`) with a zone of our own, and against servers that
//! are slow, lie, talk nonsense, or are gone.

mod knot;
mod liar;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use knot::Knot;
use liar::{Behaviour, Liar};
use mispigeon::config::{Config, Dns};
use mispigeon::domain::{Mode, Seal};
use mispigeon::enrich::dkim::verify;
use mispigeon::enrich::dns::{DnsCache, NoCache, resolve};
use mispigeon::mail::dkim;
use mispigeon::pipeline::Request;
use mispigeon::pipeline::preview::preview;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::program::Home;

/// Timeout for servers that never answer: short, because the test waits for it.
const PATIENCE: Duration = Duration::from_millis(600);

type Answers = (BTreeMap<String, Vec<IpAddr>>, Vec<String>);

fn ask(servers: &[SocketAddr], timeout: Duration, hosts: &[&str]) -> Answers {
    let settings = Dns {
        name_servers: servers.to_vec(),
        timeout,
        ..Dns::default()
    };
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let (addresses, notes) = resolve(&hosts, &settings, &mut NoCache);
    (addresses, notes.iter().map(ToString::to_string).collect())
}

fn ask_knot(knot: &Knot, hosts: &[&str]) -> Answers {
    ask(&[knot.address()], Duration::from_secs(20), hosts)
}

fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[test]
fn a_real_server_is_asked_for_both_kinds_of_address_and_aliases_are_followed() {
    let Some(knot) = Knot::start() else { return };
    let (found, notes) = ask_knot(
        &knot,
        &[
            "both.example",
            "short.example",
            "only6.example",
            "xn--mnchen-3ya.example",
        ],
    );
    let both = addresses(&["9.9.9.9", "9.9.9.10", "2620:fe::fe"]);
    assert_eq!(found["both.example"], both);
    assert_eq!(found["short.example"], both);
    assert_eq!(found["only6.example"], addresses(&["2620:fe::9"]));
    assert_eq!(found["xn--mnchen-3ya.example"], addresses(&["9.9.9.12"]));
    assert_eq!(notes, [""; 0]);
}

#[test]
fn hosts_without_an_address_are_left_out_in_silence() {
    let Some(knot) = Knot::start() else { return };
    let (found, notes) = ask_knot(&knot, &["nowhere.example", "empty.example", "dangling.example"]);
    assert_eq!((found.len(), notes), (0, vec![]));
}

#[test]
fn an_answer_too_large_for_a_datagram_is_fetched_by_tcp_and_limited() {
    let Some(knot) = Knot::start() else { return };
    let (found, notes) = ask_knot(&knot, &["crowd.example"]);
    assert_eq!(found["crowd.example"].len(), 64);
    assert_eq!(notes, [""; 0]);
}

#[test]
fn addresses_that_lead_nowhere_are_kept_and_said() {
    let Some(knot) = Knot::start() else { return };
    let (found, notes) = ask_knot(&knot, &["private.example"]);
    assert_eq!(found["private.example"], addresses(&["0.0.0.0", "10.1.2.3"]));
    assert_eq!(
        notes,
        [
            "DNS: private.example has the address 0.0.0.0, which is not on the public Internet",
            "DNS: private.example has the address 10.1.2.3, which is not on the public Internet",
        ]
    );
}

#[test]
fn a_loop_of_aliases_ends() {
    let Some(knot) = Knot::start() else { return };
    assert!(ask_knot(&knot, &["loop.example"]).0.is_empty());
}

#[test]
fn five_hundred_hosts_are_asked_for_in_parallel() {
    let Some(knot) = Knot::start() else { return };
    let hosts: Vec<String> = (0..500).map(|number| format!("host{number}.many.example")).collect();
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let (found, notes) = ask_knot(&knot, &hosts);
    assert_eq!((found.len(), notes), (500, vec![]));
}

#[test]
fn when_the_first_server_is_gone_the_second_answers() {
    let Some(knot) = Knot::start() else { return };
    let servers = [liar::nobody(), knot.address()];
    let (found, _) = ask(&servers, Duration::from_secs(20), &["both.example"]);
    assert_eq!(found["both.example"].len(), 3);
}

#[test]
fn answers_are_kept_as_long_as_they_are_valid_within_limits() {
    #[derive(Default)]
    struct Kept(BTreeMap<String, (Vec<IpAddr>, Duration)>);
    impl DnsCache for Kept {
        fn get(&mut self, host: &str) -> Option<Vec<IpAddr>> {
            self.0.get(host).map(|(addresses, _)| addresses.clone())
        }
        fn put(&mut self, host: &str, addresses: &[IpAddr], valid_for: Duration) {
            self.0.insert(host.to_owned(), (addresses.to_vec(), valid_for));
        }
    }
    let Some(knot) = Knot::start() else { return };
    let mut settings = Dns {
        name_servers: vec![knot.address()],
        timeout: Duration::from_secs(20),
        ..Dns::default()
    };
    let hosts = ["both.example", "brief.example", "nowhere.example"].map(str::to_owned);
    let mut cache = Kept::default();
    let (first, _) = resolve(&hosts, &settings, &mut cache);
    assert_eq!(cache.0["both.example"].1, Duration::from_hours(1));
    assert_eq!(
        cache.0["brief.example"].1,
        Duration::from_mins(1),
        "shorter would be asked too often"
    );
    assert!(cache.0["nowhere.example"].0.is_empty());

    settings.name_servers = vec![liar::nobody()];
    let (second, notes) = resolve(&hosts, &settings, &mut cache);
    assert_eq!((first, notes), (second, vec![]), "the second time nobody is asked");
}

/// The warning after a server behaved badly. Checks that the answer holds no address.
#[test]
fn servers_that_are_slow_or_lie_or_talk_nonsense_give_a_note_and_no_address() {
    let facts = [
        (Behaviour::Silence, "no answer in time"),
        (Behaviour::WrongId, "no answer in time"),
        (Behaviour::Nonsense, ""),
        (Behaviour::OtherName, "says nothing about this name"),
        (Behaviour::OtherQuestion, ""),
        (Behaviour::Failure, "the name server says"),
        (Behaviour::Truncated, ""),
    ];
    for (behaviour, words) in facts {
        let liar = Liar::start(behaviour);
        let (found, notes) = ask(&[liar.address()], PATIENCE, &["a.example", "b.example"]);
        assert!(found.is_empty(), "{behaviour:?}: {found:?}");
        assert!(
            notes.iter().any(|note| note.contains(words)),
            "{behaviour:?}: {notes:?}"
        );
        let named = |host: &str| notes.iter().any(|note| note.contains(host));
        assert!(named("a.example") && named("b.example"), "{behaviour:?}: {notes:?}");
    }
}

#[test]
fn a_server_that_is_gone_gives_a_note() {
    let (found, notes) = ask(&[liar::nobody()], PATIENCE, &["a.example"]);
    assert!(found.is_empty());
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].contains("a.example"));
}

#[test]
fn senseless_settings_are_survived() {
    let liar = Liar::start(Behaviour::Failure);
    for timeout in [Duration::MAX, Duration::ZERO] {
        let settings = Dns {
            name_servers: vec![liar.address()],
            timeout,
            ..Dns::default()
        };
        let (found, notes) = resolve(&["a.example".to_owned()], &settings, &mut NoCache);
        assert_eq!((found.len(), notes.len()), (0, 1), "{notes:?}");
    }
}

#[test]
fn names_that_dns_cannot_hold_are_said() {
    let liar = Liar::start(Behaviour::Failure);
    let long = format!("{}.example", "a".repeat(64));
    let (_, notes) = ask(&[liar.address()], PATIENCE, &[&long, "a..example"]);
    assert!(
        notes
            .iter()
            .any(|note| note.starts_with("DNS: DNS allows no such name: a..example")),
        "{notes:?}"
    );
}

#[test]
fn the_program_adds_answers_as_objects_and_keeps_them_in_the_state_database() {
    let Some(knot) = Knot::start() else { return };
    let home = crate::program::Home::new();
    let config = format!("[dns]\nenabled = true\nname_servers = [\"{}\"]\n", knot.address());
    home.write("config.toml", config);
    let send = |number: u32| {
        let mail =
            format!("From: a@cert.example\nSubject: {number}\n\nhxxp://mail.dove-nest[.]org/x and dove-nest[.]org\n");
        let receipt = home
            .run_with_input(&["send", "--format", "json"], mail.as_bytes())
            .ok()
            .json()
            .remove(0);
        let event = std::fs::read(receipt["url"].as_str().unwrap().trim_start_matches("file://")).unwrap();
        serde_json::from_slice::<serde_json::Value>(&event).unwrap()["Event"].clone()
    };
    let first = send(1);
    drop(knot);
    for event in [first, send(2)] {
        let objects = event["Object"].as_array().unwrap();
        let summary: Vec<(String, String)> = objects
            .iter()
            .map(|object| {
                let values = object["Attribute"].as_array().unwrap().iter().map(|one| {
                    assert_eq!(one["to_ids"], false, "{one}");
                    format!(
                        "{} {}",
                        one["object_relation"].as_str().unwrap(),
                        one["value"].as_str().unwrap()
                    )
                });
                let explained = &object["ObjectReference"][0]["referenced_uuid"];
                let attributes = event["Attribute"].as_array().unwrap();
                let explained = attributes.iter().find(|one| one["uuid"] == *explained).unwrap();
                (
                    values.collect::<Vec<_>>().join(", "),
                    explained["value"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        let wanted = [
            ("domain dove-nest.org, ip 9.9.9.20", "dove-nest.org"),
            (
                "hostname mail.dove-nest.org, ip 9.9.9.21, ip 2620:fe::21",
                "mail.dove-nest.org",
            ),
        ];
        assert_eq!(
            summary,
            wanted.map(|(values, host)| (values.to_owned(), host.to_owned()))
        );
    }
}

#[test]
fn hosts_and_keys_are_asked_for_at_the_same_time() {
    let waits = Liar::start(Behaviour::Waits);
    let home = Home::new();
    home.write(
        "config.toml",
        format!(
            "[dns]\nenabled = true\nname_servers = ['{}']\ntimeout = 20\n",
            waits.address()
        ),
    );
    let mail = signed("rook.example", "a").replace("hello", "hxxp://dove-nest[.]org/x");
    let sent = home.run_with_input(&["send", "--format", "json", "-"], mail.as_bytes());
    let receipt = sent.ok().json().remove(0);
    let notes = receipt["notes"].to_string();
    assert!(!notes.contains("no answer in time"), "{notes}");
    let event = home
        .data()
        .join(format!("feed/{}.json", receipt["uuid"].as_str().unwrap()));
    assert!(std::fs::read_to_string(event).unwrap().contains("9.9.9.66"));
}

/// A mail with the domain's signature, whose header is canonical as it stands.
fn signed(domain: &str, selector: &str) -> String {
    let hash = STANDARD.encode(Sha256::digest("hello\r\n"));
    let tags = format!("v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={selector}; h=from; bh={hash}; b=");
    let key = RsaKeyPair::from_pkcs8(include_bytes!("../dns/dkim.pk8")).unwrap();
    let header = format!("from:a@{domain}\r\ndkim-signature:{tags}");
    let mut signature = vec![0; key.public().modulus_len()];
    let random = SystemRandom::new();
    key.sign(&RSA_PKCS1_SHA256, &random, header.as_bytes(), &mut signature)
        .unwrap();
    format!(
        "DKIM-Signature: {tags}{}\r\nFrom: a@{domain}\r\n\r\nhello\r\n",
        STANDARD.encode(signature)
    )
}

/// What becomes of the signature, and the notes.
fn verified(servers: &[SocketAddr], timeout: Duration, domain: &str, selector: &str) -> (Seal, Vec<String>) {
    let settings = Dns {
        name_servers: servers.to_vec(),
        timeout,
        ..Dns::default()
    };
    let signatures = dkim::signatures(signed(domain, selector).as_bytes());
    let (sealed, notes) = verify(&[&signatures], &settings, 0);
    assert_eq!(sealed[0][0].domain, domain);
    (sealed[0][0].seal, notes.iter().map(ToString::to_string).collect())
}

#[test]
fn the_key_of_a_signature_is_asked_for() {
    let Some(knot) = Knot::start() else { return };
    for (domain, selector, expected) in [
        ("rook.example", "a", Seal::Pass),
        ("rook.example", "gone", Seal::NoKey),
        ("rook.example", "never", Seal::NoKey),
        ("nowhere.example", "a", Seal::NoKey),
    ] {
        let (seal, notes) = verified(&[knot.address()], Duration::from_secs(20), domain, selector);
        assert_eq!((seal, notes.len()), (expected, 0), "{domain} {selector}");
    }
}

#[test]
fn a_server_that_does_not_answer_proves_nothing() {
    let silent = Liar::start(Behaviour::Silence);
    let (seal, notes) = verified(&[silent.address()], PATIENCE, "rook.example", "a");
    assert_eq!(seal, Seal::NoAnswer);
    assert_eq!(notes, ["DNS: no answer in time: a._domainkey.rook.example"]);
}

#[test]
fn what_a_signature_proves_is_told_in_receipt_event_and_review() {
    let Some(knot) = Knot::start() else { return };
    let home = Home::new();
    let source = format!(
        "data_dir = '{}'\n[dns]\nenabled = true\nname_servers = ['{}']\ntimeout = 20\n",
        home.data().display(),
        knot.address()
    );
    home.write("config.toml", &source);
    let mail = signed("rook.example", "a");
    let words = "DKIM verified here: d=rook.example pass";
    let sent = home.run_with_input(&["send", "--mode", "sample", "--format", "json", "-"], mail.as_bytes());
    let receipt = sent.ok().json().remove(0);
    let is_told = |notes: &serde_json::Value| notes.as_array().unwrap().iter().any(|note| note["text"] == words);
    assert!(is_told(&receipt["notes"]), "{receipt}");
    let event = home
        .data()
        .join(format!("feed/{}.json", receipt["uuid"].as_str().unwrap()));
    let event = std::fs::read_to_string(event).unwrap();
    assert!(
        event.contains(words) && event.contains(r#"authentication:dkim=\"pass\""#),
        "{event}"
    );
    let config = Config::parse(&home.path().join("config.toml"), &source).unwrap();
    let asked = Request {
        mode: Mode::Sample,
        ..Request::default()
    };
    let seen = preview(
        mail.into_bytes(),
        asked,
        &config.profile(None).unwrap(),
        ("2026-11-28", &|| false),
    )
    .unwrap();
    assert!(seen.notes.iter().any(|note| note.text == words), "{:?}", seen.notes);
}
