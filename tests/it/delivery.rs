//! What one delivery means for others: servers that answer nothing, a configuration that is mended, rows that end the process.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use mispigeon::config::{Config, Settings};
use mispigeon::domain::{Mode, Status, Submission};
use mispigeon::mail::MailError;
use mispigeon::outbox::{Outbox, Row};
use mispigeon::pipeline::delivery::{Courier, Delivery};
use mispigeon::pipeline::{self, Prepared, Request};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::double::Double;
use crate::program::Home;

/// A server that takes requests and answers none. Counts the connections.
fn silent_server() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming().map_while(Result::ok) {
            counter.fetch_add(1, Ordering::SeqCst);
            kept.push(stream);
        }
    });
    (url, asked)
}

fn mail(number: usize) -> String {
    format!("From: a@cert.example\nSubject: n{number}\nMessage-ID: <{number}@x>\n\nhxxp://evil{number}[.]com/\n")
}

/// Stores the mail with this number and delivers nothing.
fn store(outbox: &Outbox, config: &Config, profile: &str, number: usize) -> i64 {
    let request = Request {
        profile: Some(profile.to_owned()),
        ..Request::default()
    };
    let settings = config.profile(Some(profile)).unwrap();
    let prepared = pipeline::prepare(mail(number).into_bytes(), request, &settings).unwrap();
    let submissions = prepared.into_iter().map(|prepared| prepared.submission);
    outbox.put_many(&submissions.collect::<Vec<_>>()).unwrap()[0].id
}

/// A configuration with the profiles `trap`, for a server, and `share`, for a feed.
fn two_profiles(home: &Home, trap: &str) -> Config {
    let data = home.data();
    let text = format!(
        "data_dir = '{}'\n[profile.trap.misp]\n{trap}\ntimeout = 1\n[profile.share]\n",
        data.display()
    );
    Config::load(Some(&home.write("config.toml", text))).unwrap()
}

fn deliver(courier: &Courier<'_>) -> Vec<Delivery> {
    let mut deliveries = Vec::new();
    courier
        .deliver_batch(1000, &|| true, &mut |delivery| deliveries.push(delivery))
        .unwrap();
    deliveries
}

fn row(outbox: &Outbox, id: i64) -> Row {
    outbox.show(id).unwrap()
}

#[test]
fn a_server_that_answers_nothing_is_asked_once_for_all_its_mails_and_after_the_feed_has_its_own() {
    let home = Home::new();
    let (url, asked) = silent_server();
    let config = two_profiles(&home, &format!("url = '{url}'\nkey = 'k'"));
    let courier = Courier::open(&config, &config.profile(None).unwrap()).unwrap();
    let outbox = courier.outbox();
    let trapped: Vec<i64> = (0..3).map(|number| store(outbox, &config, "trap", number)).collect();
    let shared = store(outbox, &config, "share", 3);
    let mut deliveries = Vec::new();
    let mut each = |delivery: Delivery| deliveries.push((delivery.id, asked.load(Ordering::SeqCst)));
    courier.deliver_batch(1000, &|| true, &mut each).unwrap();
    assert_eq!(deliveries[0], (shared, 0), "{deliveries:?}");
    // The event, and a look whether it arrived.
    assert_eq!(deliveries[1..], [0, 1, 2].map(|at| (trapped[at], 2)));
    let rows: Vec<Row> = trapped.iter().map(|id| row(outbox, *id)).collect();
    assert_eq!([1, 0, 0], [0, 1, 2].map(|at: usize| rows[at].attempts));
    assert!(rows.iter().all(|row| row.error == rows[0].error && row.error.is_some()));
    // If the first mail is to blame, the others need not wait for it again.
    assert!(rows[0].due > rows[1].due.max(rows[2].due), "{rows:?}");
    assert_eq!(outbox.standing().unwrap().put_off, 3);

    let later = store(outbox, &config, "trap", 4);
    assert_eq!(deliver(&courier)[0].id, later);
    assert_eq!((asked.load(Ordering::SeqCst), row(outbox, later).attempts), (2, 0));
}

