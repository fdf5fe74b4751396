//! No key appears in output, logs or the state database, however a delivery fails.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;

use mispigeon::outbox::Outbox;
use serde_json::json;

use crate::double::Double;
use crate::program::{Home, Run};

const KEY: &str = "DoublePublisher0000000000000000000000000";

/// The key of parameter lines.
const WORD: &str = "open-sesame-4711";

const MAIL: &str = "From: Analyst <analyst@cert.example>\nSubject: Secrets\nMessage-ID: <secrets@cert.example>\n\n\
    hxxp://evil-host-one[.]com/x\n";

#[track_caller]
fn assert_hidden(run: &Run, secret: &str, what: &str) {
    for text in [&run.out, &run.err] {
        assert!(!text.contains(secret), "{what}: {run:?}");
    }
}

/// Sends, lists the outbox and tries again. Checks that neither the output nor the data folder contains `key`. Returns the
/// output of `send`.
#[track_caller]
fn send_and_look(home: &Home, key: &str, what: &str) -> Run {
    let sent = home.run_with_input(&["-vv", "send", "--format", "json"], MAIL.as_bytes());
    assert_hidden(&sent, key, what);
    for arguments in [
        ["-vv", "outbox", "list", "--format", "json"].as_slice(),
        &["-vv", "outbox", "show", "1"],
        &["-vv", "outbox", "retry"],
        &["-vv", "config", "show"],
        &["-vv", "config", "check"],
        &["-vv", "doctor"],
        &["-vv", "doctor", "--format", "json"],
    ] {
        assert_hidden(&home.run(arguments), key, what);
    }
    for file in std::fs::read_dir(home.data()).expect("a data folder") {
        let path = file.expect("a file").path();
        if path.is_file() {
            let bytes = std::fs::read(&path).expect("readable");
            let found = bytes.windows(key.len()).any(|window| window == key.as_bytes());
            assert!(!found, "{what}: {}", path.display());
        }
    }
    sent
}

