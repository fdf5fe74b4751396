//! Mails that are sent again, and what that costs.

use serde_json::{Value, json};

use crate::double::Double;
use crate::program::Home;

const REPORT: &str = "From: Analyst <analyst@cert.example>\nSubject: New phish\nMessage-ID: <again@cert.example>\n\n\
    hxxp://login-evil[.]com/x and listed[.]example[.]org, also late-evil[.]net\n";

fn send(home: &Home, mail: &str) -> Value {
    let run = home.run_with_input(&["send", "--format", "json"], mail.as_bytes()).ok();
    run.json().remove(0)
}

/// Requests since the first `before`, without their uuids and numbers.
fn since(double: &Double, before: usize) -> Vec<String> {
    let short = |line: &String| line.split('/').take(3).collect::<Vec<_>>().join("/");
    double.requests().iter().skip(before).map(short).collect()
}

fn reasons(sent: &Value) -> Vec<(String, String)> {
    let skipped = sent["skipped"].as_array().expect("a list");
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    skipped
        .iter()
        .map(|one| (word(&one["value"]), word(&one["reason"]["code"])))
        .collect()
}

fn notes(sent: &Value) -> Vec<(String, Value)> {
    let notes = sent["notes"].as_array().cloned().unwrap_or_default();
    let code = |note: &Value| note["code"].as_str().unwrap_or_default().to_owned();
    notes
        .iter()
        .map(|note| (code(note), note["arguments"].clone()))
        .collect()
}

#[test]
fn a_second_sending_asks_once_although_a_warninglist_dropped_a_value() {
    let double = Double::start(&[]);
    let home = double.home();
    let first = send(&home, REPORT);
    assert!(
        reasons(&first).contains(&("listed.example.org".into(), "server_warninglists".into())),
        "{first}"
    );
    let before = double.requests().len();
    let again = send(&home, REPORT);
    assert_eq!(again["status"], "unchanged");
    assert_eq!(since(&double, before), ["GET /events/view"]);
    assert_eq!(reasons(&again), reasons(&first));
}

#[test]
fn an_update_takes_two_requests() {
    let double = Double::start(&[]);
    let home = double.home();
    home.write("config.toml", "[hosts]\nexclude = [\"late-evil.net\"]\n");
    send(&home, REPORT);
    home.write("config.toml", "");
    let before = double.requests().len();
    let again = send(&home, REPORT);
    assert_eq!(again["status"], "updated", "{again}");
    assert_eq!(
        since(&double, before),
        ["POST /warninglists/checkValue", "POST /events/edit"]
    );
    assert_eq!(double.events(), 1);
    let before = double.requests().len();
    assert_eq!(send(&home, REPORT)["status"], "unchanged");
    assert_eq!(since(&double, before), ["GET /events/view"]);
}

#[test]
fn changed_settings_are_applied_to_an_event_that_exists() {
    let double = Double::start(&[]);
    let home = double.home();
    let uuid = send(&home, REPORT)["uuid"].as_str().expect("a uuid").to_owned();
    home.write(
        "config.toml",
        "[event]\nprefix = \"CERT\"\ndistribution = 1\nthreat_level = 2\ntags = [\"tlp:amber+strict\"]\n",
    );
    let before = double.requests().len();
    let again = send(&home, REPORT);
    assert_eq!(again["status"], "updated");
    assert_eq!(since(&double, before), ["GET /events/view", "POST /events/edit"]);
    let event = double.get(&format!("events/{uuid}"));
    let stored = &event["Event"];
    assert_eq!(
        (&stored["info"], &stored["distribution"], &stored["threat_level_id"]),
        (&json!("CERT - New phish"), &json!("1"), &json!("2")),
        "{event}"
    );
    let noted = notes(&again);
    assert!(noted.contains(&(
        "settings_applied".into(),
        json!({"fields": ["info", "distribution", "threat_level_id"]})
    )));
    assert!(
        noted.contains(&("tags_stay".into(), json!({"tags": ["tlp:amber"]}))),
        "{noted:?}"
    );
}

#[test]
fn what_is_red_is_delivered_to_nobody_else_and_the_receipt_says_so() {
    let double = Double::start(&[]);
    let home = double.home();
    home.write(
        "config.toml",
        "[event]\npublish = true\ndistribution = 3\n[tlp]\ndefault = \"tlp:red\"\n",
    );
    let receipt = send(&home, REPORT);
    let uuid = receipt["uuid"].as_str().expect("a uuid");
    let event = double.get(&format!("events/{uuid}"));
    let stored = &event["Event"];
    assert_eq!(
        (&stored["published"], &stored["distribution"]),
        (&json!(false), &json!("0"))
    );
    let noted = notes(&receipt);
    let codes: Vec<&str> = noted.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["red_not_published", "red_kept_inside"]);
}