/// Every event in the feed of the profile `share`, without when and for whom it was made, in the order of their names.
fn shared(home: &Home) -> Vec<Value> {
    let mut paths: Vec<_> = fs::read_dir(home.data().join("feed"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.file_stem()
                .is_some_and(|name| Uuid::parse_str(&name.to_string_lossy()).is_ok())
        })
        .collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let mut event: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        without_circumstances(&mut event);
        event
    };
    paths.iter().map(read).collect()
}

fn without_circumstances(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !name.ends_with("timestamp") && name != "Orgc");
            fields.values_mut().for_each(without_circumstances);
        }
        Value::Array(all) => all.iter_mut().for_each(without_circumstances),
        _ => {}
    }
}

/// What is stored of a message.
type Way = dyn Fn(Vec<u8>, Request, &Settings) -> Vec<Submission>;

#[test]
fn a_mail_that_is_stored_as_it_came_makes_the_same_events_when_it_is_opened_later() {
    for (name, rows) in [("embedded-three", 3), ("phish-base-href", 1)] {
        let raw = fs::read(format!("tests/mails/{name}.eml")).unwrap();
        let made = |stored: &Way| {
            let home = Home::new();
            let config = two_profiles(&home, "");
            let settings = config.profile(Some("share")).unwrap();
            let request = Request {
                profile: Some("share".to_owned()),
                ..Request::default()
            };
            let courier = Courier::open(&config, &config.profile(None).unwrap()).unwrap();
            let stored = courier
                .outbox()
                .put_many(&stored(raw.clone(), request, &settings))
                .unwrap();
            while !deliver(&courier).is_empty() {}
            let first = row(courier.outbox(), stored[0].id);
            (shared(&home), first.event_uuid, courier.outbox().list().unwrap().len())
        };
        let later = made(&|raw, request, settings| {
            let received = pipeline::receive(raw.into(), request, settings).unwrap();
            assert!(received.is_unopened() && received.subject.is_some());
            vec![received]
        });
        let at_once = made(&|raw, request, settings| {
            let prepared = pipeline::prepare(raw, request, settings).unwrap();
            prepared.into_iter().map(|prepared| prepared.submission).collect()
        });
        assert_eq!((later.0.len(), later.2), (rows, rows), "{name}");
        assert_eq!(later, at_once, "{name}");
    }
}

#[test]
fn a_mail_has_the_same_row_whether_it_was_opened_or_not() {
    let home = Home::new();
    let config = two_profiles(&home, "");
    let settings = config.profile(None).unwrap();
    let outbox = Outbox::open(&settings.paths.state_db).unwrap();
    let stored = |mode| {
        let request = Request {
            mode,
            ..Request::default()
        };
        let received = pipeline::receive(mail(1).into_bytes().into(), request.clone(), &settings).unwrap();
        let opened = pipeline::prepare(mail(1).into_bytes(), request, &settings)
            .unwrap()
            .remove(0);
        [received, opened.submission].map(|submission| outbox.put(&submission).unwrap().id)
    };
    let rows = [Mode::Auto, Mode::Report, Mode::Sample].map(stored);
    assert!(rows.iter().all(|[received, opened]| received == opened), "{rows:?}");
    assert_eq!(outbox.list().unwrap().len(), 3, "what a person says that it is counts");
}

#[test]
fn every_mail_of_the_corpus_is_opened_later_as_it_is_at_once() {
    let settings = Settings::default();
    let mut carriers = 0;
    for entry in fs::read_dir("tests/mails").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "eml") {
            continue;
        }
        let raw = fs::read(&path).unwrap();
        let known = |all: Vec<Prepared>| {
            let parts = all
                .into_iter()
                .map(|one| (serde_json::to_value(&one.submission).unwrap(), one.submission.raw));
            parts.collect::<Vec<_>>()
        };
        let received = pipeline::receive(raw.clone().into(), Request::default(), &settings);
        let later = received.and_then(|received| Ok(known(pipeline::unload(received, &[], &settings)?)));
        carriers += usize::from(later.as_ref().is_ok_and(|parts| parts.len() > 1));
        let at_once = pipeline::prepare(raw, Request::default(), &settings).map(known);
        let worded = |error: MailError| error.to_string();
        assert_eq!(later.map_err(worded), at_once.map_err(worded), "{}", path.display());
    }
    assert!(carriers > 0);
}

