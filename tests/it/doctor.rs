//! `doctor`: what it says of a machine where everything is in place, and of each thing that is not.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::{Value, json};

use crate::double::{Double, tls};
use crate::program::{Home, Run};

const KEY: &str = "DoublePublisher";

/// The API key of one of the double's users.
fn key(user: &str) -> String {
    format!("{user:0<40}")
}

fn home_with(double: &Double, user: &str) -> Home {
    Home::with_misp(&double.settings(user).url, &key(user))
}

fn checks(run: &Run) -> Vec<Value> {
    let found: Value = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}{}", run.out, run.err));
    found.as_array().unwrap().clone()
}

/// The checks of that id.
fn of<'a>(checks: &'a [Value], id: &str) -> Vec<&'a Value> {
    checks.iter().filter(|check| check["id"] == id).collect()
}

/// Runs it; the one check of that id must be in this state and say this, and what to do.
#[track_caller]
fn expect(home: &Home, id: &str, state: &str, words: &str) -> Run {
    let run = home.run(&["doctor", "--format", "json"]);
    let checks = checks(&run);
    let found = of(&checks, id);
    let [check] = found[..] else {
        panic!("{id}: {checks:#?}");
    };
    assert_eq!(check["state"], state, "{check:#}");
    assert!(check["found"].as_str().unwrap().contains(words), "{check:#}");
    assert_eq!(
        check["next"].is_string(),
        matches!(state, "warning" | "problem"),
        "{check:#}"
    );
    assert_eq!(
        run.code == 78,
        checks.iter().any(|check| check["state"] == "problem"),
        "{checks:#?}"
    );
    run
}

#[test]
fn with_nothing_configured_it_says_what_works() {
    let home = Home::new();
    let run = home.run(&["doctor"]).ok();
    assert!(run.out.contains("mispigeon config init"), "{}", run.out);
    assert!(run.out.contains("mispigeon install thunderbird"), "{}", run.out);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "it changes nothing");
}

#[test]
fn a_machine_where_everything_is_in_place_has_no_problem() {
    let double = Double::start(&[]);
    let home = home_with(&double, "DoubleSiteAdmin");
    let run = home.run(&["doctor", "--format", "json"]).ok();
    let checks = checks(&run);
    for id in [
        "configuration",
        "data",
        "outbox",
        "server",
        "key",
        "role",
        "clock",
        "tags",
        "warninglists",
    ] {
        assert_eq!(of(&checks, id)[0]["state"], "ok", "{checks:#?}");
    }
    let names = ["id", "profile", "state", "found", "next"];
    for check in &checks {
        assert_eq!(check.as_object().unwrap().len(), names.len(), "{check}");
        assert!(names.iter().all(|name| check.get(name).is_some()), "{check}");
    }
    assert!(!run.out.contains(&key("DoubleSiteAdmin")));
}

#[test]
fn a_wrong_key_is_a_problem_and_is_not_repeated() {
    let double = Double::start(&[]);
    let home = home_with(&double, "DoubleNobodyKnows");
    let run = expect(&home, "key", "problem", "key");
    assert!(!(run.out + &run.err).contains(&key("DoubleNobodyKnows")));
}

#[test]
fn a_role_that_may_not_do_what_is_asked_for_is_told() {
    let double = Double::start(&[]);
    expect(
        &home_with(&double, "DoubleReadOnly"),
        "role",
        "problem",
        "may not make events",
    );
    let home = home_with(&double, "DoubleUser");
    home.write("config.toml", "[event]\npublish = true\n");
    expect(&home, "role", "warning", "publish, as event.publish asks for");
}

#[test]
fn tags_that_nobody_may_make_are_named() {
    let double = Double::start(&[]);
    let home = home_with(&double, "DoubleUser");
    home.write("config.toml", "[event]\ntags = ['sensor:nowhere']\n");
    expect(&home, "tags", "warning", "sensor:nowhere");
}

#[test]
fn a_server_that_is_away_is_a_problem_and_offline_it_is_not_asked() {
    let home = Home::with_misp("http://127.0.0.1:9", &key(KEY));
    expect(&home, "server", "problem", "no connection");
    let run = home.run(&["doctor", "--offline", "--format", "json"]).ok();
    assert_eq!(of(&checks(&run), "server")[0]["state"], "skipped");
}

#[test]
fn a_certificate_that_nobody_knows_is_told_apart() {
    let (cert, certificate_key) = (tls("server.pem"), tls("server.key"));
    let double = Double::start(&["--tls", cert.to_str().unwrap(), certificate_key.to_str().unwrap()]);
    let url = double.settings(KEY).url.replace("http:", "https:");
    let home = Home::with_misp(&url, &key(KEY));
    expect(&home, "tls", "problem", "certificate");
    let unchecked = Home::new();
    let text = format!("[misp]\nurl = '{url}'\nkey = '{}'\nverify = false\n", key(KEY));
    unchecked.write("config.toml", text);
    expect(&unchecked, "tls", "warning", "not checked");
}