#[test]
fn what_an_analyst_has_chosen_stays_and_is_named() {
    let double = Double::start(&[]);
    let home = double.home();
    let uuid = send(&home, REPORT)["uuid"].as_str().expect("a uuid").to_owned();
    let edited = json!({"Event": {"uuid": uuid, "info": "Campaign 7"}});
    double.post(&format!("/events/edit/{uuid}"), &edited);
    home.write("config.toml", "[event]\nprefix = \"CERT\"\n");
    let before = double.requests().len();
    let again = send(&home, REPORT);
    assert_eq!(again["status"], "unchanged");
    assert_eq!(since(&double, before), ["GET /events/view"]);
    assert_eq!(
        notes(&again),
        [("settings_not_applied".to_owned(), json!({"fields": ["info"]}))]
    );
}

#[test]
fn a_mail_that_another_machine_sent_long_ago_is_not_waited_for() {
    let double = Double::start(&[]);
    send(&double.home(), REPORT);
    double.age(3600);
    let before = double.requests().len();
    let elsewhere = send(&double.home(), REPORT);
    assert_eq!(elsewhere["status"], "unchanged");
    let requests = since(&double, before);
    assert_eq!(
        requests.iter().filter(|line| *line == "GET /events/view").count(),
        1,
        "{requests:?}"
    );
}

#[test]
fn an_event_that_is_gone_is_made_again_or_refused_by_the_server() {
    let double = Double::start(&[]);
    let home = double.home();
    let uuid = send(&home, REPORT)["uuid"].as_str().expect("a uuid").to_owned();
    double.post(&format!("/events/delete/{uuid}"), &json!({}));
    let run = home.run_with_input(&["send", "--format", "json"], REPORT.as_bytes());
    assert_eq!(run.code, 77, "{}", run.err);
    assert!(run.out.contains("event_blocklisted"), "{}", run.out);
}

#[test]
fn what_misp_cannot_store_is_coded_in_urls_and_named_elsewhere() {
    let double = Double::start(&[]);
    let home = double.home();
    let mail = "From: a@cert.example\nSubject: Invoice 💰\n\nhxxp://evil-one[.]com/💰/x\n";
    let sent = send(&home, mail);
    let event = double.get(&format!("events/{}", sent["uuid"].as_str().expect("a uuid")));
    assert_eq!(
        event["Event"]["Attribute"][0]["value"], "http://evil-one.com/%F0%9F%92%B0/x",
        "{event}"
    );
    assert_eq!(
        notes(&sent),
        [("characters_replaced".to_owned(), json!({"places": ["Invoice 💰"]}))]
    );
}

#[test]
fn flagged_values_of_objects_obey_the_warninglists() {
    let double = Double::start(&[]);
    let home = double.home();
    let mail = "Received: from listed.example.org (listed.example.org [198.51.100.9]) by mx.victim.example; Mon, 16 Mar 2026 08:00:00 +0100\n\
        From: Eve <eve@evil-two.com>\nTo: a@victim.example\nSubject: x\n\nhttp://evil-two.com/x\n";
    let run = home
        .run_with_input(&["send", "--mode", "sample", "--format", "json"], mail.as_bytes())
        .ok();
    let sent = run.json().remove(0);
    let requests = double.requests();
    assert_eq!(requests, ["POST /warninglists/checkValue", "POST /events/add"]);
    let event = double.get(&format!("events/{}", sent["uuid"].as_str().expect("a uuid")));
    let email = &event["Event"]["Object"][0];
    assert_eq!(email["comment"], "x, from eve@evil-two.com");
    let flags: Vec<_> = email["Attribute"].as_array().expect("attributes").iter().collect();
    let of = |value: &str| {
        flags
            .iter()
            .find(|one| one["value"] == value)
            .map(|one| one["to_ids"].clone())
    };
    assert_eq!(of("listed.example.org"), Some(json!(false)), "{email}");
    let order: Vec<_> = flags.iter().filter_map(|one| one["object_relation"].as_str()).collect();
    assert_eq!(&order[..2], ["subject", "from"], "{order:?}");
    assert_eq!(order.last(), Some(&"email-body"));
}

#[test]
fn the_original_of_a_report_is_said_not_to_be_attached() {
    let double = Double::start(&[]);
    let home = double.home();
    home.write(
        "config.toml",
        "[event]\nattach_original = true\n[tlp]\ndistribution = { \"tlp:green\" = 1 }\n",
    );
    let sent = send(&home, &REPORT.replace("Subject: New", "Subject: [TLP:GREEN] New"));
    assert_eq!(notes(&sent), [("original_not_attached".to_owned(), json!({}))]);
    let event = double.get(&format!("events/{}", sent["uuid"].as_str().expect("a uuid")));
    let event = &event["Event"];
    assert_eq!(
        (&event["distribution"], &event["info"]),
        (&json!("1"), &json!("M2M - New phish")),
        "{event}"
    );
    assert_eq!(event["EventReport"][0]["name"], "[TLP:GREEN] New phish");
}