#[test]
fn a_key_that_cannot_be_had_is_asked_for_once_and_for_all_mails_again_when_the_configuration_is_another() {
    let home = Home::new();
    let double = Double::start(&[]);
    let asked = home.path().join("asked");
    let command = format!("echo >> '{}'; exit 1", asked.display());
    let trap = format!("url = '{}'\nkey_command = ['sh', '-c', \"{command}\"]", double.url);
    let config = two_profiles(&home, &trap);
    let courier = Courier::open(&config, &config.profile(None).unwrap()).unwrap();
    let outbox = courier.outbox();
    let ids: Vec<i64> = (0..3).map(|number| store(outbox, &config, "trap", number)).collect();
    assert!(courier.wake_if_changed().unwrap(), "nobody has seen it before");
    for delivery in deliver(&courier) {
        let error = delivery.receipt.error.unwrap();
        assert_eq!(
            (delivery.receipt.status, error.code),
            (Status::Queued, "waiting_for".into())
        );
    }
    assert_eq!(std::fs::read_to_string(&asked).unwrap(), "\n");
    assert_eq!(outbox.standing().unwrap().waiting, 3);
    assert!(!courier.wake_if_changed().unwrap() && deliver(&courier).is_empty());

    let trap = format!("url = '{}'\nkey = '{:0<40}'", double.url, "DoublePublisher");
    let mended = two_profiles(&home, &trap);
    assert!(courier.wake_if_changed().unwrap());
    let courier = Courier::open(&mended, &mended.profile(None).unwrap()).unwrap();
    deliver(&courier);
    assert_eq!(double.events(), 3);
    assert!(ids.iter().all(|id| row(courier.outbox(), *id).delivered.is_some()));
}

#[test]
fn what_was_put_off_for_any_reason_is_due_in_the_next_process_after_the_configuration_was_mended() {
    let home = Home::new();
    let double = Double::start(&[]);
    let configure = |url: &str| {
        let key = format!("{:0<40}", "DoublePublisher");
        home.write("config.toml", format!("[misp]\nurl = '{url}'\nkey = '{key}'\n"));
    };
    let tries = || home.run(&["outbox", "list", "--format", "json"]).ok().json()[0]["attempts"].clone();
    configure("http://127.0.0.1:9");
    home.run_with_input(&["send", "-"], mail(1).as_bytes()).ok();
    home.run(&["outbox", "retry", "--due"]).ok();
    let before = tries();
    // Not each process is a reason to try again.
    home.run(&["outbox", "retry", "--due"]).ok();
    assert_eq!((before, tries()), (json!(1), json!(1)));
    configure(&double.url);
    home.run(&["outbox", "retry", "--due"]).ok();
    assert_eq!(double.events(), 1);
}

#[test]
fn an_expired_key_and_a_key_program_that_fails_are_waited_for_and_told() {
    let home = Home::new();
    let double = Double::start(&[]);
    let key = home.path().join("key");
    let key_file = |who: &str| home.write("key", format!("{who:0<40}\n"));
    home.write(
        "config.toml",
        format!(
            "[misp]\nurl = '{}'\nkey_command = ['cat', '{}']\n",
            double.url,
            key.display()
        ),
    );
    let told = |words: &str| {
        let rows = home.run(&["outbox", "list", "--format", "json"]).ok().json();
        let error = &rows[0]["error"];
        assert_eq!(
            (&rows[0]["state"], &error["code"]),
            (&json!("pending"), &json!("waiting_for"))
        );
        let doctor = home.run(&["doctor"]).out;
        for out in [error["text"].as_str().unwrap(), &doctor] {
            assert!(
                out.contains("waiting until this is mended") && out.contains(words),
                "{out}"
            );
        }
    };
    let sent = home.run_with_input(&["send", "-"], mail(1).as_bytes());
    assert_eq!(sent.code, 78, "{sent:?}");
    told("cat ended with");
    key_file("DoubleExpired");
    home.run(&["outbox", "retry", "--due"]);
    told("Authentication failed");
    assert_eq!(double.events(), 0);
    key_file("DoublePublisher");
    home.run(&["outbox", "retry", "--due"]).ok();
    assert_eq!(double.events(), 1);
}