#[test]
fn a_clock_that_differs_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let home = Home::with_misp(&format!("http://{}", listener.local_addr().unwrap()), &key(KEY));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let read = stream.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..read]).into_owned();
            let body = if request.contains("getVersion") {
                json!({"version": "2.5.3"})
            } else if request.contains("/users/") {
                let role = json!({"name": "admin", "perm_add": true, "perm_tagger": true, "perm_tag_editor": true});
                json!({"User": {"email": "a@example.org"}, "Role": role, "Organisation": {"id": "1", "name": "O", "uuid": "x"}})
            } else {
                json!([])
            }
            .to_string();
            let date = "Date: Tue, 03 Feb 2015 09:12:44 GMT\r\n";
            let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{date}Connection: close\r\n");
            let _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    expect(&home, "clock", "warning", "ahead of the server's");
}

#[cfg(unix)]
#[test]
fn a_configuration_that_others_can_read_is_a_problem() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let file = home.write(
        "config.toml",
        format!("[misp]\nurl = 'https://misp.example.org'\nkey = '{}'\n", key(KEY)),
    );
    fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
    let run = expect(&home, "configuration", "problem", "config.toml");
    assert!(!(run.out + &run.err).contains(&key(KEY)));
}

#[test]
fn mails_that_wait_and_a_broken_outbox_are_told() {
    let home = Home::with_misp("http://127.0.0.1:9", &key(KEY));
    home.run_with_input(
        &["send", "-"],
        b"From: a@example.org\r\nSubject: x\r\n\r\nhxxp://evil[.]example/x\r\n",
    );
    let run = home.run(&["doctor", "--offline", "--format", "json"]);
    let found = checks(&run);
    assert_eq!(of(&found, "outbox")[0]["state"], "warning", "{found:#?}");
    assert!(
        of(&found, "outbox")[0]["found"]
            .as_str()
            .unwrap()
            .starts_with("1 wait, 0 failed"),
        "{found:#?}"
    );
    for file in fs::read_dir(home.data()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() && path.extension().is_some_and(|extension| extension != "json") {
            fs::write(
                path,
                "this is no database, and it is long enough to be looked at as one".repeat(50),
            )
            .unwrap();
        }
    }
    let run = home.run(&["doctor", "--offline", "--format", "json"]);
    assert_eq!(run.code, 78, "{}{}", run.out, run.err);
    assert_eq!(of(&checks(&run), "outbox")[0]["state"], "problem");
}

#[test]
fn a_feed_whose_manifest_is_torn_is_a_problem() {
    let home = Home::new();
    home.run_with_input(
        &["send", "-"],
        b"From: a@example.org\r\nSubject: x\r\n\r\nhxxp://evil[.]example/x\r\n",
    )
    .ok();
    expect(&home, "feed", "ok", "1 events");
    fs::write(home.data().join("feed/manifest.json"), "{\"torn").unwrap();
    expect(&home, "feed", "problem", "manifest");
}

#[test]
fn thunderbird_with_another_program_or_version_is_told() {
    let home = Home::new();
    home.run(&["install", "thunderbird"]).ok();
    expect(&home, "thunderbird", "ok", "mispigeon");
    let manifest = home.path().join(".mozilla/native-messaging-hosts/mispigeon.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(
        &manifest,
        text.replace(env!("CARGO_BIN_EXE_mispigeon"), "/opt/old/mispigeon"),
    )
    .unwrap();
    expect(&home, "thunderbird", "problem", "/opt/old/mispigeon");
    let listing = json!({"addons": [{"id": "mispigeon@mispigeon.org", "version": "0.0.1", "active": true}]});
    home.write(".thunderbird/abc.default/extensions.json", listing.to_string());
    expect(&home, "extension", "warning", "version 0.0.1");
}

#[test]
fn each_profile_is_looked_at_and_a_server_is_asked_once() {
    let double = Double::start(&[]);
    let home = home_with(&double, "DoubleSiteAdmin");
    home.write("config.toml", "[profile.one]\n[profile.two]\ndestination = 'feed'\n");
    let run = home.run(&["doctor", "--format", "json"]);
    let found = checks(&run);
    assert_eq!(of(&found, "key").len(), 1, "{found:#?}");
    assert!(
        found
            .iter()
            .any(|check| check["profile"] == "one" && check["found"].as_str().unwrap().ends_with("as above")),
        "{found:#?}"
    );
    let run = home.run(&["doctor", "--profile", "nobody", "--format", "json"]);
    assert_eq!(of(&checks(&run), "profile")[0]["state"], "problem");
    assert_eq!(run.code, 78);
}
