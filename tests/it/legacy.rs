//! The command line of `mail_to_misp`: under the old name, the program makes the same events as by its own command line.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::program::{Home, Run};

/// Calls the program under `name`, with a mail on standard input.
fn call(home: &Home, name: &str, arguments: &[&str], input: &Path) -> Run {
    let mut command: Command = home.command();
    let done = command
        .arg0(name)
        .args(arguments)
        .stdin(std::fs::File::open(input).unwrap())
        .output()
        .unwrap();
    Run {
        code: done.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&done.stdout).into_owned(),
        err: String::from_utf8_lossy(&done.stderr).into_owned(),
    }
}

/// The events of a feed by file name, without times.
fn events(home: &Home) -> BTreeMap<String, Value> {
    let files = std::fs::read_dir(home.data().join("feed")).unwrap();
    let mut events = BTreeMap::new();
    for file in files.map(|file| file.unwrap().path()) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        if name.len() == 41 {
            let mut event = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
            without_times(&mut event);
            events.insert(name, event);
        }
    }
    events
}

fn without_times(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove("timestamp");
            map.remove("publish_timestamp");
            map.remove("Orgc");
            map.values_mut().for_each(without_times);
        }
        Value::Array(list) => list.iter_mut().for_each(without_times),
        _ => {}
    }
}

fn mails() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails");
    let mut mails: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .collect();
    mails.sort();
    mails
}

#[test]
fn the_old_command_line_makes_the_same_events() {
    let (old, new) = (Home::new(), Home::new());
    // Every fifth mail is enough for all kinds of mails and for both ways to hand one over.
    for (index, mail) in mails().iter().step_by(5).enumerate() {
        let path = mail.to_str().unwrap();
        let (words, mode): (&[&str], _) = match index % 4 {
            0 => (&["-r", path], "auto"),
            1 => (&["-"], "auto"),
            2 => (&["-t", path], "sample"),
            _ => (&["-t", "-"], "sample"),
        };
        let given = call(&old, "/usr/local/bin/mail_to_misp.py", words, mail);
        let wanted = new.run(&["send", "--mode", mode, path]);
        assert_eq!(given.code, wanted.code, "{path}: {}", given.err);
    }
    let made = events(&old);
    assert!(made.len() > 20, "{}", made.len());
    assert_eq!(made, events(&new));
}

#[test]
fn urls_only_and_an_event_to_add_to() {
    let home = Home::new();
    let mail = home.write(
        "mail.eml",
        "Subject: a\r\n\r\nhxxp://one.evil-dove[.]com/a and 45.13.2.23\r\n",
    );
    let first = call(&home, "mail_to_misp", &["-u", mail.to_str().unwrap()], &mail).ok();
    assert!(first.out.contains("one[.]evil-dove[.]com"), "{}", first.out);
    let made = events(&home);
    let (name, event) = made.iter().next().unwrap();
    assert!(!event.to_string().contains("45.13.2.23"), "{event}");
    let more = home.write("more.eml", "Subject: b\r\n\r\nhxxp://two.evil-dove[.]com/b\r\n");
    let uuid = name.trim_end_matches(".json");
    call(
        &home,
        "mail_to_misp",
        &["-e", uuid, "-r", more.to_str().unwrap()],
        &more,
    )
    .ok();
    let made = events(&home);
    assert_eq!(made.len(), 1);
    assert!(
        made[name].to_string().contains("http://two.evil-dove.com/b"),
        "{}",
        made[name]
    );
}

#[test]
fn a_link_chooses_the_profile() {
    let home = Home::new();
    home.write("config.toml", "[profile.forward]\nevent.prefix = \"Forwarded:\"\n");
    let mail = home.write("mail.eml", "Subject: news\r\n\r\nhxxp://one.evil-dove[.]com/a\r\n");
    call(&home, "mail_to_misp_forward.py", &["-"], &mail).ok();
    let made = events(&home);
    assert!(
        made.values().next().unwrap()["Event"]["info"]
            .as_str()
            .unwrap()
            .starts_with("Forwarded:"),
        "{made:?}"
    );
    let unknown = call(&home, "mail_to_misp_other", &["-r", mail.to_str().unwrap()], &mail);
    assert_eq!(unknown.code, 78);
    assert!(unknown.err.contains("forward"), "{}", unknown.err);
}

#[test]
fn what_is_wrong_has_its_code() {
    let home = Home::new();
    let mail = home.write("mail.eml", "Subject: news\r\n\r\nx\r\n");
    let empty = home.write("empty.eml", "");
    let code = |words: &[&str], input: &Path| call(&home, "mail_to_misp.py", words, input).code;
    assert_eq!(code(&["--help"], &mail), 0);
    assert_eq!(code(&["--dry-run"], &mail), 64);
    assert_eq!(code(&["-r", "a", "b"], &mail), 64);
    assert_eq!(code(&["-r", "/nonexistent.eml"], &mail), 66);
    assert_eq!(code(&["-"], &empty), 65);
    home.write("config.toml", "[misp]\nurl = 1\n");
    assert_eq!(code(&["-r", mail.to_str().unwrap()], &mail), 78);
    // The mail comes from a pipe; on failure the mail server keeps it.
    assert_eq!(code(&["-"], &mail), 75);
}