#[test]
fn a_certificate_that_is_not_trusted_is_waited_for() {
    let file = |name: &str| crate::double::tls(name).to_str().unwrap().to_owned();
    let double = Double::start(&["--tls", &file("server.pem"), &file("server.key")]);
    let home = Home::new();
    let configure = |more: &str| {
        let key = format!("{:0<40}", "DoublePublisher");
        home.write(
            "config.toml",
            format!("[misp]\nurl = '{}'\nkey = '{key}'\n{more}", double.url),
        );
    };
    configure("");
    let sent = home.run_with_input(&["send", "-"], mail(1).as_bytes());
    assert_eq!(sent.code, 77, "{sent:?}");
    let doctor = home.run(&["doctor"]).out;
    assert!(
        doctor.contains("1 mail waiting until this is mended") && doctor.contains("certificate"),
        "{doctor}"
    );
    configure(&format!("ca_file = '{}'\n", file("ca.pem")));
    let retried = home.run(&["outbox", "retry", "--due"]).ok();
    assert!(retried.out.starts_with("created"), "{retried:?}");
}

/// Changes rows as the death of a process leaves them.
fn edit(home: &Home, sql: &str) {
    let database = rusqlite::Connection::open(home.data().join("state.db")).unwrap();
    assert_eq!(database.execute(sql, []).unwrap(), 1);
}

#[test]
fn who_sends_a_mail_again_that_is_set_aside_hears_so() {
    let home = Home::new();
    let away = home.write("away.toml", "[misp]\nurl = 'http://127.0.0.1:9'\nkey = 'k'\n");
    let words = ["--config", away.to_str().unwrap(), "send", "-"];
    home.run_with_input(&words, mail(1).as_bytes()).ok();
    edit(&home, "UPDATE submission SET killed = 2, lease = 'x', lease_until = 0");
    let sent = home.run_with_input(&words, mail(1).as_bytes());
    assert_eq!(sent.code, 70, "{sent:?}");
    assert!(
        sent.out.starts_with("failed") && sent.out.contains("it is set aside"),
        "{sent:?}"
    );
}

/// A running `mispigeon listen`.
struct Listener {
    child: Child,
    address: String,
}

impl Listener {
    fn start(home: &Home) -> Self {
        let log = std::fs::File::create(home.path().join("log")).unwrap();
        let mut command = home.command();
        command
            .args(["listen", "--lmtp", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(log);
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().to_owned();
        Self { child, address }
    }

    /// Hands in the mail with this number.
    fn give(&self, number: usize) {
        let mut peer = TcpStream::connect(&self.address).unwrap();
        let text = mail(number).replace('\n', "\r\n");
        write!(
            peer,
            "LHLO a\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"
        )
        .unwrap();
        // A peer that writes the message before the 354 is not served.
        let mut lines = BufReader::new(peer.try_clone().unwrap()).lines().map_while(Result::ok);
        assert!(lines.by_ref().any(|line| line.starts_with("354")));
        write!(peer, "{text}.\r\nQUIT\r\n").unwrap();
        let answer = lines.next().unwrap_or_default();
        assert!(answer.starts_with("250"), "{answer}");
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !condition() {
        assert!(Instant::now() < deadline, "it did not come about");
        thread::sleep(Duration::from_millis(20));
    }
}

fn log(home: &Home) -> String {
    let mut text = String::new();
    let mut file = std::fs::File::open(home.path().join("log")).unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_listener_delivers_with_the_configuration_as_it_is_now() {
    let home = Home::new();
    let double = Double::start(&[]);
    let configure = |key: &str| home.write("config.toml", format!("[misp]\nurl = '{}'\n{key}\n", double.url));
    configure("key_file = '/nowhere/key'");
    let listener = Listener::start(&home);
    let outbox = || Outbox::open(Path::new(&home.data().join("state.db"))).unwrap();
    listener.give(1);
    until(|| outbox().standing().unwrap().waiting == 1);
    configure(&format!("key = '{:0<40}'", "DoublePublisher"));
    // Mails that come in make it look.
    listener.give(2);
    until(|| double.events() == 2);
    until(|| outbox().standing().unwrap().pending == 0);
    configure("key = 5");
    listener.give(3);
    until(|| double.events() == 3);
    let log = log(&home);
    assert!(log.contains("cannot be used; it stays as it was"), "{log}");
}