/// The status in the receipt.
fn status(run: &Run) -> String {
    run.json()[0]["status"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn however_a_delivery_fails_the_api_key_shows_nowhere() {
    let faults = [
        "error500",
        "bad_gateway",
        "garbage",
        "cut_before",
        "rate_limit",
        "maintenance",
        "body_limit",
        "refuse",
    ];
    // Most of the time goes to waiting for a server that is down.
    std::thread::scope(|scope| {
        for kind in faults {
            scope.spawn(move || {
                let double = Double::start(&[]);
                double.fail(&json!({"kind": kind, "count": -1, "limit": 1}));
                let sent = send_and_look(&Home::with_misp(&double.url, KEY), KEY, kind);
                assert!(
                    ["queued", "failed"].contains(&status(&sent).as_str()),
                    "{kind}: {sent:?}"
                );
            });
        }
    });
}

#[test]
fn however_a_key_is_refused_it_shows_nowhere() {
    let double = Double::start(&[]);
    for name in ["DoubleReadOnly", "DoubleExpired", "DoubleDisabled", "DoubleNobody"] {
        let key = format!("{name:0<40}");
        let sent = send_and_look(&Home::with_misp(&double.url, &key), &key, name);
        assert_eq!(status(&sent), "queued", "{name}: {sent:?}");
    }
}

#[test]
fn a_key_that_cannot_be_sent_or_has_no_server_shows_nowhere() {
    for (url, key) in [
        ("http://127.0.0.1:9", "a-key-with-\u{7f}-inside-0815"),
        ("http://127.0.0.1:9/?q=1", "a-key-that-is-whole-0815"),
        ("https://127.0.0.1:9", "another-key-that-is-whole-0815"),
    ] {
        let sent = send_and_look(&Home::with_misp(url, key), key, url);
        assert_ne!(status(&sent), "created", "{url}");
    }
}

/// Repeats the Authorization header of every request in its answer, worded as MISP or a gateway would do it.
fn echo(listener: &TcpListener, answer: impl Fn(&str) -> String) {
    for stream in listener.incoming().map_while(Result::ok) {
        let mut stream = stream;
        let lines = BufReader::new(&stream).lines().map_while(Result::ok);
        let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        let key = head.iter().find_map(|line| line.strip_prefix("authorization: "));
        // The client may be gone by now.
        let _ = stream.write_all(answer(key.unwrap_or_default()).as_bytes());
    }
}

#[test]
fn a_server_that_repeats_the_key_does_not_bring_it_into_an_error() {
    type Answer = fn(&str) -> String;
    fn http(status: &str, extra: &str, body: &str) -> String {
        let size = body.len();
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n{extra}Connection: close\r\n\r\n{body}"
        )
    }
    let answers: [(&str, Answer); 5] = [
        ("403 in words", |key| {
            http(
                "403 Forbidden",
                "",
                &json!({"message": format!("Authentication failed for {key}.")}).to_string(),
            )
        }),
        ("500 in words", |key| {
            http(
                "500 Oops",
                "",
                &json!({"message": format!("headers: {key}")}).to_string(),
            )
        }),
        ("400 in words", |key| {
            http(
                "400 Bad Request",
                "",
                &json!({"errors": format!("what is {key}?")}).to_string(),
            )
        }),
        ("200 of another shape", |key| {
            http("200 OK", "", &json!({"Event": key}).to_string())
        }),
        ("redirect", |key| {
            http(
                "302 Found",
                &format!("Location: http://elsewhere.example/{key}\r\n"),
                "",
            )
        }),
    ];
    for (what, answer) in answers {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        std::thread::spawn(move || echo(&listener, answer));
        let home = Home::with_misp(&format!("http://{address}"), KEY);
        let sent = send_and_look(&home, KEY, what);
        assert!(
            ["queued", "failed"].contains(&status(&sent).as_str()),
            "{what}: {sent:?}"
        );
    }
}

#[test]
fn a_configuration_with_a_fault_does_not_show_the_key_that_it_holds() {
    let files = [
        format!("[misp]\nurl = \"https://misp.example\"\nkey = \"{KEY}\n"),
        format!("[misp]\nurl = \"https://misp.example\"\nkey = {KEY}\n"),
        format!("[misp]\nurl = \"https://misp.example\"\nkey = [\"{KEY}\"]\n"),
        format!("[misp]\nurl = \"https://misp.example\"\nkay = \"{KEY}\"\n"),
        format!("[misp]\nurl = \"https://misp.example\"\nkey = \"{KEY}\"\nkey_env = \"X\"\n"),
        format!("[misp]\nurl = \"https://misp.example\"\nkey = \"{KEY}\"\nverify = \"{KEY}\"\n"),
    ];
    for file in files {
        let home = Home::new();
        home.write("config.toml", &file);
        for arguments in [["config", "check"], ["config", "show"], ["outbox", "list"]] {
            let run = home.run(&arguments);
            assert_eq!(run.code, 78, "{file}: {run:?}");
            assert_hidden(&run, KEY, &file);
        }
    }
}

#[test]
fn the_word_of_parameter_lines_leaves_neither_for_the_outbox_nor_for_misp() {
    let double = Double::start(&[]);
    let mail = format!("{MAIL}m2m:m2mkey:{WORD}\nm2m:threat_level:1\n");
    let attached = "[event]\nattach_original = true\n";
    for (url, state) in [(double.url.as_str(), "delivered"), ("http://127.0.0.1:9", "pending")] {
        let home = Home::with_misp(url, KEY);
        home.write("config.toml", format!("{attached}[directives]\nkey = \"{WORD}\"\n"));
        let sent = home
            .run_with_input(&["-vv", "send", "--format", "json"], mail.as_bytes())
            .ok();
        let shown = home.run(&["-vv", "outbox", "show", "1"]).ok();
        assert!(shown.out.contains(state), "{}", shown.out);
        for run in [&sent, &shown, &home.run(&["-vv", "config", "show"])] {
            assert_hidden(run, WORD, url);
        }
        if state == "pending" {
            let kept = kept(&home.data());
            assert!(kept.contains("evil-host-one") && !kept.contains(WORD), "{kept}");
        }
    }
    let posted = double.get("journal").to_string();
    assert!(posted.contains("evil-host-one") && !posted.contains(WORD), "{posted}");
}

/// The message of the first row and its event.
fn kept(data: &Path) -> String {
    let outbox = Outbox::open(&data.join("state.db")).expect("the state database");
    let submission = outbox.submission(1).expect("a submission");
    let draft = outbox.draft(1).expect("readable");
    format!("{}{draft:?}", String::from_utf8_lossy(&submission.raw))
}
